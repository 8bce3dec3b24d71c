"""Prediction by estimators: one row's latency, many rows' speed, and memory.

    python -m benchmarks.prediction [--rounds N]

One row: milliseconds of `predict` on one sequence (50 steps, 8 features; a GRU of 32 units),
against `keras.Model.predict` on the same model; they take turns, and the minimum over rounds
counts.

Many rows: sequences a second of one `predict` call on 100,000 sequences, against the layer alone at
the shape (32, 50, 8, 32) of `benchmarks.layers`, and against `keras.Model.predict`.

Memory: growth of the peak during `predict` on 20,000 and on 200,000 sequences, in a process of its
own each, beyond what the input and the output take.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import Any

import numpy as np

from benchmarks.timing import interleaved_minimum, print_header, print_machine, print_row

STEPS, FEATURES, UNITS = 50, 8, 32
MANY = 100_000
SIZES = (20_000, 200_000)


def fitted(epochs: int = 1) -> Any:
    """A small fitted classifier."""
    import seqkit

    rng = np.random.default_rng(0)
    X = rng.normal(size=(64, STEPS, FEATURES)).astype(np.float32)
    model = seqkit.SequenceClassifier(
        "gru", units=UNITS, bidirectional=False, epochs=epochs, random_state=0
    )
    return model.fit(X, np.arange(64) % 2)


def sequences(count: int) -> np.ndarray:
    return np.random.default_rng(1).standard_normal((count, STEPS, FEATURES), dtype=np.float32)


def one_row(rounds: int) -> dict[str, float]:
    """Milliseconds a call."""
    model, x = fitted(), sequences(1)
    return interleaved_minimum(
        {
            "keras": lambda: model.model_.predict(x, verbose=0),
            "seqkit": lambda: model.predict(x),
        },
        rounds,
    )


def many_rows(rounds: int) -> dict[str, float]:
    """Sequences a second."""
    from benchmarks.peers import contenders as of

    model, X = fitted(), sequences(MANY)
    batch = of.inputs(32, STEPS, FEATURES)
    layer = of.tensorflow_forward(of.seqkit_layer("gru", FEATURES, UNITS), batch, path="compiled")
    best = interleaved_minimum(
        {
            "layer alone": lambda: [layer() for _ in range(100)],
            "keras": lambda: model.model_.predict(X, batch_size=256, verbose=0),
            "seqkit": lambda: model.predict(X),
        },
        rounds,
    )
    rows = {"layer alone": 3200, "keras": MANY, "seqkit": MANY}
    return {name: 1e3 * rows[name] / ms for name, ms in best.items()}


def growth(count: int) -> float:
    """MiB of the peak of predict beyond what was there before, and the output."""
    import psutil

    model, X = fitted(), sequences(count)
    model.predict(X[:2048])
    process = psutil.Process()
    before = process.memory_info().rss
    reset_peak()
    output = model.predict_proba(X)
    return (peak() - before - output.nbytes) / 2**20


def reset_peak() -> None:
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")


def peak() -> int:
    """Bytes of the highest resident set since the last reset."""
    with open("/proc/self/status") as file:
        line = next(line for line in file if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    # What is called this often is compiled, as a service's prediction is.
    parser.add_argument("--rounds", type=int, default=200, help="rounds of the latency")
    parser.add_argument("--growth", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.growth:
        print(json.dumps(growth(options.growth)))
        return
    print_machine()
    print_header(("what", "Keras", "seqkit", "ratio"), left=1)
    latency = one_row(options.rounds)
    keras, ours = latency["keras"], latency["seqkit"]
    print_row(("one row, ms", f"{keras:.2f}", f"{ours:.2f}", f"{keras / ours:.1f}"))
    speed = many_rows(3)
    keras, alone, ours = (speed[name] for name in ("keras", "layer alone", "seqkit"))
    print_row(("100,000 rows, a second", f"{keras:.0f}", f"{ours:.0f}", f"{ours / keras:.2f}"))
    print_row(("our layer alone, a second", "", f"{alone:.0f}", f"{ours / alone:.2f}"))
    for size in SIZES:
        command = [sys.executable, "-m", "benchmarks.prediction", "--growth", str(size)]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        mib = json.loads(run.stdout.splitlines()[-1])
        print_row((f"memory beyond input and output, {size} rows, MiB", "", f"{mib:.0f}", ""))


if __name__ == "__main__":
    main()
