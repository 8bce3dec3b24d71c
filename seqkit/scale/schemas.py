"""Checks of a folder of files, before any is answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from seqkit.checks import known_column
from seqkit.readers.parquet_batches import check_types
from seqkit.scale.arrow_predictor import ArrowPredictor


def check_files(files: list[Path], predictor: ArrowPredictor) -> None:
    """Raises for files that no worker could answer.

    Raises:
        ValueError: for a file without a column that is read, of another type in it than in the
            first, or that has a series which another file has; and for one that is no parquet file.
    """
    import pyarrow as pa
    from pyarrow import parquet

    columns = [*predictor.columns(), *(predictor.keep or ())]
    types: dict[str, Any] = {}
    for file in files:
        try:
            schema = parquet.read_schema(file)
        except pa.ArrowInvalid as error:
            raise ValueError(f"{file} must be a parquet file: {error}") from None
        for name in columns:
            known_column("data", name, schema.names, str(file))
        check_types(file, schema, columns, types, files[0])
    if predictor.forecasts and len(files) > 1:
        _check_series(files, predictor)


def _check_series(files: list[Path], predictor: ArrowPredictor) -> None:
    """Raises where a series lies in two files: each would be forecast from a part of it."""
    from pyarrow import parquet

    names = predictor.ids()
    seen: dict[Any, Path] = {}
    for file in files:
        frame = parquet.read_table(file, columns=names).to_pandas().drop_duplicates()
        for series in frame.itertuples(index=False, name=None):
            if (other := seen.setdefault(series, file)) != file:
                named = ", ".join(map(repr, series))
                raise ValueError(
                    f"data must have all of a series in one file, got {named} in {other} and in "
                    f"{file}. Write the files by {', '.join(names)}."
                )
