"""Seconds of small fits, beside Keras's and torch's.

    python -m benchmarks.small_fits [--rounds N]

A bidirectional LSTM of 64 units classifies sequences of 40 steps of 12 features, in batches of 32,
by its last states, with Adam. Figures are seconds of wall time of the first, second and third fit
in a process, after imports: the smallest of N processes, in which the libraries take turns. A fit
makes a new model. seqkit's is an estimator with Keras's habits: no clipping, one rate, no dropout.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.timing import print_header, print_machine, print_row

SIZES = ((60, 5), (270, 30), (2000, 20))  # sequences, epochs
LIBRARIES = ("keras", "torch", "seqkit")
STEPS, FEATURES, UNITS, BATCH = 40, 12, 64, 32
FITS = 3


def fit_of(library: str) -> Callable[[Any, Any, int], object]:
    """A fit by a library, which is imported now."""
    return {"keras": _keras, "torch": _torch, "seqkit": _seqkit}[library]()


def _seqkit() -> Callable[[Any, Any, int], object]:
    from seqkit import SequenceClassifier

    def fit(X: Any, y: Any, epochs: int) -> object:
        options: dict[str, Any] = {
            "units": UNITS,
            "pooling": "last",
            "dropout": 0.0,
            "clipnorm": None,
            "learning_rate": 1e-3,
            "learning_rate_schedule": "constant",
        }
        model = SequenceClassifier("lstm", batch_size=BATCH, epochs=epochs, **options)
        return model.fit(X, y)

    return fit


def _keras() -> Callable[[Any, Any, int], object]:
    import keras

    def fit(X: Any, y: Any, epochs: int) -> object:
        layers = keras.layers
        model = keras.Sequential(
            [layers.Bidirectional(layers.LSTM(UNITS)), layers.Dense(2, activation="softmax")]
        )
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        return model.fit(X, y, batch_size=BATCH, epochs=epochs, verbose=0)

    return fit


def _torch() -> Callable[[Any, Any, int], object]:
    import torch

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = torch.nn.LSTM(FEATURES, UNITS, batch_first=True, bidirectional=True)
            self.dense = torch.nn.Linear(2 * UNITS, 2)

        def forward(self, x: Any) -> Any:
            _, (h, _) = self.lstm(x)
            return self.dense(torch.cat([h[0], h[1]], 1))

    def fit(X: Any, y: Any, epochs: int) -> object:
        model, loss = Model(), torch.nn.CrossEntropyLoss()
        optimizer = torch.optim.Adam(model.parameters(), 1e-3)
        x, labels = torch.from_numpy(X), torch.from_numpy(y)
        for _ in range(epochs):
            order = torch.randperm(len(x))
            for start in range(0, len(x), BATCH):
                rows = order[start : start + BATCH]
                optimizer.zero_grad()
                loss(model(x[rows]), labels[rows]).backward()
                optimizer.step()
        return model

    return fit


def measured(library: str, sequences: int, epochs: int) -> list[float]:
    """Seconds of the fits in this process, one after the other."""
    import numpy as np

    rng = np.random.default_rng(0)
    X = rng.normal(size=(sequences, STEPS, FEATURES)).astype("float32")
    y = (X.sum((1, 2)) > 0).astype("int64")
    fit = fit_of(library)
    seconds = []
    for _ in range(FITS):
        start = time.perf_counter()
        fit(X, y, epochs)
        seconds.append(time.perf_counter() - start)
    return seconds


def in_a_process(library: str, sequences: int, epochs: int) -> list[float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.small_fits", "--worker"]
    command.append(f"{library}:{sequences}:{epochs}")
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [float(seconds) for seconds in output.stdout.split()[-FITS:]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="processes a library; default 3")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        library, sequences, epochs = arguments.worker.split(":")
        print(*measured(library, int(sequences), int(epochs)))
        return
    print_machine()
    columns = [f"{library}, fit {k + 1}" for k in range(FITS) for library in LIBRARIES]
    print_header(["sequences x epochs", *columns], left=1)
    for sequences, epochs in SIZES:
        best = {library: [float("inf")] * FITS for library in LIBRARIES}
        for _ in range(arguments.rounds):
            for library in LIBRARIES:
                seconds = in_a_process(library, sequences, epochs)
                best[library] = [min(pair) for pair in zip(best[library], seconds, strict=True)]
        figures = [f"{best[library][k]:.2f}" for k in range(FITS) for library in LIBRARIES]
        print_row([f"{sequences} x {epochs}", *figures])


if __name__ == "__main__":
    main()
