"""Arrow tables in, Arrow tables out, as `predict` has it."""

from __future__ import annotations

import functools
import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import seqkit
from seqkit.scale import ArrowPredictor
from tests.conformance.estimators import KINDS, data, fitted
from tests.estimators.toy import untrained

SERIES = [[0.0, 1.0, 2.0], [1.0], [3.0, -1.0], [0.5, 0.5]]
SAMPLED = [kind for kind in KINDS if kind.name not in ("forecaster", "multilabel")]
LABELS = ["up", "flat", "down", "flat"]


@functools.cache
@untrained()
def classifier() -> seqkit.SequenceClassifier:
    """For tests that leave it as it is."""
    model = seqkit.SequenceClassifier("gru", units=4, epochs=1, random_state=0)
    return model.fit([np.array(x)[:, None] for x in SERIES], LABELS)


TABLE = pa.table({"id": ["007", "NA", "a", "b"], "x": SERIES, "n": [1, 2, 3, 4]})


def test_classes_beside_what_else_the_table_has():
    found = ArrowPredictor(classifier(), "x")(TABLE)
    assert found.column_names == ["id", "n", "predicted", "probability"]
    assert found["id"].to_pylist() == ["007", "NA", "a", "b"]
    X = [np.array(x)[:, None] for x in SERIES]
    assert found["predicted"].to_pylist() == classifier().predict(X).tolist()
    np.testing.assert_allclose(found["probability"], classifier().predict_proba(X).max(1), 1e-6)


def test_every_probability_and_some_columns():
    found = ArrowPredictor(classifier(), "x", every=True, keep=["n"])(TABLE)
    names = [f"probability_{label}" for label in classifier().classes_]
    assert found.column_names == ["n", "predicted", "probability", *names]
    np.testing.assert_allclose(sum(np.array(found[name]) for name in names), 1, rtol=1e-6)


def test_a_batch_and_a_table_of_several_chunks():
    predict = ArrowPredictor(classifier(), "x")
    whole = predict(TABLE)
    assert predict(TABLE.to_batches()[0]).equals(whole)
    assert predict(pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)])).equals(whole)


def test_no_rows():
    found = ArrowPredictor(classifier(), "x")(TABLE.slice(0, 0))
    assert found.schema == ArrowPredictor(classifier(), "x")(TABLE).schema
    assert found.num_rows == 0


def test_the_path_of_a_model_travels_and_not_the_model(tmp_path):
    path = classifier().save(tmp_path / "model.seqkit")
    predict = ArrowPredictor(path, "x")
    pickled = pickle.dumps(predict)
    assert len(pickled) < 1000
    assert pickle.loads(pickled)(TABLE).equals(ArrowPredictor(classifier(), "x")(TABLE))
    assert predict.estimator is predict.estimator


@pytest.mark.parametrize("kind", SAMPLED, ids=[k.name for k in SAMPLED])
def test_every_estimator_says_what_predict_says(kind):
    model, X = fitted(kind), list(data(kind)[0])[:6]
    x = [np.asarray(v).tolist() if not isinstance(v, str) else v for v in X]
    found = ArrowPredictor(model, "x")(pa.table({"x": x}))["predicted"].to_pylist()
    for answer, expected in zip(found, model.predict(X), strict=True):
        assert answer == np.asarray(expected).tolist()


@untrained()
def test_several_labels_are_lists():
    X, y = [[[0.0]], [[1.0]], [[2.0]]], [["a"], ["a", "b"], []]
    model = seqkit.SequenceClassifier("gru", units=2, epochs=1, random_state=0).fit(X, y)
    found = ArrowPredictor(model, "x")(pa.table({"x": X}))
    assert found.column_names == ["predicted", "probability_a", "probability_b"]
    expected = [model.classes_[row > 0].tolist() for row in model.predict(X)]
    assert found["predicted"].to_pylist() == expected


@untrained()
def test_a_forecaster_gives_the_steps_to_come():
    frame = pd.DataFrame(
        {
            "unique_id": ["a"] * 20 + ["b"] * 20,
            "ds": [*pd.date_range("2024-01-01", periods=20)] * 2,
            "y": np.arange(40.0) % 7,
        }
    )
    model = seqkit.Seq2SeqForecaster(3, units=2, epochs=1, random_state=0).fit(frame)
    found = ArrowPredictor(model)(pa.Table.from_pandas(frame)).to_pandas()
    assert list(found) == ["unique_id", "ds", "forecast", "lower", "upper"]
    expected = model.predict(frame)
    np.testing.assert_allclose(found["forecast"], expected["y"])
    assert found["unique_id"].tolist() == ["a"] * 3 + ["b"] * 3
    assert len(ArrowPredictor(model, horizon=2)(pa.Table.from_pandas(frame))) == 4


def test_wrong_tables():
    with pytest.raises(ValueError, match=r"inputs: the table has no column 'y', but"):
        ArrowPredictor(classifier(), "y")(TABLE)
    with pytest.raises(ValueError, match="a column 'predicted' already"):
        ArrowPredictor(classifier(), "x")(TABLE.rename_columns(["predicted", "x", "n"]))
    with pytest.raises(FileNotFoundError, match="model must be a saved estimator"):
        ArrowPredictor("nowhere.seqkit", "x")
    missing = pa.table({"x": [[1.0], None]})
    with pytest.raises(ValueError, match="row 2: a value is missing"):
        ArrowPredictor(classifier(), "x")(missing)
