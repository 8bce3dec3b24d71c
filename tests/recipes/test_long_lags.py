"""The recipe of long time lags: its options, its tables, and which cells learn."""

from __future__ import annotations

import json

import pytest

from recipes import long_lags


def test_a_run_prints_a_table_a_task_and_writes_figures_and_a_page(tmp_path, capsys):
    page = tmp_path / "docs" / "results" / "long_lags.md"
    options = ["--seeds", "2", "--patience", "0.01", "--output", str(tmp_path / "run")]
    options += ["--tasks", "reber", "--cells", "gru, open", "--units", "2", "--report", str(page)]
    assert long_lags.main(options) == 0
    printed = capsys.readouterr().out
    row = next(line for line in printed.splitlines() if line.startswith("| gru, open |"))
    # Two gates and a candidate, of 7 symbols, 2 units and two biases; and the outputs.
    parameters = 3 * 2 * (7 + 2 + 2) + 7 * (2 + 1)
    assert row.startswith(f"| gru, open | {parameters} | 0 of 2 | - | - |")
    assert "No cell learned it in all runs in fewer than the paper's 8,440" in printed
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert [set(run) for run in metrics["reber"]["gru, open"]] == [{"sequences", "wrong"}] * 2
    assert (tmp_path / "run" / "runs.png").stat().st_size > 0
    assert row in page.read_text()
    assert "Printed by `python -m recipes.long_lags --seeds 2 --patience 0.01" in page.read_text()
    assert "![Each run of the tables](../images/long_lags.png)" in page.read_text()
    assert (tmp_path / "docs" / "images" / "long_lags.png").stat().st_size > 0


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--cells", "lsmt"], "--cells must be of"),
        (["--tasks", "rebel"], "--tasks must be of reber"),
        (["--seeds", "0"], "--seeds must be at least 1"),
        (["--patience", "0"], "--patience must be above 0"),
    ],
    ids=["cell", "task", "seeds", "patience"],
)
def test_wrong_options(more, message, capsys):
    with pytest.raises(SystemExit) as error:
        long_lags.main(more)
    assert error.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.slow
def test_an_lstm_learns_embedded_reber_sooner_than_published_and_a_simple_rnn_seldom(tmp_path):
    options = ["--tasks", "reber", "--cells", "simple_rnn,carousel_lstm,lstm"]
    assert long_lags.main([*options, "--output", str(tmp_path)]) == 0
    metrics = json.loads((tmp_path / "metrics.json").read_text())["reber"]
    for cell in ("carousel_lstm", "lstm"):
        assert len(metrics[cell]) == 10
        assert all(run["sequences"] < 8440 for run in metrics[cell])
    assert sum(run["sequences"] is not None for run in metrics["simple_rnn"]) <= 4


@pytest.mark.slow
def test_a_gru_whose_state_lasts_adds_what_is_a_hundred_steps_ago(tmp_path):
    options = ["--tasks", "adding", "--seeds", "2", "--output", str(tmp_path)]
    assert long_lags.main([*options, "--cells", "gru, open"]) == 0
    runs = json.loads((tmp_path / "metrics.json").read_text())["adding"]["gru, open"]
    assert all(run["sequences"] < 37_000 for run in runs)
    assert all(run["wrong"] < 0.02 for run in runs)
