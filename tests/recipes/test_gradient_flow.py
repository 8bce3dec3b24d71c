"""The recipe of fading gradients: its options, its table, and that gates carry what others lose."""

from __future__ import annotations

import json

import pytest

from recipes import gradient_flow


def test_a_run_prints_a_row_a_cell_and_writes_its_figures(tmp_path, capsys):
    page = tmp_path / "docs" / "results" / "gradient_flow.md"
    options = ["--lag", "8", "--seeds", "2", "--epochs", "1", "--output", str(tmp_path)]
    options += ["--cells", "gru,simple_rnn, sigmoid", "--report", str(page)]
    assert gradient_flow.main(options) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    rows = [line.split(" |")[0] for line in lines]
    assert rows == ["| cell", "| gru", "| simple_rnn, sigmoid"]
    assert "\n".join(lines[1:]) in page.read_text()
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert [set(row) for row in metrics["gru"]] == [{"before", "after", "accuracy"}] * 2
    # The derivative of the logistic function is a quarter at most.
    assert all(row["before"] < -3 for row in metrics["simple_rnn, sigmoid"])


def test_a_run_with_a_seed_is_as_one_that_nothing_came_before(tmp_path):
    options = ["--lag", "5", "--epochs", "2", "--cells", "gru"]
    found = {}
    for seed, seeds in (("0", "2"), ("1", "1")):
        output = ["--output", str(tmp_path / seed)]
        assert gradient_flow.main([*options, *output, "--seed", seed, "--seeds", seeds]) == 0
        found[seed] = json.loads((tmp_path / seed / "metrics.json").read_text())["gru"]
    assert found["0"][1] == pytest.approx(found["1"][0], rel=1e-3)


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
