"""Numeric sequences into a class or a number each: a row a step, or a row a sequence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from seqkit.cli.tasks.classes import ClassTask
from seqkit.cli.tasks.task import Column, Samples, SampleTask, Table

if TYPE_CHECKING:
    import pandas as pd

FEATURES = (
    Column("features", "of the values; patterns such as 't*' too [all others]", None, True),
    Column("ignore", "that are no values; patterns too", None, True),
)


class _Series(SampleTask):
    """A table with a row a step, whose columns --id and --time name the sequence and order its
    steps; or with a row a sequence, whose columns are the steps of one feature."""

    nouns = "sequences"
    rows_are_samples = False

    def id_column(self, model: Any, columns: Sequence[str]) -> str | None:
        from seqkit.readers.long_form import id_and_time

        names = id_and_time(columns, model.id, model.time)
        return None if names is None else names[0]

    def column_names(self, model: Any) -> dict[str, Any]:
        names = super().column_names(model)
        of_frame = getattr(model, "feature_names_in_", None)
        if names["features"] is None and of_frame is not None:
            names["features"] = of_frame.tolist()
        return names

    def to_keep(self, columns: Mapping[str, Any], samples: Samples) -> dict[str, Any]:
        kept = [c for c in samples.X.columns if c not in samples.keys]
        return {**columns, "features": kept, "ignore": None}

    def read(self, table: Table, *, labelled: bool, model: Any) -> Samples:
        from seqkit.cli.tables import numbers
        from seqkit.readers.long_form import id_and_time

        frame = table.frame
        if labelled:
            table.column("target")
        keys = id_and_time(frame.columns, model.id, model.time) or ()
        features = self._features(table, keys)
        X = frame[list(keys)].assign(
            **{
                str(name): numbers(
                    frame[name],
                    "--features",
                    table.source,
                    decimal=table.decimal,
                    first_row=table.first_row,
                )
                for name in features
            }
        )
        if keys:
            samples = _of_steps(table, X, keys, labelled=labelled)
        else:
            samples = _of_rows(table, X, labelled=labelled)
        samples.keys = keys
        return samples

    def _features(self, table: Table, keys: Sequence[str]) -> list[str]:
        from seqkit.cli.tables import chosen_columns

        columns = list(map(str, table.frame.columns))
        named = table.columns.get("features")
        if named:
            return chosen_columns("--features", named, columns, table.source)
        ignored = chosen_columns(
            "--ignore", table.columns.get("ignore") or [], columns, table.source
        )
        without = {*keys, *ignored, table.columns["target"]}
        features = [column for column in columns if column not in without]
        if not features:
            raise ValueError(
                f"--features: expected a column of values in {table.source} beside "
                f"{', '.join(map(repr, sorted(without)))}, got none."
            )
        return features


def _of_steps(table: Table, X: pd.DataFrame, keys: Sequence[str], *, labelled: bool) -> Samples:
    import pandas as pd

    from seqkit.cli.csv_form import told_as_options
    from seqkit.readers.long_tables import long_frame

    id, time = keys
    label = table.columns["target"] if labelled else None
    checked = X if label is None else X.assign(**{label: table.frame[label]})
    features = [column for column in X.columns if column not in keys]
    with told_as_options(instance="id", time="time", label="target", features="features"):
        _, y, ids = long_frame(checked, id, time, label, features, table.source)
    codes, _ = pd.factorize(X[id])
    return Samples(X, None if y is None else y.tolist(), codes, len(ids))


def _of_rows(table: Table, X: pd.DataFrame, *, labelled: bool) -> Samples:
    import numpy as np

    y = None
    has_target = np.ones(len(X), bool)
    if labelled:
        texts = table.texts("target")
        has_target = np.array([bool(text.strip()) for text in texts], bool)
        y = [text for text, known in zip(texts, has_target, strict=True) if known]
    of_row = np.where(has_target, np.cumsum(has_target) - 1, -1)
    X = X[has_target].reset_index(drop=True)
    return Samples(X, y, of_row, len(X), int((~has_target).sum()))


class SeriesClassification(_Series, ClassTask):
    """A class for each sequence."""

    name = "series-classification"
    estimator = "SequenceClassifier"
    text = "a class for each numeric sequence: a row a step, or a row a sequence"
    columns = (Column("target", "of the classes", "label"), *FEATURES)


class SeriesRegression(_Series):
    """A number for each sequence."""

    name = "series-regression"
    estimator = "SequenceRegressor"
    text = "a number for each numeric sequence: a row a step, or a row a sequence"
    columns = (Column("target", "of the numbers", "target"), *FEATURES)

    def targets(self, y: Any, decimal: str) -> Any:
        import numpy as np
        import pandas as pd

        from seqkit.cli.tables import numbers

        values = numbers(pd.Series(list(y), name="target"), "--target", "it", decimal=decimal)
        if np.isnan(values).any():
            raise ValueError("--target must be a number for each sequence, got none for one.")
        return values

    def answers(self, model: Any, X: Any, *, every: bool = False) -> dict[str, list[Any]]:
        return {"predicted": list(model.predict(X))}

    def scores(self, truth: Any, answers: Mapping[str, list[Any]]) -> dict[str, float]:
        import numpy as np
        from sklearn.metrics import mean_absolute_error, r2_score

        truth, predicted = np.asarray(truth, float), np.asarray(answers["predicted"], float)
        errors = {
            "mae": float(mean_absolute_error(truth, predicted)),
            "rmse": float(np.sqrt(np.mean((truth - predicted) ** 2))),
        }
        return errors | ({"r2": float(r2_score(truth, predicted))} if len(truth) > 1 else {})

    def baseline(self, y: Any, truth: Any, X_test: Any) -> tuple[str, dict[str, float]]:
        import numpy as np

        return "the mean", self.scores(truth, {"predicted": [float(np.mean(y))] * len(truth)})
