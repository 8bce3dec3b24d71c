"""An epoch in buckets of like length against one padded to the longest, on the critics' snippets.

    python -m benchmarks.bucketing [--epochs N] [--units 64,128]

The same model (bidirectional LSTM) is trained on the same 10,357 texts in batches of 32, once in
buckets, once with every batch padded to the longest text. The two take turns, epoch by epoch; a
figure is the fastest epoch in seconds, compilation not counted.
"""

from __future__ import annotations

import argparse
import math
import time
from typing import Any

import keras
import numpy as np

from benchmarks.timing import print_header, print_machine, print_row


class Padded:
    """Examples of which every batch is padded to the longest."""

    def __init__(self, examples: Any) -> None:
        self.examples = examples
        self.longest = max(len(s) for s in examples.sequences)

    def batches(self, batch_size: int, rng: np.random.Generator) -> Any:
        order = rng.permutation(len(self.examples))
        for start in range(0, len(order), batch_size):
            yield self.examples.batch(order[start : start + batch_size], self.longest, batch_size)

    def dataset(self, batch_size: int, rng: np.random.Generator) -> Any:
        import tensorflow as tf

        from seqkit.training.examples import as_dataset

        signature = self.examples.signature(batch_size)
        count = -(-len(self.examples) // batch_size)
        made = as_dataset(lambda: self.batches(batch_size, rng), signature)
        return made.apply(tf.data.experimental.assert_cardinality(count))

    def steps_a_shape(self, batch_size: int) -> float:
        return math.inf  # compiled, as the buckets of a long training are

    def dilution(self, batch_size: int) -> float:
        return -(-len(self.examples) // batch_size) * batch_size / len(self.examples)


class Seconds(keras.callbacks.Callback):
    """Measures epochs."""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.seconds = time.perf_counter() - self.started


def fastest_epochs(units: int, epochs: int) -> dict[str, float]:
    """Seconds of the fastest epoch, bucketed and padded."""
    import seqkit
    from seqkit.estimators.base import Given
    from seqkit.training.loop import train
    from seqkit.training.plan import Plan

    data = seqkit.data.load("critics_snippets")
    X, y = list(data.X_train), data.y_train
    contenders: dict[str, tuple[Any, Any]] = {}
    for name in ("bucketed", "padded"):
        estimator = seqkit.TextClassifier(units=units, epochs=1, random_state=0)
        examples = estimator._learn(Given(X, y))
        estimator._new_model(None)
        contenders[name] = estimator.model_, examples if name == "bucketed" else Padded(examples)
    best = dict.fromkeys(contenders, float("inf"))
    rng = np.random.default_rng(0)
    for epoch in range(epochs + 1):
        for name, (model, examples) in contenders.items():
            clock = Seconds()
            train(
                model,
                examples,
                None,
                plan=Plan(1),
                batch_size=32,
                patience=None,
                rng=rng,
                callbacks=[clock],
            )
            if epoch:  # the first one compiles
                best[name] = min(best[name], clock.seconds)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=3, help="timed epochs")
    parser.add_argument("--units", default="64,128", help="units of the LSTM")
    options = parser.parse_args()
    print_machine()
    print_header(("units", "padded, s", "bucketed, s", "padded / bucketed"), left=0)
    for units in map(int, options.units.split(",")):
        best = fastest_epochs(units, options.epochs)
        ratio = best["padded"] / best["bucketed"]
        figures = (f"{best['padded']:.2f}", f"{best['bucketed']:.2f}", f"{ratio:.2f}")
        print_row((str(units), *figures))


if __name__ == "__main__":
    main()
