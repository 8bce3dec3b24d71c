"""Frames of any library, read as those of pandas: once, where they come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

# Packages whose objects are no frames of another library: nothing is imported to find that out.
KNOWN = {"builtins", "numpy", "pandas", "seqkit", "tensorflow", "keras", "scipy"}


def as_pandas(values: Any) -> Any:
    """A frame or a column of polars, pyarrow and others as pandas has it; all else as it is.

    Integers with missing values stay integers, dates and times stay dates, in their time zones;
    categories become strings, and lists stay in their cells.

    Args:
        values: anything.

    Raises:
        TypeError: for a frame that is not in memory.
        ValueError: for columns of one name.

    Example:
        >>> import pyarrow as pa
        >>> frame = as_pandas(pa.table({"speed": [1, None], "on": [True, False]}))
        >>> frame.dtypes.astype(str).tolist()
        ['Int64', 'bool']
        >>> as_pandas([1, 2])
        [1, 2]
    """
    if type(values).__module__.partition(".")[0] in KNOWN:
        return values
    import narwhals.stable.v2 as nw

    frame: Any = nw.from_native(values, pass_through=True, allow_series=True)
    if frame is values and hasattr(values, "__arrow_c_stream__"):  # such as a RecordBatch
        frame = nw.from_arrow(values, backend="pyarrow")
    elif frame is values and hasattr(values, "__arrow_c_array__"):
        import pyarrow as pa

        frame = nw.from_native(pa.chunked_array([values]), allow_series=True)
    if isinstance(frame, nw.LazyFrame):
        raise TypeError(
            f"Frames must be in memory, got a {type(values).__name__} of "
            f"{frame.implementation.name.lower()}. Collect it first, by .collect() in most."
        )
    if not isinstance(frame, nw.DataFrame | nw.Series) or frame.implementation.is_pandas():
        return values
    if frame.implementation.is_pandas_like():  # which have an index
        return frame.to_pandas()
    if isinstance(frame, nw.Series):
        return _column(frame)
    return _table(frame)


def _table(frame: Any) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({column.name: _column(column) for column in frame.iter_columns()})


def _column(column: Any) -> pd.Series:
    """A column by its type: pandas would make floats of integers, and objects of dates."""
    import narwhals.stable.v2 as nw
    import pandas as pd

    kind, name = column.dtype, column.name or None
    if kind.is_integer() or kind == nw.Boolean:
        if not column.null_count():
            return pd.Series(column.to_numpy(), name=name)
        array = pd.arrays.IntegerArray if kind.is_integer() else pd.arrays.BooleanArray
        filled = column.fill_null(0 if kind.is_integer() else False).to_numpy()
        return pd.Series(array(filled.copy(), column.is_null().to_numpy().copy()), name=name)
    if kind.is_numeric():  # decimals too
        return pd.Series(
            column.cast(nw.Float64 if kind.is_decimal() else kind).to_numpy(), name=name
        )
    if isinstance(kind, nw.Datetime) and kind.time_zone is not None:
        utc = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None).to_numpy()
        return pd.Series(utc, name=name).dt.tz_localize("UTC").dt.tz_convert(kind.time_zone)
    if kind == nw.Date:
        return pd.Series(column.to_numpy().astype("M8[s]"), name=name)
    if kind.is_temporal() and kind != nw.Time:
        return pd.Series(column.to_numpy(), name=name)
    if kind in (nw.String, nw.Categorical, nw.Enum):
        return pd.Series(column.cast(nw.String).to_list(), name=name)
    cells = np.empty(len(column), object)
    cells[:] = column.to_list()
    return pd.Series(cells, name=name)
