"""How gradients fade through time, cell by cell, before training and after.

    python -m recipes.gradient_flow
    python -m recipes.gradient_flow --lag 50 --seeds 3 --cells lstm,simple_rnn

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
    parser.add_argument("--output", default="runs/gradient_flow", help="folder for results")
    options = parser.parse_args(arguments)
    check_counts(parser, options, "lag", "epochs", "seeds")
    names = list(CELLS) if options.cells is None else split_names(options.cells)
    unknown = [name for name in names if name not in CELLS]
    if unknown:
        parser.error(f"--cells must be of {'; '.join(CELLS)}, got {unknown[0]!r}")
    options.cells = names
    return options


def split_names(text: str) -> list[str]:
    """The rows that a list names; a comma may be part of a name.

    Example:
        >>> split_names("lstm,simple_rnn, ReLU,gru")
        ['lstm', 'simple_rnn, ReLU', 'gru']
    """
    names: list[str] = []
    for part in text.split(","):
        if names and f"{names[-1]}, {part.strip()}" in CELLS:
            names[-1] += f", {part.strip()}"
        else:
            names.append(part.strip())
    return names


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


def trained(name: str, options: argparse.Namespace, seed: int) -> Row:
    """One training, looked at before and after."""
    x, y = sequences(ROWS, options.lag, seed)
    unseen, truth = sequences(TESTED, options.lag, seed + 10_000)
    model = build(name, options, seed)
    before = decades(model, x[:LOOKED_AT], y[:LOOKED_AT])
    model.fit(x, y, batch_size=BATCH, epochs=options.epochs, verbose=0)
    after = decades(model, x[:LOOKED_AT], y[:LOOKED_AT])
    found = np.asarray(model.predict(unseen, verbose=0)) > 0.5
    return Row(before, after, float((found == truth).mean()))


def spread(values: Sequence[float], digits: int) -> str:
    """Mean and standard deviation."""
    found = f"{np.mean(values):.{digits}f}"
    return found + (f" ± {np.std(values, ddof=1):.{digits}f}" if len(values) > 1 else "")


def run(options: argparse.Namespace) -> dict[str, list[Row]]:
    """Trains every cell with every seed; prints and writes the table."""
    from seqkit.cli.run_folder import RunFolder

    output = RunFolder(options.output, pictures=False)
    output.write_json("config", vars(options))
    print(f"Latch over {options.lag} steps; chance is {0.5:.3f}", flush=True)
    print("| cell | decades before | decades after | accuracy | solved |", flush=True)
    print("|---|---|---|---|---|", flush=True)
    found: dict[str, list[Row]] = {}
    for name in options.cells:
        rows = [trained(name, options, options.seed + k) for k in range(options.seeds)]
        found[name] = rows
        solved = sum(row.accuracy > 0.99 for row in rows)
        before, after, accuracy = (list(column) for column in zip(*rows, strict=True))
        print(
            f"| {name} | {spread(before, 1)} | {spread(after, 1)} | {spread(accuracy, 3)} | "
            f"{solved} of {len(rows)} |",
            flush=True,
        )
    output.write_json(
        "metrics", {name: [row._asdict() for row in rows] for name, rows in found.items()}
    )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(run, parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
