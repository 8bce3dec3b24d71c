"""Speed of the recurrent layers against Keras's and torch's, on this machine's CPU.

    python -m benchmarks.layers [--rounds N] [--shapes 0,1] [--cells lstm,gru] [--json FILE]

Measured, for float32 inputs of shape (B, T, D) and H units:

    forward   inference, outputs of all steps
    step      a training step: loss = sum of squares of the outputs, and the gradients of all
              weights and of the inputs. No optimizer.

Contenders:

    keras      keras.layers.LSTM or GRU inside a `tf.function`
    keras XLA  the same inside `tf.function(jit_compile=True)`
    torch      torch.nn.LSTM or GRU, forward under `no_grad`; with as many threads as it takes
    ours       our layer inside a `tf.function`; forward under `recurrence_path("compiled")`
    portable   our layer's forward as it is exported: without the compiler

peephole_lstm has peepholes, which neither Keras's nor torch's LSTM has: it does more than they do.
All have Keras's defaults otherwise; GRUs have reset_after, the only form that torch has.

All contenders of a row take turns in one process; a figure is the minimum over the rounds, in ms,
of one call from Python until its result is complete. Compilation is not counted. The last columns
are ratios: above 1 ours is faster.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.timing import interleaved_minimum, machine, print_header, print_machine, print_row

Shape = tuple[int, int, int, int]

SHAPES: tuple[Shape, ...] = (  # (B, T, D, H)
    (32, 100, 64, 128),
    (64, 50, 128, 256),
    (1, 100, 64, 128),
    (32, 50, 8, 32),
    (64, 200, 64, 64),
)
CELLS = ("peephole_lstm", "lstm", "gru")
CONTENDERS = ("keras", "keras XLA", "torch", "ours", "portable")
RATIOS = ("keras", "keras XLA", "torch")


def measure(shape: Shape, cell: str, rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds of each contender's forward and step."""
    from benchmarks.peers import contenders as of

    batch, steps, features, units = shape
    x = of.inputs(batch, steps, features)
    ours = of.seqkit_layer(cell, features, units)
    keras = of.keras_layer(cell, features, units)
    torch = of.torch_layer(cell, features, units)
    forward = {
        "keras": of.tensorflow_forward(keras, x),
        "keras XLA": of.tensorflow_forward(keras, x, jit_compile=True),
        "torch": of.torch_forward(torch, x),
        "ours": of.tensorflow_forward(ours, x, path="compiled"),
        "portable": of.tensorflow_forward(ours, x, path="portable"),
    }
    step = {
        "keras": of.tensorflow_step(keras, x),
        "keras XLA": of.tensorflow_step(keras, x, jit_compile=True),
        "torch": of.torch_step(torch, x),
        "ours": of.tensorflow_step(ours, x),
    }
    return {
        "forward": interleaved_minimum(forward, rounds),
        "step": interleaved_minimum(step, rounds),
    }


def row(shape: Shape, cell: str, kind: str, found: dict[str, float]) -> list[str]:
    """The cells of a line of the table."""
    times = [f"{found[name]:.2f}" if name in found else "" for name in CONTENDERS]
    ratios = [f"{found[name] / found['ours']:.2f}" for name in RATIOS]
    return [",".join(map(str, shape)), cell, kind, *times, *ratios]


def main() -> None:
    arguments = _arguments()
    print_machine()
    columns = ["B,T,D,H", "cell", "call", *CONTENDERS, *(f"{name} / ours" for name in RATIOS)]
    print_header(columns, left=3)
    results: list[dict[str, Any]] = []
    for index in arguments.shapes:
        for cell in arguments.cells:
            for kind, found in measure(SHAPES[index], cell, arguments.rounds).items():
                print_row(row(SHAPES[index], cell, kind, found))
                results.append({"shape": SHAPES[index], "cell": cell, "call": kind, "ms": found})
    if arguments.json:
        report = {"machine": machine(), "rounds": arguments.rounds, "results": results}
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=_rounds, default=30, help="default 30")
    parser.add_argument(
        "--shapes",
        type=_shapes,
        default=list(range(len(SHAPES))),
        help="indices, comma-separated: "
        + ", ".join(f"{index} = {shape}" for index, shape in enumerate(SHAPES)),
    )
    parser.add_argument(
        "--cells", type=_cells, default=list(CELLS), help=f"some of {','.join(CELLS)}"
    )
    parser.add_argument("--json", type=Path, help="a file for the figures, unrounded")
    return parser.parse_args()


def _rounds(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number of at least 1, got {text!r}")
    return int(text)


def _shapes(text: str) -> list[int]:
    return [int(name) for name in _choices(text, [str(k) for k in range(len(SHAPES))])]


def _cells(text: str) -> list[str]:
    return _choices(text, CELLS)


def _choices(text: str, known: Any) -> list[str]:
    chosen = text.split(",")
    for name in chosen:
        if name not in known:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(known)}")
    return chosen


if __name__ == "__main__":
    main()
