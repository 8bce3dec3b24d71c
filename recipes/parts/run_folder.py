"""The folder that a recipe writes its results to."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from seqkit.extras import require


class RunFolder:
    """The folder of one run. Each file appears complete or not at all.

    Args:
        folder: made if it is not there.

    Raises:
        ValueError: for a folder that is a file, or in one.
        MissingExtraError: without matplotlib, which draws the pictures.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        require("matplotlib", "the learning curve of a recipe")
        self.folder = Path(folder)
        file = next((p for p in (self.folder, *self.folder.parents) if p.is_file()), None)
        if file is not None:
            raise ValueError(f"--output must be a folder, and {file} is a file.")
        self.folder.mkdir(parents=True, exist_ok=True)

    def write_json(self, name: str, content: Any) -> None:
        """Writes name.json."""
        text = json.dumps(content, indent=2, ensure_ascii=False, default=_plain)
        self._write(f"{name}.json", lambda path: path.write_text(text + "\n", encoding="utf-8"))

    def write_text(self, name: str, text: str) -> None:
        """Writes name.txt."""
        self._write(f"{name}.txt", lambda path: path.write_text(text, encoding="utf-8"))

    def write_csv(self, name: str, columns: Mapping[str, Iterable[Any]]) -> None:
        """Writes name.csv with a column an entry."""

        def write(path: Path) -> None:
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(columns)
                writer.writerows(zip(*columns.values(), strict=True))

        self._write(f"{name}.csv", write)

    def write_history(self, history: Mapping[str, Sequence[float]]) -> None:
        """Writes history.csv, a row an epoch, and learning_curve.png."""
        epochs = range(1, len(next(iter(history.values()))) + 1)
        self.write_csv("history", {"epoch": epochs, **history})

        def draw(axes: Any) -> None:
            for name in ("loss", "val_loss"):
                if name in history:
                    label = "validation" if name.startswith("val_") else "training"
                    axes.plot(epochs, history[name], label=label)
            axes.set(xlabel="epoch", ylabel="loss", title="Learning curve")
            axes.xaxis.get_major_locator().set_params(integer=True)
            axes.legend()
            axes.grid(alpha=0.3)

        self._draw("learning_curve", draw)

    def write_confusion(self, truth: Any, predicted: Any) -> None:
        """Writes confusion_matrix.png."""
        from sklearn.metrics import ConfusionMatrixDisplay

        def draw(axes: Any) -> None:
            ConfusionMatrixDisplay.from_predictions(
                truth, predicted, ax=axes, cmap="Blues", colorbar=False
            )
            axes.set_title("Test set")

        self._draw("confusion_matrix", draw)

    def write_figure(self, name: str, figure: Any) -> None:
        """Writes name.png, of a figure of matplotlib."""
        self._write(f"{name}.png", lambda path: figure.savefig(path, dpi=120, format="png"))

    def _draw(self, name: str, draw: Callable[[Any], None]) -> None:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6, 5), layout="constrained")
        draw(figure.subplots())
        self.write_figure(name, figure)

    def _write(self, name: str, write: Callable[[Path], Any]) -> None:
        partial = self.folder / f".{name}.partial"
        try:
            write(partial)
            os.replace(partial, self.folder / name)
        finally:
            partial.unlink(missing_ok=True)


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else str(value)
