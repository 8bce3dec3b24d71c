"""Speed before and after a change, in five minutes: times by Keras's, beside those committed.

    python -m benchmarks.quick [--rounds N] [--write]

Both are measured in turns on this machine, so that their ratio hardly depends on it. The last
column is the ratio now by the ratio of quick.json: above 1 seqkit became slower. What differs by
less than a tenth is noise; of the small fits, which are one process each, less than a fifth.
`--write` commits what was measured.

    layer     one call of an LSTM or GRU layer, B, T, D, H = 32, 50, 8, 32: as benchmarks.layers
    export    a call of an exported model for one row: as benchmarks.exports
    small fit first and second fit of a classifier in a process: as benchmarks.small_fits
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks import exports, layers, small_fits
from benchmarks.timing import machine, print_header, print_machine, print_row

COMMITTED = Path(__file__).with_suffix(".json")
LAYER, EXPORT, FIT = (32, 50, 8, 32), (1, 50, 8, 64), (60, 5)
CELLS = ("lstm", "gru")


def measured(rounds: int) -> dict[str, float]:
    """seqkit's time by Keras's, by name."""
    ratios: dict[str, float] = {}
    for cell in CELLS:
        for call, found in layers.measure(LAYER, cell, rounds).items():
            ratios[f"layer, {cell}, {call}"] = found["ours"] / found["keras"]
        with tempfile.TemporaryDirectory() as folder:
            found = exports.measure(EXPORT, cell, rounds, folder)
        ratios[f"export, {cell}"] = found["seqkit"] / found["keras"]
    ours, kerass = (small_fits.in_a_process(library, *FIT) for library in ("seqkit", "keras"))
    for k, name in enumerate(("first", "second")):
        ratios[f"small fit, {name}"] = ours[k] / kerass[k]
    return ratios


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=30, help="default 30")
    parser.add_argument("--write", action="store_true", help="write quick.json")
    arguments = parser.parse_args()
    before = json.loads(COMMITTED.read_text())["ratios"] if COMMITTED.exists() else {}
    if not before:
        print(f"{COMMITTED} is missing: take --write to begin it.", file=sys.stderr)
    print_machine()
    ratios = measured(arguments.rounds)
    print_header(["seqkit / Keras", "committed", "now", "now / committed"], left=1)
    for name, ratio in ratios.items():
        then = before.get(name)
        shown = ["", f"{ratio:.2f}", ""]
        if then:
            shown = [f"{then:.2f}", f"{ratio:.2f}", f"{ratio / then:.2f}"]
        print_row([name, *shown])
    if arguments.write:
        report = {"machine": machine(), "ratios": {n: round(r, 3) for n, r in ratios.items()}}
        COMMITTED.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
