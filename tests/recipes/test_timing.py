"""The recipe of time: its options, its tables, and which cells generate spikes."""

from __future__ import annotations

import json

import pytest

from recipes import timing


def test_a_run_prints_a_table_a_task_and_writes_figures_and_a_page(tmp_path, capsys):
    page = tmp_path / "docs" / "results" / "timing.md"
    options = ["--seeds", "2", "--steps", "32", "--delay", "4", "--output", str(tmp_path / "run")]
    options += ["--tasks", "spikes", "--cells", "lstm,peephole_lstm", "--report", str(page)]
    assert timing.main(options) == 0
    printed = capsys.readouterr().out
    row = next(line for line in printed.splitlines() if line.startswith("| peephole_lstm |"))
    assert row.startswith(f"| peephole_lstm | {4 * 8 * (1 + 8 + 1) + 3 * 8 + 9} | 0 of 2 | - |")
    assert "Of runs with peepholes 0 of 2 learn, without 0 of 2." in printed
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert [set(run) for run in metrics["spikes"]["lstm"]] == [{"steps", "wrong"}] * 2
    assert row in page.read_text()
    assert (tmp_path / "docs" / "images" / "timing.png").stat().st_size > 0


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--cells", "lsmt"], "--cells must be of"),
        (["--tasks", "spike"], "--tasks must be of delays"),
        (["--seeds", "0"], "--seeds must be at least 1"),
        (["--delay", "1"], "--delay must be at least 2"),
    ],
    ids=["cell", "task", "seeds", "delay"],
)
def test_wrong_options(more, message, capsys):
    with pytest.raises(SystemExit) as error:
        timing.main(more)
    assert error.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.slow
def test_lstms_measure_delays_and_generate_spikes_and_a_simple_rnn_does_not_generate(tmp_path):
    options = ["--tasks", "delays,spikes", "--cells", "simple_rnn,lstm, linear"]
    assert timing.main([*options, "--output", str(tmp_path)]) == 0
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    learned = {
        task: {row: sum(run["steps"] is not None for run in runs) for row, runs in rows.items()}
        for task, rows in metrics.items()
    }
    assert learned["delays"]["lstm, linear"] >= 8
    assert learned["spikes"]["lstm, linear"] >= 8
    assert learned["spikes"]["simple_rnn"] <= 1
