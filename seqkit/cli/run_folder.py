"""The folder that a run writes its results to, and what it does not overwrite."""

from __future__ import annotations

import argparse
import csv
import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from seqkit.extras import require

MODEL = "model.seqkit"
LOG = "log.txt"
# All that `train` may write, so that it leaves nothing of another run.
FILES = (
    *(MODEL, "config.json", "metrics.json", "versions.json", "history.csv", "predictions.csv"),
    *("forecasts.csv", "future.csv", "learning_curve.png", "confusion_matrix.png", "forecasts.png"),
    "future.png",
)
# By any of these a folder is known to hold results of a run; the log of one that failed is none.
RESULTS = (*FILES, "request.json", "examples.txt", "baseline.joblib", "runs.png")


def add_output(options: Any, folder: str | None) -> None:
    """Adds --output and --overwrite, which are the same for everything that trains.

    Args:
        options: a parser, or a group of one.
        folder: the default of --output; None for none.
    """
    text = "folder for the model and the results"
    options.add_argument(
        "--output", metavar="DIR", default=folder, help=text + (f" [{folder}]" if folder else "")
    )
    options.add_argument(
        "--overwrite", action="store_true", help="replace the results that are there"
    )


def check_output(folder: str | os.PathLike[str], *, overwrite: bool) -> None:
    """Refuses a folder that a run would damage, before any work.

    Raises:
        ValueError: for a folder that is a file, or in one, or has results without `overwrite`.

    Example:
        >>> check_output("a folder that is not there", overwrite=False)
    """
    folder = Path(folder)
    file = next((p for p in (folder, *folder.parents) if p.is_file()), None)
    if file is not None:
        raise ValueError(f"--output must be a folder, and {file} is a file.")
    written = [name for name in RESULTS if (folder / name).exists()]
    if written and not overwrite:
        raise ValueError(
            f"--output: {folder} holds results already ({', '.join(written[:3])}). Name another "
            "folder, or replace them with --overwrite."
        )


def recorded(run: Callable[[argparse.Namespace], Any]) -> Callable[[argparse.Namespace], Any]:
    """A recipe's run that refuses a folder with results, unless options say `overwrite`, and writes
    its log and versions into it."""

    @functools.wraps(run)
    def recording(options: argparse.Namespace) -> Any:
        # Whether results may be replaced is nothing that makes the same run again.
        settings = {name: value for name, value in vars(options).items() if name != "overwrite"}
        check_output(options.output, overwrite=options.overwrite)
        with logged(options.output):
            results = run(argparse.Namespace(**settings))
        from seqkit.environment import versions

        RunFolder(options.output, pictures=False).write_json("versions", versions())
        return results

    return recording


@contextmanager
def logged(folder: str | os.PathLike[str]) -> Iterator[None]:
    """Writes what is printed to log.txt of a folder too, once anything is: a run that is refused
    before leaves nothing."""
    log = _Log(Path(folder, LOG))
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Both(before[0], log), _Both(before[1], log)  # type: ignore
    try:
        yield
    except BaseException as error:
        if log.file is not None:
            log.write(f"{type(error).__name__}: {error}\n")
        raise
    finally:
        sys.stdout, sys.stderr = before
        log.close()


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
        check_output(folder, overwrite=True)
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


class _Log:
    """A file that begins with what is first written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: TextIO | None = None

    def write(self, text: str) -> None:
        if self.file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.file = self.path.open("w", encoding="utf-8")
        self.file.write(text)

    def flush(self) -> None:
        if self.file is not None:
            self.file.flush()

    def close(self) -> None:
        if self.file is not None:
            self.file.close()


class _Both:
    """A stream of text that is shown and written."""

    def __init__(self, shown: TextIO, written: _Log) -> None:
        self._shown, self._written = shown, written

    def write(self, text: str) -> int:
        self._written.write(text)
        return self._shown.write(text)

    def flush(self) -> None:
        self._written.flush()
        self._shown.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shown, name)


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else str(value)
