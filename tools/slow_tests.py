"""Lists the tests that `make test` leaves to `make test-slow`, as each takes long by itself.

    python -m tools.slow_tests TIMES [--seconds 2]

TIMES is what a run of the tests wrote with SEQKIT_TEST_TIMES=TIMES, lines of seconds of processor
time and a test's id. Tests that were not run stay where they are.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

LISTED = Path(__file__).resolve().parent.parent / "tests" / "slow_tests.txt"
SECONDS = 2.0


def slow_tests(before: Iterable[str], times: Iterable[str], seconds: float) -> list[str]:
    """The ids of slow tests, sorted.

    Example:
        >>> slow_tests(["a.py::old", "a.py::fast"], ["5.10 a.py::new", "0.20 a.py::fast"], 4.0)
        ['a.py::new', 'a.py::old']
    """
    listed = set(before)
    for line in times:
        taken, _, test = line.rstrip("\n").partition(" ")
        (listed.add if float(taken) >= seconds else listed.discard)(test)
    return sorted(listed)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("times", type=Path)
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"default {SECONDS}")
    arguments = parser.parse_args()
    before = LISTED.read_text(encoding="utf-8").splitlines() if LISTED.exists() else []
    with arguments.times.open(encoding="utf-8") as times:
        listed = slow_tests(before, times, arguments.seconds)
    LISTED.write_text("".join(f"{test}\n" for test in listed), encoding="utf-8", newline="\n")
    print(f"{len(listed)} slow tests")


if __name__ == "__main__":
    main()
