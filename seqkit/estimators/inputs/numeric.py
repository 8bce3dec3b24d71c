"""Numeric sequences as X, with scikit-learn's names for their columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf
from sklearn.base import BaseEstimator
from sklearn.utils.validation import validate_data

from seqkit import checks
from seqkit.estimators.inputs import Samples, ServedInput
from seqkit.estimators.inputs.arrays import as_numpy
from seqkit.estimators.inputs.frames import (
    check_table,
    is_frame,
    is_long,
    long_columns,
    text_column,
)
from seqkit.estimators.inputs.moments import Moments
from seqkit.estimators.inputs.sequences import check_sequences
from seqkit.estimators.parameters import parameter
from seqkit.estimators.plans.choices import Choice
from seqkit.models.padding import valid_steps
from seqkit.models.sources import NumericSource
from seqkit.models.stems import KINDS, SHORT, SHORTEST_STRIDE, Stem, stride_for
from seqkit.readers.long_tables import long_frame
from seqkit.saving.records import Part, record
from seqkit.serving.json_rows import padded_rows
from seqkit.serving.requests import infinite, without_faults
from seqkit.training.augmentation import AUGMENTATIONS, Augmented
from seqkit.types import Tensor

if TYPE_CHECKING:
    from seqkit.training.loop import TrainingData

STEPS_SHOWN = 24  # of an example, at most
CHUNK = 1024  # sequences whose moments are computed at once
# Deviations from zero to the mean, and deviations, up to which float32 has digits enough: of its 24
# bits 10 are left for the values themselves.
FARTHEST = 2.0**10
LARGEST_SCALE = 2.0**30

SCALING = parameter(
    checks.one_of("standard", None),
    '{"standard", None}',
    "Whether each feature is standardised with the mean and variance found in fit.",
    default="standard",
)

STEM = parameter(
    checks.one_of("auto", *KINDS, None),
    '{"auto", "segments", "convolution", None}',
    'What shortens sequences before the recurrent layers: "segments", overlapping pieces, each '
    'embedded linearly (SegRNN, Lin et al. 2023); "convolution", two layers of filters before the '
    "segments (after DeepConvLSTM, Ordóñez & Roggen 2016); None: each step is read by itself. "
    '"auto": segments where the median length is 64 steps or more.',
    default="auto",
)
STEM_OF_STEPS = parameter(
    checks.one_of("auto", *KINDS, None),
    '{"auto", "segments", "convolution", None}',
    'What shortens numeric sequences before the recurrent layers: "segments", overlapping pieces, '
    'each embedded linearly; "convolution", two layers of filters before the segments; "auto": '
    "segments where the median length is 64 steps or more. Each step still has its own label, of "
    "what its segment says of it and of its inputs; with bidirectional=False too it may depend on "
    "up to two strides of steps after it, and with filters four more. None: each step is read by "
    "itself.",
    default=None,
)
STRIDE = parameter(
    checks.optional(checks.count),
    "int or None",
    "Steps from one segment to the next, of which each has two strides. None: 4 to 16 by the "
    "median length, more above 3,200 steps. Without a stem it has no part.",
    default=None,
)
AUGMENTATION = parameter(
    checks.optional(checks.some_of(*AUGMENTATIONS)),
    "str, tuple of str or None",
    "What changes each sequence at random each time that it is trained on, and never else: "
    '"jitter", noise; "scaling", a factor for each feature; "window_slicing", a window of nine '
    'tenths stretched to the whole length; "time_warping", faster here and slower there; or a '
    "tuple of some. None: nothing.",
    default=None,
)


@record
@dataclass
class NumericInput(Part):
    """An array (n, T, d), an array (n, T), a list of arrays (T_i, d), or a long frame.

    `n_features_in` counts the features of a step. A two-dimensional X is a table to scikit-learn,
    and there its columns are counted: each is one step of the one feature.

    Args:
        estimator: the name of the estimator, for errors.
        standardize: whether the model standardises each feature.
        id, time: columns of a long frame that name the sequence and order its steps.
        stem: as the parameter of that name; "auto" is settled when lengths are known.
        stride: of the stem's segments; None: by the lengths.
        units: size of a segment's vector.
        lists_in_cells: whether a frame of one column may hold a sequence in each cell.
        before_float32: whether features are so far from zero, or of such a size, that they are
            standardised in float64, before they are put into the float32 of batches.
    """

    estimator: str
    standardize: bool
    id: Any  # a name that is no string, too
    time: Any
    lists_in_cells: bool
    channels: int | None = None  # features a step, whatever form X has; None before the first X
    is_table: bool = False
    n_features_in: int = 0
    feature_names_in: np.ndarray | None = None
    mean: np.ndarray = field(default_factory=lambda: np.zeros(0))
    variance: np.ndarray = field(default_factory=lambda: np.zeros(0))
    before_float32: bool = False
    stem: str | None = None
    stride: int | None = None
    units: int = 0
    median: int = 0  # steps of sequences

    @classmethod
    def of(cls, estimator: Any, *, lists_in_cells: bool = False) -> NumericInput:
        """An input as the parameters of an estimator describe it."""
        name = type(estimator).__name__
        standardize = estimator.scaling is not None
        stem = {k: getattr(estimator, k) for k in ("stem", "stride") if hasattr(estimator, k)}
        columns = (estimator.id, estimator.time)
        return cls(name, standardize, *columns, lists_in_cells, units=estimator.units, **stem)

    def names(self) -> np.ndarray:
        """Columns of the features.

        Raises:
            AttributeError: where X was no frame.
        """
        if self.feature_names_in is None:
            raise AttributeError("feature_names_in_ is known only where X was a frame.")
        return self.feature_names_in

    def read(self, X: Any) -> Samples:
        """Checks X, and its columns against those of the first X."""
        if self.lists_in_cells:
            X = text_column(X)
        if is_long(X, self.id, self.time):
            return self._read_long(X)
        if is_frame(X):
            check_table(X, self.id, self.time)
        X = np.asarray(X) if _is_nested_list(X) else as_numpy(X)
        is_table = getattr(X, "ndim", None) == 2 and not hasattr(X, "toarray")
        if is_table and X.shape[1] == 0:
            raise ValueError(
                f"X has 0 feature(s) (shape={X.shape}) while a minimum of 1 is required."
            )
        sequences = check_sequences(X, features=self.channels)
        if self.channels is None:
            self.channels, self.is_table = sequences[0].shape[1], is_table
            self.n_features_in = self.channels
            if is_table:
                self._check_columns(X, first=True)
        elif is_table and self.is_table:
            try:
                self._check_columns(X, first=False)
            except ValueError as error:
                raise ValueError(
                    f"{error} For sequences of another length give arrays (n, T, 1)."
                ) from error
        return Samples(sequences, steps=None if is_table else [len(x) for x in X])

    def learn(self, chunks: Iterable[Samples]) -> None:
        """Learns mean and variance of each feature, and how long sequences are."""
        moments = Moments()
        lengths: Counter[int] = Counter()
        for chunk in chunks:
            lengths.update(map(len, chunk.values))
            for start in range(0, len(chunk.values), CHUNK):
                moments.add(np.concatenate(chunk.values[start : start + CHUNK]))
        self.mean, self.variance = moments.mean, moments.variance
        deviation = self._scale
        offset = np.abs(self.mean) > FARTHEST * deviation
        size = (deviation < 1 / LARGEST_SCALE) | (deviation > LARGEST_SCALE)
        varies = self.variance > 0
        self.before_float32 = self.standardize and bool((varies & (offset | size)).any())
        self._settle_stem(lengths)

    def _settle_stem(self, lengths: Counter[int]) -> None:
        """Chooses stem and stride by the median length, where they are not given."""
        ordered = sorted(lengths)
        until = np.cumsum([lengths[n] for n in ordered])
        self.median = ordered[int(np.searchsorted(until, until[-1] / 2))]
        fitting = stride_for(self.median)
        if self.stem == "auto":
            self.stem = "segments" if self.stride or fitting else None
        if self.stem is None:
            self.stride = None
            return
        self.stride = self.stride or fitting or SHORTEST_STRIDE
        if self.stride >= ordered[-1]:
            raise ValueError(
                f"stride must be less than the steps of the longest sequence of X, "
                f"{ordered[-1]}, got {self.stride}. Choose a smaller one, or stem=None."
            )

    def choices(self) -> dict[str, Choice]:
        """Tells what the data settled."""
        reason = f"the median length is {self.median} steps; segments from {SHORT} on"
        stride = {} if self.stem is None else {"stride": Choice(self.stride, reason)}
        return {"stem": Choice(self.stem, reason), **stride}

    def encode(self, samples: Samples) -> list[np.ndarray]:
        """The sequences as they are, for the model standardises; or standardised already, where
        the float32 of a batch could not carry them."""
        if not self.before_float32:
            return samples.values
        scale = self._scale
        return [((x - self.mean) / scale).astype(np.float32) for x in samples.values]

    def augmented(self, examples: TrainingData, kinds: Any) -> TrainingData:
        """The examples of a training; changed at random, where kinds say how."""
        if kinds is None:
            return examples
        kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
        mean, deviation = self.mean, self._scale
        if self.before_float32:
            mean, deviation = np.zeros_like(mean), np.ones_like(deviation)
        return Augmented(examples, kinds, mean, deviation)

    def source(self) -> NumericSource:
        """Numbers, which the model standardises unless that is done already."""
        assert self.channels is not None
        scaled = self.standardize and not self.before_float32
        return NumericSource(
            self.channels,
            mean=self.mean if scaled else None,
            variance=self.variance if scaled else None,
            stem=Stem(self.stem, self.stride, self.units) if self.stem and self.stride else None,
        )

    def initialize(self, model: keras.Model) -> None:
        """Leaves a new model as it is."""

    def served(self) -> ServedInput:
        """The batch itself, rows ending in NaN; standardised in float64 where the model is not to
        do it. An offset that float32 cannot carry is lost before: such clients send differences."""
        spec = tf.TensorSpec((None, None, self.channels), tf.float32, "inputs")

        def to_batch(inputs: Tensor) -> Tensor:
            inputs = without_faults("inputs", inputs, faults_of_numbers(inputs))
            if not self.before_float32:
                return inputs
            values = (tf.cast(inputs, tf.float64) - self.mean) / self._scale
            return tf.cast(values, tf.float32)

        return ServedInput(spec, to_batch)

    def request(self, X: Any) -> dict[str, np.ndarray]:
        """One batch, rows ending in NaN."""
        return {"inputs": padded_rows(self.read(X).values)}

    def example(self) -> list[np.ndarray]:
        """Noise of the mean and deviation of each feature."""
        steps = min(max(self.median, 2), STEPS_SHOWN)
        noise = np.random.default_rng(0).normal(size=(2, steps, len(self.mean)))
        digits = np.vectorize(lambda value: np.float32(f"{value:.4g}"))
        return list(digits(self.mean + self._scale * noise).astype(np.float32))

    @property
    def _scale(self) -> np.ndarray:
        """The deviation of each feature; 1 for a constant one, which becomes zero."""
        return np.sqrt(np.where(self.variance > 0, self.variance, 1.0))

    def _check_columns(self, X: Any, *, first: bool) -> None:
        """scikit-learn's own check, in its words, on a stand-in of the estimator's name."""
        stand_in = type(self.estimator, (BaseEstimator,), {})()
        if not first:
            stand_in.n_features_in_ = self.n_features_in
            if self.feature_names_in is not None:
                stand_in.feature_names_in_ = self.feature_names_in
        validate_data(stand_in, X, reset=first, skip_check_array=True)
        self.n_features_in = stand_in.n_features_in_
        self.feature_names_in = getattr(stand_in, "feature_names_in_", None)

    def _read_long(self, X: Any) -> Samples:
        frame, id_column, time = long_columns(X, self.id, self.time)
        names = [c for c in frame.columns if c not in (id_column, time)]
        known = self.feature_names_in
        if known is not None:
            missing = [c for c in known if c not in names]
            if missing:
                raise ValueError(
                    f"X must have the columns of fit, {', '.join(map(str, known))}; got "
                    f"{', '.join(map(str, names))}, without {', '.join(map(str, missing))}."
                )
            names = list(known)
        sequences, _, instances = long_frame(frame, id_column, time, None, names)
        steps = [len(x) for x in sequences]
        sequences = check_sequences(sequences, features=self.channels)
        if self.channels is None:
            self.channels = self.n_features_in = len(names)
            self.feature_names_in = np.array(names, dtype=object)
        return Samples(sequences, instances, steps)


def faults_of_numbers(batch: Tensor) -> dict[str, Tensor]:
    """Faults for which `read` refuses rows of a batch (B, T, d), for `without_faults`."""
    steps = valid_steps(batch)  # (B, T)
    unknown = tf.reduce_any(tf.math.is_nan(batch), -1)
    within = tf.reduce_any(unknown & steps, 1) | tf.reduce_any(steps[:, 1:] & ~steps[:, :-1], 1)
    return {
        "hold infinity. Give finite numbers.": tf.reduce_any(infinite(batch), [1, 2]),
        "hold NaN before their end. Fill such values, or leave the steps out; NaN in all features "
        "stands only after the last step of a row.": within,
        "have no step. Every sequence needs at least one; leave them out.": ~tf.reduce_any(
            steps, 1
        ),
    }


def _is_nested_list(X: Any) -> bool:
    """Whether X is a table written as lists of numbers, all of one length."""
    if not (isinstance(X, list) and X and isinstance(X[0], list)):
        return False
    rows = all(isinstance(x, list) and len(x) == len(X[0]) for x in X)
    return rows and all(np.isscalar(value) for x in X for value in x)
