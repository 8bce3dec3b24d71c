"""The series classification recipe, run as its users run it."""

from __future__ import annotations

import json
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest

from recipes import query_export, series_classification
from tests.estimators.toy import first_event

FILES = {
    "config.json",
    "metrics.json",
    "model.seqkit",
    "versions.json",
    "history.csv",
    "predictions.csv",
    "request.json",
    "learning_curve.png",
    "confusion_matrix.png",
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Long tables of a task, for training and for testing."""
    folder = tmp_path_factory.mktemp("tables")
    paths = []
    for name, seed, samples in (("train", 1, 60), ("test", 2, 30)):
        X, y = first_event(samples, seed)
        frames = [
            pd.DataFrame(x, columns=["left", "right"]).assign(
                series=i, step=range(len(x)), who=y[i]
            )
            for i, x in enumerate(X)
        ]
        paths.append(folder / f"{name}.csv")
        pd.concat(frames).to_csv(paths[-1], index=False)
    return paths


def run(tables, tmp_path, *more: str) -> int:
    train, test = map(str, tables)
    columns = ["--instance", "series", "--time", "step", "--label", "who"]
    small = ["--cell", "gru", "--units", "8", "--epochs", "2"]
    output = ["--output", str(tmp_path / "run")]
    return series_classification.main(
        ["--train", train, "--test", test, *columns, *small, *output, *more]
    )


@pytest.mark.always
def test_own_tables(tables, tmp_path, capsys):
    exported = tmp_path / "exported"
    assert run(tables, tmp_path, "--seeds", "2", "--export", str(exported)) == 0
    printed = capsys.readouterr().out
    assert "60 training and 30 test sequences of 2 features, length 6-12, 2 classes" in printed
    assert "| logistic regression" in printed
    assert "±" in printed
    folder = tmp_path / "run"
    assert {p.name for p in folder.iterdir()} - {"baseline.joblib"} == FILES | {"log.txt"}
    metrics = json.loads((folder / "metrics.json").read_text())
    predictions = pd.read_csv(folder / "predictions.csv")
    accuracy = (predictions["label"] == predictions["predicted"]).mean()
    assert metrics["runs"][0]["accuracy"] == pytest.approx(accuracy)
    assert [r["seed"] for r in metrics["runs"]] == [0, 1]
    assert len(pd.read_csv(folder / "history.csv")) == 2
    assert json.loads((folder / "config.json").read_text())["cell"] == "gru"
    # The exported model answers the request that was written.
    assert query_export.main([str(exported), "--request", str(folder / "request.json")]) == 0
    answers = capsys.readouterr().out.splitlines()[1:6]
    for line, row in zip(answers, predictions.iloc[::6].itertuples(), strict=True):
        assert f"-> {row.predicted} (probability {row.probability:.3f})" in line


def test_labels_stay_as_they_are_written(tables, tmp_path):
    """Also where the test table by itself would be read as numbers."""
    names = {"left": "007", "right": "1"}
    paths: list[Path] = []
    for path in tables:
        table = pd.read_csv(path)
        chosen = table["who"] == "right" if paths else table["who"].notna()
        paths.append(tmp_path / path.name)
        table[chosen].assign(who=table["who"].map(names)).to_csv(paths[-1], index=False)
    assert run(paths, tmp_path) == 0
    predictions = pd.read_csv(tmp_path / "run" / "predictions.csv", dtype=str)
    assert set(predictions["label"]) == {"1"}
    assert set(predictions["predicted"]) <= {"007", "1"}


class Known:
    """Knows the labels of the test part; or none of them."""

    def __init__(self, *labels):
        self.labels = np.array(labels)

    def predict(self, X):
        return self.labels


def test_a_baseline_that_is_ahead_is_offered(tables, tmp_path, capsys, monkeypatch):
    truth = first_event(30, 2)[1]
    monkeypatch.setattr(series_classification, "baseline", lambda X, y: Known(*truth))
    assert run(tables, tmp_path) == 0
    printed = capsys.readouterr().out
    file = tmp_path / "run" / "baseline.joblib"
    first = printed[: printed.index("| model")].splitlines()[-1]
    assert "The baseline, logistic regression, is ahead of bidirectional gru, 8 units" in first
    assert f"It is in {file}: joblib.load reads it." in first
    assert list(joblib.load(file).predict(None)) == list(truth)
    # Nothing of it is left by a run whose model is ahead.
    monkeypatch.setattr(series_classification, "baseline", lambda X, y: Known(*["?"] * 30))
    assert run(tables, tmp_path, "--overwrite") == 0
    printed = capsys.readouterr().out
    first = printed[: printed.index("| model")].splitlines()[-1]
    assert "64 units x 1 is ahead of" not in first
    assert "gru, 8 units x 1 is ahead of its baseline, logistic regression, by" in first
    assert not file.exists()


def test_the_baseline_is_a_pipeline_that_goes_through_a_file(tables, tmp_path):
    X, y = first_event(60, 1)
    model = series_classification.baseline(X, y)
    joblib.dump(model, tmp_path / "baseline.joblib")
    longer = [np.concatenate([x, x, x]) for x in X]
    again = joblib.load(tmp_path / "baseline.joblib")
    np.testing.assert_array_equal(again.predict(longer), model.predict(longer))
    assert model.score(X, y) > 0.8


def test_the_model_is_the_estimator_but_for_what_is_named():
    from seqkit import SequenceClassifier

    usual = SequenceClassifier(random_state=2).get_params()
    named = series_classification.parse(["--one-way", "--dropout", "0.1", "--set", "preset=fast"])
    found = series_classification.estimator(named, 2).get_params()
    assert found == {**usual, "bidirectional": False, "dropout": 0.1, "preset": "fast"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--cell", "ltsm"], "Did you mean 'lstm'"),
        (["--train", "a.csv"], "--train and --test go together"),
        (["--seeds", "0"], "--seeds must be at least 1"),
    ],
)
def test_wrong_options_are_refused_at_once(options, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        series_classification.main(options)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


def test_errors_of_the_data_are_one_line(tables, tmp_path, capsys):
    assert run(tables, tmp_path, "--label", "whom") == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert "'who'" in error
    assert run([tables[0], tmp_path / "none.csv"], tmp_path) == 2
    assert "none.csv" in capsys.readouterr().err


def test_interrupted(tables, tmp_path, capsys, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(series_classification, "baseline", interrupt)
    assert run(tables, tmp_path) == 130
    assert "no results were written" in capsys.readouterr().err


def test_query_without_a_model(tmp_path, capsys):
    request = tmp_path / "request.json"
    request.write_text("{}")
    with pytest.raises(SystemExit):
        query_export.main([str(tmp_path / "no"), "--request", str(request)])
    assert "holds no version of a model" in capsys.readouterr().err
