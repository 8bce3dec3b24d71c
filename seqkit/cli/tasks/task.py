"""A task as commands see it: from rows of a table to samples, and from answers to columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from seqkit import checks

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


class Column(NamedTuple):
    """An option that names a column, or several.

    Attributes:
        name: of the option, and in the configuration.
        text: what the column holds.
        default: its name where the option is not given.
        several: whether it names several.
    """

    name: str
    text: str
    default: Any = None
    several: bool = False


@dataclass
class Samples:
    """The samples that a table holds for a model.

    Attributes:
        X: samples, as the estimator takes them: a list, or a frame in long form.
        y: what the table says of each, as it is written; None where it does not.
        of_row: the sample of each row of the table, -1 for none, (rows,).
        count: of samples.
        left_out: rows that can be no sample.
        keys: columns of a frame X that name samples and order their steps.
    """

    X: Any
    y: Any
    of_row: np.ndarray
    count: int
    left_out: int = 0
    keys: Sequence[str] = ()


@dataclass(frozen=True)
class Table:
    """Rows of a table, and how they are to be read.

    Attributes:
        frame: the rows.
        source: what errors call the table.
        columns: by option, the columns that were named or that the model was trained on.
        decimal: what is before decimals.
        first_row: rows of the table before these.
    """

    frame: pd.DataFrame
    source: str
    columns: Mapping[str, Any]
    decimal: str = "."
    first_row: int = 0

    def column(self, option: str) -> pd.Series:
        """The column that an option names.

        Raises:
            ValueError: where the table lacks it; the message offers the nearest.
        """
        name = self.columns[option]
        checks.known_column(f"--{option}", name, self.frame.columns, self.source)
        return self.frame[name]

    def texts(self, option: str) -> list[str]:
        """The column that an option names, as texts; "" where one is missing."""
        column = self.column(option).astype(object)
        return [
            "" if missing else str(text)
            for text, missing in zip(column, column.isna(), strict=True)
        ]


class Task:
    """A task: its estimator, and its columns.

    Attributes:
        name: as users type it.
        estimator: the name of its class.
        text: what it does, in a line.
        columns: options that name columns.
        nouns: what messages call samples.
    """

    name: str
    estimator: str
    text: str
    columns: tuple[Column, ...] = ()
    nouns = "rows"

    def column_names(self, model: Any) -> dict[str, Any]:
        """The columns that a fitted model was trained on, by option."""
        kept = dict(getattr(model, "columns_", {}))
        return {column.name: kept.get(column.name, column.default) for column in self.columns}


class SampleTask(Task):
    """A task of samples, which a model answers one by one.

    Attributes:
        strata: whether samples are held out class by class.
    """

    strata = False

    def to_keep(self, columns: Mapping[str, Any], samples: Samples) -> dict[str, Any]:
        """The columns that a model remembers, by option."""
        return dict(columns)

    def id_column(self, model: Any, columns: Sequence[str]) -> str | None:
        """The column that joins rows into samples; None where each row is one."""
        return None

    def read(self, table: Table, *, labelled: bool, model: Any) -> Samples:
        """The samples of some rows.

        Args:
            table: the rows.
            labelled: whether they must say what the model is to say.
            model: the estimator, fitted or not.

        Raises:
            ValueError: for rows that cannot be read.
        """
        raise NotImplementedError

    def targets(self, y: Any, decimal: str) -> Any:
        """Makes what the estimator learns of what was written of samples."""
        return y

    def truth(self, model: Any, y: Any, decimal: str) -> Any:
        """Makes what answers of the model are compared with."""
        return self.targets(y, decimal)

    def answers(self, model: Any, X: Any, *, every: bool = False) -> dict[str, list[Any]]:
        """The answers to samples: columns of the table of predictions, one value a sample.

        Args:
            model: the fitted estimator.
            X: the samples.
            every: whether to say all that the model says, such as the probability of each class.
        """
        raise NotImplementedError

    def scores(self, truth: Any, answers: Mapping[str, list[Any]]) -> dict[str, float]:
        """How good answers are."""
        raise NotImplementedError

    def baseline(self, y: Any, truth: Any, X_test: Any) -> tuple[str, dict[str, float]]:
        """The scores of a rule that has learned nothing, and its name before them.

        Args:
            y: targets of the training.
            truth: those of the test.
            X_test: samples of the test.
        """
        raise NotImplementedError

    def pictures(self, truth: Any, answers: Mapping[str, list[Any]]) -> dict[str, Any]:
        """Figures of answers, by the names of their files."""
        return {}


def taken(samples: Samples, chosen: np.ndarray) -> tuple[Any, list[Any]]:
    """X and y of some of the samples, in their order."""
    import numpy as np

    order = np.sort(chosen)
    if hasattr(samples.X, "iloc"):
        X = samples.X[np.isin(samples.of_row[samples.of_row >= 0], order)]
        X = X.reset_index(drop=True)
    else:
        X = [samples.X[k] for k in order]
    return X, [samples.y[k] for k in order]
