"""What all estimators over sequences share."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from sklearn.base import BaseEstimator
from sklearn.model_selection import train_test_split
from sklearn.utils.validation import check_is_fitted

from seqkit.data.sequences import check_sequences
from seqkit.estimators.parameters import check_parameters
from seqkit.estimators.prediction import Predictor
from seqkit.estimators.randomness import generator_of, global_state_kept, seeds_from
from seqkit.estimators.training import Examples, train


class SequenceEstimator(BaseEstimator):
    """Base of the estimators over numeric sequences.

    A subclass says how targets are encoded, which model is built, and what is predicted, in
    `_encode_targets`, `_build`, `_compile` and its `predict`.
    """

    _stratified = False

    n_features_in_: int
    model_: keras.Model

    def _encode_targets(self, y: Any, samples: int) -> np.ndarray:
        """y as the array that the model is trained on; sets what fitting finds about it."""
        raise NotImplementedError

    def _build(self, sequences: list[np.ndarray], draw_seed: Any) -> keras.Model:
        """The Keras model, not compiled."""
        raise NotImplementedError

    def _compile(self, model: keras.Model) -> None:
        raise NotImplementedError

    def _weights(self, targets: np.ndarray, sample_weight: Any) -> np.ndarray:
        """The weight of each sample, (n,)."""
        if sample_weight is None:
            return np.ones(len(targets), np.float32)
        weights = np.asarray(sample_weight, np.float32)
        if weights.shape != (len(targets),):
            raise ValueError(
                f"sample_weight must have one number a sample, shape ({len(targets)},), "
                f"got shape {weights.shape}."
            )
        return weights

    def _fit(self, X: Any, y: Any, sample_weight: Any) -> None:
        """Fits, or leaves the estimator as it was."""
        before = dict(vars(self))
        try:
            self._fit_checked(X, y, sample_weight)
        except BaseException:
            self.__dict__.clear()
            self.__dict__.update(before)
            raise

    def _fit_checked(self, X: Any, y: Any, sample_weight: Any) -> None:
        check_parameters(self)
        continues = self.warm_start and hasattr(self, "model_")
        sequences = check_sequences(X, features=self.n_features_in_ if continues else None)
        targets = self._encode_targets(y, len(sequences))
        examples = Examples(sequences, targets, self._weights(targets, sample_weight))
        rng = generator_of(self.random_state)
        examples, validation = self._held_out(examples, rng)
        with global_state_kept():
            if continues:
                model = self.model_
            else:
                model = self._build(examples.sequences, seeds_from(rng))
                self._compile(model)
            trained = train(
                model,
                examples,
                validation,
                epochs=self.epochs,
                batch_size=self.batch_size,
                patience=self.n_iter_no_change if self.early_stopping else None,
                rng=rng,
                callbacks=self.callbacks or (),
                verbose=self.verbose,
            )
        self.n_features_in_ = sequences[0].shape[1]
        self.model_ = model
        self.history_ = trained.history
        self.n_iter_ = max((len(values) for values in trained.history.values()), default=0)
        self.best_epoch_ = trained.best_epoch
        self._predictor = Predictor(model, self.n_features_in_)

    def _held_out(
        self, examples: Examples, rng: np.random.Generator
    ) -> tuple[Examples, Examples | None]:
        """The examples for training and, with early stopping, those for validation."""
        if not self.early_stopping:
            return examples, None
        rows = np.arange(len(examples.sequences))
        try:
            kept, held = train_test_split(
                rows,
                test_size=self.validation_fraction,
                stratify=examples.targets if self._stratified else None,
                random_state=int(rng.integers(2**31 - 1)),
            )
        except ValueError as error:
            raise ValueError(
                f"early_stopping=True cannot hold out validation_fraction="
                f"{self.validation_fraction} of {len(rows)} samples: {error} Give more samples, a "
                "larger validation_fraction, or early_stopping=False."
            ) from error
        return examples.take(kept), examples.take(held)

    def _outputs(self, X: Any) -> np.ndarray:
        """The model's outputs for X, (n, ...)."""
        check_is_fitted(self)
        return self._predictor(check_sequences(X, features=self.n_features_in_))

    def _optimizer(self) -> keras.optimizers.Optimizer:
        return keras.optimizers.Adam(self.learning_rate, clipnorm=self.clipnorm)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")
