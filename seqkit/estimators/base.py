"""The course of a fit, prediction, and export: the same for every estimator."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import os
from collections.abc import Iterator, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted
from typing_extensions import Self

from seqkit.cells import check_truncation
from seqkit.estimators.common_parameters import OF_ENCODERS, OF_TRAINING, CommonParameters
from seqkit.estimators.exports.exporting import export_estimator
from seqkit.estimators.given import Arguments, Given, Stage
from seqkit.estimators.inputs import Input, Reader, Samples
from seqkit.estimators.inputs.alignment import aligned
from seqkit.estimators.inputs.arrays import as_numpy
from seqkit.estimators.parameters import check_parameters, comparable_parameters, estimator, fitted
from seqkit.estimators.plans.choices import Choice, chosen_for
from seqkit.estimators.plans.kinds import kinds_of_functions, trained_model
from seqkit.estimators.plans.stages import stages_of
from seqkit.estimators.plans.streamed import check_no_steps, given_stream, learned_stream, stream_of
from seqkit.estimators.plans.training_plan import (
    BatchSizes,
    batch_size_for,
    choices_of_training,
    plan_for,
    size_for,
    taken_when_going_on,
    warn_of_failure,
)
from seqkit.estimators.saved_estimators import write_estimator
from seqkit.estimators.sklearn_callbacks import (
    SKLEARNS,
    CallbackSupportMixin,
    fit_task,
    with_callbacks,
)
from seqkit.estimators.targets import Encoder, Target, check_counts
from seqkit.estimators.validation import checked_weights, explained, validation_tuple
from seqkit.frames import as_pandas
from seqkit.models.ensemble import Ensemble
from seqkit.models.precision import current_policy, policy
from seqkit.processes import prepare_process
from seqkit.readers.batches import Batches
from seqkit.saving.model_state import all_or_nothing, check_fits, restore, state_of
from seqkit.serving.exporting import Signature
from seqkit.training.bucketing import pad
from seqkit.training.checkpoints import Checkpoint
from seqkit.training.examples import Examples
from seqkit.training.loop import TrainingData, train
from seqkit.training.optimizers import new_optimizer
from seqkit.training.plan import Budget
from seqkit.training.programs.predictor import Predictors
from seqkit.training.randomness import generator_of, global_state_kept, seeds_from
from seqkit.training.stream_sources import as_stream, is_stream
from seqkit.training.streams import chunks_of_inputs
from seqkit.types import DrawSeed, Inputs, Targets


@estimator
class SequenceEstimator(CallbackSupportMixin, CommonParameters, BaseEstimator):
    """Base of the estimators over sequences.

    A fit makes two parts, an input, which reads X, and a target, which reads y; then the model
    between them. Prediction and export depend on these three alone.
    """

    model_: keras.Model = fitted()
    history_: dict[str, list[float]] = fitted()
    chosen_: dict[str, Choice] = fitted()
    n_iter_: int = fitted()
    best_epoch_: int = fitted()
    # A Reader and an Encoder, but of a forecaster's own kinds: subclasses say which.
    _input: Any = fitted()
    _target: Any = fitted()
    _architecture_: dict[str, Any] = fitted()
    _functions: Any = fitted()
    _fitted_with: dict[str, Any] = fitted()

    _targets = "the targets of X"  # as errors call them
    _stepwise = False  # whether outputs are one for each step
    _token_lists = True  # whether a text may be a list of tokens
    _learns_together = True  # whether input and target learn in one pass of a stream
    _batches = BatchSizes(until=512, small=16, large=32)
    _ensemble = Ensemble  # the class of several models in one
    _budget = Budget(500)  # where neither epochs nor max_steps is given
    _counts_passes = False  # whether those over few samples are as many as do best on a part

    @with_callbacks
    def fit(
        self,
        X: Inputs,
        y: Targets = None,
        sample_weight: Targets = None,
        *,
        validation_data: Sequence[Inputs] | tf.data.Dataset | Batches | None = None,
        steps_per_epoch: int | None = None,
    ) -> Self:
        """Trains on sequences X and their targets y.

        Parameters
        ----------
        X : sequences, tf.data.Dataset, or seqkit.data.Batches
            See Notes of the class. A dataset has elements (x, y) or (x, y, weight), one example
            each or batches; a function that begins a pass over batches does as well. Such are read
            at each pass, and never held in memory.
        y : targets
            See Notes of the class. None where X is a dataset or batches.
        sample_weight : array (n,) or None
            Weight of each sample in the loss.
        validation_data : (X, y), (X, y, sample_weight), tf.data.Dataset, Batches, or None
            Data whose loss is recorded, and which early stopping watches.
        steps_per_epoch : int or None
            Batches of an epoch of a dataset or of batches, which the next epoch goes on from; one
            that repeats for ever needs it. Of data whose number is not known an epoch's are what
            scales, vocabularies and classes are learned of. None: all.

        Returns
        -------
        The estimator.
        """
        self.check_parameters()
        with fit_task(self, self.epochs, X, y, self._fitted_state) as callbacks:
            given = Given(X, y, sample_weight, validation_data, steps_per_epoch=steps_per_epoch)
            self._fit(given, callbacks)
        return self

    def check_parameters(self) -> None:
        """Raises what `fit` would raise for the parameters, before any work.

        Raises
        ------
        ValueError, TypeError
            For the first parameter that is out of its range, or at odds with another.
        """
        check_parameters(self)
        check_truncation(self.cell, self.tbptt_steps)

    # The course of a fit.

    def _fit(
        self, given: Arguments, callbacks: Sequence[keras.callbacks.Callback] = (), **options: Any
    ) -> None:
        """A fit as a transaction: where it fails, all is as before."""
        prepare_process()
        given = dataclasses.replace(
            given, **{k: as_pandas(as_stream(v, k)) for k, v in vars(given).items()}
        )
        if not is_stream(given.X):
            self._check_given(given.y)
            check_no_steps(given)
        with all_or_nothing(self), global_state_kept():
            self._course(given, callbacks, **options)

    def _check_given(self, y: object) -> None:
        if y is None:
            raise ValueError(
                f"{type(self).__name__} requires y to be passed, but the target y is None. y must "
                f"be {self._targets}."
            )

    def _course(
        self,
        given: Arguments,
        callbacks: Sequence[keras.callbacks.Callback],
        *,
        goes_on: bool | None = None,
        epochs: int | None = None,
        checkpointed: bool = True,
    ) -> None:
        """Parts, examples, model, training.

        Args:
            given: what `fit` was given.
            callbacks: beside those that the user passed.
            goes_on: whether training goes on with the fitted model; None: as warm_start says.
            epochs: passes, at a constant learning rate; None: as the parameters say.
            checkpointed: whether the state of training is kept on disk, where that is asked for.
        """
        goes_on = (self.warm_start if goes_on is None else goes_on) and hasattr(self, "model_")
        rng = generator_of(self.random_state)
        taken = taken_when_going_on(self) if goes_on else None
        seen = [*callbacks, *(self.callbacks or ())]
        data = self._read(given) if goes_on else self._learn(given)
        for stage in self._stages(data, given, epochs or self.epochs, rng, goes_on=goes_on):
            if not goes_on:
                self._new_model(seeds_from(rng))
            batch_size = batch_size_for(self, stage.examples)
            plan = plan_for(self, stage.examples, batch_size, epochs, stage.passes)
            watched = stage.stops_early.value and stage.validation
            checkpoint = self._checkpoint(stage) if checkpointed else None
            with trained_model(self) as model:
                trained = train(
                    model,
                    self._trained_on(stage.examples),
                    stage.validation,
                    plan=plan,
                    batch_size=batch_size,
                    patience=self.n_iter_no_change if watched else None,
                    rng=rng,
                    callbacks=[*stage.callbacks, *(seen if stage.last else ())],
                    verbose=self.verbose,
                    checkpoint=checkpoint,
                )
            if trained.interrupted:
                break  # with what there is
            if epochs is None and stage.last:
                warn_of_failure(self._target, stage.examples, trained)
        self.chosen_ = chosen_for(
            self,
            {**self._choices(), "early_stopping": stage.stops_early},
            choices_of_training(self, stage, batch_size, plan),
        )
        self.history_ = trained.history
        self.n_iter_ = max((len(values) for values in trained.history.values()), default=0)
        self.best_epoch_ = trained.best_epoch
        now = comparable_parameters(self)
        self._fitted_with = now if taken is None else {**self._fitted_with, **taken}

    def _of_training(self) -> tuple[str, ...]:
        """The parameters that training a fitted model takes as they are then."""
        return OF_TRAINING

    def _learn(self, given: Any) -> Any:
        """Makes the input and the target, which learn from the data; returns the examples."""
        if is_stream(given.X):
            return learned_stream(self, given, together=self._learns_together)
        X, y = as_numpy(given.X), as_numpy(given.y)
        reader = self._input = self._new_input(X)
        encoder = self._target = self._new_target(y, given.classes)
        samples, values = self._checked(X, y)
        reader.learn([samples])
        encoder.learn([values])
        return self._encoded(samples, values, given.sample_weight)

    def _read(self, given: Any) -> Any:
        """The examples, read as the fitted parts read them."""
        if is_stream(given.X):
            return given_stream(self, given)
        return self._examples(given.X, given.y, given.sample_weight)

    def _stages(
        self,
        data: Any,
        given: Any,
        epochs: int | None,
        rng: np.random.Generator,
        *,
        goes_on: bool,
    ) -> Iterator[Stage]:
        """The trainings, each of which is made before the next is asked for."""
        counts = self._counts_passes and not goes_on
        return stages_of(self, data, given, epochs, rng, counts_passes=counts)

    def _examples(self, X: Inputs, y: Targets, sample_weight: Targets) -> Examples:
        return self._encoded(*self._checked(X, y), sample_weight)

    def _checked(self, X: Inputs, y: Targets) -> tuple[Samples, Any]:
        reader: Reader = self._input
        encoder: Encoder = self._target
        samples = reader.read(as_numpy(X))
        values = encoder.read(aligned(as_numpy(y), samples, stepwise=self._stepwise))
        check_counts(samples.values, len(values), encoder.nouns)
        return samples, values

    def _encoded(self, samples: Samples, values: Any, sample_weight: Targets) -> Examples:
        reader: Reader = self._input
        encoder: Encoder = self._target
        sequences = reader.encode(samples)
        targets = encoder.encode(values, sequences)
        weights = self._weights(sample_weight, values, sequences)
        return Examples(sequences, targets, encoder.weigh(targets, weights))

    def _weights(self, sample_weight: Any, values: Any, sequences: list[np.ndarray]) -> Any:
        """The weights of samples as examples have them."""
        return checked_weights(sample_weight, len(sequences))

    def _validation(self, data: object) -> TrainingData:
        examples = explained(self._examples)
        if is_stream(data):
            return stream_of(self, data, examples, name="validation_data")
        return examples(*validation_tuple(data))

    def _partial_fit(self, given: Arguments) -> Self:
        """One more pass, over these data; the first call is a fit of one pass."""
        self.check_parameters()
        before = getattr(self, "history_", {})
        with all_or_nothing(self):
            self._fit(given, goes_on=True, epochs=1, checkpointed=False)
            self.history_ = {k: before.get(k, []) + v for k, v in self.history_.items()}
            self.n_iter_ = self.best_epoch_ = max(map(len, self.history_.values()))
        return self

    # What a subclass says.

    def _new_input(self, X: Inputs) -> Reader:
        """The input for X, of which this is the first, by its form: the input reads it."""
        raise NotImplementedError

    def _new_target(self, y: Targets, classes: Targets) -> Encoder:
        """The target for y, of which this is the first, by its form: the target reads it."""
        raise NotImplementedError

    def _architecture(self) -> dict[str, Any]:
        """All that `_build` needs, as plain data: a saved estimator is built again from it."""
        raise NotImplementedError

    def _build(self, architecture: dict[str, Any], draw_seed: DrawSeed | None) -> keras.Model:
        """The Keras model, not compiled."""
        raise NotImplementedError

    def _initialize(self) -> None:
        """Gives a new model what fitting found for it, such as word vectors."""
        reader: Reader = self._input
        reader.initialize(self.model_)

    def _compile(self, model: keras.Model) -> None:
        target: Target = self._target
        loss, metrics = target.objective()
        model.compile(self._new_optimizer(), loss=loss, weighted_metrics=metrics)

    def _checkpoint(self, stage: Stage) -> Checkpoint | None:
        """Where the state of training is kept, for an estimator that keeps it."""
        return None

    def _trained_on(self, examples: TrainingData) -> TrainingData:
        """The examples as training sees them, and nothing else does."""
        return examples

    def _choices(self) -> dict[str, Choice]:
        """Gives what the parts chose for parameters that leave it open."""
        return {}

    def _signatures(self) -> tuple[dict[str, Signature], Sequence[Any]]:
        """By name the functions that are exported, with the specs of their arguments; assets."""
        source: Input = self._input
        target: Target = self._target
        served = source.served()
        answer = target.served(self.model_)
        signature = (lambda inputs: answer(served.to_batch(inputs)), [served.spec])
        return {"serving_default": signature}, served.assets

    # The model.

    def _encoder_options(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in OF_ENCODERS}

    def _new_optimizer(self) -> keras.optimizers.Optimizer:
        return new_optimizer(
            self.optimizer,
            self.learning_rate,
            clipnorm=self.clipnorm,
            weight_decay=self.weight_decay,
            ema_momentum=self.ema_momentum if self.use_ema else None,
        )

    def _new_model(self, draw_seed: DrawSeed | None) -> None:
        """A model for the parts that have learned, not trained."""
        self._architecture_ = {**self._architecture(), "policy": current_policy()}
        if (members := size_for(self)) > 1:
            self._architecture_["members"] = members
        self._make_model(draw_seed)
        self._initialize()

    def _make_model(self, draw_seed: DrawSeed | None) -> None:
        self.model_ = self._compiled_model(draw_seed)
        self._functions = self._compiled_functions()

    def _compiled_model(self, draw_seed: DrawSeed | None = None) -> keras.Model:
        architecture = dict(self._architecture_)
        count = architecture.pop("members", 1)
        with policy(architecture.pop("policy")):
            members = [self._build(architecture, draw_seed) for _ in range(count)]
            model = members[0] if count == 1 else self._ensemble(members)
            self._compile(model)
        # Now, so that training need not be traced once more for the variables it made.
        model.optimizer.build(model.trainable_variables)
        return model

    def _compiled_functions(self) -> Any:
        """Functions of the model that prediction runs, compiled when they are first used."""
        target: Target = self._target
        functions = target.functions(self.model_)
        kind = kinds_of_functions(self)
        return Predictors(functions, self.model_, stepwise=self._stepwise, kind=kind)

    def training_batch(self, X: Any, y: Any = None) -> tuple[Any, Any, Any]:
        """One batch of X and y as `model_` is trained on it, for tools that take Keras models.

        Parameters
        ----------
        X, y
            As in fit. Without y there are inputs alone.

        Returns
        -------
        Inputs, padded to the longest sequence; targets and weights, or None and None without y.
        """
        self._check_ready()
        if y is None:
            reader: Reader = self._input
            sequences = reader.encode(reader.read(as_pandas(X)))
            return pad(sequences, max(map(len, sequences)), len(sequences)), None, None
        examples = self._examples(as_pandas(X), as_pandas(y), None)
        return examples.batch(np.arange(len(examples)), int(max(examples.lengths)), len(examples))

    # Prediction and export.

    def _check_ready(self) -> None:
        """Raises NotFittedError before a fit, and RuntimeError where nothing can be predicted."""
        check_is_fitted(self)
        prepare_process()

    def _predict(self, name: str, X: Inputs) -> Any:
        """The values of the target's function of this name, for each sequence of X."""
        self._check_ready()
        X = as_stream(X, once=True)
        if is_stream(X):
            chunks = chunks_of_inputs(X, stepwise=self._stepwise, token_lists=self._token_lists)
            parts = [self._predict(name, chunk) for chunk in chunks]
            return list(itertools.chain(*parts)) if self._stepwise else np.concatenate(parts)
        reader: Reader = self._input
        return self._functions(name, reader.encode(reader.read(as_pandas(X))))

    export = export_estimator

    def _request(self, X: Inputs) -> dict[str, np.ndarray]:
        """Rows as clients of an export send them, by the names of inputs; None: made-up ones."""
        return self._input.request(self._input.example() if X is None else as_pandas(X))

    # Copies and files hold the model as an architecture and arrays.

    def save(self, path: str | os.PathLike[str]) -> str:
        """Writes the fitted estimator into one file, which `seqkit.load` reads.

        The file holds numbers and text, no code; it appears complete or not at all. Callbacks are
        not saved; of a `random_state` only an int is.

        Parameters
        ----------
        path : path
            The file; an older one is replaced. Its name may be any, such as model.seqkit.

        Returns
        -------
        The path.
        """
        check_is_fitted(self)
        return write_estimator(self, path)

    def _fitted_state(self) -> dict[str, Any]:
        """The attributes that fitting found, the model and all."""
        parameters = self.get_params(deep=False)
        return {
            name: value
            for name, value in vars(self).items()
            if name not in parameters and not name.startswith(SKLEARNS)
        }

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = {**super().__getstate__()}
        model = state.pop("model_", None)
        state.pop("_functions", None)
        if model is not None:
            state["_model_state"] = state_of(model)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        model_state = state.pop("_model_state", None)
        super().__setstate__(state)
        if model_state is not None:
            with global_state_kept():
                self._make_model(None)
            check_fits(self.model_, model_state)
            restore(self.model_, model_state)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copied = type(self).__new__(type(self))
        memo[id(self)] = copied
        copied.__setstate__(copy.deepcopy(self.__getstate__(), memo))
        return copied

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")
