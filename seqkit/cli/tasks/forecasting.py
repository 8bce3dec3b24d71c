"""The next steps of series, a row a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from seqkit import checks
from seqkit.cli.tasks.task import Column, Table, Task

if TYPE_CHECKING:
    import pandas as pd

    from seqkit.cli.tasks.series_frames import SeriesFrame


class Forecasting(Task):
    """A value of a series at a time in each row."""

    name = "forecasting"
    estimator = "Seq2SeqForecaster"
    text = "the next steps of one series, or of many: a row a step"
    columns = (
        Column(
            "covariates",
            "that are known for the steps to forecast too: give these rows without a value",
            None,
            True,
        ),
        Column("static", "that describe a series", None, True),
    )
    nouns = "series"

    def column_names(self, model: Any) -> dict[str, Any]:
        kept = dict(getattr(model, "columns_", {}))
        return {**super().column_names(model), "texts": kept.get("texts")}

    def read(self, table: Table, model: Any) -> SeriesFrame:
        """The columns of a table that a forecaster reads.

        Raises:
            ValueError: for a column that is not there, or cannot be read.
        """
        from seqkit.cli.tables import numbers
        from seqkit.cli.tasks.series_frames import SeriesFrame
        from seqkit.readers.tables import plain_numbers
        from seqkit.timeseries.time_index import time_index

        given, source = table.frame, table.source
        keys = _keys(given, source, model)
        static = list(table.columns.get("static") or [])
        if static and len(keys) == 1:
            raise ValueError("--static describes series: it needs --id, the column that names them")
        covariates = [*(table.columns.get("covariates") or []), *model.past_covariates]
        covariates = list(dict.fromkeys(covariates))
        checks.known_column("--target", model.target, given.columns, source)
        frame = given[keys].copy()
        for name in keys:
            if _is_text(given[name]):
                frame[name] = plain_numbers(given[name], table.decimal)
        for name in keys[:-1]:
            if (given[name].isna() | (given[name].astype(object) == "")).any():
                raise ValueError(f"--id: {source} must name a series in each row.")
        times = frame[keys[-1]]
        frame[keys[-1]] = time_index(times, f"--time: column {keys[-1]!r} of {source}")
        decimal = table.decimal
        frame[model.target] = numbers(given[model.target], "--target", source, decimal=decimal)
        known, texts = table.columns.get("texts"), []
        for option, names in (("--covariates", covariates), ("--static", static)):
            for name in names:
                checks.known_column(option, name, given.columns, source)
                frame[name] = _value(given[name], option, table, known)
                if _is_text(frame[name]):
                    texts.append(name)
        order = frame.assign(**{n: frame.groupby(n, sort=False).ngroup() for n in keys[:-1]})
        rows = order.reset_index(drop=True).sort_values(keys, kind="stable").index.to_numpy()
        frame = frame.iloc[rows].reset_index(drop=True)
        return SeriesFrame(frame, keys, model.target, covariates, static, texts, rows)


def _keys(frame: pd.DataFrame, source: str, model: Any) -> list[str]:
    """The columns that name the series and the time."""
    from seqkit.readers.long_form import ID, column_in

    columns = list(frame.columns)
    time = column_in(columns, model.time)
    if time is None:
        checks.known_column("--time", model.time, columns, source)
    id = column_in(columns, model.id)
    if id is None:
        asked = [model.id] if isinstance(model.id, str) else list(model.id)
        for name in [] if asked == [ID] else asked:
            checks.known_column("--id", name, columns, source)
        return [time]
    return [*([id] if isinstance(id, str) else id), time]


def _is_text(column: pd.Series) -> bool:
    import pandas as pd

    return column.dtype == object or pd.api.types.is_string_dtype(column)


def _value(column: pd.Series, option: str, table: Table, texts: Sequence[str] | None) -> Any:
    """A covariate as numbers, or as texts where it held such in training, or holds some now."""
    from seqkit.cli.tables import numbers

    if texts is None or column.name not in texts:
        try:
            return numbers(column, option, table.source, decimal=table.decimal)
        except ValueError:
            if texts is not None:
                raise
    return column.astype(object).where(column.notna(), "").astype(str).astype(object)
