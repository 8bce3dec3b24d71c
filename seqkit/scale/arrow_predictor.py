"""A fitted model as a function from Arrow tables to Arrow tables, which travels to workers."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqkit import checks
from seqkit.extras import require

if TYPE_CHECKING:
    import pyarrow as pa

INTERVAL = 0.8


class ArrowPredictor:
    r"""Gives the rows of an Arrow table a model's answers, as new columns.

    It is a plain function of tables, small to pickle: of a model that is in a file the path alone
    travels, and each process loads it once. So it is what mapInArrow of Spark, map_batches of Ray
    (batch_format="pyarrow") and a DoFn of Beam call.

    Args:
        model: a fitted estimator, or the path of a saved one.
        inputs: the column of the sequences, or columns of features, as of
            `seqkit.data.parquet_batches`. Default: the column that `python -m seqkit train` was
            given; "text" of models of texts. Not of forecasters.
        every: whether to add all that the model says, such as the probability of each class.
            Default: False.
        keep: the columns to keep, in their order; None: all but the inputs. Of a forecaster: none,
            the series and times of the steps to come are columns. Default: None.
        covariates: of a forecaster, the columns that it was fitted with as X. Default: those that
            the command line was given.
        static: of a forecaster, columns that describe a series. Default: likewise.
        horizon: of a forecaster, steps; None: as it was fitted. Default: None.
        coverage: of a forecaster's intervals. Default: 0.8.

    Raises:
        ValueError: when called, for a table without the columns, or rows that `predict` refuses.
        MissingExtraError: without pyarrow.

    Example:
        >>> import pyarrow as pa, seqkit
        >>> model = seqkit.SequenceClassifier("gru", units=4, epochs=1, random_state=0)
        >>> model = model.fit([[[0.0], [1.0]], [[1.0]]] * 8, ["up", "down"] * 8)
        >>> predict = ArrowPredictor(model, inputs="x")
        >>> table = pa.table({"id": ["a", "b"], "x": [[0.5, 1.5], [2.0]]})
        >>> predict(table).column_names
        ['id', 'predicted', 'probability']
    """

    def __init__(
        self,
        model: Any,
        inputs: str | Sequence[str] | None = None,
        *,
        every: bool = False,
        keep: Sequence[str] | None = None,
        covariates: Sequence[str] | None = None,
        static: Sequence[str] | None = None,
        horizon: int | None = None,
        coverage: float = INTERVAL,
    ) -> None:
        require("pyarrow", "ArrowPredictor")
        checks.optional(checks.count)("horizon", horizon)
        checks.inner_fraction("coverage", coverage)
        if isinstance(model, str | os.PathLike):
            model = Path(model).absolute()  # workers may be elsewhere in the file system
            if not model.is_file():
                raise FileNotFoundError(f"model must be a saved estimator, got {model}.")
        self.model = model
        self.inputs, self.every, self.keep = inputs, every, keep
        self.covariates, self.static = covariates, static
        self.horizon, self.coverage = horizon, coverage

    @property
    def estimator(self) -> Any:
        """The fitted estimator, which a process reads once."""
        if isinstance(self.model, Path):
            return _loaded(self.model, self.model.stat().st_mtime_ns)
        return self.model

    @property
    def forecasts(self) -> bool:
        """Whether the model forecasts series, and does not answer row by row."""
        return hasattr(self.estimator, "backtest")

    def columns(self) -> list[str]:
        """The columns that it reads."""
        if not self.forecasts:
            return self._inputs()
        model = self.estimator
        covariates, static = self._named("covariates"), self._named("static")
        return [*self.ids(), model.time, model.target, *covariates, *static]

    def ids(self) -> list[str]:
        """The columns that name the series of a forecaster."""
        from seqkit.timeseries.series_forms import id_columns

        return [str(column) for column in id_columns(self.estimator.id)]

    def __call__(self, table: pa.Table | pa.RecordBatch) -> pa.Table:
        """The table with answers.

        Args:
            table: rows, each a sample; or of a forecaster long, whole series.
        """
        import pyarrow as pa

        if isinstance(table, pa.RecordBatch):
            table = pa.Table.from_batches([table])
        for name in self.columns():
            checks.known_column("inputs", name, table.column_names, "the table")
        if self.forecasts:
            return self._forecast(table)
        from seqkit.readers.parquet_batches import sequences_of
        from seqkit.scale.answers import answer_columns

        inputs = self._inputs()
        chunks = [_one_chunk(table.column(name)) for name in inputs]
        X = sequences_of(chunks, "row", 0)
        answers = answer_columns(self.estimator, X, every=self.every)
        kept = self.keep
        if kept is None:
            kept = [name for name in table.column_names if name not in inputs]
        for name in answers:
            if name in kept:
                raise ValueError(
                    f"The table has a column {name!r} already, which answers need. Name those to "
                    "keep, by `keep`, without it."
                )
        table = table.select(list(kept))
        for name, column in answers.items():
            table = table.append_column(name, column)
        return table

    def _forecast(self, table: pa.Table) -> pa.Table:
        import pyarrow as pa

        from seqkit.scale.forecasts import forecast_rows

        frame = table.select(self.columns()).to_pandas()
        named = self._named("covariates") or None, self._named("static") or None
        frame = forecast_rows(self.estimator, frame, *named, self.horizon, self.coverage)
        return pa.Table.from_pandas(frame, preserve_index=False)

    def _inputs(self) -> list[str]:
        given = self.inputs
        if given is None:
            kept = getattr(self.estimator, "columns_", {})
            given = kept.get("text") or kept.get("source") or kept.get("features") or "text"
        return [given] if isinstance(given, str) else list(given)

    def _named(self, name: str) -> list[str]:
        given = getattr(self, name)
        if given is None:
            given = getattr(self.estimator, "columns_", {}).get(name) or ()
        return list(given)


@functools.lru_cache(maxsize=2)
def _loaded(path: Path, changed: int) -> Any:
    import seqkit

    return seqkit.load(path)


def _one_chunk(column: Any) -> Any:
    import pyarrow as pa

    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)
