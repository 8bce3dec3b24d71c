"""How gradients fade through time, cell by cell, before training and after.

    python -m recipes.gradient_flow
    python -m recipes.gradient_flow --lag 50 --seeds 3 --cells lstm,simple_rnn
    python -m recipes.gradient_flow --report docs/results/gradient_flow.md

The task is the latch of Bengio, Simard & Frasconi (1994): the first step of a sequence of noise
says which of two classes it is, and T steps later the network is asked. A gradient must come back
through all of them. What is printed is by how much it has changed on its way from the last step to
the first: the norm of dL/dh_1 by that of dL/dh_T, as decades (powers of ten), and the accuracy on
new sequences after training. The baseline is chance.

simple_rnn stands four times in the table: with tanh, with ReLU, with the logistic function, and
with ReLU and an identity matrix at first (Le, Jaitly & Hinton 2015, arXiv:1504.00941).
carousel_lstm is the LSTM of 1997, without a forget gate; "open" is an LSTM whose forget gate starts
at sigma(5).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from seqkit.cli.command_line import check_counts, exit_code, recipe_parser
from seqkit.cli.run_folder import RunFolder, recorded
from seqkit.cli.tensorflow_log import import_quietly

from .parts.experiments.options import add_results, parsed, take_cells
from .parts.experiments.reports import Panel, Report, mean_and_spread

# name: (cell, options of the layer)
CELLS: dict[str, tuple[str, dict[str, Any]]] = {
    "simple_rnn": ("simple_rnn", {}),
    "simple_rnn, ReLU": ("simple_rnn", {"activation": "relu"}),
    "simple_rnn, sigmoid": ("simple_rnn", {"activation": "sigmoid"}),
    "simple_rnn, identity": (
        "simple_rnn",
        {"activation": "relu", "recurrent_initializer": "identity"},
    ),
    "carousel_lstm": ("carousel_lstm", {}),
    "lstm": ("lstm", {}),
    "lstm, open": ("lstm", {"unit_forget_bias": False, "bias_initializer": "open"}),
    "peephole_lstm": ("peephole_lstm", {}),
    "gru": ("gru", {}),
}
UNITS, ROWS, BATCH, TESTED, LOOKED_AT = 32, 1024, 64, 500, 32
OPEN = 5.0  # of a forget gate's bias: a state then halves in a hundred steps
NOISE = 0.1
SOLVED = 0.99
ABOUT = """\
By how much a gradient has changed on its way from the last step of a sequence to the first: the
norm of dL/dh at the first step by that at the last, in powers of ten, before training and after.
The task is the latch of Bengio, Simard & Frasconi (1994), whose first step decides the class.
Means and standard deviations over seeds; "solved" is an accuracy above 0.99 on new sequences.
Hochreiter & Schmidhuber (1997) say that the gradient of a simple network vanishes exponentially
and that the constant error carousel keeps it; a forget gate has to be open for that."""


class Row(NamedTuple):
    """One training: decades before and after it, and the accuracy."""

    before: float
    after: float
    accuracy: float


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.gradient_flow", __doc__)
    parser.add_argument("--lag", type=int, default=200, help="steps of a sequence [200]")
    parser.add_argument("--cells", help=f"rows of the table, of {'; '.join(CELLS)} [all]")
    parser.add_argument("--epochs", type=int, default=30, help="passes over 1,024 sequences [30]")
    parser.add_argument("--learning-rate", type=float, default=0.003, help="of Adam [0.003]")
    parser.add_argument("--clipnorm", type=float, default=1.0, help="of a weight's gradient [1]")
    parser.add_argument("--seed", type=int, default=0, help="of the first run [0]")
    parser.add_argument("--seeds", type=int, default=10, help="runs a cell [10]")
    add_results(parser, "gradient_flow")
    options = parsed(parser, arguments)
    check_counts(parser, options, "lag", "epochs", "seeds")
    take_cells(parser, options, CELLS)
    return options


def sequences(rows: int, steps: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise (n, T, 1) whose first step is 1 or -1, and which it is, (n, 1)."""
    rng = np.random.default_rng(seed)
    x = rng.normal(scale=NOISE, size=(rows, steps, 1)).astype("float32")
    y = np.arange(rows) % 2
    x[:, 0, 0] = 2 * y - 1
    return x, y[:, None].astype("float32")


def build(name: str, options: argparse.Namespace, seed: int) -> Any:
    """A model of one layer, compiled."""
    import keras

    from seqkit.layers import recurrent_layer

    cell, given = CELLS[name]
    given = dict(given)
    if given.get("bias_initializer") == "open":
        biases = np.zeros(4 * UNITS, "float32")
        biases[UNITS : 2 * UNITS] = OPEN
        given["bias_initializer"] = keras.initializers.Constant(biases)
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((options.lag, 1)),
            recurrent_layer(cell, UNITS, name="layer", **given),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    adam = keras.optimizers.Adam(options.learning_rate, clipnorm=options.clipnorm)
    model.compile(adam, "binary_crossentropy", metrics=["accuracy"])
    return model


def decades(model: Any, x: np.ndarray, y: np.ndarray) -> float:
    """log10 of the norm of dL/dh at the first step by that at the last."""
    from seqkit.inspection import gradient_flow

    states = gradient_flow(model, x, y, jacobian_steps=0).states
    norms = states[states["state"] == "h"].sort_values("step")["norm"].to_numpy()
    smallest = np.finfo("float32").tiny
    return float(np.log10(max(norms[0], smallest) / max(norms[-1], smallest)))


def restart(model: Any, fresh: Any) -> None:
    """Gives a model the weights and the optimiser of one that is not trained; what was traced of it
    stays."""
    fresh.optimizer.build(fresh.trainable_variables)
    model.optimizer.build(model.trainable_variables)
    pairs = zip(
        [*model.variables, *model.optimizer.variables],
        [*fresh.variables, *fresh.optimizer.variables],
        strict=True,
    )
    for variable, value in pairs:
        variable.assign(value)


def trained(model: Any, name: str, options: argparse.Namespace, seed: int) -> Row:
    """One training, looked at before and after."""
    x, y = sequences(ROWS, options.lag, seed)
    unseen, truth = sequences(TESTED, options.lag, seed + 10_000)
    restart(model, build(name, options, seed))
    before = decades(model, x[:LOOKED_AT], y[:LOOKED_AT])
    model.fit(x, y, batch_size=BATCH, epochs=options.epochs, verbose=0)
    after = decades(model, x[:LOOKED_AT], y[:LOOKED_AT])
    predicted = np.asarray(model.predict(unseen, verbose=0)) > 0.5
    return Row(before, after, float((predicted == truth).mean()))


def verdict(rows_by_cell: dict[str, list[Row]]) -> str:
    """Which cells learn, and where gradients come through, in a sentence."""
    solved = {
        name: sum(row.accuracy > SOLVED for row in rows) for name, rows in rows_by_cell.items()
    }
    always = [name for name, count in solved.items() if count == len(rows_by_cell[name])]
    never = [name for name, count in solved.items() if count == 0]
    decades = {
        name: float(np.mean([row.before for row in rows])) for name, rows in rows_by_cell.items()
    }
    most, least = (pick(decades, key=lambda name: decades[name]) for pick in (max, min))
    texts = [
        f"Before training most comes through in {most}, {decades[most]:.1f} decades, and least in "
        f"{least}, {decades[least]:.1f}."
    ]
    texts += [f"Solved in all runs: {'; '.join(always)}." if always else "None solves all runs."]
    texts += [f"Not once: {'; '.join(never)}."] if never else []
    return " ".join(texts)


def run(options: argparse.Namespace) -> dict[str, list[Row]]:
    """Trains every cell with every seed; prints and writes the table."""
    output = RunFolder(options.output)
    output.write_json("config", vars(options))
    import_quietly()
    report = Report("Gradients through time", options.command, ABOUT)
    columns = ("cell", "decades before", "decades after", "accuracy", "solved")
    table = report.table(f"Latch over {options.lag} steps", *columns)
    rows_by_cell: dict[str, list[Row]] = {}
    for name in options.cells:
        model = build(name, options, options.seed)
        rows = [trained(model, name, options, options.seed + k) for k in range(options.seeds)]
        rows_by_cell[name] = rows
        solved = sum(row.accuracy > SOLVED for row in rows)
        before, after, accuracy = (list(column) for column in zip(*rows, strict=True))
        scores = (mean_and_spread(v, d) for v, d in ((before, 1), (after, 1), (accuracy, 3)))
        table.add(name, *scores, f"{solved} of {len(rows)}")
    table.note(
        f"Chance is 0.500; {options.epochs} passes over {ROWS:,} sequences. {verdict(rows_by_cell)}"
    )
    panels = [
        Panel(
            f"{when} training",
            "decades of change, from the last step to the first",
            {name: [getattr(row, when) for row in rows] for name, rows in rows_by_cell.items()},
            logarithmic=False,
        )
        for when in ("before", "after")
    ]
    report.finish(output, rows_by_cell, panels, options.report)
    return rows_by_cell


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(recorded(run), parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
