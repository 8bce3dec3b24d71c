"""What all estimators over sequences share: parameters, the course of a fit, and prediction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from sklearn.base import BaseEstimator
from sklearn.model_selection import train_test_split
from sklearn.utils.validation import check_is_fitted

from seqkit.cells import CELLS, check_cell
from seqkit.estimators import parameters as p
from seqkit.estimators.examples import Examples
from seqkit.estimators.numeric import aligned
from seqkit.estimators.optimizers import check_learning_rate, check_optimizer, new_optimizer
from seqkit.estimators.persistence import PersistentEstimator
from seqkit.estimators.prediction import Predictor
from seqkit.estimators.randomness import generator_of, global_state_kept, seeds_from
from seqkit.estimators.sklearn_callbacks import CallbackSupportMixin, Epochs, callback_context
from seqkit.estimators.training import Trained, train
from seqkit.models.encoder import POOLINGS

POOLING = p.parameter(
    p.some_of(*POOLINGS),
    "str or tuple of str",
    'How the outputs of all steps become one vector: "last", the last of each direction; "mean" or '
    '"max" over the steps; "attention", a learned weighted mean; or a tuple of some, which are '
    "concatenated.",
    default="last",
)


@p.estimator
class SequenceEstimator(CallbackSupportMixin, PersistentEstimator, BaseEstimator):
    """Base of the estimators over sequences.

    A subclass says how X and targets are read, what the model is made of, how it is built and
    compiled, and what is predicted, in `_read`, `_encode_targets`, `_architecture`, `_build`,
    `_compile`, `_functions` and its `predict`.
    """

    cell: Any = p.parameter(
        lambda name, value: check_cell(value),
        "str or class",
        f"{', '.join(map(repr, CELLS))} (those with keras_ are Keras's own); a Keras RNN layer "
        "class; or a cell class.",
        default="lstm",
        kw_only=False,
    )
    units: int = p.parameter(
        p.count,
        "int",
        "Units of each layer and direction.",
        default=64,
    )
    layers: int = p.parameter(
        p.count,
        "int",
        "Recurrent layers, one upon the other.",
        default=1,
    )
    bidirectional: bool = p.parameter(
        p.flag,
        "bool",
        "Whether each layer also reads sequences from their end.",
        default=True,
    )
    dropout: float = p.parameter(
        p.fraction,
        "float",
        "Fraction of each recurrent layer's outputs dropped in training.",
        default=0.2,
    )
    recurrent_dropout: float = p.parameter(
        p.fraction,
        "float",
        "Fraction of the state dropped inside each layer in training.",
        default=0.0,
    )
    epochs: int = p.parameter(
        p.count,
        "int",
        "Passes over the data, at most.",
        default=30,
    )
    batch_size: int = p.parameter(
        p.count,
        "int",
        "Sequences a step.",
        default=32,
    )
    optimizer: Any = p.parameter(
        check_optimizer,
        "str or keras.optimizers.Optimizer",
        "A name of Keras; or an instance, which is used as it is configured.",
        default="adam",
    )
    learning_rate: Any = p.parameter(
        check_learning_rate,
        "float or keras.optimizers.schedules.LearningRateSchedule",
        "Of an optimiser given by name.",
        default=0.003,
    )
    clipnorm: float | None = p.parameter(
        p.optional(p.positive),
        "float or None",
        "Norm to which each weight's gradient is clipped, with an optimiser given by name.",
        default=1.0,
    )
    early_stopping: bool = p.parameter(
        p.flag,
        "bool",
        "Whether to stop when the loss of validation data no longer falls, and keep the best "
        "weights. The data are fit's validation_data, or else held out.",
        default=False,
    )
    validation_fraction: float = p.parameter(
        p.inner_fraction,
        "float",
        "Fraction held out for early stopping.",
        default=0.1,
    )
    n_iter_no_change: int = p.parameter(
        p.count,
        "int",
        "Epochs without a better validation loss after which training stops.",
        default=10,
    )
    callbacks: Any = p.parameter(
        p.anything,
        "list of keras.callbacks.Callback or None",
        "Of Keras's training.",
        default=None,
    )
    random_state: Any = p.parameter(
        p.anything,
        "int, numpy RandomState or Generator, or None",
        "An int gives the same model again on the same machine.",
        default=None,
    )
    verbose: int = p.parameter(
        p.one_of_integers(0, 1, 2),
        "int",
        "1 shows a progress bar, 2 a line an epoch.",
        default=0,
    )
    warm_start: bool = p.parameter(
        p.flag,
        "bool",
        "Whether fit goes on from the fitted model.",
        default=False,
    )

    _stepwise = False  # whether outputs are one for each step

    # What a subclass says.

    def _read(self, X: Any, *, reset: bool) -> tuple[list[np.ndarray], Any]:
        """The sequences as the model reads them; and the order of a long frame's instances."""
        raise NotImplementedError

    def _encode_targets(self, y: Any, sequences: list[np.ndarray], *, reset: bool) -> Any:
        """y as the model is trained on it; with reset, sets what fitting finds about it."""
        raise NotImplementedError

    def _architecture(self, sequences: list[np.ndarray]) -> dict[str, Any]:
        """All that `_build` needs, as plain data: a saved estimator is built again from it."""
        raise NotImplementedError

    def _build(
        self, architecture: dict[str, Any], draw_seed: Callable[[], int] | None
    ) -> keras.Model:
        """The Keras model, not compiled."""
        raise NotImplementedError

    def _compile(self, model: keras.Model) -> None:
        raise NotImplementedError

    def _functions(self) -> dict[str, Callable[[tf.Tensor], tf.Tensor]]:
        """By name, what is computed of a batch of sequences in the graph."""
        return {"outputs": lambda batch: self.model_(batch, training=False)}

    # The course of a fit.

    def _encoder_options(self) -> dict[str, Any]:
        names = ("cell", "units", "layers", "bidirectional", "dropout", "recurrent_dropout")
        return {name: getattr(self, name) for name in names}

    def _new_optimizer(self) -> keras.optimizers.Optimizer:
        return new_optimizer(self.optimizer, self.learning_rate, self.clipnorm)

    def _weigh(self, y: Any, samples: int, sample_weight: Any) -> np.ndarray:
        """The weight of each sample, (n,)."""
        if sample_weight is None:
            return np.ones(samples, np.float32)
        weights = np.asarray(sample_weight, np.float32)
        if weights.shape != (samples,):
            raise ValueError(
                f"sample_weight must have one number a sample, shape ({samples},), "
                f"got shape {weights.shape}."
            )
        if not np.isfinite(weights).all() or (weights < 0).any():
            raise ValueError("sample_weight must hold finite numbers of at least 0.")
        if not weights.any():
            raise ValueError("sample_weight must hold at least one non-zero weight, all are zero.")
        return weights

    def _fit(self, X: Any, y: Any, sample_weight: Any = None, validation_data: Any = None) -> None:
        """Fits, or leaves the estimator as it was."""
        p.check_parameters(self)
        context = callback_context(self, self.epochs, X, y)
        extra = [] if context is None else [Epochs(self, context, X, y, self._fitted_state)]
        with self._all_or_nothing():
            self._train(X, y, sample_weight, validation_data, self.warm_start, self.epochs, extra)
        if context is not None:
            context.call_on_fit_task_end(estimator=self, X=X, y=y)

    def _partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> None:
        """One more pass, over these data; the first call is a fit of one pass."""
        p.check_parameters(self)
        before = getattr(self, "history_", {})
        with self._all_or_nothing():
            self._train(X, y, sample_weight, None, True, 1, [])
            self.history_ = {k: before.get(k, []) + v for k, v in self.history_.items()}
            self.n_iter_ = self.best_epoch_ = max(map(len, self.history_.values()))

    def _train(
        self,
        X: Any,
        y: Any,
        sample_weight: Any,
        validation_data: Any,
        goes_on: bool,
        epochs: int,
        callbacks: list[keras.callbacks.Callback],
    ) -> None:
        goes_on = goes_on and hasattr(self, "model_")
        rng = generator_of(self.random_state)
        examples = self._examples(X, y, sample_weight, reset=not goes_on)
        validation = None
        if validation_data is not None:
            validation = self._validation_examples(validation_data)
        elif self.early_stopping and epochs > 1:
            examples, validation = self._held_out(examples, rng)
        with global_state_kept():
            if goes_on:
                self._set_learning_rate()
            else:
                self._architecture_ = self._architecture(examples.sequences)
                self._make_model(seeds_from(rng))
            trained = train(
                self.model_,
                examples,
                validation,
                epochs=epochs,
                batch_size=self.batch_size,
                patience=self.n_iter_no_change if self.early_stopping and validation else None,
                rng=rng,
                callbacks=[*callbacks, *(self.callbacks or ())],
                verbose=self.verbose,
            )
        self._take(trained)

    def _take(self, trained: Trained) -> None:
        self.history_ = trained.history
        self.n_iter_ = max((len(values) for values in trained.history.values()), default=0)
        self.best_epoch_ = trained.best_epoch

    def _make_model(self, draw_seed: Callable[[], int] | None) -> None:
        self.model_ = self._build(self._architecture_, draw_seed)
        self._compile(self.model_)
        # Now, so that training need not be traced once more for the variables it made.
        self.model_.optimizer.build(self.model_.trainable_variables)
        self._predictors: dict[str, Predictor] = {}

    def _set_learning_rate(self) -> None:
        if isinstance(self.learning_rate, float | int) and isinstance(self.optimizer, str):
            self.model_.optimizer.learning_rate = self.learning_rate

    def _examples(self, X: Any, y: Any, sample_weight: Any, *, reset: bool) -> Examples:
        sequences, instances = self._read(X, reset=reset)
        y = aligned(y, instances)
        targets = self._encode_targets(y, sequences, reset=reset)
        return Examples(sequences, targets, self._weigh(y, len(sequences), sample_weight))

    def _validation_examples(self, data: Any) -> Examples:
        if not isinstance(data, tuple | list) or len(data) not in (2, 3):
            raise ValueError(
                "validation_data must be (X, y) or (X, y, sample_weight), got "
                f"{type(data).__name__}."
            )
        X, y, *weight = data
        return self._examples(X, y, weight[0] if weight else None, reset=False)

    def _stratify(self, examples: Examples) -> Any:
        """The classes by which samples are held out, or None."""
        return None

    def _held_out(self, examples: Examples, rng: np.random.Generator) -> tuple[Examples, Examples]:
        """The examples for training, and those for validation."""
        try:
            kept, held = train_test_split(
                np.arange(len(examples)),
                test_size=self.validation_fraction,
                stratify=self._stratify(examples),
                random_state=int(rng.integers(2**31 - 1)),
            )
        except ValueError as error:
            raise ValueError(
                f"early_stopping=True cannot hold out validation_fraction="
                f"{self.validation_fraction} of {len(examples)} samples: {error} Give more "
                "samples, a larger validation_fraction, validation_data, or early_stopping=False."
            ) from error
        return examples.take(kept), examples.take(held)

    # Prediction.

    def _run(self, name: str, X: Any) -> Any:
        """What the function of this name gives for each sequence of X."""
        check_is_fitted(self)
        sequences, _ = self._read(X, reset=False)
        if name not in self._predictors:
            batch = self.model_.inputs[0]
            self._predictors[name] = Predictor(
                self._functions()[name], tuple(batch.shape[2:]), batch.dtype, self._stepwise
            )
        return self._predictors[name](sequences)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")
