"""The folder that a run writes its results to."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from seqkit.extras import require

MODEL = "model.seqkit"


class RunFolder:
    """The folder of one run. Each file appears complete or not at all.

    Args:
        folder: made if it is not there.
        pictures: whether pictures will be drawn, which needs matplotlib. Default True.

    Raises:
        ValueError: for a folder that is a file, or in one.
        MissingExtraError: without matplotlib, which draws the pictures.
    """

    def __init__(self, folder: str | os.PathLike[str], *, pictures: bool = True) -> None:
        if pictures:
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

    def write_history(
        self, history: Mapping[str, Sequence[float]], *, picture: bool = True
    ) -> None:
        """Writes history.csv, a row an epoch, and learning_curve.png."""
        epochs = range(1, len(next(iter(history.values()))) + 1)
        self.write_csv("history", {"epoch": epochs, **history})
        if picture:
            from seqkit.inspection import plot_history

            self.write_figure("learning_curve", plot_history(history))

    def write_joblib(self, name: str, model: Any) -> Path | None:
        """Writes name.joblib, of an estimator of scikit-learn, and returns its path; for None takes
        away what another run left there."""
        import joblib

        path = self.folder / f"{name}.joblib"
        if model is None:
            path.unlink(missing_ok=True)
            return None
        self._write(path.name, lambda partial: joblib.dump(model, partial))
        return path

    def write_training(self, model: Any, *, picture: bool = True) -> None:
        """Writes a fitted estimator, model.seqkit, which `predict` of the command line reads; the
        history of its training; and versions.json, which says what it was made with."""
        from seqkit.environment import versions

        model.save(self.folder / MODEL)
        self.write_json("versions", versions())
        if next(iter(model.history_.values()), None):
            self.write_history(model.history_, picture=picture)

    def write_confusion(self, truth: Any, predicted: Any) -> None:
        """Writes confusion_matrix.png."""
        from seqkit.inspection import plot_confusion

        figure = plot_confusion(truth, predicted, title="Test set")
        self.write_figure("confusion_matrix", figure)

    def write_figure(self, name: str, figure: Any) -> None:
        """Writes name.png, of a figure of matplotlib."""
        self._write(f"{name}.png", lambda path: figure.savefig(path, dpi=120, format="png"))

    def _write(self, name: str, write: Callable[[Path], Any]) -> None:
        partial = self.folder / f".{name}.partial"
        try:
            write(partial)
            os.replace(partial, self.folder / name)
        finally:
            partial.unlink(missing_ok=True)


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else str(value)
