"""An epoch of training with a GradientMonitor, beside one without.

    python -m benchmarks.gradient_monitor [--rounds N]

A figure is the shortest epoch, in ms, and the ratio of the two. Fits of both take turns in one
process, each of as many epochs as there are rounds, since a monitor belongs to a fit. The monitor
samples every tenth step, its default.
"""

from __future__ import annotations

import argparse
import time

from benchmarks.timing import print_header, print_machine, print_row

# rows, batch size, steps, features, units
SHAPES = ((640, 32, 50, 8, 64), (640, 32, 100, 64, 128))


def shortest_epochs(shape: tuple[int, ...], rounds: int) -> tuple[float, float]:
    """The shortest epoch without and with the monitor, in seconds."""
    import keras
    import numpy as np

    from seqkit.inspection import GradientMonitor
    from seqkit.layers import LSTM

    rows, batch, steps, features, units = shape
    rng = np.random.default_rng(0)
    x = rng.normal(size=(rows, steps, features)).astype("float32")
    y = rng.integers(0, 2, rows)
    contenders = []
    for callbacks in ([], [GradientMonitor()]):
        layers = [keras.Input((steps, features)), LSTM(units), keras.layers.Dense(2)]
        model = keras.Sequential(layers)
        model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        contenders.append((model, callbacks, EpochTimes()))
    for _ in range(2):
        for model, callbacks, times in contenders:
            epochs = rounds + 1  # the first is traced and compiled
            model.fit(
                x, y, batch_size=batch, epochs=epochs, verbose=0, callbacks=[*callbacks, times()]
            )
    plain, watched = (min(times.seconds) for _, _, times in contenders)
    return plain, watched


class EpochTimes:
    """Seconds of each epoch; a call makes the callback that measures them."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self) -> object:
        import keras

        started = [0.0]
        return keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, logs: started.__setitem__(0, time.perf_counter()),
            on_epoch_end=lambda epoch, logs: self.seconds.append(time.perf_counter() - started[0]),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    print_machine()
    print_header(("rows, B, T, D, H", "without, ms", "with, ms", "ratio"), left=1)
    for shape in SHAPES:
        plain, watched = shortest_epochs(shape, options.rounds)
        print_row(
            (
                ", ".join(map(str, shape)),
                f"{1e3 * plain:.1f}",
                f"{1e3 * watched:.1f}",
                f"{watched / plain:.3f}",
            )
        )


if __name__ == "__main__":
    main()
