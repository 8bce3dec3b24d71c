"""The method by which a fitted estimator is exported."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from sklearn.utils.validation import check_is_fitted

from seqkit.distributed.workers import is_chief, workers
from seqkit.estimators.exports.facts import Fit, about, checked_metrics, fit_of
from seqkit.estimators.exports.meanings import meanings
from seqkit.serving.card import Contents, write_beside
from seqkit.serving.exporting import Optimization, Signature, chosen, export
from seqkit.serving.formats.writing import Format, check_convertible, export_converted
from seqkit.serving.requests import ended_by_lengths
from seqkit.serving.versions import check_format


def export_estimator(
    self: Any,
    directory: str | os.PathLike[str],
    *,
    format: Format = "saved_model",
    steps: int | None = None,
    optimize: Optimization | None = None,
    signatures: Sequence[str] | None = None,
    include_example: bool = True,
    example: Any = None,
    metrics: Mapping[str, float] | None = None,
) -> str:
    """Writes a SavedModel that TensorFlow Serving serves, in the next version's folder.

    Its signatures are described in the Notes of the class. They refuse what `predict` refuses,
    by an error that names the argument and its rows. Beside the graph are `model_card.json`,
    which tells what the model is, in `assets.extra` labels and vocabularies, and requests by
    which a server warms the model up. `seqkit.serving.verify` checks such a folder.

    Models of numbers are written in other formats too. Such a file is asked before it is
    written, with the example and rows made of it, one and many, of one step and of many, and
    must answer as the model does. It has one signature, and raises no errors: a row that
    `predict` refuses is answered with NaN, labels with "" or the least integer.

    Parameters
    ----------
    directory : path
        The model's folder. Versions are its subfolders 1, 2, and so on.
    format : {"saved_model", "onnx", "litert"}
        "onnx": model.onnx, for ONNX Runtime and others; `seqkit[onnx]` has what converts it.
        "litert": model.tflite, for devices: one row a call, of a fixed number of steps;
        `seqkit[litert]`.
    steps : int or None
        Steps of the rows of a "litert" file; shorter ones end in NaN, histories begin with it.
        None: those that a forecaster looks back.
    optimize : "xla", optional
        Has recurrent layers compiled, by a server that does so, once for each shape of batch:
        calls of a shape after its first are the fastest. By default all runs on TensorFlow's
        stock operations, on any server.
    signatures : list of str or None
        Names of the signatures to write. None: those of the Notes. Of numeric sequences there
        is "lengths" too, whose rows end where a second input, `lengths`, says.
    include_example : bool
        Whether the card has an example of each signature, a request and its answer, and a
        server warms up with it.
    example : sequences, dict of arrays, or None
        A few rows as `predict` takes them, of which the first four are the example; or the
        inputs of the signatures by name. None: rows made up of what the fit learned, so that no
        data of the training leave with the model.
    metrics : dict or None
        Scores on data that the fit has not seen, for the card: name to number.

    Returns
    -------
    The folder written, directory/<version>. It appears complete or not at all.

    Raises
    ------
    ValueError
        For a signature that there is not, for an example that the model refuses, and for
        another format of a model that reads strings.
    seqkit.extras.MissingExtraError
        Where what converts to this format is not installed.
    seqkit.serving.FailedConversion
        For a model that has operations that the format lacks, or that would answer otherwise.
    """
    check_is_fitted(self)
    return write_export(
        fit_of(self),
        self._request,
        directory,
        self._signatures(),
        format=format,
        steps=steps,
        optimize=optimize,
        signatures=signatures,
        include_example=include_example,
        example=example,
        metrics=metrics,
    )


def write_export(
    fit: Fit,
    to_request: Callable[[Any], Mapping[str, np.ndarray]],
    directory: str | os.PathLike[str],
    available: tuple[Mapping[str, Signature], Sequence[Any]],
    *,
    format: Format,
    steps: int | None,
    optimize: Optimization | None,
    signatures: Sequence[str] | None,
    include_example: bool,
    example: Any,
    metrics: Mapping[str, float] | None,
) -> str:
    """Writes the export of a fit with these signatures and the assets that they need.

    `to_request` gives rows as clients send them, by the names of inputs; of None made-up ones.
    """
    functions, assets = available
    specs = next(iter(functions.values()))[1]
    check_convertible(fit.estimator, format, specs, optimize=optimize, steps=steps)
    check_format(directory, format)
    on_demand = _on_demand(functions)
    kept = chosen({**functions, **on_demand}, [*functions] if signatures is None else signatures)
    scores = checked_metrics(metrics)
    if example is not None and not include_example:
        raise ValueError("example must be None with include_example=False.")
    examples: dict[str, Any] = {}
    if include_example or format != "saved_model":
        request = _request(to_request, example, specs)
        examples = {n: _with_lengths(request) if n in on_demand else request for n in kept}
    told = about(fit, scores, format), meanings(fit.source, fit.target)
    contents = Contents(*told, examples if include_example else {}, dict(fit.lists))

    def write() -> str:
        if format == "saved_model":
            return export(directory, kept, assets, optimize, partial(write_beside, contents))
        return export_converted(
            directory,
            format,
            kept,
            examples,
            steps=getattr(fit.target, "lookback", None) if steps is None else steps,
            contents=contents,
        )

    return _by_chief(directory, write)


def _by_chief(directory: str | os.PathLike[str], write: Callable[[], str]) -> str:
    """Writes a version, where several workers hold the model in the first one alone."""
    shared = workers()
    if shared is None:
        return write()
    version = shared.of_chief(int(Path(write()).name) if is_chief() else 0)
    return str(Path(directory) / str(version))


def _on_demand(functions: Mapping[str, Signature]) -> dict[str, Signature]:
    """Signatures that are written only where they are named: for numeric sequences "lengths"."""
    function, specs = next(iter(functions.values()))
    numeric = [spec.name for spec in specs] == ["inputs"] and specs[0].dtype.is_floating
    return {"lengths": ended_by_lengths(function, specs[0])} if numeric else {}


def _with_lengths(request: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same rows with their lengths, and zeros behind their ends."""
    values = request["inputs"]
    lengths = (~np.isnan(values).all(2)).sum(1).astype(np.int32)
    return {"inputs": np.nan_to_num(values, nan=0.0), "lengths": lengths}


def _request(
    to_request: Callable[[Any], Mapping[str, np.ndarray]],
    example: Any,
    inputs: Sequence[tf.TensorSpec],
) -> Mapping[str, np.ndarray]:
    """The example as clients send it, by the names of the inputs."""
    if not isinstance(example, Mapping):
        return to_request(example)
    specs = {spec.name: spec for spec in inputs}
    if set(example) != set(specs):
        raise ValueError(
            f"example must have the inputs {', '.join(specs)}, got {', '.join(example) or 'none'}."
        )
    values = {
        name: np.asarray(example[name], object if spec.dtype.name == "string" else spec.dtype.name)
        for name, spec in specs.items()
    }
    counts = {len(v) if v.ndim else 0 for v in values.values()}
    if len(counts) != 1 or counts == {0}:
        raise ValueError(
            "example must have as many rows of each input, and at least one, got "
            f"{', '.join(f'{v.shape} of {k}' for k, v in values.items())}."
        )
    return values
