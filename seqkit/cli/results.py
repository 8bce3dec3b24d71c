"""The folder of a trained model: what is written into it, and what it does not overwrite."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from seqkit.cli.run_folder import MODEL, RunFolder
from seqkit.extras import MissingExtraError, require

CONFIG = "config"
LOG = "log.txt"
# All that a run may write, so that it leaves nothing of another one.
FILES = (
    *(MODEL, f"{CONFIG}.json", "metrics.json", "versions.json", "history.csv", "predictions.csv"),
    *("forecasts.csv", "future.csv", "learning_curve.png", "confusion_matrix.png", "forecasts.png"),
    "future.png",
)


class Results:
    """The folder of a run that trains. Each file appears complete or not at all.

    Args:
        folder: made if it is not there.
        overwrite: whether results that are there may be replaced.

    Raises:
        ValueError: for a folder that is a file, or has results without `overwrite`.
    """

    def __init__(self, folder: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        written = [name for name in FILES if (Path(folder) / name).exists()]
        if written and not overwrite:
            raise ValueError(
                f"--output: {folder} holds results already ({', '.join(written[:3])}). Name "
                "another folder, or replace them with --overwrite."
            )
        self._to = RunFolder(folder, pictures=False)
        self.folder = self._to.folder
        self._written: set[str] = set()
        self.draws = True
        try:
            require("matplotlib", "a picture")
        except MissingExtraError as missing:
            self.draws = False
            self._without = f"Without pictures: {missing}"

    @contextmanager
    def logged(self) -> Iterator[None]:
        """Writes what is printed to log.txt too; at the end, results of an earlier run are gone."""
        with (self.folder / LOG).open("w", encoding="utf-8") as log:
            before = sys.stdout, sys.stderr
            sys.stdout, sys.stderr = _Both(before[0], log), _Both(before[1], log)  # type: ignore
            try:
                if not self.draws:
                    print(self._without)
                yield
            except BaseException as error:
                log.write(f"{type(error).__name__}: {error}\n")
                raise
            finally:
                sys.stdout, sys.stderr = before
        for name in {*FILES} - self._written:
            (self.folder / name).unlink(missing_ok=True)

    def write_model(self, model: Any) -> None:
        """Writes model.seqkit, the history of its training, and the versions it was made with."""
        self._to.write_training(model, picture=self.draws)
        self._written |= {MODEL, "versions.json"}
        if next(iter(model.history_.values()), None):
            self._written |= {"history.csv", "learning_curve.png"}

    def write_config(self, configuration: Mapping[str, Any]) -> None:
        """Writes config.json, which makes the same run again."""
        self._to.write_json(CONFIG, configuration)
        self._written.add(f"{CONFIG}.json")

    def write_metrics(self, metrics: Mapping[str, Any]) -> None:
        """Writes metrics.json."""
        self._to.write_json("metrics", metrics)
        self._written.add("metrics.json")

    def write_table(self, name: str, columns: Mapping[str, Any]) -> None:
        """Writes a table of FILES, in CSV."""
        self._to.write_csv(name, columns)
        self._written.add(f"{name}.csv")

    def write_figure(self, name: str, figure: Any) -> None:
        """Writes a picture of FILES."""
        self._to.write_figure(name, figure)
        self._written.add(f"{name}.png")


class _Both:
    """A stream of text that is shown and written."""

    def __init__(self, shown: TextIO, written: TextIO) -> None:
        self._shown, self._written = shown, written

    def write(self, text: str) -> int:
        self._written.write(text)
        return self._shown.write(text)

    def flush(self) -> None:
        self._written.flush()
        self._shown.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shown, name)
