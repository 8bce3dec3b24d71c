"""What the tests of the recipes from strings to strings share."""

from __future__ import annotations

from pathlib import Path

SMALL = ["--units", "8", "--embedding-dim", "8", "--epochs", "1", "--cell", "gru"]
FILES = {
    "attention.png",
    "config.json",
    "examples.txt",
    "history.csv",
    "learning_curve.png",
    "metrics.json",
    "model.seqkit",
    "versions.json",
    "predictions.csv",
    "request.json",
}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
