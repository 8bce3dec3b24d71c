"""Exported models: time of a call against Keras's export, size, loading and the first call.

    python -m benchmarks.exports [--rounds N] [--shapes 0,1] [--cells lstm,gru]

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


def main() -> None:
    arguments = _arguments()
    print_machine()
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
    return parser.parse_args()


if __name__ == "__main__":
    main()
