"""Series for the forecasting recipe: of a competition, or of the user's table."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from seqkit.timeseries.panel import Panel

DATASETS = {"tourism": "Tourism, monthly", "m3": "M3, monthly"}


@dataclass(frozen=True)
class Task:
    """Series to learn from, and the last steps of each, to test on.

    Attributes:
        name: what messages call it.
        train: a long frame with columns unique_id, ds and y.
        test: one like it, the `horizon` steps that follow; NaN where the truth is missing.
        ids: names of the n series.
        histories: the values of `train`, (T_i,) each.
        truth: those of `test`, (n, H).
        horizon, season: steps to forecast, and in a season; 1: there is none.
        freq: the frequency, as the forecaster takes it.
    """

    name: str
    train: pd.DataFrame
    test: pd.DataFrame
    ids: list[Any]
    histories: list[np.ndarray]
    truth: np.ndarray
    horizon: int
    season: int
    freq: Any

    def sizes(self) -> str:
        lengths = [len(x) for x in self.histories]
        steps = "-".join(map(str, sorted({min(lengths), max(lengths)})))
        return (
            f"{self.name}: {len(lengths)} series of {steps} steps, horizon "
            f"{self.horizon}, season {self.season}"
        )

    def long(self, values: dict[str, Any]) -> pd.DataFrame:
        """Values (n, H) of the steps of the test part, as columns of a long frame."""
        columns = {name: np.asarray(v).ravel() for name, v in values.items()}
        return self.test[["unique_id", "ds"]].assign(**columns)

    def whole(self) -> Task:
        """The same series with nothing held out; its test part is empty."""
        import pandas as pd

        rows = pd.concat([self.train, self.test])
        order = np.argsort(pd.factorize(rows["unique_id"])[0], kind="stable")
        histories = [np.concatenate(pair) for pair in zip(self.histories, self.truth, strict=True)]
        return replace(
            self,
            train=rows.iloc[order].reset_index(drop=True),
            test=self.test[:0],
            histories=histories,
            truth=self.truth[:, :0],
        )

    def some(self, frame: pd.DataFrame, count: int) -> pd.DataFrame:
        """The rows of a few series, evenly spread."""
        rows = np.linspace(0, len(self.ids) - 1, min(count, len(self.ids))).astype(int)
        return frame[frame["unique_id"].isin([self.ids[row] for row in rows])]


def load(options: argparse.Namespace) -> Task:
    """The series that the options name.

    Raises:
        ValueError: for a table that cannot be read as series, or none long enough.
    """
    import pandas as pd

    from seqkit import data
    from seqkit.timeseries.read_series import read_series

    if options.csv:
        return _of_table(options)
    official = data.load_m3() if options.dataset == "m3" else data.load_tourism()
    # The official test part is what follows: as many steps of each as the horizon has.
    panel = read_series(pd.concat([official.train, official.test]), freq=1)
    return _held_out(DATASETS[options.dataset], panel, official.horizon, official.seasonal_period)


def _of_table(options: argparse.Namespace) -> Task:
    from seqkit.timeseries.read_series import read_series
    from seqkit.timeseries.seasons import season_of

    freq = options.freq
    if freq is not None and freq.isdigit():
        freq = int(freq)  # of times that are integers
    frame = read_long(options.csv, options.time, options.value, options.id)
    try:
        panel = read_series(frame, freq)
    except ValueError as error:
        hint = " Options of this recipe: --freq." if "freq=" in str(error) else ""
        if "more than once" in str(error) and not options.id:
            hint = " Where the table has several series, name their column by --id."
        raise ValueError(f"{options.csv}: {error}{hint}") from error
    season = options.season or season_of(panel)
    if season is None:
        print("There is no telling the season from the times; --season gives it.", flush=True)
    return _held_out(options.csv, panel, options.horizon, season or 1)


def read_long(path: str, time: str, value: str, id: str | None = None) -> pd.DataFrame:
    """The table as a long frame, the rows of each series in the order of time.

    Raises:
        FileNotFoundError, ValueError: for a table that cannot be read, a column that is not there
            (the nearest is offered), times that are none, or values that are no numbers.
    """
    import pandas as pd

    from seqkit.readers.tables import check_column, read_table
    from seqkit.timeseries.time_index import time_index

    table = read_table(path)
    named = {"--time": time, "--value": value} | ({"--id": id} if id else {})
    for option, column in named.items():
        check_column(table, option, column, path)
    if len(set(named.values())) < len(named):
        raise ValueError(
            f"{', '.join(named)} must name different columns, got {[*named.values()]}."
        )
    if not pd.api.types.is_numeric_dtype(table[value]):
        texts = table[value].astype(object)
        wrong = pd.to_numeric(texts, errors="coerce").isna() & texts.notna()
        row = int(np.argmax(wrong))
        raise ValueError(
            f"--value: column {value!r} of {path} must hold numbers, got {texts.iloc[row]!r} in "
            f"row {row + 1}."
        )
    names = table[id] if id else pd.Series(value, table.index)
    if names.isna().any():
        row = int(np.argmax(names.isna()))
        raise ValueError(f"--id: {path} must name a series in each row, got none in row {row + 1}.")
    times = time_index(table[time], f"--time: column {time!r} of {path}")
    frame = pd.DataFrame(
        {"unique_id": names.to_numpy(), "ds": times, "y": table[value].to_numpy(float)}
    )
    return frame.iloc[np.lexsort((times, pd.factorize(names)[0]))].reset_index(drop=True)


def _held_out(name: str, panel: Panel, horizon: int, season: int) -> Task:
    """A task whose test part is the last steps of each series."""
    long_enough = np.flatnonzero(panel.lengths > horizon)
    if not len(long_enough):
        raise ValueError(
            f"{name}: --horizon {horizon} needs a series of more steps, which are held out to test "
            f"on; the longest has {panel.lengths.max()}."
        )
    if len(long_enough) < len(panel.names):
        print(
            f"{name}: left out {len(panel.names) - len(long_enough)} of {len(panel.names)} series, "
            f"which have no more than the {horizon} steps to test on",
            flush=True,
        )
    panel = replace(
        panel,
        values=[panel.values[k] for k in long_enough],
        names=[panel.names[k] for k in long_enough],
        first=panel.first[long_enough],
    )
    histories = [x[:-horizon] for x in panel.values]
    truth = np.stack([x[-horizon:] for x in panel.values])
    before = panel.lengths - horizon
    return Task(
        name,
        _long(panel, 0, before, np.concatenate(histories)),
        _long(panel, before, np.full(len(before), horizon), truth.ravel()),
        panel.names,
        histories,
        truth,
        horizon,
        season,
        panel.freq,
    )


def _long(panel: Panel, begin: Any, counts: np.ndarray, values: np.ndarray) -> pd.DataFrame:
    """Some steps of each series as a long frame."""
    import pandas as pd

    names = pd.Index(panel.names).repeat(counts)
    times = panel.timestamps(begin, counts)
    return pd.DataFrame({"unique_id": names, "ds": times, "y": values})
