"""Good and bad requests, mixed, while versions take each other's place."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.serving.models import FEATURES, STEPS, Inputs, bilstm
from benchmarks.timing import print_header, print_row

THREADS = 4  # of the server
SWAP = 5.0  # seconds from a version to the next
KEPT = 2  # versions that stay in the folder
SAMPLE = 0.5  # seconds from a look at the memory to the next
CLIENTS = 8
BAD_SHARE = 4  # a request of so many is a bad one


def bad_requests() -> list[tuple[str, str, Inputs]]:
    """Requests that a BiLSTM must refuse: the fault, the signature asked, the inputs."""
    import numpy as np

    row = np.zeros((1, STEPS, FEATURES), np.float32)
    default = "serving_default"
    return [
        ("infinity", default, {"inputs": np.full_like(row, np.inf)}),
        ("a row without steps", default, {"inputs": np.full_like(row, np.nan)}),
        ("other features", default, {"inputs": row[..., :5]}),
        ("another rank", default, {"inputs": row[0]}),
        ("texts", default, {"inputs": [["a"]]}),
        ("ragged rows", default, {"inputs": [[[0.0] * FEATURES], []]}),
        ("another input", default, {"rows": row}),
        ("no input", default, {}),
        ("another signature", "beam", {"inputs": row}),
    ]


@dataclass
class Mixed:
    """How minutes of mixed requests went.

    Attributes:
        good, bad: how many were sent.
        failed: good requests without the answer of their version's weights, by how.
        answered: bad requests that were not refused, by their fault.
        swaps: of versions.
        memory: resident MiB, sample after sample.
    """

    good: int = 0
    bad: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    swaps: int = 0
    memory: list[float] = field(default_factory=list)


def mixed(seconds: float, *, swap: float = SWAP) -> Mixed:
    """Sends good and bad requests for so long, while versions take each other's place."""
    import numpy as np

    from benchmarks.serving.pool_server import PoolServer, Refused

    models = [bilstm(seed=seed) for seed in (0, 1)]
    rows = np.random.default_rng(2).normal(size=(24, STEPS, FEATURES)).astype(np.float32)
    rows[::3, 20:] = np.nan
    sequences = [row[~np.isnan(row).all(1)] for row in rows]
    answers = [model.predict_proba(sequences) for model in models]
    bad = bad_requests()
    went = Mixed()
    lock, ended = threading.Lock(), threading.Event()

    def good_request(rng: Any) -> str | None:
        """Sends a good request, and says what was wrong with its answer."""
        at = int(rng.integers(len(rows)))
        try:
            number, outputs = server.ask({"inputs": rows[at : at + 1]})
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:80]}"
        near = np.allclose(outputs["probabilities"][0], answers[number % 2][at], atol=1e-5)
        return None if near else "another answer"

    def bad_request(rng: Any) -> str | None:
        """Sends a bad request, and says why it was not refused as it should be."""
        fault, signature, inputs = bad[int(rng.integers(len(bad)))]
        try:
            server.ask(inputs, signature)
        except Refused:
            return None
        except Exception as error:
            return f"{fault}: {type(error).__name__}: {str(error)[:80]}"
        return fault

    def client(seed: int) -> None:
        rng = np.random.default_rng(seed)
        while not ended.is_set():
            is_bad = bool(rng.integers(BAD_SHARE) == 0)
            wrong = (bad_request if is_bad else good_request)(rng)
            with lock:
                went.good += not is_bad
                went.bad += is_bad
                if wrong is not None:
                    (went.answered if is_bad else went.failed)[wrong] += 1

    with tempfile.TemporaryDirectory() as folder:
        # Version n has the weights of model n % 2.
        sources = [Path(model.export(Path(folder, f"source{k}"))) for k, model in enumerate(models)]
        served = Path(folder, "served")
        _publish(sources[1], served, 1)
        with PoolServer(served, THREADS) as server:
            until = time.perf_counter() + seconds
            clients = [threading.Thread(target=client, args=(k,)) for k in range(CLIENTS)]
            for thread in clients:
                thread.start()
            number, swapped = 1, time.perf_counter()
            went.memory.append(_memory())
            while server.error is None:
                time.sleep(min(SAMPLE, swap))
                went.memory.append(_memory())
                if server.swaps < number - 1:  # the last one is being loaded
                    continue
                if time.perf_counter() >= until:
                    break
                if time.perf_counter() - swapped >= swap:
                    number, swapped = number + 1, time.perf_counter()
                    _publish(sources[number % 2], served, number)
            ended.set()
            for thread in clients:
                thread.join()
            went.swaps = server.swaps
            if server.error is not None:
                went.failed[f"a version was not loaded: {server.error}"] += 1
    return went


def _publish(source: Path, served: Path, number: int) -> None:
    """Has a version appear complete, and an old one go."""
    served.mkdir(exist_ok=True)
    incoming = shutil.copytree(source, served / "incoming")
    incoming.rename(served / str(number))
    shutil.rmtree(served / str(number - KEPT), ignore_errors=True)


def _memory() -> float:
    import psutil

    return psutil.Process().memory_info().rss / 2**20


def print_mixed(went: Mixed, minutes: float) -> None:
    """Prints how mixed requests went, as a table, and what went wrong."""
    from statistics import median

    tenth = max(len(went.memory) // 10, 1)
    # The first tenth warms up; of the others the first and the last are compared.
    early, late = (
        median(went.memory[tenth : 2 * tenth] or went.memory),
        median(went.memory[-tenth:]),
    )
    print(f"\n## {minutes:g} minutes of mixed requests\n")
    print_header(["", "number"], left=1)
    for name, number in (
        ("good requests", went.good),
        ("of them without the answer of their version", sum(went.failed.values())),
        ("bad requests", went.bad),
        ("of them not refused", sum(went.answered.values())),
        ("versions that took the place of another", went.swaps),
        ("MiB of memory in the second tenth of the time", f"{early:.0f}"),
        ("MiB of memory in the last tenth", f"{late:.0f}"),
        ("growth, MiB a swap", f"{(late - early) / max(0.85 * went.swaps, 1):.2f}"),
    ):
        print_row([name, f"{number:,}" if isinstance(number, int) else number])
    for told in (went.failed, went.answered):
        for reason, count in told.most_common():
            print(f"\n- {count}: {reason}")
