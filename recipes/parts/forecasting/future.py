"""Beyond the end of the user's own series: the forecasts, their picture, and a request for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.cli.run_folder import RunFolder

from .series import Task

if TYPE_CHECKING:
    import pandas as pd

LEVELS = (0.1, 0.9)  # of the intervals
SHOWN = 6  # series in the picture and in the request


def future_of(model: Any, task: Task) -> pd.DataFrame:
    """Forecasts after the data that a forecaster was fitted to: a long frame, columns unique_id,
    ds, y, and where it has intervals lower and upper."""
    future = model.predict(X=task.covariates)
    if has_intervals(model):
        quantiles = model.predict_quantiles(LEVELS, X=task.covariates)
        low, high = (quantiles[level].to_numpy() for level in LEVELS)
        future = future.assign(lower=low, upper=high)
    return future


def has_intervals(model: Any) -> bool:
    """Whether a forecaster, fitted or not, says how sure it is."""
    from seqkit.estimators.forecasting.parameters import gives_quantiles

    return gives_quantiles(model)


def write_future(
    output: RunFolder,
    task: Task,
    model: Any,
    beside: Mapping[str, np.ndarray],
) -> None:
    """Writes future.csv and future.png of a model that was fitted to all of the task's data.

    Args:
        beside: more forecasts (n, H), of further columns.
    """
    from seqkit.inspection import plot_forecast

    future = future_of(model, task)
    columns: dict[str, Any] = {"unique_id": future["unique_id"], "ds": future["ds"].astype(str)}
    columns["forecast"] = future["y"]
    columns |= {name: future[name] for name in ("lower", "upper") if name in future}
    columns |= {name: values.ravel() for name, values in beside.items()}
    output.write_csv("future", columns)
    interval = task.some(future.drop(columns="y"), SHOWN) if "lower" in future else None
    figure = plot_forecast(
        task.some(task.train, SHOWN),
        task.some(future[["unique_id", "ds", "y"]], SHOWN),
        interval,
        last=3 * max(task.horizon, task.season),
        freq=task.freq,
    )
    output.write_figure("future", figure)


def write_request(output: RunFolder, task: Task, model: Any) -> None:
    """Writes request.json, which asks the exported model for what follows some of the series.

    It is as TensorFlow Serving's REST interface takes it. What is missing is the value before
    there: JSON has no NaN.
    """
    chosen = np.linspace(0, len(task.ids) - 1, min(SHOWN, len(task.ids))).astype(int)
    known = None if task.covariates is None else task.aligned()
    names = [] if task.covariates is None else [*task.covariates.drop(columns=["unique_id", "ds"])]
    categories = task.categories()
    texts = [k for k, name in enumerate(names) if name in categories]
    numbers = [k for k, name in enumerate(names) if name not in categories]
    examples = []
    for row in chosen:
        channels = task.histories[row][:, None]
        if known is not None:
            channels = np.hstack([channels, known[row][: len(channels)]])
        past = np.apply_along_axis(complete, 0, channels)[-model.lookback_ :]
        example: dict[str, Any] = {"history": past[:, [0, *(k + 1 for k in numbers)]].tolist()}
        if known is not None and numbers:
            example["future"] = known[row][-task.horizon :, numbers].tolist()
        if known is not None and texts:
            lists = [categories[names[k]] for k in texts]
            example["history_categories"] = _named(past[:, [k + 1 for k in texts]], lists)
            example["future_categories"] = _named(known[row][-task.horizon :, texts], lists)
        if task.static is not None:
            example |= _description(task.static.loc[task.ids[row]], task.static)
        if model.calendar:
            example["timestamps"] = _timestamps(task, task.ids[row], len(past))
        examples.append(example)
    output.write_json("request", {"signature_name": "serving_default", "instances": examples})


def _named(codes: np.ndarray, lists: list[list[str]]) -> list[list[str]]:
    """Categories (T, d) by their names, "" for none, of their numbers in lists of names."""
    return [
        [names[int(c)] if c >= 0 else "" for c, names in zip(row, lists, strict=True)]
        for row in codes
    ]


def _description(row: pd.Series, static: pd.DataFrame) -> dict[str, Any]:
    """The description of a series, as the exported model takes it: numbers, and texts."""
    numbers = static.select_dtypes("number").columns
    texts = static.columns.difference(numbers, sort=False)
    parts = {"static": row[numbers].tolist(), "categories": [str(text) for text in row[texts]]}
    return {name: values for name, values in parts.items() if values}


def complete(x: np.ndarray) -> np.ndarray:
    """With the value before in the place of a missing one, and the first one before that.

    Example:
        >>> complete(np.array([1.0, np.nan, 3.0, np.nan]))
        array([1., 1., 3., 3.])
    """
    first = int(np.argmax(~np.isnan(x)))
    sources = np.where(np.isnan(x), first, np.arange(len(x)))
    return x[np.maximum.accumulate(sources)]


def _timestamps(task: Task, name: Any, steps: int) -> list[str]:
    """The timestamps of the last steps of a series, and of those to forecast."""
    import pandas as pd

    past = pd.DatetimeIndex(task.train["ds"][task.train["unique_id"] == name])[-steps:]
    later = pd.date_range(past[-1], periods=task.horizon + 1, freq=task.freq)[1:]
    return [moment.isoformat() for moment in [*past, *later]]
