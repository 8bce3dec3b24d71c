"""Exported models under load: requests a second, how long they take, and how they last.

    python -m benchmarks.serving [--seconds S] [--minutes M] [--quick] [--report FILE]

TensorFlow's own loader and a pool of 4 threads serve in this process; 1, 8 and 32 clients, threads
of it too, each send a request of one row and wait for the answer, for `--seconds`. There is no
network in between, and clients share the cores with what they ask: this is the cost of the models.

    BiLSTM, seqkit   SequenceClassifier("lstm", units=64): rows of 50 steps of 8 features
    BiLSTM, Keras    the same network and weights with Keras's LSTM, by Keras's `Model.export`
    texts            TextClassifier(units=64): 20 words
    translator       Seq2SeqTranslator(units=64, attention="luong"): 8 words, greedy
    forecaster       Seq2SeqForecaster(horizon=12, lookback=36, units=64)

With `--minutes` 8 clients then send the BiLSTM good and bad requests, while every few seconds
another version, with other weights, takes the place of the one before, whose folder goes. An answer
to a good request must be what `predict_proba` says of the weights of the version that gave it.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from benchmarks.serving.mixed import SWAP, THREADS, mixed, print_mixed
from benchmarks.serving.models import ALL, contenders
from benchmarks.timing import print_header, print_machine, print_row

CLIENTS = (1, 8, 32)


def measure(ask: Callable[[], object], clients: int, seconds: float) -> tuple[float, float, float]:
    """Requests a second, and the milliseconds that half, and 99 of 100, took at most."""
    times: list[list[float]] = [[] for _ in range(clients)]
    until = time.perf_counter() + seconds

    def client(own: list[float]) -> None:
        while not own or time.perf_counter() < until:
            begun = time.perf_counter()
            ask()
            own.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    threads = [threading.Thread(target=client, args=(own,)) for own in times]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.perf_counter() - begun
    ordered = sorted(itertools.chain.from_iterable(times))
    if len(ordered) < clients:
        raise RuntimeError("A client ended before its first answer; its error is above.")
    p50, p99 = (1e3 * ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
    return len(ordered) / lasted, p50, p99


def print_loads(names: Sequence[str], seconds: float, clients: Sequence[int]) -> None:
    """Prints the table of the models under load."""
    from benchmarks.serving.pool_server import PoolServer

    print_header(["model", "clients", "requests a second", "p50, ms", "p99, ms"], left=1)
    with tempfile.TemporaryDirectory() as folder:
        for name, versions, inputs in contenders(Path(folder), names):
            with PoolServer(versions, THREADS) as server:
                for _ in range(3 * THREADS):
                    server.ask(inputs)
                for count in clients:
                    rate, p50, p99 = measure(partial(server.ask, inputs), count, seconds)
                    print_row([name, str(count), f"{rate:,.0f}", f"{p50:.2f}", f"{p99:.2f}"])


class _Both:
    """Writes to two files."""

    def __init__(self, *files: TextIO) -> None:
        self._files = files

    def write(self, text: str) -> int:
        for file in self._files:
            file.write(text)
        return len(text)

    def flush(self) -> None:
        for file in self._files:
            file.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints; the exit status is 1 where a good request failed, or no bad one did."""
    options = _options(arguments)
    with contextlib.ExitStack() as stack:
        if options.report:
            file = stack.enter_context(Path(options.report).open("w", encoding="utf-8"))
            both: Any = _Both(sys.stdout, file)
            stack.enter_context(contextlib.redirect_stdout(both))
            _print_head(options)
        print_machine()
        print_loads(options.models, options.seconds, options.clients)
        if not options.minutes:
            return 0
        went = mixed(60 * options.minutes, swap=options.swap)
        print_mixed(went, options.minutes)
    return 1 if went.failed or went.answered else 0


def _print_head(options: argparse.Namespace) -> None:
    print("# Exports under load\n")
    print(
        f"Requests of one row that clients, threads, send to a pool of {THREADS} threads over "
        "TensorFlow's own loader in the same\nprocess: the cost of the models, without a network. "
        "BiLSTM, Keras is the same network and weights with Keras's LSTM,\nexported by Keras. "
        "The pool gains as far as there are cores; with more clients requests wait for each "
        "other.\nPrinted by\n"
    )
    command = f"python -m benchmarks.serving --seconds {options.seconds:g}"
    if options.minutes:
        command += f" --minutes {options.minutes:g}"
    print(f"    {command} --report {options.report}\n")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="of each row, default 5")
    parser.add_argument("--minutes", type=float, default=0.0, help="of mixed requests, default 0")
    parser.add_argument("--swap", type=float, default=SWAP, help=f"seconds, default {SWAP:g}")
    parser.add_argument("--quick", action="store_true", help="0.5 s each, 6 s of mixed requests")
    parser.add_argument("--report", metavar="FILE", help="a page of Markdown to write")
    parser.add_argument("--models", type=lambda text: text.split(";"), default=list(ALL))
    parser.add_argument(
        "--clients", type=lambda text: [int(k) for k in text.split(",")], default=list(CLIENTS)
    )
    options = parser.parse_args(arguments)
    if unknown := set(options.models) - set(ALL):
        parser.error(f"--models must be some of {'; '.join(ALL)}, got {'; '.join(unknown)}")
    if options.quick:
        options.seconds, options.minutes, options.swap = 0.5, 0.1, 1.5
    return options


if __name__ == "__main__":
    sys.exit(main())
