"""Frames of polars and pyarrow say to every estimator what those of pandas say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

import seqkit
from seqkit.estimators.targets.label_lists import label_lists
from seqkit.estimators.targets.labels import read_labels
from seqkit.estimators.targets.numbers import read_numbers
from seqkit.frames import as_pandas
from tests.conformance.estimators import assert_same, data, fitted, kinds, named, outputs
from tests.conformance.test_input_forms import NUMERIC, long
from tests.estimators.toy import untrained


def polars(values):
    """As polars has it; the index of a frame becomes columns."""
    if isinstance(values, pd.Series):
        return pl.Series(values.name or "", values.tolist())
    if any(name is not None for name in values.index.names):
        values = values.reset_index()
    return pl.DataFrame({str(name): values[name].tolist() for name in values.columns})


def arrow(values):
    found = polars(values)
    return found.to_frame("y").to_arrow()["y"] if isinstance(found, pl.Series) else found.to_arrow()


LIBRARIES = pytest.mark.parametrize("library", [polars, arrow])


@kinds(*NUMERIC)
@LIBRARIES
def test_long_frames_are_predicted(kind, library):
    X, _ = data(kind)
    frame = library(long(X))
    expected = outputs(fitted(kind), long(X))
    assert_same(outputs(fitted(kind), frame), expected, X)


@kinds("classifier", "regressor", "text", slow=["numeric_tagger", "translator"])
@LIBRARIES
@untrained()
def test_batches_are_frames_and_columns_of_any_library(kind, library):
    """Fitted on, predicted and scored; columns by name."""
    X, y = data(kind)
    frame, labels = (pd.Series(X) if kind.reads_text else long(X)), pd.Series(list(y))
    model = kind.new(epochs=1).fit(lambda: iter([(library(frame), library(labels))]))
    same = kind.new(epochs=1).fit(X, y)
    if not kind.reads_text:
        assert model.feature_names_in_.tolist() == [f"c{k}" for k in range(X[0].shape[1])]
        frame = frame[frame.columns[::-1]]
        np.testing.assert_allclose(model._input.mean, same._input.mean)
    batches = seqkit.data.Batches(lambda: iter([library(frame)]))
    assert_same(outputs(model, batches), outputs(model, X), X, 1e-6)
    if kind.name != "translator":
        assert model.score(batches, library(labels)) == pytest.approx(model.score(X, y))


@kinds("classifier", "regressor")
def test_long_frames_are_fitted_by_their_columns(kind):
    X, y = data(kind)
    frame, targets = polars(long(X)), polars(pd.Series(y))
    model = kind.new(epochs=1).fit(frame, targets, validation_data=(frame, targets))
    assert model.feature_names_in_.tolist() == [f"c{k}" for k in range(X[0].shape[1])]
    assert_same(model, kind.new(epochs=1).fit(long(X), y, validation_data=(X, y)), X)
    assert model.score(frame, targets) == model.score(X, y)
    for permuted in (polars(long(X)), arrow(long(X))):
        permuted = permuted.select(list(reversed(frame.columns)))
        assert_same(outputs(model, permuted), outputs(model, frame), X)


@kinds("classifier", "regressor", "numeric_tagger", "text")
@LIBRARIES
def test_batches_of_training_are_read_from_frames(kind, library):
    X, y = data(kind)
    given = pd.DataFrame({"x": X}) if kind.reads_text else long(X)
    labels = y if kind.stepwise else library(pd.Series(y))
    found = fitted(kind).training_batch(library(given), labels)
    for values, expected in zip(found, fitted(kind).training_batch(X, y), strict=True):
        np.testing.assert_array_equal(values, expected)
    inputs, *nothing = fitted(kind).training_batch(library(given))
    np.testing.assert_array_equal(inputs, found[0])
    assert nothing == [None, None]


def test_columns_of_a_table_are_checked():
    kind = named("classifier")
    X, y = data(kind)
    frame = pd.DataFrame(np.stack([x[:5, 0] for x in X]), columns=[f"t{k}" for k in range(5)])
    model = kind.new(epochs=1).fit(polars(frame), y)
    assert model.feature_names_in_.tolist() == frame.columns.tolist()
    for library in (polars, arrow):
        assert_same(outputs(model, library(frame)), outputs(model, frame), X)
        with pytest.raises(ValueError, match="same order"):
            model.predict(library(frame[frame.columns[::-1]]))
        with pytest.raises(ValueError, match="look like long form"):
            model.predict(library(frame.assign(id=1, t=range(len(frame)))))


@kinds("text", "tagger", "translator")
@LIBRARIES
def test_texts_and_lists_of_tokens_are_predicted(kind, library):
    X, y = data(kind)
    for wrap in (pd.Series, lambda v: pd.DataFrame({"column": v})):
        assert_same(outputs(fitted(kind), library(wrap(X))), fitted(kind), X)
    score = fitted(kind).score(X, y)
    assert fitted(kind).score(library(pd.Series(X)), library(pd.Series(y))) == score


@kinds("text", "tagger", "translator")
def test_texts_and_lists_of_tokens_are_fitted(kind):
    X, y = data(kind)
    model = kind.new().fit(polars(pd.DataFrame({"x": X})), arrow(pd.Series(y)))
    assert_same(model, fitted(kind), X)


@LIBRARIES
def test_labels(library):
    rows = [["a", "b"], [], ["b"]]
    assert label_lists(as_pandas(library(pd.Series(rows)))) == rows
    for values in ([4, 2, 4], ["a", "b", "a"], [True, False, True]):
        labels, several = read_labels(as_pandas(library(pd.Series(values))))
        assert list(labels) == values
        assert not several
    indicators, several = read_labels(as_pandas(library(pd.DataFrame({"a": [1, 0], "b": 1}))))
    assert several
    assert indicators.columns.tolist() == ["a", "b"]
    with pytest.raises(ValueError, match=r"y\[1\] is missing"):
        read_labels(as_pandas(pl.Series([4, None])))
    with pytest.raises(ValueError, match=r"y\[1\] is nan"):
        read_numbers(as_pandas(pl.Series([4, None])))


DAYS = pd.date_range("2024-01-01", periods=60, freq="D", name="ds")


def sales():
    """Long frames of two shops: their sales, prices known for days ahead, and their sizes."""
    rng = np.random.default_rng(0)
    days = pd.date_range(DAYS[0], periods=64, freq="D", name="ds")
    price = pd.DataFrame(rng.normal(size=(64, 2)), days, ["b", "a"]).rename_axis(columns="shop")
    y = 10 + 3 * price[:60] + np.sin(np.arange(60) * 2 * np.pi / 7)[:, None]
    tables = [t.stack().rename(n).reset_index() for t, n in ((y, "y"), (price, "price"))]
    static = pd.DataFrame({"shop": ["a", "b"], "size": [1, 2], "region": ["NA", "EU"]})
    return (*tables, static)


@LIBRARIES
def test_series_covariates_and_descriptions(library):
    y, X, static = sales()
    small = named("forecaster").new(id="shop", head="quantiles", lookback=14, freq="D", epochs=1)
    expected = seqkit.Seq2SeqForecaster(**small.get_params()).fit(y, X, static=static)
    model = small.fit(library(y), library(X), static=library(static))
    pd.testing.assert_frame_equal(model.predict(X=library(X)), expected.predict(X=X))
    last = y[y["ds"] > DAYS[30]]
    found = model.predict(library(last), library(X), static=library(static))
    pd.testing.assert_frame_equal(found, expected.predict(last, X, static=static))
    assert isinstance(found, pd.DataFrame)
    score = expected.score(last, X, static=static)
    assert model.score(library(last), library(X), static=library(static)) == score
    backtest = model.backtest(library(last), library(X), static=library(static), windows=1)
    expected_windows = expected.backtest(last, X, static=static, windows=1)
    pd.testing.assert_frame_equal(backtest, expected_windows)
    by_step = seqkit.inspection.error_by_horizon(library(backtest), id="shop")
    pd.testing.assert_series_equal(by_step, seqkit.inspection.error_by_horizon(backtest, id="shop"))


@LIBRARIES
def test_metrics(library):
    from seqkit import metrics

    y = sales()[0].rename(columns={"shop": "unique_id"})
    past, truth = y[y["ds"] <= DAYS[50]], y[y["ds"] > DAYS[50]]
    rng = np.random.default_rng(1)
    forecast = truth.assign(y=truth["y"] + rng.normal(size=len(truth)))
    forecast = forecast.sort_values("unique_id", kind="stable")
    assert metrics.mae(library(truth), library(forecast)) == metrics.mae(truth, forecast)
    mase = metrics.mase(library(truth), library(forecast), library(past), 7)
    assert mase == metrics.mase(truth, forecast, past, 7)
    quantiles = forecast.drop(columns="y").assign(**{"0.1": forecast["y"] - 1, "0.9": 12.0})
    numbered = quantiles.rename(columns={"0.1": 0.1, "0.9": 0.9})
    for loss in (metrics.pinball_loss, metrics.weighted_quantile_loss):
        found = loss(library(truth), library(quantiles), [0.1, 0.9])
        assert found == loss(truth, numbered, [0.1, 0.9])
