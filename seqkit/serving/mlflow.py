"""MLflow: fitted estimators as models that it keeps, registers and serves; fits as its runs.

A model is one file of `save` and what MLflow needs beside: a signature, an example, pinned
requirements. MLflow loads it as "python_function"; `mlflow models serve` answers over REST.

Loading imports no code from a model but this module's.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pandas as pd

from seqkit.extras import require
from seqkit.version import VERSION

if TYPE_CHECKING:
    from mlflow.models import ModelSignature
    from mlflow.models.model import ModelInfo

FILE = "model.seqkit"
METHODS = ("predict", "predict_proba", "predict_quantiles")
PINNED = ("tensorflow", "keras", "numpy", "pandas", "scikit-learn", "mlflow-skinny")
LONGEST = 500  # characters of a parameter, which stores keep at least
EXAMPLES = 4  # rows


def save_model(estimator: Any, path: str | os.PathLike[str], **options: Any) -> None:
    """Writes a fitted estimator into a new folder, as MLflow keeps models.

    Args:
        estimator: fitted.
        path: of the folder, which must not be there yet.
        options: as of `log_model`, but its name and those of a registry.

    Raises:
        As `log_model`.
    """
    mlflow = _mlflow("save_model")
    with tempfile.TemporaryDirectory() as folder:
        mlflow.pyfunc.save_model(path=os.fspath(path), **_parts(estimator, folder, options))


def log_model(estimator: Any, name: str = "model", **options: Any) -> ModelInfo:
    """Logs a fitted estimator as a model of MLflow, in its active run or by itself.

    Args:
        estimator: fitted.
        name: of the model.
        options: of `mlflow.pyfunc.log_model`: registered_model_name, metadata, tags and others.
            These have values unless they are given:

            input_example: rows as the model is asked for them. By default a few that are made up of
            what the fit learned, so that no data of the training leave with the model; of a
            forecaster with covariates None.

            signature: of the example and what is predicted of it.

            pip_requirements: seqkit, TensorFlow, Keras, numpy, pandas, scikit-learn and MLflow in
            the versions that are installed. Where seqkit is not installed from an index, give the
            path of its wheel among them.

    Returns:
        What MLflow says of the model; its `model_uri` is what `load_model` and
        `mlflow models serve` take.

    Raises:
        MissingExtraError: where MLflow is not installed.
        sklearn.exceptions.NotFittedError: for an estimator that is not fitted.
    """
    mlflow = _mlflow("log_model")
    with tempfile.TemporaryDirectory() as folder:
        return mlflow.pyfunc.log_model(name=name, **_parts(estimator, folder, options))


def load_model(model_uri: str) -> Any:
    """The fitted estimator of a model that `log_model` or `save_model` wrote.

    Args:
        model_uri: as MLflow takes it, such as models:/reviews/2; or the path of a folder.

    Raises:
        ValueError: for a model of another kind.
    """
    mlflow = _mlflow("load_model")
    from mlflow.models import Model

    folder = mlflow.artifacts.download_artifacts(os.fspath(model_uri))
    flavour = Model.load(folder).flavors.get("python_function", {})
    if flavour.get("loader_module") != __name__:
        raise ValueError(
            f"model_uri must be of a model that seqkit.serving.mlflow wrote, got {model_uri!r}, "
            f"of {flavour.get('loader_module', 'another flavour')!r}."
        )
    return _loaded(Path(folder, flavour["data"]))


def _load_pyfunc(path: str) -> ServedEstimator:
    """The model as MLflow's "python_function" asks it."""
    return ServedEstimator(_loaded(Path(path)))


class ServedEstimator:
    """An estimator that takes what a server is sent.

    Args:
        estimator: fitted.
    """

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def predict(self, model_input: Any, params: Mapping[str, Any] | None = None) -> Any:
        """The answer to rows.

        Args:
            model_input: numeric sequences (n, T, d) whose rows end in NaN, or an array of objects
                with an array (T_i, d) each; texts, in a frame of one column or a list; of a
                forecaster a long frame, where rows without a value are the steps to forecast.
            params: "method" names the method that answers: "predict", "predict_proba" or
                "predict_quantiles".
        """
        name = (params or {}).get("method", "predict")
        method: Callable[..., Any] | None = getattr(self.estimator, name, None)
        if name not in METHODS or method is None:
            known = " or ".join(repr(m) for m in METHODS if hasattr(self.estimator, m))
            raise ValueError(f"method must be {known}, got {name!r}.")
        if _forecasts(self.estimator):
            return method(y=pd.DataFrame(model_input), **_covariates(self.estimator))
        answer = method(_rows(model_input))
        return [np.asarray(row).tolist() for row in answer] if isinstance(answer, list) else answer


class RunLogger(keras.callbacks.Callback):
    """Logs a fit as a run of MLflow: parameters, what was chosen, losses of each epoch.

    It logs into the active run, or else into one of its own, which ends with the fit: as failed,
    where the fit fails.

    Args:
        run_name: of a run of its own.
        tags: of the run.
        log_model: whether the fitted estimator is logged too.

    Attributes:
        run_id: of the last fit's run; None before.

    Example:
        >>> import seqkit
        >>> logger = RunLogger("first try", log_model=True)
        >>> model = seqkit.SequenceClassifier("gru", callbacks=[logger])
        >>> logger.run_id is None  # until model.fit(X, y)
        True
    """

    def __init__(
        self,
        run_name: str | None = None,
        *,
        tags: Mapping[str, str] | None = None,
        log_model: bool = False,
    ) -> None:
        super().__init__()
        self.run_name = run_name
        self.tags = dict(tags or {})
        self.log_model = log_model
        self.run_id: str | None = None
        self._is_own = False

    def on_fit_begin(self, estimator: Any) -> None:
        """Begins the run, with the parameters of the estimator."""
        mlflow = _mlflow("RunLogger")
        active = mlflow.active_run()
        self._is_own = active is None
        run = mlflow.start_run(run_name=self.run_name) if active is None else active
        self.run_id = run.info.run_id
        about = {"seqkit.version": VERSION, "seqkit.estimator": type(estimator).__name__}
        mlflow.set_tags({**about, **self.tags})
        values = estimator.get_params(deep=False)
        values.pop("callbacks", None)
        mlflow.log_params({name: str(value)[:LONGEST] for name, value in values.items()})

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Logs the losses and metrics of an epoch; its step counts from 1."""
        if self.run_id is None or not logs:
            return  # a fit of Keras's own, which has not begun as one of an estimator
        values = {name: float(value) for name, value in logs.items()}
        _mlflow("RunLogger").log_metrics(values, step=epoch + 1, run_id=self.run_id)

    def on_fit_end(self, estimator: Any) -> None:
        """Logs what the fit chose, and ends a run of its own."""
        mlflow = _mlflow("RunLogger")
        chosen = {f"chosen.{k}": str(c.value)[:LONGEST] for k, c in estimator.chosen_.items()}
        mlflow.log_params(chosen)
        counts = {"epochs": estimator.n_iter_, "best_epoch": estimator.best_epoch_}
        mlflow.log_metrics({name: float(count) for name, count in counts.items()})
        if self.log_model:
            log_model(estimator)
        self._end("FINISHED")

    def on_fit_failed(self, estimator: Any) -> None:
        """Ends a run of its own as failed."""
        self._end("FAILED")

    def _end(self, status: str) -> None:
        if self._is_own:
            _mlflow("RunLogger").end_run(status)


def _loaded(path: Path) -> Any:
    from seqkit.estimators import load

    return load(path)


def _mlflow(feature: str) -> Any:
    require("mlflow", f"seqkit.serving.mlflow.{feature}")
    import mlflow.artifacts
    import mlflow.pyfunc

    return mlflow


def _parts(estimator: Any, folder: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments by which MLflow writes a model of an estimator.

    Args:
        estimator: fitted.
        folder: for its file.
        options: that users gave.
    """
    from mlflow.models import infer_signature

    path = estimator.save(Path(folder, FILE))
    parts = {"loader_module": __name__, "data_path": path, **options}
    example = options.get("input_example")
    if "input_example" not in options:
        example = parts["input_example"] = _example(estimator)
    if "signature" not in options and example is not None:
        answer = ServedEstimator(estimator).predict(example)
        params = {"method": "predict"} if _has_methods(estimator) else None
        signature = infer_signature(example, answer, params)
        parts["signature"] = _of_any_size(signature, example)
    if not {"pip_requirements", "extra_pip_requirements", "conda_env"} & options.keys():
        parts["pip_requirements"] = requirements()
    return parts


def requirements() -> list[str]:
    """The packages that loading a model needs, in the versions that are installed here.

    Example:
        >>> any(line.startswith("tensorflow==") for line in requirements())
        True
    """
    pinned = [f"seqkit=={VERSION}"]
    for name in PINNED:
        try:
            pinned.append(f"{name}=={version(name)}")
        except PackageNotFoundError:  # TensorFlow and MLflow come under other names too
            continue
    return pinned


def _example(estimator: Any) -> Any:
    """A few rows as a server is sent them, made up of what the fit learned."""
    if not _forecasts(estimator):
        rows = estimator._request(None)["inputs"][:EXAMPLES]
        if rows.dtype == object:
            return pd.DataFrame({"inputs": rows.tolist()})
        return rows.astype(np.float64)
    if _covariates(estimator):
        return None
    source = estimator._input
    history = estimator._request(None)["history"][:1, :, 0]
    steps = history.shape[1]
    times: Any = source.panel.timestamps(source.panel.lengths - steps, steps)[:steps]
    if hasattr(times, "strftime"):
        times = times.strftime("%Y-%m-%dT%H:%M:%S")
    return pd.DataFrame(
        {
            source.id: ["a"] * steps,
            source.time: np.asarray(times),
            source.target: history[0].astype(np.float64),
        }
    )


def _of_any_size(signature: ModelSignature, example: Any) -> ModelSignature:
    """A signature whose numeric sequences may have any number of steps."""
    from mlflow.models import ModelSignature as Signature
    from mlflow.types import Schema, TensorSpec

    if not isinstance(example, np.ndarray) or example.ndim != 3:
        return signature
    spec = TensorSpec(np.dtype(np.float64), (-1, -1, example.shape[2]), "inputs")
    return Signature(Schema([spec]), signature.outputs, signature.params)


def _rows(model_input: Any) -> Any:
    """Sequences or texts of what a server was sent."""
    if isinstance(model_input, Mapping):
        (model_input,) = model_input.values()
    if isinstance(model_input, pd.DataFrame):
        return model_input.iloc[:, 0].tolist()
    rows = model_input if isinstance(model_input, np.ndarray) else list(model_input)
    if len(rows) and isinstance(rows[0], str):
        return list(rows)
    return [np.asarray(row, float) for row in rows]


def _forecasts(estimator: Any) -> bool:
    return hasattr(estimator, "predict_quantiles")


def _has_methods(estimator: Any) -> bool:
    return sum(hasattr(estimator, name) for name in METHODS) > 1


def _covariates(estimator: Any) -> dict[str, Sequence[Any]]:
    """The columns of a frame that the forecaster reads beside values, by the argument."""
    reader = estimator._input.covariates
    columns = {"X": reader.columns_in_order, "static": [*reader.static, *reader.categories]}
    return {name: list(names) for name, names in columns.items() if names}
