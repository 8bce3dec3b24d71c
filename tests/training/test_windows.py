"""Windows of series: cut where asked for, they are what plain slicing gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqkit.training.windows import SeriesData, Windows, all_windows, mase_scales


def data(lengths: list[int]) -> SeriesData:
    """Series whose values tell their series and step."""
    values = [100.0 * i + np.arange(n) for i, n in enumerate(lengths)]
    return SeriesData(
        values,
        past=[np.stack([v + 0.25, v + 0.5], 1) for v in values],
        known=[(v + 0.75)[:, None] for v in values],
        static=np.arange(len(lengths), dtype="float32")[:, None],
        categories=np.arange(len(lengths), dtype="int32")[:, None],
    )


def plain(values: np.ndarray, begin: int, end: int) -> np.ndarray:
    """values[begin:end], NaN outside of them."""
    padded = np.full(end - begin, np.nan)
    for row, place in enumerate(range(begin, end)):
        if 0 <= place < len(values):
            padded[row] = values[place]
    return padded


@settings(max_examples=30)
@given(
    lengths=st.lists(st.integers(1, 12), min_size=1, max_size=4),
    lookback=st.integers(1, 6),
    horizon=st.integers(1, 4),
    shortest=st.integers(1, 5),
)
def test_windows_are_slices(lengths, lookback, horizon, shortest):
    found = data(lengths)
    series, ends = all_windows(np.array(lengths), shortest, horizon)
    expected = [(i, end) for i, n in enumerate(lengths) for end in range(shortest, n - horizon + 1)]
    assert list(zip(series, ends, strict=True)) == expected
    if not expected:
        return
    windows = Windows(found, lookback, horizon, series, ends)
    for row, ((inputs, truth), (i, end)) in enumerate(
        zip(
            ((windows.batch(series[k : k + 1], ends[k : k + 1])) for k in range(len(series))),
            expected,
            strict=True,
        )
    ):
        values = found.values[i]
        before, after = (end - lookback, end), (end, end + horizon)
        np.testing.assert_array_equal(truth[0], plain(values, *after), err_msg=str(row))
        history = inputs["history"].numpy()[0].T
        np.testing.assert_array_equal(history[0], plain(values, *before))
        for channel, offset in enumerate((0.25, 0.5, 0.75), 1):
            np.testing.assert_array_equal(history[channel], plain(values + offset, *before))
        np.testing.assert_array_equal(inputs["future"][0, :, 0], plain(values + 0.75, *after))
        assert inputs["static"].numpy().item() == inputs["categories"].numpy().item() == i


def test_a_pass_has_every_window_once_in_a_new_order():
    found = data([9, 4, 7])
    places = all_windows(np.array([9, 4, 7]), 2, 2)
    windows = Windows(found, 3, 2, *places, weights=np.array([1.0, 2.0, 3.0]), gives_truth=True)
    passes = []
    dataset = windows.dataset(4, np.random.default_rng(0))
    for _ in range(2):
        rows = []
        for inputs, truth, weights in dataset.as_numpy_iterator():
            assert truth.shape == (4, 2)
            np.testing.assert_array_equal(inputs["truth"], truth)
            rows += [tuple(t) for t, w in zip(truth, weights, strict=True) if w]
            np.testing.assert_array_equal(weights[weights > 0], (truth[weights > 0, 0] // 100) + 1)
        passes.append(rows)
    assert len(passes[0]) == len(windows) == 11
    assert sorted(passes[0]) == sorted(passes[1])
    assert passes[0] != passes[1]


def test_held_out_windows_are_the_newest_and_touch_nothing_else():
    lengths = np.array([20, 14])
    kept = all_windows(lengths, 3, 4, skip=6)
    held = all_windows(lengths, 3, 4, newest=3)
    for i, n in enumerate(lengths):
        assert (kept[1][kept[0] == i] + 4).max() == n - 6
        assert held[1][held[0] == i].tolist() == [n - 6, n - 5, n - 4]


@pytest.mark.parametrize(
    "values, season, scale",
    [
        ([1.0, 2.0, 4.0, 8.0], 1, 7 / 3),
        ([1.0, 2.0, 4.0, 8.0], 2, 4.5),
        ([1.0, np.nan, 4.0, 8.0], 1, 4.0),
        ([1.0, 2.0], 12, 1.0),  # shorter than a season: one step
        ([3.0, 3.0, 3.0], 1, 3.0),  # constant: its size
        ([0.0, 0.0], 1, 1e-8),
        ([0.0, 3.0, 0.0, 3.0, 0.0], 2, 3.0),  # repeats its season: neighbours differ
        ([0.1, 0.2 + 0.1, 0.1, 0.3, 0.1], 2, 0.2),  # but for rounding
        ([1e12, 1e12 + 3, 1e12, 1e12 + 3, 1e12], 1, 3.0),
    ],
)
def test_scales_are_those_of_mase(values, season, scale):
    assert mase_scales([np.array(values)], season) == pytest.approx([scale])
