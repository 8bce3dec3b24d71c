"""Reader of long tables: one row a time step, with columns that name the instance and the time."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.frames import as_pandas
from seqkit.readers.tables import check_column, decimal_comma, read_table
from seqkit.timeseries.time_index import day_first

if TYPE_CHECKING:
    import pandas as pd


def read_long(
    path: str | os.PathLike[str],
    instance: str = "instance",
    time: str = "time",
    label: str | None = "label",
    features: Sequence[str] | None = None,
    *,
    separator: str = ",",
    decimal: str = ".",
    encoding: str = "utf-8",
) -> tuple[list[np.ndarray], np.ndarray | None, np.ndarray]:
    r"""Reads time series, their labels and their names from a CSV or parquet file.

    Rows may come in any order: they are sorted by time within each instance.

    Args:
        path: the file; its suffix, .csv or .parquet, says how to read it.
        instance: column that says which series a row belongs to. Default "instance".
        time: column of numbers or dates; 01.02.2018 begins with the day, of 01/02/2018 a number
            above 12 somewhere in the column must tell. Default "time".
        label: column of labels, the same in all rows of an instance, or None for data without
            labels. Default "label". Instances and labels such as "007" and "NA" stay as they are
            written in a CSV file, unless all are plain numbers.
        features: columns of the values. Default: all the others.
        separator, decimal, encoding: what is between the columns of a CSV file, what is before
            decimals, and how its characters are written. Default ",", ".", "utf-8".

    Returns:
        Series, each (T_i, d) float32, with NaN where a value is missing; labels (n,) or None; and
        the instances (n,), in the order in which the file first names them.

    Raises:
        FileNotFoundError: for a missing file.
        ValueError: for a table that is not of this form; the message says which column or row.

    Example:
        >>> import pathlib, tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = pathlib.Path(folder.name, "walks.csv")
        >>> _ = path.write_text("walk,t,x,y,who\na,1,0.5,2,Ann\na,0,0.1,2,Ann\nb,0,9,9,Bo\n")
        >>> X, labels, walks = read_long(path, instance="walk", time="t", label="who")
        >>> [x.shape for x in X], labels.tolist(), walks.tolist()
        ([(2, 2), (1, 2)], ['Ann', 'Bo'], ['a', 'b'])
        >>> folder.cleanup()
    """
    path = Path(path)
    names = [instance] if label is None else [instance, label]
    frame = read_table(path, names, separator=separator, decimal=decimal, encoding=encoding)
    return long_frame(frame, instance, time, label, features, str(path))


def long_frame(
    frame: pd.DataFrame,
    instance: str = "instance",
    time: str = "time",
    label: str | None = None,
    features: Sequence[Any] | None = None,
    source: str = "X",
) -> tuple[list[np.ndarray], np.ndarray | None, np.ndarray]:
    """The same from a frame; errors call it `source`."""
    import pandas as pd

    frame = as_pandas(frame)
    chosen = {"instance": instance, "time": time} | ({} if label is None else {"label": label})
    for argument, column in chosen.items():
        check_column(frame, argument, column, source)
        if list(chosen.values()).count(column) > 1:
            raise ValueError(f"instance, time and label must be different columns, got {chosen}")
    # factorize numbers the instances in order of appearance.
    codes, ids = pd.factorize(frame[instance])
    if (codes < 0).any():
        row = int(np.argmax(codes < 0)) + 1
        raise ValueError(f"{source}: column {instance!r} (instance) is missing in row {row}")
    labels = None if label is None else _labels(frame, codes, ids, label, source)
    values = _values(frame, features, chosen, source)
    times = _times(frame[time], source)
    order = np.lexsort((times, codes))
    codes, times = codes[order], times[order]
    repeated = (codes[1:] == codes[:-1]) & (times[1:] == times[:-1])
    if repeated.any():
        rows = order[1:][repeated][:3]
        pairs = zip(frame[instance].iloc[rows].tolist(), frame[time].iloc[rows], strict=True)
        raise ValueError(
            f"{source}: expected one row for each instance and time, got {int(repeated.sum())} "
            f"repeated: {', '.join(f'({name!r}, {t})' for name, t in pairs)}. "
            "Remove or average them."
        )
    ends = np.cumsum(np.bincount(codes))[:-1]
    return np.split(values[order], ends), labels, np.array(ids.tolist())


def _values(
    frame: pd.DataFrame, features: Sequence[str] | None, chosen: dict[str, str], source: str
) -> np.ndarray:
    """The values of the feature columns, (rows, d)."""
    import pandas as pd

    if isinstance(features, str):
        features = [features]
    if features is None:
        features = [column for column in frame.columns if column not in chosen.values()]
    if not len(features):
        raise ValueError(
            f"features: expected at least one column of values in {source}, "
            f"got none besides {', '.join(map(repr, chosen.values()))}"
        )
    for column in features:
        check_column(frame, "features", column, source)
        if column in (chosen["instance"], chosen.get("label")):
            raise ValueError(f"features must hold neither instance nor label, got {column!r}")
    other = [c for c in features if not pd.api.types.is_numeric_dtype(frame[c])]
    if other:
        text = frame[other[0]]
        failing = pd.to_numeric(text, errors="coerce").isna() & text.notna()
        row = int(np.argmax(failing))
        raise ValueError(
            f"features: expected columns of numbers in {source}, got {', '.join(map(repr, other))} "
            f"({other[0]!r} has {text.iloc[row]!r} in row {row + 1}). Encode them as numbers, or "
            f"name the columns to use by features=[...].{decimal_comma(text.iloc[row])}"
        )
    return frame[list(features)].to_numpy(dtype="float32", na_value=np.nan)


def _times(column: pd.Series, source: str) -> np.ndarray:
    """Times as numbers or instants: what rows are sorted by."""
    import pandas as pd

    if column.isna().any():
        row = int(np.argmax(column.isna())) + 1
        raise ValueError(f"{source}: column {column.name!r} (time) is missing in row {row}")
    if pd.api.types.is_timedelta64_dtype(column):
        return column.to_numpy()
    try:
        if not pd.api.types.is_datetime64_any_dtype(column):
            numbers = pd.to_numeric(column)
            # Large integers, such as nanoseconds, would fall together as floats.
            return numbers.to_numpy(
                {"i": "int64", "u": "uint64"}.get(numbers.dtype.kind, "float64")
            )
    except (ValueError, TypeError):
        pass
    first = day_first(column, f"{source}: column {column.name!r} (time)")
    try:
        with warnings.catch_warnings():
            # Where pandas finds no common form it warns, and guesses each date on its own.
            warnings.simplefilter("error", UserWarning)
            return pd.to_datetime(column, utc=True, dayfirst=first).dt.tz_localize(None).to_numpy()
    except (ValueError, TypeError, UserWarning) as error:
        raise ValueError(
            f"{source}: expected numbers or dates of one form, such as 2024-01-31 12:00, in column "
            f"{column.name!r} (time), got {column.iloc[0]!r} first ({error})"
        ) from error


def _labels(
    frame: pd.DataFrame, codes: np.ndarray, ids: pd.Index, label: str, source: str
) -> np.ndarray:
    """One label an instance."""
    import pandas as pd

    column = frame[label]
    label_codes, _ = pd.factorize(column)
    _, first_rows = np.unique(codes, return_index=True)
    differing = label_codes != label_codes[first_rows][codes]
    if differing.any():
        row = int(np.argmax(differing))
        first = column.iloc[first_rows[codes[row]]]
        raise ValueError(
            f"{source}: expected one {label!r} (label) for all rows of an instance, got {first!r} "
            f"and {column.iloc[row]!r} for instance {ids[codes[row]]!r}"
        )
    if (label_codes < 0).any():
        name = ids[codes[int(np.argmax(label_codes < 0))]]
        raise ValueError(
            f"{source}: column {label!r} (label) is missing for instance {name!r}. Leave the "
            "instance out, or fill it."
        )
    return np.array(column.iloc[first_rows].tolist())
