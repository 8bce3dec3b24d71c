"""The user's table of series, with what else is known of them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seqkit.cli.csv_form import form_of, told_as_options
from seqkit.cli.tables import numbers

if TYPE_CHECKING:
    import pandas as pd


class OwnTable(NamedTuple):
    """Frames of the user's table, the rows of each series in the order of time.

    Attributes:
        series: long, with columns unique_id, ds and y.
        covariates: long, with columns unique_id, ds and those of --covariates, also for steps that
            follow the series; None without.
        static: the columns of --static, a row a series; None without.
    """

    series: pd.DataFrame
    covariates: pd.DataFrame | None
    static: pd.DataFrame | None


def read_own(options: argparse.Namespace) -> OwnTable:
    """The table of --csv. Where it has covariates, a series ends with its last value.

    Prints the names of columns that no option names.

    Raises:
        FileNotFoundError, ValueError: for a table that cannot be read, a column that is not there
            (the nearest is offered), times that are none, values that are no numbers, or a static
            column of several values a series.
    """
    import pandas as pd

    from seqkit.readers.tables import read_table
    from seqkit.timeseries.time_index import time_index

    path = options.csv
    with told_as_options():
        names = [*([options.id] if options.id else []), *options.static]
        table = read_table(path, names, **form_of(options))
        _check_columns(table, options)
        values = numbers(table[options.value], "--value", path)
        known = {c: _covariate(table[c], path) for c in options.covariates}
    ids = table[options.id] if options.id else pd.Series(options.value, table.index)
    if ids.isna().any():
        row = int(np.argmax(ids.isna()))
        raise ValueError(f"--id: {path} must name a series in each row, got none in row {row + 1}.")
    times = time_index(table[options.time], f"--time: column {options.time!r} of {path}")
    order = np.lexsort((times, pd.factorize(ids)[0]))
    steps = pd.DataFrame({"unique_id": ids.to_numpy(), "ds": times})
    series = steps.assign(y=values).iloc[order].reset_index(drop=True)
    static = _static(table, options) if options.static else None
    if not options.covariates:
        return OwnTable(series, None, static)
    covariates = pd.concat([steps, pd.DataFrame(known)], axis=1).iloc[order]
    return OwnTable(_to_last_value(series), covariates.reset_index(drop=True), static)


def _covariate(column: pd.Series, path: str) -> Any:
    """The values of a column: categories as they are, anything else as numbers."""
    from seqkit.estimators.forecasting.categories import are_categories

    if are_categories(column):
        return column.astype(object).where(column.isna(), column.astype(str)).to_numpy(object)
    return numbers(column, "--covariates", path)


def _check_columns(table: pd.DataFrame, options: argparse.Namespace) -> None:
    """Raises ValueError for a column that is not there, or named twice; tells those not named."""
    from seqkit.readers.tables import check_column

    named = [("--time", options.time), ("--value", options.value)]
    named += [("--id", options.id)] if options.id else []
    named += [("--covariates", c) for c in options.covariates]
    named += [("--static", c) for c in options.static]
    for option, column in named:
        check_column(table, option, column, options.csv)
    columns = [column for _, column in named]
    if len(set(columns)) < len(columns):
        given = ", ".join(dict.fromkeys(option for option, _ in named))
        raise ValueError(f"{given} must name different columns, got {columns}.")
    kept = {"unique_id", "ds"} & set(options.covariates)
    if kept:
        raise ValueError(f"--covariates: {min(kept)!r} is no name of a covariate. Rename it.")
    others = [repr(str(c)) for c in table.columns if c not in columns]
    if others:
        shown = ", ".join(others[:10]) + (", ..." if len(others) > 10 else "")
        print(
            f"{options.csv}: {shown} {'is' if len(others) == 1 else 'are'} not used. --covariates "
            "names what is known for the steps to forecast, --static what describes a series.",
            flush=True,
        )


def _static(table: pd.DataFrame, options: argparse.Namespace) -> pd.DataFrame:
    """The columns that describe series, by their names."""
    of_series = table.groupby(options.id, sort=False)
    for column in options.static:
        several = of_series[column].nunique()
        if (several > 1).any():
            name: Any = several.index[int(np.argmax(several > 1))]
            got = table.loc[table[options.id] == name, column].dropna().unique()[:2]
            raise ValueError(
                f"--static: column {column!r} of {options.csv} must hold one value a series, got "
                f"{' and '.join(map(str, got))} for {name!r}. What changes is for --covariates."
            )
    return of_series[options.static].first()


def _to_last_value(series: pd.DataFrame) -> pd.DataFrame:
    """Without the rows after the last value of each series: these are to be forecast."""
    has_value = series["y"].notna()
    whole = has_value.groupby(series["unique_id"]).transform("any")
    goes_on = has_value[::-1].groupby(series["unique_id"][::-1]).cummax()[::-1].astype(bool)
    return series[goes_on | ~whole].reset_index(drop=True)
