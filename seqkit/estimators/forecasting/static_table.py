"""The table that describes series, a row each, found by their names."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from seqkit.checks import known_column
from seqkit.readers.long_form import column_in
from seqkit.timeseries.messages import series_listed
from seqkit.timeseries.series_forms import checked_ids, id_columns, ids_of


def by_series(static: Any, id: Any) -> pd.DataFrame:
    """The table indexed by the names of the series: those in the column that names them, where it
    has one, else those of its index.

    Args:
        static: as users give it.
        id: the name of the column that names the series, or a list of several.

    Raises:
        TypeError: for anything but a frame.
        ValueError: for a row that names no series, a series in two rows, or no column beside.

    Example:
        >>> by_series(pd.DataFrame({"unique_id": ["b", "a"], "size": [2, 1]}), "unique_id").loc["a"]
        size    1
        Name: a, dtype: int64
    """
    if not isinstance(static, pd.DataFrame):
        raise TypeError(
            "static must be a DataFrame indexed by the names of the series, or with a column of "
            f"them, got {type(static).__name__}."
        )
    names = id_columns(id)
    if len(names) > 1 and {*names} <= {*static.index.names}:
        static = static.reset_index()
    if len(names) > 1:
        for name in names if {*names} & {*static.columns} else []:
            known_column("id", name, static.columns, "static")
    column = column_in(static.columns, id)
    if column is not None:
        static = static.set_axis(ids_of(static, column, "static")).drop(columns=column)
    else:
        checked_ids(static.index, "static")
    if not static.shape[1]:
        raise ValueError("static must have a column beside the names of the series, got none.")
    if not static.index.is_unique:
        twice = static.index[static.index.duplicated()].unique().tolist()
        raise ValueError(f"static must have one row for each series, got more for {twice[:5]}.")
    return static


def rows_of(static: pd.DataFrame, names: Sequence[Hashable], id: Any) -> pd.DataFrame:
    """The rows of the series of these names, in their order.

    Args:
        static: as of `by_series`.
        names: of the series.
        id: the column of the names, or several, for the error.

    Raises:
        ValueError: where the table has no row for a series.
    """
    rows = static.index.get_indexer(pd.Index(names))
    unknown = [name for name, row in zip(names, rows, strict=True) if row < 0]
    if unknown:
        unnamed = " Give y a name, by which static has its row." if None in unknown else ""
        raise ValueError(
            f"static must have a row for each series, by its name in the column {id!r} or the "
            f"index; got none for {len(unknown)} of {len(names)}: {series_listed(unknown)}. It has "
            f"{series_listed(static.index.tolist())}.{unnamed}"
        )
    return static.iloc[rows]
