"""Long form: a table with a row a time step, and columns that name the series and the time.

One convention for the whole product: the columns are called unique_id, ds and y unless the user
names others; instance and time, as others call them, are read too.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

ID, TIME, TARGET = "unique_id", "ds", "y"
ALSO = {ID: "instance", TIME: "time"}


def id_and_time(columns: Collection[Any], id: Any, time: Any) -> tuple[Any, Any] | None:
    """The columns that name the series and the time; None where a table has no such two.

    Args:
        columns: of the table.
        id, time: the names that they should have.

    Example:
        >>> id_and_time(["unique_id", "ds", "y"], ID, TIME)
        ('unique_id', 'ds')
        >>> id_and_time(["instance", "time", "y"], ID, TIME)
        ('instance', 'time')
        >>> id_and_time(["instance", "time", "y"], "shop", TIME)
    """
    for pair in ((id, time), (ALSO.get(id, id), ALSO.get(time, time))):
        if all(name in columns for name in pair):
            return pair
    return None
