"""Long form: a table with a row a time step, and columns that name the series and the time.

One convention for the whole product: the columns are called unique_id, ds and y unless the user
names others; instance and time, as others call them, are read too.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

ID, TIME, TARGET = "unique_id", "ds", "y"
ALSO = {ID: "instance", TIME: "time"}


def id_and_time(columns: Collection[Any], id: Any, time: Any) -> tuple[Any, Any] | None:
    """The columns that name the series and the time; None where a table has no such two.

    Args:
        columns: of the table.
        id, time: the names that they should have; id a list where several name a series.

    Example:
        >>> id_and_time(["unique_id", "ds", "y"], ID, TIME)
        ('unique_id', 'ds')
        >>> id_and_time(["instance", "time", "y"], ID, TIME)
        ('instance', 'time')
        >>> id_and_time(["instance", "time", "y"], "shop", TIME)
        >>> id_and_time(["shop", "item", "ds", "y"], ["shop", "item"], TIME)
        (['shop', 'item'], 'ds')
    """
    pair = column_in(columns, id), column_in(columns, time)
    return None if None in pair else pair


def column_in(columns: Collection[Any], name: Any) -> Any:
    """The column of this name, or what others call it; all of a list of names; None where a table
    has no such column.

    Example:
        >>> column_in(["instance", "size"], ID)
        'instance'
        >>> column_in(["shop"], ["shop", "item"])
    """
    if isinstance(name, list | tuple):
        return list(name) if all(part in columns for part in name) else None
    return next((n for n in (name, ALSO.get(name)) if n is not None and n in columns), None)


def with_series_as_column(table: pd.Series | pd.DataFrame, id: Any) -> pd.Series | pd.DataFrame:
    """The same, where a frame's index has the name of the series' column, with that column.

    Args:
        table: any, such as one indexed by unique_id, with columns ds and y.
        id: the name of the column that names the series.
    """
    name = table.index.name
    if name is None or not hasattr(table, "columns") or column_in(table.columns, id) is not None:
        return table
    return table.reset_index() if column_in([name], id) is not None else table
