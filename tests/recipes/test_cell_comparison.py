"""The recipe that compares cells: equal budgets, its options, its tables."""

from __future__ import annotations

import json

import pytest

from recipes import cell_comparison
from recipes.parts.experiments.cells import COMPARED, units_within
from seqkit.layers import recurrent_layer


@pytest.mark.parametrize("name", COMPARED)
@pytest.mark.parametrize("directions", [1, 2])
def test_units_are_the_most_that_the_budget_allows(name, directions):
    budget = 1000
    units = units_within(budget, COMPARED[name], 5, directions)
    sizes = []
    for count in (units, units + 1):
        layer = recurrent_layer(COMPARED[name], count)
        layer.build((None, None, 5))
        sizes.append(directions * layer.count_params())
    assert sizes[0] <= budget < sizes[1]


def test_a_budget_below_one_unit_is_refused():
    with pytest.raises(ValueError, match="budget must be at least 28, .* got 20"):
        units_within(20, "lstm", 5, 1)


def test_every_row_has_its_cell_and_every_switch_its_equations():
    assert tuple(COMPARED) == cell_comparison.CELLS
    layer = recurrent_layer(COMPARED["lstm, without input gate"], 3)
    assert layer.cell.equations.gates == ("forget", "candidate", "output")
    # As Bidirectional makes a second one.
    again = type(layer).from_config(layer.get_config())
    assert again.cell.equations.gates == layer.cell.equations.gates


def test_a_run_prints_a_table_and_writes_figures_and_a_page(tmp_path, capsys):
    page = tmp_path / "docs" / "results" / "cell_comparison.md"
    options = ["--sets", "vowels", "--cells", "lstm, coupled gates", "--seeds", "1"]
    options += ["--epochs", "1", "--output", str(tmp_path / "run"), "--report", str(page)]
    assert cell_comparison.main(options) == 0
    printed = capsys.readouterr().out.splitlines()
    rows = [line for line in printed if line.startswith("| lstm, coupled gates |")]
    assert [row.split(" | ")[1] for row in rows] == ["1", "2"]
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())["vowels"]
    assert set(metrics) == {"lstm, coupled gates, one way", "lstm, coupled gates, two ways"}
    assert rows[0] in page.read_text()
    assert (tmp_path / "docs" / "images" / "cell_comparison.png").stat().st_size > 0


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--cells", "lsmt"], "--cells must be of"),
        (["--sets", "vowel"], "--sets must be of vowels"),
        (["--seeds", "0"], "--seeds must be at least 1"),
        (["--epochs", "0"], "--epochs must be at least 1"),
    ],
    ids=["cell", "set", "seeds", "epochs"],
)
def test_wrong_options(more, message, capsys):
    with pytest.raises(SystemExit) as error:
        cell_comparison.main(more)
    assert error.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.slow
def test_gates_learn_each_set_at_an_equal_number_of_parameters(tmp_path):
    options = ["--cells", "lstm,gru", "--seeds", "1", "--output", str(tmp_path)]
    assert cell_comparison.main(options) == 0
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert min(runs[0]["score"] for runs in metrics["vowels"].values()) > 0.9
    assert min(runs[0]["score"] for runs in metrics["snippets"].values()) > 0.55
    # Behind the seasonal naive forecast, 1.389, after so few epochs of so few series.
    assert max(runs[0]["score"] for runs in metrics["tourism"].values()) < 2.6
