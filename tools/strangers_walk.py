"""A stranger's first minutes: train on a CSV, predict another, evaluate, export, verify.

    python -m tools.strangers_walk [PYTHON]

PYTHON is the interpreter of the environment to try, by default this one. What it runs is the seqkit
that is installed there, not the one of this checkout.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORDS = {"good": ("superb", "moving", "witty"), "bad": ("dull", "clumsy", "tired")}
FILL = ("the film", "a long night", "its plot", "these actors", "the last scene")


def reviews(count: int) -> list[tuple[str, str, str]]:
    """Numbers, texts and what is to be learned of them."""
    rows = []
    for k in range(count):
        kind = ("good", "bad")[k % 2]
        text = f"{FILL[k % 5]} and {FILL[(k // 2) % 5]}: {WORDS[kind][k % 3]}"
        rows.append((f"{k:03}", text, kind))
    return rows


def write(path: Path, header: list[str], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def commands(python: str) -> list[list[str]]:
    """The commands of the walk, run in a folder with reviews.csv and new.csv."""
    seqkit = [python, "-m", "seqkit"]
    columns = ["--text", "review", "--target", "verdict"]
    run = ["train", "text-classification", "--csv", "reviews.csv", *columns, "--output", "run"]
    model = "run/model.seqkit"
    return [
        [*seqkit, "--help"],
        [*seqkit, *run],
        [*seqkit, "predict", model, "--csv", "new.csv", "--output", "answers.csv"],
        [*seqkit, "evaluate", model, "--csv", "reviews.csv"],
        [*seqkit, "export", model, "served"],
        [*seqkit, "verify", "served"],
    ]


def walk(python: str, folder: Path) -> dict[str, float]:
    """Seconds of each command, by its verb.

    Raises:
        RuntimeError: where one fails, or answers wrongly.
    """
    write(folder / "reviews.csv", ["number", "review", "verdict"], [*reviews(200)])
    write(folder / "new.csv", ["number", "review"], [row[:2] for row in reviews(10)])
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    seconds = {}
    for command in commands(python):
        started = time.perf_counter()
        ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        seconds[command[3]] = time.perf_counter() - started
        if ran.returncode:
            raise RuntimeError(f"{' '.join(command[1:])} failed:\n{ran.stdout}{ran.stderr}")
    with (folder / "answers.csv").open(encoding="utf-8") as file:
        answers = list(csv.DictReader(file))
    expected = [kind for _, _, kind in reviews(10)]
    if [row["predicted"] for row in answers] != expected or answers[7]["number"] != "007":
        raise RuntimeError(f"answers.csv is not as it should be: {answers}")
    if not (folder / "served" / "1" / "saved_model.pb").is_file():
        raise RuntimeError("served/1 holds no SavedModel")
    return seconds


def main() -> int:
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    with tempfile.TemporaryDirectory() as folder:
        for verb, seconds in walk(os.path.abspath(python), Path(folder)).items():
            print(f"{verb:<10} {seconds:6.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
