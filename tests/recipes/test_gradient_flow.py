"""The recipe of fading gradients: its options, its table, and that gates carry what others lose."""

from __future__ import annotations

import json

import pytest

from recipes import gradient_flow


def test_a_run_prints_a_row_a_cell_and_writes_its_figures(tmp_path, capsys):
    options = ["--lag", "8", "--seeds", "2", "--epochs", "1", "--output", str(tmp_path)]
    assert gradient_flow.main([*options, "--cells", "gru,simple_rnn, sigmoid"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" |")[0] for line in lines[3:]] == ["| gru", "| simple_rnn, sigmoid"]
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert [set(row) for row in metrics["gru"]] == [{"before", "after", "accuracy"}] * 2
    # The derivative of the logistic function is a quarter at most.
    assert all(row["before"] < -3 for row in metrics["simple_rnn, sigmoid"])


@pytest.mark.parametrize(
    ("more", "message"),
    [(["--cells", "lsmt"], "--cells must be of"), (["--lag", "0"], "--lag must be at least 1")],
    ids=["cell", "lag"],
)
def test_wrong_options(more, message, capsys):
    with pytest.raises(SystemExit) as error:
        gradient_flow.main(more)
    assert error.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.slow
def test_a_gated_cell_latches_where_a_logistic_one_does_not(tmp_path):
    options = ["--lag", "60", "--seeds", "3", "--epochs", "15", "--output", str(tmp_path)]
    assert gradient_flow.main([*options, "--cells", "lstm,simple_rnn, sigmoid"]) == 0
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert min(row["accuracy"] for row in metrics["lstm"]) >= 0.99
    assert max(row["accuracy"] for row in metrics["simple_rnn, sigmoid"]) <= 0.6
    assert all(row["before"] < -20 for row in metrics["simple_rnn, sigmoid"])
