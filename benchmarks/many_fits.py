"""Memory of a process that fits many models, beside Keras's.

    python -m benchmarks.many_fits [--fits N]

A bidirectional GRU classifier is fitted, predicts, and is discarded, N times in one process: of one
size, or each of another. Figures are MiB of resident memory by which a fit makes the process grow,
from the fifth fit to the last, and seconds a fit. Keras's session is cleared after each of its
fits, as its documentation advises. Every row is a process of its own.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.timing import print_header, print_machine, print_row

FITS = 100
SETTLED = 5  # fits after which what is made once has been made
SEQUENCES, STEPS, FEATURES, UNITS = 64, 40, 12, 32


def grown(contender: str, sizes: str, fits: int) -> tuple[float, float]:
    """MiB and seconds a fit, in this process."""
    import numpy as np

    rng = np.random.default_rng(0)
    X = rng.normal(size=(SEQUENCES, STEPS, FEATURES)).astype("float32")
    y = np.arange(SEQUENCES) % 2
    fit = {"seqkit": _fit_seqkit, "keras": _fit_keras}[contender]
    before = started = 0.0
    for k in range(fits):
        if k == SETTLED:
            before, started = _resident(), time.perf_counter()
        fit(UNITS + (k if sizes == "other" else 0), X, y)
        gc.collect()
    count = fits - SETTLED
    return (_resident() - before) / count, (time.perf_counter() - started) / count


def _fit_seqkit(units: int, X, y) -> None:  # type: ignore[no-untyped-def]
    import seqkit

    model = seqkit.SequenceClassifier("gru", units=units, epochs=2, random_state=0)
    model.fit(X, y).predict(X)


def _fit_keras(units: int, X, y) -> None:  # type: ignore[no-untyped-def]
    import keras

    model = keras.Sequential(
        [keras.layers.Bidirectional(keras.layers.GRU(units)), keras.layers.Dense(2, "softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(X, y, epochs=2, verbose=0)
    model.predict(X, verbose=0)
    keras.backend.clear_session()


def _resident() -> float:
    """Resident size of this process, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fits", type=int, default=FITS, help=f"default {FITS}")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        contender, sizes = arguments.worker.split(":")
        print(*grown(contender, sizes, arguments.fits))
        return
    if arguments.fits <= SETTLED:
        parser.error(f"--fits must be more than {SETTLED}, got {arguments.fits}")
    print_machine()
    print_header(["sizes", "library", "MiB a fit", "seconds a fit"], left=2)
    for sizes in ("one", "other"):
        for contender in ("keras", "seqkit"):
            command = [sys.executable, "-m", "benchmarks.many_fits", "--fits", str(arguments.fits)]
            command += ["--worker", f"{contender}:{sizes}"]
            output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            memory, seconds = map(float, output.split()[-2:])
            print_row([sizes, contender, f"{memory:.1f}", f"{seconds:.2f}"])


if __name__ == "__main__":
    main()
