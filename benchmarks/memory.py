"""Memory of a training step on long sequences against Keras's and torch's layers.

    python -m benchmarks.memory [--shape B,T,D,H]

Measured: by how much the peak resident memory of a process grows from when the layer is built to
the end of its third training step: inputs, outputs, what is kept for the gradient, the gradients,
what compiling takes (ours alone compiles), and what the allocator does not reuse. A step is that of
`benchmarks.layers`: loss = sum of squares of the outputs, gradients of all weights and of the
inputs. Every contender runs in a process of its own, with the library's default settings.
peephole_lstm has peepholes, which neither Keras's nor torch's LSTM has. Ratios above 1: ours takes
less.

    python -m benchmarks.memory --truncated

Measured: the same growth of a last output's training step, of layers whose gradient reaches back
through all steps and of one that truncates it (`tbptt_steps`). --shape is of the longest sequences;
the others have a hundredth of their steps.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys

from benchmarks.timing import print_header, print_machine, print_row

# This module must not import TensorFlow before the workers run: the peak of a new process starts
# from the size of the one that started it.

SHAPE = (32, 2000, 64, 256)  # (B, T, D, H)
CELLS = ("peephole_lstm", "gru")
CONTENDERS = ("keras", "torch", "ours")
STEPS = 3
LONG = (8, 100_000, 4, 64)
SHARE = 100  # by which the short sequences are shorter


def growth(contender: str, cell: str, shape: tuple[int, ...]) -> float:
    """MiB by which this process's peak grows over the first training steps."""
    from benchmarks.peers import contenders as of

    batch, steps, features, units = shape
    build = {"ours": of.seqkit_layer, "torch": of.torch_layer}.get(contender, of.keras_layer)
    layer = build(cell, features, units)
    before = _peak()
    x = of.inputs(batch, steps, features)
    make_step = of.torch_step if contender == "torch" else of.tensorflow_step
    step = make_step(layer, x)
    for _ in range(STEPS):
        step()
    return _peak() - before


def truncated_growth(cell: str, shape: tuple[int, ...], tbptt_steps: int | None) -> float:
    """`growth` of a layer that gives its last output."""
    from benchmarks.peers import contenders as of
    from seqkit.layers import recurrent_layer

    batch, steps, features, units = shape
    layer = recurrent_layer(cell, units, tbptt_steps=tbptt_steps)
    layer.build((None, None, features))
    before = _peak()
    step = of.tensorflow_step(layer, of.inputs(batch, steps, features))
    for _ in range(STEPS):
        step()
    return _peak() - before


def measure(contender: str, cell: str, shape: tuple[int, ...]) -> float:
    """The growth in a new process; of a contender that is a number, with that as window."""
    worker = ["--worker", f"{contender}:{cell}", "--shape", ",".join(map(str, shape))]
    command = [sys.executable, "-m", "benchmarks.memory", *worker]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return float(output.split()[-1])


def main() -> None:
    arguments = _arguments()
    shape = arguments.shape
    if arguments.worker:
        contender, cell = arguments.worker.split(":")
        if contender in CONTENDERS:
            print(growth(contender, cell, shape))
        else:
            print(truncated_growth(cell, shape, int(contender) or None))
        return
    print_machine()
    if arguments.truncated:
        print_truncated(LONG if shape == SHAPE else shape)
        return
    print("MiB at (B, T, D, H) = {}\n".format(", ".join(map(str, shape))))
    rivals = CONTENDERS[:-1]
    print_header(["cell", *CONTENDERS, *(f"{name} / ours" for name in rivals)], left=1)
    for cell in CELLS:
        found = {name: measure(name, cell, shape) for name in CONTENDERS}
        ratios = [f"{found[name] / found['ours']:.2f}" for name in rivals]
        print_row([cell, *(f"{found[name]:.0f}" for name in CONTENDERS), *ratios])


def print_truncated(shape: tuple[int, ...]) -> None:
    """The table of truncated gradients."""
    batch, steps, *sizes = shape
    short = batch, steps // SHARE, *sizes
    print("MiB at (B, T, D, H) = {}\n".format(", ".join(map(str, shape))))
    columns = (f"{short[1]} steps", f"{steps} steps", f"{steps} steps, tbptt_steps={short[1]}")
    print_header(["cell", *columns], left=1)
    for cell in CELLS:
        runs = ("0", short), ("0", shape), (str(short[1]), shape)
        print_row([cell, *(f"{measure(window, cell, size):.0f}" for window, size in runs)])


def _peak() -> float:
    """Largest resident size of this process so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = ",".join(map(str, SHAPE))
    parser.add_argument("--shape", type=_shape, default=SHAPE, help=f"default {default}")
    parser.add_argument("--truncated", action="store_true", help="the table of truncated gradients")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    return parser.parse_args()


def _shape(text: str) -> tuple[int, ...]:
    sizes = text.split(",")
    if len(sizes) != 4 or not all(size.isdecimal() and int(size) for size in sizes):
        raise argparse.ArgumentTypeError(f"expected four sizes B,T,D,H, got {text!r}")
    return tuple(map(int, sizes))


if __name__ == "__main__":
    main()
