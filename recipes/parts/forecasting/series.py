"""Series for the forecasting recipe: of a competition, or of the user's table."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .own_table import read_own

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
        covariates: what is known of steps, also of those that follow the test part: a long frame
            with columns unique_id, ds and further ones; or None.
        static: what describes series, a row each; or None.
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
    covariates: pd.DataFrame | None = None
    static: pd.DataFrame | None = None

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

    def categories(self) -> dict[str, list[str]]:
        """The names of categories of each covariate that is no number."""
        from seqkit.estimators.forecasting.categories import are_categories

        if self.covariates is None:
            return {}
        columns = self.covariates.drop(columns=["unique_id", "ds"]).items()
        return {str(c): sorted(x.dropna().unique()) for c, x in columns if are_categories(x)}

    def aligned(self) -> list[np.ndarray]:
        """The covariates of each series, (T_i + H, d); of a category its number among
        `categories`, -1 for none.

        Raises:
            ValueError: where one is missing in the H steps after `train`.
        """
        from seqkit.timeseries.covariates import align_covariates
        from seqkit.timeseries.read_series import read_series

        assert self.covariates is not None
        numbered = {
            column: self.covariates[column].map({v: k for k, v in enumerate(names)}).fillna(-1)
            for column, names in self.categories().items()
        }
        panel = read_series(self.train, self.freq)
        return align_covariates(panel, self.covariates.assign(**numbered), self.horizon).values

    def unknown_future(self) -> str:
        """The error of covariates that are missing in the steps after `train`, or nothing."""
        if self.covariates is not None:
            try:
                self.aligned()
            except ValueError as error:
                return str(error)
        return ""

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
    own = read_own(options)
    try:
        panel = read_series(own.series, freq)
    except ValueError as error:
        hint = " Options of this recipe: --freq." if "freq=" in str(error) else ""
        if "more than once" in str(error) and not options.id:
            hint = " Where the table has several series, name their column by --id."
        raise ValueError(f"{options.csv}: {error}{hint}") from error
    season = options.season or season_of(panel)
    if season is None:
        print("There is no telling the season from the times; --season gives it.", flush=True)
    task = _held_out(options.csv, panel, options.horizon, season or 1)
    task = replace(task, covariates=own.covariates, static=own.static)
    unknown = task.unknown_future()
    if unknown:
        raise ValueError(f"--covariates: {options.csv}, in the part to test on: {unknown}")
    unknown = task.whole().unknown_future()
    if unknown:
        print(
            f"No forecasts of what follows: {unknown} For them add rows of the {task.horizon} "
            f"steps after each series, with {', '.join(map(repr, options.covariates))} and without "
            f"{options.value!r}.",
            flush=True,
        )
    return task


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
