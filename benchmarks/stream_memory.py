"""Memory of fitting a translator on a stream: bounded by the batch, not by the corpus.

    python -m benchmarks.stream_memory [--pairs N]

Measured: the peak resident memory of a process that fits `Seq2SeqTranslator` for an epoch on a
`tf.data.Dataset` of N pairs of strings, made up as they are read, and of one that does so on 4 N.
Vocabularies are learned from the stream too. Each runs in a process of its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.timing import print_header, print_machine, print_row

# This module must not import TensorFlow before the workers run: the peak of a new process starts
# from the size of the one that started it.

PAIRS, TIMES = 10_000, 4
WORDS = 2000  # that the sentences are made of
LONGEST = 16


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
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def measure(count: int) -> float:
    """`peak_of_fit` in a new process."""
    command = [sys.executable, "-m", "benchmarks.stream_memory", "--worker", str(count)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return float(output.split()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=PAIRS, help=f"N [{PAIRS}]")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(peak_of_fit(options.worker))
        return
    print_machine()
    print_header(("pairs in the stream", "peak of fit, MiB"), left=0)
    found = []
    for count in (options.pairs, TIMES * options.pairs):
        found.append(measure(count))
        print_row((f"{count:,}", f"{found[-1]:.0f}"))
    print(f"\n{TIMES} times the pairs take {found[1] - found[0]:+.0f} MiB")


if __name__ == "__main__":
    main()
