"""Training and forecasting with the forecaster, against the same model in torch.

    python -m benchmarks.forecasting [--rounds N] [--windows N]

The 1,428 monthly series of M3: histories of 36 months, 18 months to forecast, GRUs of 64 units,
256 windows a step, absolute errors in units of MASE, Adam. Both cut each batch from the series when
it is wanted, ours in the graph, torch's by NumPy. They take turns, pass by pass over as many
windows, in one process with as many threads each as there are cores; a figure is of the
fastest pass, the first, which compiles, not counted. Forecasting is `predict` for all series,
from pandas to pandas. Memory is what the process has grown by over all windows, beside what
they would take if they were cut beforehand.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.timing import cores, interleaved_minimum, print_header, print_machine, print_row

LOOKBACK, BATCH, UNITS = 36, 256, 64


def cut(
    histories: list[np.ndarray], windows: Any, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Batches of (history, truth, weights) in a random order, by NumPy."""
    missing = np.full(LOOKBACK, np.nan, np.float32)
    flat = np.concatenate([np.r_[missing, h.astype(np.float32)] for h in histories])
    starts = np.cumsum([0, *(len(h) + LOOKBACK for h in histories)])[:-1] + LOOKBACK
    order = rng.permutation(len(windows))
    for begin in range(0, len(order) - BATCH + 1, BATCH):
        rows = order[begin : begin + BATCH]
        series = windows.series[rows]
        places = (starts[series] + windows.ends[rows])[:, None]
        steps = flat[places + np.arange(-LOOKBACK, windows.horizon)]
        weights = windows.weights[series].astype(np.float32)
        yield steps[:, :LOOKBACK], steps[:, LOOKBACK:], weights


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="passes of each; default 5")
    parser.add_argument("--windows", type=int, default=10_240, help="in a pass; default 10240")
    options = parser.parse_args()
    import psutil
    import torch

    import seqkit
    from benchmarks.peers.torch_forecaster import TorchForecaster, epoch
    from seqkit.training.windows import Windows

    m3 = seqkit.data.load_m3("monthly")
    model = seqkit.Seq2SeqForecaster(
        m3.horizon,
        LOOKBACK,
        units=UNITS,
        season=m3.seasonal_period,
        batch_size=BATCH,
        epochs=1,
        random_state=0,
    )
    process = psutil.Process()
    model.fit(m3.train)
    before = process.memory_info().rss
    series = model._input.data
    every, _ = model._target.windows(series, model._input.panel, 0, None)
    model.model_.fit(every.dataset(BATCH), epochs=1, verbose=0, shuffle=False)
    grown = (process.memory_info().rss - before) / 2**20
    rng = np.random.default_rng(0)
    rows = rng.permutation(len(every))[: options.windows]
    windows = Windows(
        series, LOOKBACK, m3.horizon, every.series[rows], every.ends[rows], every.weights
    )

    def ours() -> None:
        model.model_.fit(windows.dataset(BATCH, rng), epochs=1, verbose=0, shuffle=False)

    torch.set_num_threads(cores())
    other = TorchForecaster(m3.horizon, m3.seasonal_period, UNITS)
    adam = torch.optim.Adam(other.parameters(), 0.003)
    theirs = sum(weight.numel() for weight in other.parameters())
    if abs(theirs - model.model_.count_params()) > 0.03 * theirs:
        raise RuntimeError(f"the models differ: {theirs} weights in torch")
    histories = list(series.values)
    found = interleaved_minimum(
        {"torch": lambda: epoch(other, adam, cut(histories, windows, rng)), "seqkit": ours},
        options.rounds,
        long=True,
    )
    print_machine()
    print_header(("training", "windows a second", "seqkit / this"), left=1)
    for name, ms in found.items():
        speed = 1e3 * len(windows) / ms
        print_row((name, f"{speed:,.0f}", f"{ms / found['seqkit']:.2f}"))
    model.predict()
    seconds = []
    for _ in range(options.rounds):
        start = time.perf_counter()
        model.predict()
        seconds.append(time.perf_counter() - start)
    size = len(every) * (LOOKBACK + m3.horizon) * 4 / 2**20
    print(f"\npredict for {len(histories):,} series: {min(seconds):.2f} s")
    print(f"a pass over {len(every):,} windows: {grown:+.0f} MiB; cut beforehand {size:.0f} MiB")


if __name__ == "__main__":
    main()
