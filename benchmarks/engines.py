"""Time of a training step on each engine, and after how many steps compiling pays back.

    python -m benchmarks.engines [--rounds N]

    first      seconds of the first call: tracing and, where there is any, compiling
    step       ms of a step of training, the fastest, engines taking turns
    pays back  steps of the recurrence (calls times T) after which the compiled engine has been
               faster altogether; the threshold of `seqkit.layers.engine.dispatch` is among them

The layer is that of `benchmarks.layers`: loss = sum of squares of the outputs, gradients of all
weights and of the inputs.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Literal

from benchmarks.peers import contenders
from benchmarks.timing import interleaved_minimum, print_header, print_machine, print_row
from seqkit.layers import recurrence_path

SHAPES = ((32, 40, 12, 64), (32, 100, 64, 128), (1, 100, 64, 128), (64, 200, 64, 64))
CELLS = ("lstm", "peephole_lstm", "gru", "simple_rnn")


def step_on(
    path: Literal["compiled", "stock"], cell: str, shape: tuple[int, ...]
) -> Callable[[], float]:
    """A training step that is traced, at its first call, on this path."""
    batch, steps, features, units = shape
    layer = contenders.seqkit_layer(cell, features, units)
    step = contenders.tensorflow_step(layer, contenders.inputs(batch, steps, features))

    def call() -> float:
        with recurrence_path(path):
            return step()

    return call


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=20, help="default 20")
    rounds = parser.parse_args().rounds
    print_machine()
    columns = ["first stock", "first compiled", "step stock", "step compiled", "pays back"]
    print_header(["B, T, D, H", "cell", *columns], left=2)
    for shape in SHAPES:
        for cell in CELLS:
            calls = {path: step_on(path, cell, shape) for path in ("stock", "compiled")}
            first = {path: _seconds(call) for path, call in calls.items()}
            step = interleaved_minimum(calls, rounds)
            saved = (step["stock"] - step["compiled"]) / 1e3
            steps = (first["compiled"] - first["stock"]) / saved * shape[1] if saved > 0 else None
            figures = [f"{first[p]:.2f}" for p in calls] + [f"{step[p]:.1f}" for p in calls]
            print_row(
                [", ".join(map(str, shape)), cell, *figures]
                + ["never" if steps is None else f"{steps:.0f}"]
            )


def _seconds(call: Callable[[], float]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
