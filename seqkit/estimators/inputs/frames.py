"""Frames as users hand them over: in long form, as a table, or neither, which is an error."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Any, TypeGuard

from seqkit.readers.long_form import ALSO, ID, TIME, id_and_time

if TYPE_CHECKING:
    import pandas as pd

# By what names these columns often go elsewhere.
LIKE = {
    "id": (
        "id",
        "uid",
        "unique_id",
        "series_id",
        "item_id",
        "case_id",
        "case",
        "series",
        "instance",
    ),
    "time": (
        "t",
        "time",
        "timestamp",
        "timestep",
        "time_step",
        "time_index",
        "datetime",
        "date",
        "ds",
    ),
}
NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal", "boolean", "empty")


def is_long(X: object, id: str = ID, time: str = TIME) -> bool:
    """Whether X is a frame with a row a time step, rather than a row a sequence.

    Args:
        X: anything.
        id, time: names of the columns of a long frame.

    Example:
        >>> import pandas as pd
        >>> is_long(pd.DataFrame({"unique_id": [1, 1], "ds": [0, 1], "speed": [3.0, 4.0]}))
        True
        >>> is_long(pd.DataFrame({"t0": [3.0], "t1": [4.0]}))
        False
    """
    if not is_frame(X):
        return False
    return X.index.nlevels == 2 or id_and_time(X.columns, id, time) is not None


def long_columns(X: pd.DataFrame, id: str = ID, time: str = TIME) -> tuple[pd.DataFrame, str, str]:
    """A long frame with series and time as columns, and the names of these two.

    Args:
        X: a frame for which `is_long` is true.
        id, time: names of the columns; those of an index of two levels are given by their order.
    """
    if X.index.nlevels == 2:
        return X.rename_axis(index=[id, time]).reset_index(), id, time
    columns = id_and_time(X.columns, id, time)
    assert columns is not None
    return X, *columns


def is_frame(X: object) -> TypeGuard[pd.DataFrame]:
    """Whether X is a DataFrame."""
    return hasattr(X, "iloc") and hasattr(X, "columns")


def check_table(X: pd.DataFrame, id: str = ID, time: str = TIME) -> None:
    """Refuses a frame that is no table, with a row a sequence and a column a step.

    Args:
        X: a frame.
        id, time: names of the columns that a frame in long form has.

    Raises:
        TypeError: for columns of anything but numbers.
        ValueError: for the column names, or the index, of a frame in long form that is not yet
            named as one.

    Example:
        >>> import pandas as pd
        >>> check_table(pd.DataFrame({"t0": [3.0], "t1": [4.0]}))
    """
    if X.index.nlevels > 2:
        raise ValueError(
            f"X must have an index of one level, or of the two ({id}, {time}), got "
            f"{X.index.nlevels}: {_listed(X.index.names)}. Make columns of others by reset_index."
        )
    others = [k for k in range(X.shape[1]) if not _is_numeric(X.iloc[:, k])]
    named = _like_long(X)
    if others:
        column, cell = X.columns[others[0]], X.iloc[0, others[0]] if len(X) else None
        if _is_list(cell):
            raise TypeError(
                "X must have one number in each cell of a frame, got a "
                f"{type(cell).__name__} in column {column!r}. Give sequences as a list of arrays "
                "(T_i, d), X[column].tolist() for one, or as a frame in long form."
            )
        raise TypeError(
            f"X must have columns of numbers, one for each step, got {_listed(X.columns[others])}, "
            f"which are not. {_how_to_name(named, id, time)}"
        )
    if len(named) == 2 or {id, time, *ALSO.values()} & set(X.columns):
        raise ValueError(
            "X must have columns of numbers, one for each step, or be in long form, got "
            f"{_listed(X.columns)}, which look like long form. {_how_to_name(named, id, time)}"
        )


def text_column(X: object) -> Any:
    """The column of a frame of texts or lists, one a row; anything else as it is.

    Raises:
        TypeError: for more than one column.

    Example:
        >>> import pandas as pd
        >>> text_column(pd.DataFrame({"tokens": [["a", "b"], ["c"]]})).tolist()
        [['a', 'b'], ['c']]
    """
    if not is_frame(X) or is_long(X) or not X.shape[1]:
        return X
    cells = [next(iter(X.iloc[:, k].dropna()), None) for k in range(X.shape[1])]
    lists = [column for column, cell in zip(X.columns, cells, strict=True) if _is_list(cell)]
    if not lists and not all(isinstance(cell, str) for cell in cells):
        return X
    if X.shape[1] > 1:
        raise TypeError(
            f"X must be one column, a text or a list of tokens in each row, got the columns "
            f"{_listed(X.columns)}. Choose one: X[{(lists or list(X.columns))[0]!r}]."
        )
    return X.iloc[:, 0]


def _is_list(cell: object) -> bool:
    return hasattr(cell, "__len__") and not isinstance(cell, str | bytes)


def _how_to_name(named: dict[str, Hashable], id: str, time: str) -> str:
    options = ", ".join(f"{argument}={column!r}" for argument, column in named.items())
    hint = f" Is it {options}?" if named else ""
    return (
        f"A frame in long form, a row a step, is indexed by ({id}, {time}) or has these columns, "
        f"which the parameters id and time name, and numbers in all others.{hint}"
    )


def _like_long(X: pd.DataFrame) -> dict[str, Hashable]:
    """The columns that seem to name the series and the time, by their names; or by their dates."""
    import pandas as pd

    seeming: dict[str, Hashable] = {}
    for argument, names in LIKE.items():
        alike = [c for name in names for c in X.columns if str(c).lower() == name]
        if argument == "time":
            types = X.dtypes.items()
            alike += [c for c, kind in types if pd.api.types.is_datetime64_any_dtype(kind)]
        if alike:
            seeming[argument] = alike[0]
    return seeming


def _is_numeric(column: pd.Series) -> bool:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        return True
    return column.dtype == object and pd.api.types.infer_dtype(column) in NUMBERS


def _listed(names: Iterable[object]) -> str:
    shown = [repr(name) for name in names]
    return ", ".join(shown[:8]) + (", ..." if len(shown) > 8 else "")
