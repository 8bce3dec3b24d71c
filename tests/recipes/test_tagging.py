"""The tagging recipe, run as its users run it."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import joblib
import keras
import numpy as np
import pandas as pd
import pytest

import seqkit
import seqkit.data
from recipes import tagging
from recipes.parts.tagging.capitals_and_marks import MARKS, labelled, restored
from recipes.parts.tagging.results import print_results
from recipes.parts.tagging.sentences import HELD_OUT_BOOKS, TEST_BOOKS
from seqkit.cli.run_folder import RunFolder
from seqkit.datasets.bible import Verses

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
SMALL = ["--cell", "gru", "--units", "4", "--epochs", "2", "--batch-size", "16"]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Names and places, for training and for testing."""
    folder = tmp_path_factory.mktemp("files")
    draw = random.Random(0)
    paths = []
    for name, sentences in (("train", 40), ("test", 15)):
        text = "-DOCSTART- O\n"
        for _ in range(sentences):
            person = draw.choice(["Anna", "Bo", "Cy"])
            place = draw.choice(["York B-LOC", "New B-LOC\nYork I-LOC", "Rome B-LOC"])
            text += f"\n{person} B-PER\nleaves O\n{place}\n"
        paths.append(str(folder / f"{name}.conll"))
        (folder / f"{name}.conll").write_text(text)
    return paths


@pytest.fixture
def bible(monkeypatch):
    """A small Bible: what is said in it decides how it is written."""
    draw = random.Random(1)
    books = np.repeat(np.arange(1, 67), 4)
    sayings = ["And the LORD said, Hear;", "Who art thou?", "(And he went.)", "O Paul, come: now!"]
    texts = np.array([draw.choice(sayings) for _ in books], object)
    one = np.ones(len(books), int)
    monkeypatch.setattr(
        seqkit.data, "load_bible", lambda *a: Verses(books, one, one, texts), raising=False
    )
    return texts


def run(tmp_path, *options: str) -> int:
    return tagging.main([*SMALL, "--output", str(tmp_path / "run"), *options])


@pytest.mark.always
def test_own_files(files, tmp_path, capsys):
    train, test = files
    exported = tmp_path / "exported"
    options = ["--conll", train, "--test-conll", test, "--export", str(exported)]
    assert run(tmp_path, *options) == 0
    printed = capsys.readouterr().out
    assert "36 training, 4 held-out and 15 test sequences, length 3-4, 4 labels" in printed
    assert "| span F1 micro" in printed
    first = printed[: printed.index("| model")].splitlines()[-1]
    assert first.startswith("linear baseline is ahead of bidirectional gru, 4 units x 1 in span F1")
    assert f"It is in {tmp_path / 'run' / 'baseline.joblib'}: joblib.load reads it." in first
    (tokens, *_), (labels, *_) = seqkit.data.read_conll(test)
    assert f"\n  {' '.join(map('/'.join, zip(tokens, labels, strict=True)))}\n" in printed
    folder = tmp_path / "run"
    assert {p.name for p in folder.iterdir()} == FILES | {"baseline.joblib", "log.txt"}
    assert list(joblib.load(folder / "baseline.joblib").predict([tokens])) == [labels]
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["support"] == {"LOC": 15, "PER": 15}
    assert metrics["baseline"]["span_f1_micro"] == 1
    (run_of_it,) = metrics["models"]["bidirectional gru, 4 units x 1"]
    predictions = pd.read_csv(folder / "predictions.csv")
    assert run_of_it["accuracy"] == pytest.approx(
        (predictions["label"] == predictions["predicted"]).mean()
    )
    assert predictions["probability"].between(0.2, 1).all()
    assert len(pd.read_csv(folder / "history.csv")) == 2
    assert "val_loss" in (folder / "history.csv").read_text()
    # The exported model takes the request that was written, strings with blanks between tokens.
    import tensorflow as tf

    request = json.loads((folder / "request.json").read_text())
    signature = tf.saved_model.load(str(exported / "1")).signatures[request["signature_name"]]
    for k, instance in enumerate(request["instances"]):
        answer = signature(inputs=tf.constant([instance["inputs"]]))["labels"].numpy()[0]
        rows = predictions[predictions["sequence"] == 3 * k]
        assert instance["inputs"] == " ".join(rows["token"])
        assert [label.decode() for label in answer] == rows["predicted"].tolist()


def test_one_file_whose_labels_are_no_spans(tmp_path, capsys):
    path = tmp_path / "words.conllu"
    row = "1\t10 000\t_\t{}" + 6 * "\t_"
    sentences = [f"# id\n{row.format(label)}\n" for label in ("NUM", "X", "NUM") * 5]
    path.write_text("\n".join(sentences))
    columns = ["--column", "3", "--token-column", "1"]
    # The test part is the last fifth; of the rest a tenth is held out.
    assert run(tmp_path, "--conll", str(path), *columns, "--crf", "--one-way") == 0
    printed = capsys.readouterr().out
    assert "11 training, 1 held-out and 3 test sequences, length 1-1, 2 labels" in printed
    assert "| one-way gru + CRF, 4 units x 1 |" in printed
    assert "| F1 micro" in printed
    assert "10_000/NUM" in printed


class Quick(seqkit.SequenceTagger):
    """Learns nothing: every word is in lower case, and no mark follows."""

    classes_ = np.empty(0, object)

    def fit(self, X, y=None, sample_weight=None, *, validation_data=None, steps_per_epoch=None):
        self.classes_ = np.unique(np.concatenate(y))
        self.history_, self.best_epoch_ = {"loss": [1.0]}, 1

    def predict(self, X):
        return [np.full(len(x), "x", object) for x in X]

    def predict_proba(self, X):
        return [np.full((len(x), len(self.classes_)), 0.5) for x in X]

    def save(self, path):
        Path(path).write_bytes(b"nothing")
        return str(path)


def test_compare_restores_a_text(bible, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(seqkit, "SequenceTagger", Quick, raising=False)
    assert run(tmp_path, "--compare", "--sentences", "30", "--seeds", "2") == 0
    printed = capsys.readouterr().out
    assert "King James Version: 30 training, 5 held-out and 5 test sequences" in printed
    names = ["one-way gru{}, 8 units x 1", "bidirectional gru{}, 4 units x 1"]
    names = [name.format(crf) for name in names for crf in ("", " + CRF")]
    for name in names:
        assert f"| {name} " in printed
        assert f"{name} is behind its baseline in accuracy, marks F1 micro," in printed
    assert "± 0.00 %" in printed
    assert "what follows a word is worth +0.00 points" in printed
    tokens, labels = labelled(" ".join(bible[24:28]))  # the seventh book
    assert f"\n  {' '.join(tokens)}\n  {restored(tokens, labels)}\n" in printed
    folder = tmp_path / "run"
    assert {p.name for p in folder.iterdir()} == FILES | {"baseline.joblib", "log.txt"}
    metrics = json.loads((folder / "metrics.json").read_text())
    assert list(metrics["models"]) == names
    assert [r["seed"] for r in metrics["models"][names[0]]] == [0, 1]
    assert metrics["support"].keys() <= {*MARKS, "Xx", "XX"}
    # It has seen all these sayings.
    assert metrics["baseline"]["marks_f1_micro"] > 0.9
    assert set(pd.read_csv(folder / "predictions.csv")["predicted"]) == {"x"}


def test_parts_are_of_different_books(bible):
    options = tagging.parse([])
    _, found = tagging.load(options)
    assert [len(part[0]) for part in found] == [56, 5, 5]
    assert set(TEST_BOOKS.values()).isdisjoint(HELD_OUT_BOOKS.values())
    # Labels that training lacks are not in the part held out of it.
    bible[HELD_OUT_BOOKS["Acts"] * 4 - 1] = "AMEN!"
    assert [len(part[0]) for part in tagging.load(options)[1]] == [56, 4, 5]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--cell", "ltsm"], "Did you mean 'lstm'"),
        (["--test-conll", "a"], "--test-conll needs --conll"),
        (["--compare", "--crf"], "leave out --one-way and --crf"),
        (["--seeds", "0"], "--seeds must be at least 1"),
        (["--sentences", "-1"], "--sentences must be at least 1"),
    ],
)
def test_wrong_options_are_refused_at_once(options, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        tagging.main(options)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


def test_errors_of_the_data_are_one_line(files, tmp_path, capsys):
    malformed = tmp_path / "malformed.conll"
    malformed.write_text("Anna B-PER\nleaves\n")
    one = tmp_path / "one.conll"
    one.write_text("Anna B-PER\n")
    for options, message in (
        (["--conll", str(malformed)], "malformed.conll, line 2: expected 2 columns"),
        (["--conll", str(tmp_path / "malformd.conll")], "Did you mean"),
        (["--conll", files[0], "--test-conll", str(tmp_path)], "got the folder"),
        (["--conll", files[0], "--column", "2"], "column must be from 0 to 1"),
        (["--conll", str(one)], "expected enough sentences to hold some out, got 1"),
        (["--conll", files[0], "--dropout", "2"], "dropout must be"),
    ):
        assert run(tmp_path, *options) == 2
        error = capsys.readouterr().err
        assert error.startswith("error: ")
        assert error.count("\n") == 1
        assert message in error


def test_interrupted_in_training(files, tmp_path, capsys, monkeypatch):
    def interrupt(self, epoch, logs=None):
        raise KeyboardInterrupt

    # After the first epoch, when the estimator would keep what it has learned.
    monkeypatch.setattr(keras.callbacks.History, "on_epoch_end", interrupt)
    assert run(tmp_path, "--conll", files[0]) == 130
    assert capsys.readouterr().err == "\nInterrupted; no results were written.\n"


def test_set_reaches_every_parameter():
    parsed = tagging.parse(["--set", "tokens=subword", "--set", "preset=best", "--set", "units=7"])
    model = tagging.estimator(parsed, 3)
    assert (model.tokens, model.preset, model.units, model.random_state) == (
        "subword",
        "best",
        7,
        3,
    )


def test_the_model_is_the_estimator_but_for_what_is_named():
    usual = seqkit.SequenceTagger(random_state=1).get_params()
    assert tagging.estimator(tagging.parse([]), 1).get_params() == usual
    named = tagging.estimator(tagging.parse(["--cased", "--one-way", "--crf"]), 1).get_params()
    assert named == {**usual, "lowercase": False, "bidirectional": False, "crf": True}


def test_a_model_that_is_ahead_leaves_no_baseline(tmp_path, capsys):
    output = RunFolder(tmp_path)
    results = {
        name: [{"accuracy": 0.5, "f1_micro": f1, "f1": {"A": f1}}]
        for name, f1 in (("linear baseline", 0.5), ("lstm", 0.6))
    }
    (tmp_path / "baseline.joblib").write_text("of another run")
    print_results(output, None, results, Counter("A"))
    first = capsys.readouterr().out.splitlines()[0]
    assert first == "lstm is ahead of linear baseline in F1 micro: 60.00 % and 50.00 %."
    assert not list(tmp_path.iterdir())


def test_set_of_what_is_no_parameter(capsys):
    assert tagging.main(["--set", "unit=7"]) == 2
    assert "--set: SequenceTagger has no parameter 'unit'" in capsys.readouterr().err
