"""What all estimators over sequences share: the course of a fit, prediction, and export."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from sklearn.base import BaseEstimator
from sklearn.model_selection import train_test_split
from sklearn.utils.validation import check_is_fitted

from seqkit.estimators.common_parameters import SharedParameters
from seqkit.estimators.inputs.numeric import aligned
from seqkit.estimators.parameters import check_parameters, estimator
from seqkit.estimators.sklearn_callbacks import (
    CallbackSupportMixin,
    Epochs,
    callback_context,
    with_callbacks,
)
from seqkit.saving.state import PersistentEstimator
from seqkit.serving.export import export
from seqkit.training.checkpoints import Checkpoint
from seqkit.training.examples import Examples, UnseenClass
from seqkit.training.loop import train
from seqkit.training.optimizers import new_optimizer
from seqkit.training.predictor import Predictor
from seqkit.training.randomness import generator_of, global_state_kept, seeds_from
from seqkit.training.streams import Stream, chunks_of_inputs, is_stream


@estimator
class SequenceEstimator(CallbackSupportMixin, PersistentEstimator, SharedParameters, BaseEstimator):
    """Base of the estimators over sequences.

    A subclass says how X and y are learned from and read, what the model is made of, and what is
    predicted and served: the methods that raise NotImplementedError here.
    """

    _stepwise = False  # whether outputs are one for each step

    @with_callbacks
    def fit(
        self, X: Any, y: Any = None, sample_weight: Any = None, *, validation_data: Any = None
    ) -> Any:
        """Trains on sequences X and their targets y.

        Parameters
        ----------
        X : sequences, or tf.data.Dataset
            See Notes of the class. A dataset has elements (x, y) or (x, y, weight), one example
            each, not batched; it is read at each pass, and never held in memory.
        y : targets
            See Notes of the class. None where X is a dataset.
        sample_weight : array (n,) or None
            Weight of each sample in the loss.
        validation_data : (X, y), (X, y, sample_weight), tf.data.Dataset, or None
            Data whose loss is recorded, and which early stopping watches.

        Returns
        -------
        The estimator.
        """
        self._check()
        context = callback_context(self, self.epochs, X, y)
        extra = [] if context is None else [Epochs(self, context, X, y, self._fitted_state)]
        with self._all_or_nothing():
            self._train(X, y, sample_weight, validation_data, self.warm_start, self.epochs, extra)
        if context is not None:
            context.call_on_fit_task_end(estimator=self, X=X, y=y)
        return self

    def export(self, directory: str | os.PathLike[str]) -> str:
        """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

        Its signatures are described in the Notes of the class.

        Parameters
        ----------
        directory : path
            The model's folder. Versions are its subfolders 1, 2, and so on.

        Returns
        -------
        The folder written, directory/<version>. It appears complete or not at all.
        """
        check_is_fitted(self)
        signatures, assets = self._signatures()
        return export(directory, self.model_, signatures, assets)

    # What a subclass says.

    def _learn(self, chunks: Iterable[Any]) -> None:
        """Finds out about X, which comes whole or in pieces."""
        raise NotImplementedError

    def _learn_targets(self, chunks: Iterable[Any]) -> None:
        """Finds out about y, which comes whole or in pieces."""
        raise NotImplementedError

    def _read(self, X: Any) -> tuple[list[np.ndarray], Any]:
        """The sequences as the model reads them; and the order of a long frame's instances."""
        raise NotImplementedError

    def _encode_targets(self, y: Any, sequences: list[np.ndarray]) -> Any:
        """y as the model is trained on it."""
        raise NotImplementedError

    def _architecture(self) -> dict[str, Any]:
        """All that `_build` needs, as plain data: a saved estimator is built again from it."""
        raise NotImplementedError

    def _build(
        self, architecture: dict[str, Any], draw_seed: Callable[[], int] | None
    ) -> keras.Model:
        """The Keras model, not compiled."""
        raise NotImplementedError

    def _compile(self, model: keras.Model) -> None:
        raise NotImplementedError

    def _serving_input(self) -> tuple[tf.TensorSpec, Callable[[Any], Any], list[Any]]:
        """What is served: its spec, its way to the model's input, and what that needs tracked."""
        raise NotImplementedError

    def _answers(self, batch: tf.Tensor) -> dict[str, tf.Tensor]:
        """What is answered to a batch of sequences, by name."""
        raise NotImplementedError

    def _signatures(self) -> tuple[dict[str, Any], list[Any]]:
        """What is exported: by name a function with the specs of its arguments, and assets."""
        spec, to_batch, assets = self._serving_input()

        def serve(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
            return self._answers(to_batch(inputs))

        return {"serving_default": (serve, [spec])}, assets

    def _functions(self) -> dict[str, Callable[[tf.Tensor], tf.Tensor]]:
        """By name, what is computed of a batch of sequences in the graph."""
        return {"outputs": lambda batch: self.model_(batch, training=False)}

    def _stratify(self, examples: Examples) -> Any:
        """The classes by which samples are held out, or None."""
        return None

    # The course of a fit.

    def _check(self) -> None:
        """Checks the parameters, before any work."""
        check_parameters(self)

    def _encoder_options(self) -> dict[str, Any]:
        names = ("cell", "units", "layers", "bidirectional", "dropout", "recurrent_dropout")
        return {name: getattr(self, name) for name in names}

    def _new_optimizer(self) -> keras.optimizers.Optimizer:
        return new_optimizer(self.optimizer, self.learning_rate, self.clipnorm)

    def _partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> None:
        """One more pass, over these data; the first call is a fit of one pass."""
        self._check()
        before = getattr(self, "history_", {})
        with self._all_or_nothing():
            self._train(X, y, sample_weight, None, True, 1, [], checkpoint=False)
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
        *,
        checkpoint: bool = True,
    ) -> None:
        goes_on = goes_on and hasattr(self, "model_")
        rng = generator_of(self.random_state)
        with global_state_kept():
            examples = self._data(X, y, sample_weight, learn=not goes_on)
            validation: Any = None
            if validation_data is not None:
                validation = self._validation(validation_data)
            elif self.early_stopping and epochs > 1:
                examples, validation = self._held_out(examples, rng)
            if goes_on:
                self._set_learning_rate()
            else:
                self._architecture_ = self._architecture()
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
                checkpoint=self._checkpoint() if checkpoint else None,
            )
        self.history_ = trained.history
        self.n_iter_ = max((len(values) for values in trained.history.values()), default=0)
        self.best_epoch_ = trained.best_epoch

    def _make_model(self, draw_seed: Callable[[], int] | None) -> None:
        self.model_ = self._build(self._architecture_, draw_seed)
        self._compile(self.model_)
        # Now, so that training need not be traced once more for the variables it made.
        self.model_.optimizer.build(self.model_.trainable_variables)
        self._predictors: dict[str, Predictor] = {}

    def _checkpoint(self) -> Checkpoint | None:
        """Where the state of training is kept, for an estimator that keeps it."""
        return None

    def _set_learning_rate(self) -> None:
        if isinstance(self.learning_rate, float | int) and isinstance(self.optimizer, str):
            self.model_.optimizer.learning_rate = self.learning_rate

    def _data(self, X: Any, y: Any, sample_weight: Any, *, learn: bool = False) -> Any:
        """Examples, or a stream of them, as `train` takes them."""
        if not is_stream(X):
            if learn:
                self._learn([X])
                self._learn_targets([y])
            return self._examples(X, y, sample_weight)
        if y is not None or sample_weight is not None:
            raise ValueError(
                "y and sample_weight must be None where X is a tf.data.Dataset: its elements "
                "hold them, (x, y) or (x, y, weight)."
            )
        stream = Stream(X, self._examples)
        if learn:
            self._learn(stream.inputs())
            self._learn_targets(stream.targets())
        return stream

    def _examples(self, X: Any, y: Any, sample_weight: Any) -> Examples:
        sequences, instances = self._read(X)
        y = aligned(y, instances)
        targets = self._encode_targets(y, sequences)
        return Examples(sequences, targets, self._weigh(y, len(sequences), sample_weight))

    def _validation(self, data: Any) -> Any:
        if is_stream(data):
            return Stream(data, self._validation_examples)
        if not isinstance(data, tuple | list) or len(data) not in (2, 3):
            raise ValueError(
                "validation_data must be (X, y), (X, y, sample_weight) or a tf.data.Dataset, got "
                f"{type(data).__name__}."
            )
        X, y, *weight = data
        return self._validation_examples(X, y, weight[0] if weight else None)

    def _validation_examples(self, X: Any, y: Any, sample_weight: Any) -> Examples:
        try:
            return self._examples(X, y, sample_weight)
        except UnseenClass as error:
            raise ValueError(
                f"validation_data: {error.found} Leave such samples out, or give fit some of them."
            ) from error
        except (ValueError, TypeError) as error:
            if type(error) not in (ValueError, TypeError):
                raise
            raise type(error)(f"validation_data: {error}") from error

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

    def _held_out(self, examples: Any, rng: np.random.Generator) -> tuple[Examples, Examples]:
        """The examples for training, and those for validation."""
        if isinstance(examples, Stream):
            raise ValueError(
                "early_stopping=True cannot hold out samples of a tf.data.Dataset. Give "
                "validation_data to fit."
            )
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
        if is_stream(X):
            parts = [self._run(name, chunk) for chunk in chunks_of_inputs(X)]
            return list(itertools.chain(*parts)) if self._stepwise else np.concatenate(parts)
        sequences, _ = self._read(X)
        if name not in self._predictors:
            batch = self.model_.inputs[0]
            self._predictors[name] = Predictor(
                self._functions()[name], tuple(batch.shape[2:]), batch.dtype, self._stepwise
            )
        return self._predictors[name](sequences)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")
