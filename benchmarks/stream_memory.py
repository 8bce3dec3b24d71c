"""Memory and speed of fits on streams, beside arrays in memory.

    python -m benchmarks.stream_memory [--pairs N] [--rows N]

Measured: the peak resident memory of a process that fits `Seq2SeqTranslator` for an epoch on a
`tf.data.Dataset` of N pairs of strings, made up as they are read, and of one that does so on 4 N.
Vocabularies are learned from the stream too.

Then a small GRU classifier is fitted for two epochs on N numeric sequences, and on 4 N, in each
form that data may have: how many samples of an epoch a second of the fit reads, tracing and
learning scales included, and the peak. Each figure is of a process of its own.
"""

from __future__ import annotations

import argparse
import functools
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.timing import print_header, print_machine, print_row

# This module must not import TensorFlow before the workers run: the peak of a new process starts
# from the size of the one that started it.

PAIRS, TIMES = 10_000, 4
WORDS = 2000  # that the sentences are made of
LONGEST = 16
ROWS = 50_000
STEPS, FEATURES = 16, 3
BATCH, EPOCHS = 256, 2
AT_ONCE = 1000  # sequences that are made up together
FORMS = ("arrays", "dataset of single elements", "dataset of batches", "function", "parquet")


def sentences(count: int) -> Iterator[tuple[str, str]]:
    """Random sentences, and what they are when read from their end."""
    import numpy as np

    rng = np.random.default_rng(0)
    letters = [chr(97 + k) for k in range(26)]
    words = ["".join(rng.choice(letters, rng.integers(2, 8))) for _ in range(WORDS)]
    for _ in range(count):
        chosen = [words[k] for k in rng.integers(0, WORDS, rng.integers(4, LONGEST + 1))]
        yield " ".join(chosen), " ".join(reversed(chosen))


def peak_of_fit(count: int) -> float:
    """MiB at most that this process has had, after a fit on as many pairs."""
    import tensorflow as tf

    import seqkit

    spec = tf.TensorSpec((), tf.string)
    stream = tf.data.Dataset.from_generator(lambda: sentences(count), output_signature=(spec, spec))
    model = seqkit.Seq2SeqTranslator(
        units=32, embedding_dim=32, max_tokens=1000, batch_size=256, epochs=1, random_state=0
    )
    model.fit(stream)
    return _peak()


def numbers(count: int) -> Iterator[tuple[Any, Any]]:
    """Noise, whose class is the sign of its mean, in batches."""
    import numpy as np

    rng = np.random.default_rng(0)
    for start in range(0, count, AT_ONCE):
        X = rng.normal(size=(min(AT_ONCE, count - start), STEPS, FEATURES)).astype("float32")
        yield X, (X.mean((1, 2)) > 0).astype("int64")


def data_of(form: str, count: int, folder: str) -> tuple[Any, ...]:
    """The arguments of a fit."""
    import numpy as np
    import tensorflow as tf

    if form == "arrays":
        X, y = zip(*numbers(count), strict=True)
        return np.concatenate(X), np.concatenate(y)
    if form == "function":
        import seqkit

        return (seqkit.data.Batches(lambda: numbers(count), count),)
    if form == "parquet":
        import seqkit

        _write(count, folder)
        return (seqkit.data.parquet_batches(folder, "x", "y"),)
    spec = (
        tf.TensorSpec((None, STEPS, FEATURES)),
        tf.TensorSpec((None,), tf.int64),
    )
    batches = tf.data.Dataset.from_generator(lambda: numbers(count), output_signature=spec)
    if form == "dataset of batches":
        return (batches,)
    return (batches.unbatch().apply(tf.data.experimental.assert_cardinality(count)),)


def _write(count: int, folder: str) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    kind = pa.list_(pa.list_(pa.float32()))
    writer = None
    for k, (X, y) in enumerate(numbers(count)):
        if k % 20 == 0:
            if writer is not None:
                writer.close()
            schema = pa.schema({"x": kind, "y": pa.int64()})
            writer = parquet.ParquetWriter(Path(folder, f"part-{k:06}.parquet"), schema)
        assert writer is not None
        writer.write_table(pa.table({"x": pa.array(X.tolist(), kind), "y": y}))
    assert writer is not None
    writer.close()


def speed_of_fit(form: str, count: int) -> tuple[float, float, float]:
    """Samples a second, seconds of processor time, and MiB at most, of a fit."""
    import seqkit

    with tempfile.TemporaryDirectory() as folder:
        data = data_of(form, count, folder)
        model = seqkit.SequenceClassifier(
            "gru", units=16, batch_size=BATCH, epochs=EPOCHS, random_state=0, early_stopping=False
        )
        started, cpu = time.perf_counter(), time.process_time()
        model.fit(*data)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    return EPOCHS * count / seconds, cpu, _peak()


def _peak() -> float:
    """MiB at most that this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


@functools.cache
def measure(*worker: str) -> list[float]:
    """The figures that a worker prints, in a new process."""
    command = [sys.executable, "-m", "benchmarks.stream_memory", "--worker", *worker]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [float(figure) for figure in output.splitlines()[-1].split()]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"N of texts, 0: none [{PAIRS}]")
    parser.add_argument("--rows", type=int, default=ROWS, help=f"N of numbers, 0: none [{ROWS}]")
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=FORMS, help="[all]")
    parser.add_argument("--worker", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        *form, count = options.worker
        figures = speed_of_fit(form[0], int(count)) if form else (peak_of_fit(int(count)),)
        print(*figures)
        return
    print_machine()
    if options.pairs:
        print_header(("pairs in the stream", "peak of fit, MiB"), left=0)
        found = []
        for count in (options.pairs, TIMES * options.pairs):
            found += measure(str(count))
            print_row((f"{count:,}", f"{found[-1]:.0f}"))
        print(f"\n{TIMES} times the pairs take {found[1] - found[0]:+.0f} MiB\n")
    if options.rows:
        print_header(("form", "rows", "samples a second", "CPU seconds", "peak, MiB"), left=1)
        for form in options.forms:
            for count in (options.rows, TIMES * options.rows):
                rate, cpu, peak = measure(form, str(count))
                print_row((form, f"{count:,}", f"{rate:,.0f}", f"{cpu:.0f}", f"{peak:.0f}"))


if __name__ == "__main__":
    main()
