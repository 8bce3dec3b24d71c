"""The recipe that reads dates, run as its users run it."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from recipes import dates
from tests.estimators.toy import untrained
from tests.recipes.string_to_string_runs import FILES, SMALL, names


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setattr(dates, "VALIDATED", 10)
    monkeypatch.setattr(dates, "TESTED", 20)

    def recipe(*options: str) -> int:
        return dates.main(["--dates", "64", *SMALL, "--output", str(tmp_path / "run"), *options])

    return recipe


@untrained()
def test_dates(run, tmp_path, capsys):
    assert run("--locales", "de,fr") == 0
    printed = capsys.readouterr().out
    assert "Dates in 2 languages: 64 training, 10 validation and 20 test pairs" in printed
    assert "| rule of three numbers" in printed
    assert "is behind the rule of three numbers in exact match" in printed
    assert "wrong: " in printed
    assert FILES - {"attention.png"} <= names(tmp_path / "run") <= FILES | {"log.txt"}
    metrics = json.loads((tmp_path / "run/metrics.json").read_text())
    predictions = pd.read_csv(tmp_path / "run/predictions.csv", keep_default_na=False)
    exact = (predictions["target"] == predictions["predicted"]).mean()
    assert metrics["runs"][0]["beam 5"]["exact"] == pytest.approx(exact)


def test_no_day_is_in_two_parts():
    task = dates.load(dates.parse(["--dates", "3000"]))
    assert not set(task.y) & set(task.y_test)
    assert not set(task.y_valid) & set(task.y_test)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("05.12.2020", "2020-12-05"),
        ("2020년 2월 5일", "2020-02-05"),
        ("২৯/২/২০২০", "2020-02-29"),
        ("5 février 2020", ""),
        ("2020-2021-05", ""),
    ],
)
def test_rule(text, date):
    assert dates.by_rule(text) == date


def test_unknown_language_is_one_line(run, capsys):
    assert run("--locales", "de,xx") == 2
    error = capsys.readouterr().err
    assert error.startswith("error: locales must be names that Babel knows")
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--cell", "ltsm"], "Did you mean 'lstm'"),
        (["--dates", "0"], "--dates must be at least 1"),
        (["--seeds", "0"], "--seeds must be at least 1"),
        (["--batch-size", "0"], "--batch-size must be at least 1"),
    ],
)
def test_wrong_options_are_refused_at_once(options, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        dates.main(options)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err
