"""A warning points at the line of the user's that led to it, through whatever was called there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

import seqkit
from seqkit.estimators import base
from seqkit.training.loop import Trained
from tests.conformance.estimators import data, kinds, named
from tests.training.test_interruption import CtrlC


@pytest.fixture
def untrained(monkeypatch):
    """Fits do all but train, and their loss stays where it was."""
    monkeypatch.setattr(base, "train", lambda *_, **__: Trained({"loss": [9.0] * 9}, 1))


@pytest.fixture
def here():
    """Begins to record warnings; holds that all of this text point into this file."""
    with pytest.warns() as caught:  # noqa: PT031

        def held(message):
            files = {w.filename for w in caught if message in str(w.message)}
            assert files == {__file__}, [(w.filename, str(w.message)) for w in caught]

        yield held


@kinds("classifier", "regressor", "text", "tagger", "forecaster")
def test_of_a_fit_that_goes_on(kind, untrained, here):
    X, y = data(kind)
    model = kind.new(warm_start=True).fit(X, y).set_params(units=9)
    model.fit(X, y)
    model.partial_fit(X, y)
    here("goes on with the fitted model")


@kinds("classifier", "regressor", "text")
def test_of_a_training_that_came_to_nothing(kind, untrained, here):
    X, y = data(kind)
    kind.new(epochs=9).fit(X, y)
    here("came to nothing")


def test_of_a_training_that_was_interrupted(here):
    kind = named("classifier")
    X, y = data(kind)
    kind.new(epochs=3, callbacks=[CtrlC(epoch=1)]).fit(X, y)
    here("interrupted after 1 of 3 epochs")


def test_of_a_search_and_a_pipeline(untrained, here):
    kind = named("classifier")
    X, y = data(kind)
    steps = make_pipeline(FunctionTransformer(), kind.new(epochs=9))
    GridSearchCV(steps, {"sequenceclassifier__layers": [1]}, cv=2).fit(X, y)
    here("came to nothing")


@kinds("classifier", "text")
def test_of_a_column_of_labels(kind, untrained, here):
    X, y = data(kind)
    kind.new().fit(X, np.array(y)[:, None])
    here("A column-vector y was passed")


def test_of_texts(untrained, here):
    text, translator = named("text"), named("translator")
    X = ["word one two three", "word " * 9] * 8
    words = " ".join(f"w{k}" for k in range(11))
    text.new(embeddings={"w0": np.ones(8)}).fit([words] * 4, [0, 1] * 2)
    here("embeddings have vectors for")
    text.new(tokens="whitespace").fit(["我喜歡這部電影"] * 4, [0, 1] * 2)
    here("no blanks between words")
    model = translator.new(max_length=3, truncate=True).fit(X, X)
    here("more than max_length=3")
    model.partial_fit(X[:1], ["another word"])
    here("of the tokens of y are unknown")


def test_of_series(untrained, here):
    values = np.sin(np.arange(60.0))
    days = pd.date_range("2024-01-01", periods=99, freq="D")
    week = pd.Series(values, days[days.day_of_week.isin([6, 0, 1, 2, 3])][:60])
    kind = named("forecaster")
    kind.new().fit(week)
    here("no Friday and no Saturday")
    two = pd.DataFrame({"unique_id": ["a"] * 60 + ["b"] * 5, "ds": [*days[:60], *days[:5]]})
    model = kind.new().fit(two.assign(y=[*values, *values[:5]]))
    here("too short to be trained on")
    model.backtest(windows=1)
    here("fitted to the data of this backtest")
    ended = pd.DataFrame({"a": values, "b": np.where(np.arange(60) < 30, values, np.nan)})
    model.predict(ended.set_index(days[:60]))
    here("no value in their last lookback")
    quantiles = kind.new(head="quantiles").fit(pd.Series(values, days[:60]))
    quantiles.predict_quantiles(horizon=9)
    here("Quantiles beyond horizon=4")


def test_of_a_file(untrained, here, tmp_path):
    kind = named("classifier")
    model = kind.new().fit(*data(kind))
    path = model.set_params(optimizer="sgd").save(tmp_path / "model")
    seqkit.load(path)
    here("training starts the optimiser anew")
