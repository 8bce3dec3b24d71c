"""Series and timestamps as error messages name them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def series_named(name: Hashable) -> str:
    """A series by its name; one alone may have none.

    Example:
        >>> series_named("shop 3"), series_named(None)
        ("series 'shop 3'", 'y')
    """
    return "y" if name is None else f"series {name!r}"


def series_listed(names: Sequence[Hashable], most: int = 5) -> str:
    """The first few of the names of series.

    Example:
        >>> series_listed(["a", 3, "c"], most=2), series_listed([None])
        ("'a', 3, ...", 'y')
    """
    shown = ["y" if name is None else repr(name) for name in names[:most]]
    return ", ".join(shown) + (", ..." if len(names) > most else "")


def listed(entries: Sequence[Any] | pd.Index, most: int = 5) -> str:
    """The first few of timestamps or names.

    Example:
        >>> listed(["2024-01", "2024-02", "2024-03"], most=2)
        '2024-01, 2024-02 and 1 more'
    """
    more = len(entries) - most
    return ", ".join(map(str, entries[:most])) + (f" and {more} more" if more > 0 else "")
