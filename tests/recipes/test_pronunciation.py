"""The pronunciation recipe, run as its users run it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from recipes import pronunciation
from recipes.parts.translation import runs
from seqkit import data
from tests.recipes.string_to_string_runs import FILES, SMALL, names

SOUNDS = {"b": ["B"], "d": ["D"], "t": ["T"], "x": ["K", "S"], "a": ["AE"], "i": ["IH"], "e": []}
WORDS = [f"{a}{b}{c}{d}" for a in "bdt" for b in "ai" for c in "tdx" for d in ("", "e")]
SPOKEN = [[sound for letter in word for sound in SOUNDS[letter]] for word in WORDS]


@pytest.fixture
def packaged(monkeypatch):
    """A small dictionary in place of the packaged one; "bat" has two pronunciations."""
    words, spoken = [*WORDS, "bat"], [*SPOKEN, ["B", "EY"]]
    order = np.random.default_rng(0).permutation(len(WORDS))
    rows = [order[:24], order[24:28], order[28:]]
    twice = next(part for part, chosen in enumerate(rows) if WORDS.index("bat") in chosen)
    rows[twice] = np.append(rows[twice], len(WORDS))
    columns = []
    for chosen in rows:
        columns += [np.array([words[k] for k in chosen], object), [spoken[k] for k in chosen]]
    found = data.Pronunciations(*columns)
    monkeypatch.setattr(data, "load_cmudict", lambda: found)
    return found


def test_compare(packaged, tmp_path, capsys, monkeypatch):
    """One cell is enough to see it."""
    monkeypatch.setattr(pronunciation, "COMPARED", ("simple_rnn",))
    monkeypatch.setattr(runs, "SEARCHES", {"beam 5": 5})
    assert pronunciation.main(["--compare", *SMALL[:-2], "--output", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "validation and 8 test pairs" in printed
    assert "| letters and their neighbours" in printed
    assert "| simple_rnn, 8 units x 1, luong attention, beam 5" in printed
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert list(metrics["models"]) == ["simple_rnn"]
    folder = tmp_path / "simple_rnn"
    assert FILES - {"attention.png"} <= names(folder) <= FILES | {"baseline.joblib"}
    predictions = pd.read_csv(folder / "predictions.csv", keep_default_na=False)
    right = [
        predicted in target.split(" | ")
        for predicted, target in zip(predictions["predicted"], predictions["target"], strict=True)
    ]
    (run,) = metrics["models"]["simple_rnn"]
    assert run["beam 5"]["wer"] == pytest.approx(1 - np.mean(right))
    assert set(predictions["source"]) == set(packaged.words_test)


def test_part_of_the_words(packaged):
    task = pronunciation.load(pronunciation.parse(["--words", "10"]))
    assert len(set(task.X)) == 10
    assert len(task.X_test) == len(set(packaged.words_test))  # never fewer to test on
    whole = pronunciation.load(pronunciation.parse(["--preset", "full"]))
    assert list(packaged.words_train) == whole.X


def test_any_listed_pronunciation_is_right():
    listed = [[["AH"], ["EY"]], [["AE", "N"]]]
    assert pronunciation.judge(listed, [["EY"], ["AE", "N"]]) == {"wer": 0, "per": 0}
    assert pronunciation.judge(listed, [["EY"], ["AE"]])["wer"] == 0.5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--cell", "ltsm"], "Did you mean 'lstm'"),
        (["--preset", "slow"], "choose from"),
        (["--compare", "--cell", "gru"], "--compare trains several models"),
        (["--words", "0"], "--words must be at least 1"),
        (["--seeds", "0"], "--seeds must be at least 1"),
    ],
)
def test_wrong_options_are_refused_at_once(options, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        pronunciation.main(options)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err
