"""Windows of many series, cut when they are read."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeAlias

import numpy as np
import tensorflow as tf

from seqkit.training.bucketing import rows_of_a_batch
from seqkit.training.examples import as_dataset
from seqkit.types import Tensor, TensorLike

Places: TypeAlias = TensorLike  # integers (B,)


@dataclass(frozen=True)
class SeriesData:
    """Series and what belongs to them, in the order of a panel.

    Attributes:
        values: n arrays (T_i,), NaN where missing.
        past: n arrays (T_i, P) of past-only covariates; or None.
        known: n arrays (T_i + F, K) of covariates known for F steps more; or None.
        static: (n, S) or None.
        categories: (n, G) integers, or None.
    """

    values: Sequence[np.ndarray]
    past: Sequence[np.ndarray] | None = None
    known: Sequence[np.ndarray] | None = None
    static: np.ndarray | None = None
    categories: np.ndarray | None = None

    @property
    def lengths(self) -> np.ndarray:
        """T_i, (n,)."""
        return np.array([len(v) for v in self.values])

    def of(self, positions: Sequence[int]) -> SeriesData:
        """Some of the series, by their positions, in that order."""

        def some(values: Any) -> Any:
            if isinstance(values, np.ndarray):
                return values[positions]
            return [values[i] for i in positions]

        return self._mapped(some)

    def repeated(self, times: int) -> SeriesData:
        """Each series several times over, one after the other."""

        def repeat(values: Any) -> Any:
            if isinstance(values, np.ndarray):
                return np.repeat(values, times, 0)
            return [v for v in values for _ in range(times)]

        return self._mapped(repeat)

    def continued(self, points: np.ndarray) -> SeriesData:
        """The series with forecasts (n, H); past-only covariates are not known for them."""
        values = [np.concatenate([v, p]) for v, p in zip(self.values, points, strict=True)]
        past = self.past
        if past is not None:
            missing = np.full((points.shape[1], past[0].shape[1]), np.nan)
            past = [np.concatenate([rows, missing]) for rows in past]
        return replace(self, values=values, past=past)

    def tail(self, steps: int) -> SeriesData:
        """The last steps of each series, with all that is known of the time after them."""
        begins = np.maximum(self.lengths - steps, 0)

        def cut(arrays: Sequence[np.ndarray] | None) -> Sequence[np.ndarray] | None:
            if arrays is None:
                return None
            return [rows[begin:] for rows, begin in zip(arrays, begins, strict=True)]

        values = cut(self.values) or []
        return replace(self, values=values, past=cut(self.past), known=cut(self.known))

    def _mapped(self, change: Callable[[Any], Any]) -> SeriesData:
        every = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(self, **{k: change(v) for k, v in every.items() if v is not None})


@dataclass
class Windows:
    """Pairs of a history of `lookback` steps and the `horizon` steps after it.

    Nothing but the series themselves and two integers a window are in memory; a batch is cut when
    it is asked for. A history that begins before its series is filled up with missing values.

    Args:
        data: the series.
        lookback, horizon: steps, L and H.
        series: the series of each window, (w,).
        ends: how many values of its series are in the history of each window, (w,).
        weights: of each series in the loss, (n,); default: 1.
        step_weights: of each step of each series, n arrays (T_i,), by which those are multiplied;
            default: 1.
        gives_truth: whether inputs hold the values to come, as teacher forcing needs them.
        older: positions of the windows that the first passes keep to, as often as makes a pass;
            None: there are no others.
        older_passes: how many these are.
    """

    data: SeriesData
    lookback: int
    horizon: int
    series: np.ndarray
    ends: np.ndarray
    weights: np.ndarray | None = None
    step_weights: Sequence[np.ndarray] | None = None
    gives_truth: bool = False
    older: np.ndarray | None = None
    older_passes: int = 0
    _flat: dict[str, tuple[Tensor, Tensor]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        # In float64: models scale a window before they compute in float32.
        columns = [np.asarray(v, np.float64)[:, None] for v in self.data.values]
        self._flat["values"] = _joined(columns, self.lookback, self.horizon)
        for name in ("past", "known"):
            if (arrays := getattr(self.data, name)) is not None:
                self._flat[name] = _joined(arrays, self.lookback, self.horizon)
        if self.step_weights is not None:
            columns = [w[:, None] for w in self.step_weights]
            self._flat["weights"] = _joined(columns, self.lookback, self.horizon)

    def __len__(self) -> int:
        return len(self.series)

    def batch(self, series: Places, ends: Places) -> tuple[dict[str, Tensor], Tensor]:
        """The model's inputs for the windows that end there, and the values to come (B, H), NaN
        where they are missing."""
        names = [n for n in ("values", "past", "known") if n in self._flat]
        history = [self._cut(n, series, ends - self.lookback, self.lookback) for n in names]
        inputs = {"history": tf.concat(history, -1) if len(history) > 1 else history[0]}
        if "known" in self._flat:
            inputs["future"] = self._cut("known", series, ends, self.horizon)
        for name in ("static", "categories"):
            if (values := getattr(self.data, name)) is not None:
                inputs[name] = tf.gather(values, series)
        return inputs, self._cut("values", series, ends, self.horizon)[..., 0]

    def batches(self, batch_size: int) -> Iterator[tuple[dict[str, Tensor], Tensor]]:
        """All windows, in order."""
        for start in range(0, len(self), batch_size):
            rows = slice(start, start + batch_size)
            yield self.batch(self.series[rows], self.ends[rows])

    def dataset(self, batch_size: int, rng: np.random.Generator | None = None) -> tf.data.Dataset:
        """Batches of (inputs, targets, weights), in a new order at each pass. Weights are of the
        windows, (B,), or of the values to come, (B, H).

        All have the same number of windows; those that fill the last one up weigh nothing.
        """
        batch_size = rows_of_a_batch(batch_size, len(self))
        of_series = np.ones(len(self.data.values)) if self.weights is None else self.weights
        passes = itertools.count()

        def windows() -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
            order = self._order(next(passes), rng)
            for start in range(0, len(order), batch_size):
                rows = order[start : start + batch_size]
                weights = np.zeros(batch_size, np.float32)
                weights[: len(rows)] = of_series[self.series[rows]]
                rows = np.resize(rows, batch_size)
                yield self.series[rows], self.ends[rows], weights

        @tf.autograph.experimental.do_not_convert
        def cut(series: Tensor, ends: Tensor, weights: Tensor) -> tuple[Any, ...]:
            inputs, targets = self.batch(series, ends)
            if self.gives_truth:
                inputs["truth"] = targets
            if "weights" in self._flat:
                steps = self._cut("weights", series, ends, self.horizon)[..., 0]
                weights = weights[:, None] * tf.cast(steps, tf.float32)
            return inputs, targets, weights

        row = tf.TensorSpec((batch_size,), tf.int64)
        signature = (row, row, tf.TensorSpec((batch_size,), tf.float32))
        count = -(-len(self) // batch_size)
        known = tf.data.experimental.assert_cardinality(count)
        return as_dataset(windows, signature).apply(known).map(cut).prefetch(2)

    def _order(self, number: int, rng: np.random.Generator | None) -> np.ndarray:
        """Positions of the windows in the order of a pass, of which this one has a number."""
        if rng is None:
            return np.arange(len(self))
        if self.older is None or number >= self.older_passes:
            return rng.permutation(len(self))
        rounds = -(-len(self) // len(self.older))
        return np.concatenate([rng.permutation(self.older) for _ in range(rounds)])[: len(self)]

    def sample(self, count: int) -> tuple[dict[str, Any], Any, Any]:
        """Inputs, targets and weights of at most so many windows, drawn at random, always alike."""
        return next(iter(self.dataset(min(count, len(self)), np.random.default_rng(0))))

    def dilution(self, batch_size: int) -> float:
        """None: the loss is a mean over the values that are there."""
        return 1.0

    def batches_a_pass(self, batch_size: int) -> int:
        """Batches of one pass."""
        return -(-len(self) // rows_of_a_batch(batch_size, len(self)))

    def steps_a_shape(self, batch_size: int) -> float:
        """Steps of the encoder and the decoder in one pass; all batches have one shape."""
        return float(self.batches_a_pass(batch_size) * (self.lookback + self.horizon))

    def _cut(self, name: str, series: Places, begin: Places, steps: int) -> Tensor:
        """`steps` rows of each series from `begin`, (B, steps, .)."""
        flat, starts = self._flat[name]
        begins = tf.gather(starts, series) + begin
        rows = tf.gather(flat, begins[:, None] + tf.range(steps, dtype=tf.int64))
        return tf.ensure_shape(rows, [None, steps, flat.shape[1]])


def _joined(arrays: Sequence[np.ndarray], before: int, after: int) -> tuple[Tensor, Tensor]:
    """All rows in one array, `before` missing rows before each and `after` after the last; and
    where the rows of each begin. What lies before one series is the padding of the next."""
    missing = np.full((before, arrays[0].shape[1]), np.nan)
    parts: list[np.ndarray] = []
    starts, place = [], 0
    for array in arrays:
        parts += [missing, array]
        starts.append(place + before)
        place += before + len(array)
    parts.append(np.full((after, arrays[0].shape[1]), np.nan))
    return tf.constant(np.concatenate(parts), tf.float64), tf.constant(starts, tf.int64)


def all_windows(
    lengths: np.ndarray,
    shortest: int,
    horizon: int,
    skip: int | np.ndarray = 0,
    newest: int | np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Each place that a window can end in: its series, and the length of its history.

    Args:
        lengths: of the series, (n,).
        shortest: values that a history must have.
        horizon: values after it.
        skip: values at the end of each series that no window may touch, a number or (n,).
        newest: how many of these windows to give, the last ones of each series, a number or (n,);
            None: all.

    Example:
        >>> all_windows(np.array([5, 7]), shortest=2, horizon=2, newest=2)
        (array([0, 0, 1, 1]), array([2, 3, 4, 5]))
    """
    last = lengths - skip - horizon  # the longest history of each series
    counts = np.maximum(last - shortest + 1, 0)
    if newest is not None:
        counts = np.minimum(counts, newest)
    series = np.repeat(np.arange(len(lengths)), counts)
    place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return series, (last - counts + 1)[series] + place


def values_after(
    values: Sequence[np.ndarray], series: np.ndarray, ends: np.ndarray, horizon: int
) -> np.ndarray:
    """The values after each end, (w, H), NaN where there is none."""
    values_to_come = np.full((len(series), horizon), np.nan)
    for row, (i, end) in enumerate(zip(series, ends, strict=True)):
        came = values[i][end : end + horizon]
        values_to_come[row, : len(came)] = came
    return values_to_come


def mase_scales(values: Sequence[np.ndarray], season: int) -> np.ndarray:
    """The mean absolute seasonal difference of each series, (n,).

    Of one that repeats its season, but for rounding, the mean absolute difference between
    neighbours; of a constant one, its size.
    """
    return np.array([_mase_scale(x, season if len(x) > season else 1) for x in values])


def _mase_scale(x: np.ndarray, season: int) -> float:
    size = np.nanmean(np.abs(x))
    rounding = 4 * np.finfo(np.float64).eps * size
    step = _mean_difference(x, 1)
    scale = _mean_difference(x, season)
    if scale > max(1e-6 * step, rounding):
        return float(scale)
    return float(step if step > rounding else max(size, 1e-8))


def _mean_difference(x: np.ndarray, steps: int) -> float:
    """The mean absolute difference of values some steps apart; 0 where there are none."""
    differences = np.abs(x[steps:] - x[:-steps])
    differences = differences[np.isfinite(differences)]
    return float(differences.mean()) if len(differences) else 0.0
