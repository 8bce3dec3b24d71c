"""The folder of a trained model: what is written into it, and what it does not overwrite."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from seqkit.cli.run_folder import FILES, MODEL, RunFolder, check_output, logged
from seqkit.extras import MissingExtraError, require

CONFIG = "config"


class Results:
    """The folder of a run that trains. Each file appears complete or not at all.

    Args:
        folder: made if it is not there.
        overwrite: whether results that are there may be replaced.

    Raises:
        ValueError: for a folder that is a file, or has results without `overwrite`.
    """

    def __init__(self, folder: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        check_output(folder, overwrite=overwrite)
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
        with logged(self.folder):
            if not self.draws:
                print(self._without)
            yield
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
