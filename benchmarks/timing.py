"""Fair timing of several contenders in one process, and a description of the machine."""

from __future__ import annotations

import gc
import os
import platform
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

PAUSE = 0.005  # seconds: the threads of the contender before stop spinning


def interleaved_minimum(
    contenders: Mapping[str, Callable[[], object]], rounds: int, *, long: bool = False
) -> dict[str, float]:
    """Milliseconds of the fastest call of each contender.

    Contenders take turns, so that a slow spell of the machine falls on all of them, and the minimum
    drops the rounds that were disturbed. Before each timed call there is a short pause and an
    untimed call of the same contender: threads of OpenMP go on spinning after their work, and would
    otherwise take a core from the contender that comes next. A call that is long, of seconds, is
    hardly touched by that: there the pause is enough.
    """
    best = dict.fromkeys(contenders, float("inf"))
    for call in contenders.values():  # traces and compiles
        call()
    collecting = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, call in contenders.items():
                time.sleep(PAUSE)
                if not long:
                    call()
                start = time.perf_counter()
                call()
                best[name] = min(best[name], time.perf_counter() - start)
    finally:
        if collecting:
            gc.enable()
    return {name: 1e3 * seconds for name, seconds in best.items()}


def machine() -> dict[str, str]:
    """Versions of what is compared, the processor and the cores that this process may use."""
    packages = {name: version(name) for name in ("tensorflow", "keras", "torch")}
    return {
        "python": platform.python_version(),
        **packages,
        "cpu": _cpu_name(),
        "cores": str(cores()),
    }


def print_machine() -> None:
    """Prints `machine` as one line above a table."""
    print(", ".join(f"{name} {value}" for name, value in machine().items()), end="\n\n")


def print_header(columns: Iterable[str], left: int) -> None:
    """Prints the head of a Markdown table whose first `left` columns are text."""
    columns = list(columns)
    print_row(columns)
    print_row(["---"] * left + ["---:"] * (len(columns) - left))


def print_row(values: Iterable[str]) -> None:
    """Prints a row of a Markdown table, at once: long runs show how far they are."""
    print("| " + " | ".join(values) + " |", flush=True)


def _cpu_name() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def cores() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
