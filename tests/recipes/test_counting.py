"""The recipe of counting: its options, its tables, and which cells count beyond what they saw."""

from __future__ import annotations

import json

import numpy as np
import pytest

from recipes import counting


def test_a_run_prints_a_table_a_language_and_writes_figures_and_a_page(tmp_path, capsys):
    page = tmp_path / "docs" / "results" / "counting.md"
    options = ["--seeds", "2", "--training", "0.01", "--output", str(tmp_path / "run")]
    options += ["--languages", "ab", "--cells", "lstm, open", "--report", str(page)]
    assert counting.main(options) == 0
    printed = capsys.readouterr().out
    row = next(line for line in printed.splitlines() if line.startswith("| lstm, open |"))
    assert row.startswith(f"| lstm, open | {4 * 4 * (3 + 4 + 1) + 3 * (4 + 1)} | 0 of 2 |")
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert len(metrics["ab"]["lstm, open"]) == 2
    assert "Never beyond the ten trained on: lstm, open." in printed
    assert row in page.read_text()
    assert (tmp_path / "docs" / "images" / "counting.png").stat().st_size > 0


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--cells", "lsmt"], "--cells must be of"),
        (["--languages", "ba"], "--languages must be of ab, abc"),
        (["--seeds", "0"], "--seeds must be at least 1"),
        (["--training", "0"], "--training must be above 0"),
    ],
    ids=["cell", "language", "seeds", "training"],
)
def test_wrong_options(more, message, capsys):
    with pytest.raises(SystemExit) as error:
        counting.main(more)
    assert error.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.slow
def test_a_state_that_adds_counts_and_an_average_does_not(tmp_path):
    options = ["--languages", "ab", "--cells", "carousel_lstm,gru", "--output", str(tmp_path)]
    assert counting.main(options) == 0
    metrics = json.loads((tmp_path / "metrics.json").read_text())["ab"]
    assert min(metrics["carousel_lstm"]) > 10
    assert np.mean(metrics["carousel_lstm"]) > 40
    assert max(metrics["gru"]) < 20
