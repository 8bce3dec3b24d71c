"""From a table of texts to a model, and what a model says of tables, as users run the verbs."""

from __future__ import annotations

import io
import json
import re
import sys

import pandas as pd
import pytest
from sklearn.metrics import accuracy_score

import seqkit
from seqkit.cli.main import main
from tests.cli.made_up import SMALL, texts

COLUMNS = ("--text", "review", "--target", "verdict")
TRAIN = ("train", "text-classification", *COLUMNS, *SMALL, "--embedding-dim", "4")
FILES = {
    *("model.seqkit", "config.json", "metrics.json", "predictions.csv", "history.csv"),
    *("log.txt", "versions.json", "learning_curve.png", "confusion_matrix.png"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a table, and a run that was trained on it."""
    folder = tmp_path_factory.mktemp("texts")
    texts().to_csv(folder / "texts.csv", index=False)
    command = ["--csv", str(folder / "texts.csv"), "--output", str(folder / "run")]
    assert main([*TRAIN, *command, "--set", "dropout=0.1"]) == 0
    return folder


@pytest.fixture
def model(place):
    return str(place / "run" / "model.seqkit")


def test_a_run_is_one_folder(place):
    run = place / "run"
    assert {path.name for path in run.iterdir()} == FILES
    predictions = pd.read_csv(run / "predictions.csv")
    metrics = json.loads((run / "metrics.json").read_text())
    assert len(predictions) == metrics["tested_on"] == 8
    right = accuracy_score(predictions["label"], predictions["predicted"])
    assert metrics["test"]["accuracy"] == pytest.approx(right)
    assert {*metrics["baseline"]} <= {"always bad", "always good"}
    log = (run / "log.txt").read_text()
    assert "texts.csv: 32 texts to learn from, 8 to test on" in log
    assert json.loads((run / "versions.json").read_text())["seqkit"] == seqkit.__version__
    assert (run / "learning_curve.png").read_bytes().startswith(b"\x89PNG")


def test_all_that_was_chosen_is_in_the_configuration(place, model):
    config = json.loads((place / "run" / "config.json").read_text())
    assert config["task"] == "text-classification"
    assert config["options"]["text"] == "review"
    parameters = config["parameters"]
    assert (parameters["units"], parameters["dropout"], parameters["random_state"]) == (2, 0.1, 0)
    loaded = seqkit.load(model)
    assert loaded.dropout == 0.1
    assert loaded.columns_ == {"text": "review", "target": "verdict"}


def test_results_are_not_overwritten_silently(place, capsys):
    before = (place / "run" / "config.json").read_bytes()
    command = [*TRAIN, "--csv", str(place / "texts.csv"), "--output", str(place / "run")]
    assert main(command) == 2
    assert "holds results already (model.seqkit, " in capsys.readouterr().err
    assert (place / "run" / "config.json").read_bytes() == before


def test_a_configuration_makes_the_same_run_and_options_override_it(place, tmp_path):
    config = str(place / "run" / "config.json")
    assert main(["train", "--config", config, "--output", str(tmp_path / "same")]) == 0
    first, second = (folder / "predictions.csv" for folder in (place / "run", tmp_path / "same"))
    assert first.read_bytes() == second.read_bytes()
    assert json.loads(first.with_name("config.json").read_text()) == json.loads(
        second.with_name("config.json").read_text()
    )
    # The folder of a run may be reused where that is said; what it held of another kind is gone.
    stale = tmp_path / "same" / "forecasts.csv"
    stale.write_text("")
    options = ["--units", "3", "--test-fraction", "0", "--overwrite"]
    assert main(["train", "--config", config, "--output", str(tmp_path / "same"), *options]) == 0
    changed = json.loads((tmp_path / "same" / "config.json").read_text())
    assert changed["parameters"]["units"] == 3
    assert changed["parameters"]["dropout"] == 0.1
    assert not stale.exists()
    assert not second.exists()  # nothing was tested


def test_predictions_stand_beside_all_columns(place, model, tmp_path):
    table = texts(10).drop(columns="verdict")
    table.loc[3, "review"] = " "
    table.to_csv(tmp_path / "new.csv", index=False)
    out = tmp_path / "out.csv"
    assert main(["predict", model, "--csv", str(tmp_path / "new.csv"), "--output", str(out)]) == 0
    written = pd.read_csv(out, dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(written[[*table.columns]].astype(object), table.astype(object))
    assert (written["predicted"][3], written["probability"][3]) == ("", "")
    loaded, rest = seqkit.load(model), table.drop(index=3)
    predicted = loaded.predict(rest["review"].tolist())
    assert written.drop(index=3)["predicted"].tolist() == predicted.tolist()
    probability = loaded.predict_proba(rest["review"].tolist()).max(1)
    found = written.drop(index=3)["probability"].astype(float)
    assert found.tolist() == pytest.approx(probability.tolist(), rel=1e-5)


def test_rows_go_from_standard_input_to_standard_output(
    place, model, tmp_path, monkeypatch, capfdbinary
):
    content = (place / "texts.csv").read_bytes()
    whole = tmp_path / "whole.csv"
    options = ["--every-probability", "--prefix", "said_"]
    source = ["--csv", str(place / "texts.csv"), "--output", str(whole)]
    assert main(["predict", model, *source, *options]) == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    output = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", output)
    assert main(["predict", model, "--chunk-rows", "7", *options]) == 0
    streamed = pd.read_csv(io.BytesIO(output.buffer.getvalue()), dtype=str)
    at_once = pd.read_csv(whole, dtype=str)
    numbers = [name for name in map(str, at_once) if "probability" in name]
    assert numbers == ["said_probability", "said_probability_bad", "said_probability_good"]
    pd.testing.assert_frame_equal(streamed.drop(columns=numbers), at_once.drop(columns=numbers))
    pd.testing.assert_frame_equal(streamed[numbers].astype(float), at_once[numbers].astype(float))


def test_tables_may_be_parquet(place, model, tmp_path):
    source, target = tmp_path / "new.parquet", tmp_path / "out.parquet"
    texts(6).assign(n=pd.array([1, None] * 3, "Int64")).to_parquet(source)
    assert main(["predict", model, "--csv", str(source), "--output", str(target)]) == 0
    written = pd.read_parquet(target)
    assert written["n"].isna().tolist() == [False, True] * 3
    assert written["number"].tolist() == texts(6)["number"].tolist()
    assert written["probability"].between(0.5, 1).all()


def test_a_model_is_evaluated_on_another_table(place, model, tmp_path, capsys):
    path = tmp_path / "new.csv"
    texts(12).rename(columns={"review": "said"}).to_csv(path, index=False, sep=";")
    scores = tmp_path / "scores.json"
    options = ["--csv", str(path), "--separator", ";", "--text", "said", "--output", str(scores)]
    assert main(["evaluate", model, *options]) == 0
    found = json.loads(scores.read_text())
    loaded = seqkit.load(model)
    right = accuracy_score(texts(12)["verdict"], loaded.predict(texts(12)["review"].tolist()))
    assert found["accuracy"] == pytest.approx(right)
    assert found["texts"] == 12
    assert capsys.readouterr().out.startswith("| texts | accuracy | macro_f1 |")


def test_a_model_is_described(model, capsys):
    assert main(["describe", model]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("TextClassifier, for text-classification: ")
    assert "  dropout: 0.1\n" in printed
    assert "  text: review\n" in printed
    assert printed.endswith("classes\n  bad, good\n")
    assert main(["describe", model, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parameters"]["units"] == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--text", "reviwe"], "error: --text: .* has no column 'reviwe'.*Did you mean 'review'"),
        (["--features", "a"], "--features is not of text-classification"),
        (["--separator", ";"], "give --separator ','"),
        (["--encoding", "latn"], "error: --encoding must be one that Python knows"),
    ],
)
def test_wrong_tables_are_told_as_options(place, model, tmp_path, capsys, options, message):
    out = tmp_path / "out.csv"
    source = ["--csv", str(place / "texts.csv"), "--output", str(out)]
    assert main(["predict", model, *source, *options]) == 2
    error = capsys.readouterr().err
    assert re.search(message, error), error
    assert not out.exists()


def test_a_new_column_takes_no_other_ones_place(place, model, tmp_path, capsys):
    out = tmp_path / "out.csv"
    source = ["--csv", str(place / "texts.csv"), "--output", str(out)]
    assert main(["predict", model, *source]) == 0
    assert main(["predict", model, "--csv", str(out), "--output", str(tmp_path / "a.csv")]) == 2
    assert "Give --prefix" in capsys.readouterr().err


def test_other_files_are_no_model(place, capsys):
    assert main(["predict", str(place / "texts.csv")]) == 2
    assert main(["forecast", str(place / "run" / "model.seqkit")]) == 2
    assert "use the verb predict" in capsys.readouterr().err
