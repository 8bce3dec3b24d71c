"""Exported models: time of a call against Keras's export, size, loading and the first call.

    python -m benchmarks.exports [--rounds N] [--shapes 0,1] [--cells lstm,gru] [--formats]

The model of the first table is Masking, one recurrent layer of H units, Dense; it is written by
`Model.export`, loaded by `tf.saved_model.load`, and its signature is called with a batch (B, T, D)
whose rows end after 60 to 100 % of the steps. Figures are times divided by that of Keras's export
of the same model, below 1 faster:

    seqkit           with our layer
    seqkit, no mask  with our layer, without Masking
    keras, no mask   Keras's, without Masking
    seqkit, xla      ours with Masking, traced as by `export(optimize="xla")`
    torch            torch's layer, without a mask, under `no_grad`

All of a row take turns in one process, and the minimum over the rounds counts: on a machine that is
shared times change, ratios hardly. A peephole LSTM stands beside the LSTMs of Keras and torch,
which have no peepholes.

The second table is of classifiers as an estimator exports them: size of the graph, and the
processor seconds, of all threads, that loading and the first call take in a process that has done
nothing before but import TensorFlow.

With --formats it is other tables alone: milliseconds of a call of the formats that `export` writes,
of a bidirectional classifier as the estimator exports it, each asked by its own runtime with arrays
and giving arrays; the seconds that the export takes, conversion, check and all; and the size.
LiteRT's file is of one row, and many are asked one after another.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.timing import interleaved_minimum, print_header, print_machine, print_row

Shape = tuple[int, int, int, int]

SHAPES: tuple[Shape, ...] = (  # (B, T, D, H)
    (1, 50, 8, 64),
    (1, 100, 64, 128),
    (32, 50, 8, 64),
    (32, 100, 64, 128),
    (64, 50, 128, 256),
)
CELLS = ("lstm", "peephole_lstm", "gru", "simple_rnn")
COLUMNS = ("seqkit", "seqkit, no mask", "keras, no mask", "seqkit, xla", "torch")
CLASSES = 4
CLASSIFIERS = ("lstm", "peephole_lstm", "gru", "simple_rnn")
UNITS = 64
FORMATS = ("saved_model", "onnx", "litert")
ROWS = (1, 32)

FIRST_CALL = """
import json, sys, time
import tensorflow as tf

x = tf.random.normal([1, 50, 8])
times = [time.process_time()]
served = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
times.append(time.process_time())
served(inputs=x)
times.append(time.process_time())
print(json.dumps([times[1] - times[0], times[2] - times[1]]))
"""


def exported(layer: Any, features: int, folder: str, *, masks: bool, path: str = "auto") -> Any:
    """The loaded signature of a model of this layer."""
    import keras
    import tensorflow as tf

    from seqkit.layers import recurrence_path

    stack = [keras.Input((None, features), name="x"), layer, keras.layers.Dense(CLASSES)]
    if masks:
        stack.insert(1, keras.layers.Masking())
    with recurrence_path(path):  # type: ignore[arg-type]
        keras.Sequential(stack).export(folder, verbose=False)
    loaded = tf.saved_model.load(folder)
    signature = loaded.signatures["serving_default"]
    signature.model = loaded  # it holds the weights
    return signature


def measure(shape: Shape, cell: str, rounds: int, folder: str) -> dict[str, float]:
    """Milliseconds of a call of each contender."""
    import keras
    import numpy as np
    import tensorflow as tf

    from benchmarks.peers import contenders as of
    from seqkit.layers import recurrent_layer

    batch, steps, features, units = shape
    x = of.inputs(batch, steps, features)
    lengths = np.random.default_rng(1).integers(steps * 6 // 10, steps + 1, batch)
    lengths[0] = steps
    x[np.arange(steps) >= lengths[:, None]] = 0
    kerass = getattr(keras.layers, of.COUNTERPARTS[cell][0])
    models = {
        "keras": (kerass(units), True, "auto"),
        "seqkit": (recurrent_layer(cell, units), True, "auto"),
        "seqkit, no mask": (recurrent_layer(cell, units), False, "auto"),
        "keras, no mask": (kerass(units), False, "auto"),
        "seqkit, xla": (recurrent_layer(cell, units), True, "compiled"),
    }
    tensor = tf.constant(x)
    calls: dict[str, Callable[[], object]] = {}
    for number, (name, (layer, masks, path)) in enumerate(models.items()):
        place = os.path.join(folder, str(number))
        signature = exported(layer, features, place, masks=masks, path=path)
        (argument,) = signature.structured_input_signature[1]
        calls[name] = _call(signature, argument, tensor)
    calls["torch"] = of.torch_forward(of.torch_layer(cell, features, units), x)
    return interleaved_minimum(calls, rounds)


def _call(signature: Any, argument: str, x: Any) -> Callable[[], object]:
    def call() -> object:
        (output,) = signature(**{argument: x}).values()
        return output.numpy()

    return call


def classifier(cell: str, folder: str) -> tuple[float, float, float]:
    """KiB of the graph of a bidirectional classifier, seconds of loading and of the first call."""
    import numpy as np

    import seqkit

    rng = np.random.default_rng(0)
    X = rng.normal(size=(32, 50, 8)).astype(np.float32)
    model = seqkit.SequenceClassifier(cell, units=UNITS, bidirectional=True, epochs=1)
    exported_to = model.fit(X, np.arange(32) % CLASSES).export(folder)
    size = Path(exported_to, "saved_model.pb").stat().st_size / 1024
    run = subprocess.run(
        [sys.executable, "-c", FIRST_CALL, exported_to], capture_output=True, text=True, check=True
    )
    load, first = json.loads(run.stdout.splitlines()[-1])
    return size, load, first


def formats(cell: str, rounds: int, folder: str) -> dict[str, tuple[dict[int, float], float, int]]:
    """By format: milliseconds of a call by the rows it has, seconds of the export, and bytes."""
    import time

    import numpy as np
    import tensorflow as tf

    import seqkit
    from seqkit.serving.formats import litert, onnx
    from seqkit.serving.versions import FILES

    rng = np.random.default_rng(0)
    X = rng.normal(size=(32, 50, 8)).astype(np.float32)
    model = seqkit.SequenceClassifier(cell, units=UNITS, epochs=1).fit(X, np.arange(32) % CLASSES)
    asks: dict[str, Callable[[Any], object]] = {}
    seconds, sizes = {}, {}
    for format in FORMATS:
        begun = time.perf_counter()
        options: Any = {"format": format}
        if format == "litert":
            options["steps"] = X.shape[1]
        version = Path(model.export(os.path.join(folder, format), **options))
        seconds[format] = time.perf_counter() - begun
        sizes[format] = sum(path.stat().st_size for path in version.rglob("*") if path.is_file())
        file = str(version / FILES[format])
        if format == "onnx":
            asks[format] = onnx.Session(file)
        elif format == "litert":
            asks[format] = litert.Session(Path(file).read_bytes())
        else:
            loaded = tf.saved_model.load(str(version))
            asks[format] = _asked(loaded, loaded.signatures["serving_default"])
    times: dict[str, dict[int, float]] = {format: {} for format in FORMATS}
    for rows in ROWS:
        calls = {name: _of({"inputs": X[:rows]}, ask) for name, ask in asks.items()}
        for name, found in interleaved_minimum(calls, rounds).items():
            times[name][rows] = found
    return {name: (times[name], seconds[name], sizes[name]) for name in FORMATS}


def _asked(loaded: Any, signature: Any) -> Callable[[Any], object]:
    def ask(rows: Any) -> object:
        assert loaded is not None  # it holds the weights
        return {name: value.numpy() for name, value in signature(**rows).items()}

    return ask


def _of(rows: Any, ask: Callable[[Any], object]) -> Callable[[], object]:
    return lambda: ask(rows)


def print_formats(cells: list[str], rounds: int) -> None:
    """Prints the table of formats."""
    columns = [f"{rows} rows, ms" if rows > 1 else "1 row, ms" for rows in ROWS]
    print_header(["cell", "format", *columns, "export, s", "files, KiB"], left=2)
    for cell in cells:
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
            found = formats(cell, rounds, folder)
        for name, (times, seconds, size) in found.items():
            calls = [f"{times[rows]:.2f}" for rows in ROWS]
            print_row([cell, name, *calls, f"{seconds:.1f}", f"{size / 1024:.0f}"])


def main() -> None:
    arguments = _arguments()
    print_machine()
    if arguments.formats:
        print_formats(arguments.cells, arguments.rounds)
        return
    print_header(["B, T, D, H", "cell", "keras, ms", *COLUMNS], left=2)
    for index in arguments.shapes:
        for cell in arguments.cells:
            with tempfile.TemporaryDirectory() as folder:
                found = measure(SHAPES[index], cell, arguments.rounds, folder)
            ratios = [f"{found[name] / found['keras']:.2f}" for name in COLUMNS]
            shape = ", ".join(map(str, SHAPES[index]))
            print_row([shape, cell, f"{found['keras']:.2f}", *ratios])
    print()
    print_header(["classifier", "graph, KiB", "load, CPU s", "first call, CPU s"], left=1)
    for cell in arguments.cells:
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
            size, load, first = classifier(cell, folder)
        print_row(
            [f"bidirectional {cell}, {UNITS} units", f"{size:.0f}", f"{load:.2f}", f"{first:.2f}"]
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30, help="default 30")
    parser.add_argument(
        "--shapes",
        type=lambda text: [int(k) for k in text.split(",")],
        default=list(range(len(SHAPES))),
        help=", ".join(f"{index} = {shape}" for index, shape in enumerate(SHAPES)),
    )
    parser.add_argument("--cells", type=lambda text: text.split(","), default=list(CELLS))
    parser.add_argument("--formats", action="store_true", help="the formats that `export` writes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
