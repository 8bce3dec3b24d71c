"""A version in another format than TensorFlow's: converted, checked, and written with its card."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

import numpy as np
import tensorflow as tf

from seqkit import checks
from seqkit.serving.card import Contents, write_beside
from seqkit.serving.exporting import Signature, written_version
from seqkit.serving.formats import litert, onnx
from seqkit.serving.formats.checking import (
    Ask,
    FailedConversion,
    Rows,
    check,
    check_refusal,
    varied,
)
from seqkit.serving.requests import answering_faults
from seqkit.serving.versions import FILES
from seqkit.types import Tensor

Format = Literal["saved_model", "onnx", "litert"]


class Converter(Protocol):
    """A module that converts and runs a format."""

    Session: Callable[[bytes], Ask]

    def convert(self, function: Callable[..., Any], specs: Sequence[tf.TensorSpec]) -> bytes:
        """The function as a file of this format."""

    def require_packages(self) -> None:
        """Raises MissingExtraError unless what converts and runs it is installed."""


CONVERTERS: dict[str, Any] = {"onnx": onnx, "litert": litert}


class Converted:
    """A converted signature as a card describes it: as the functions of a SavedModel are.

    Args:
        ask: answers inputs by name by outputs by name.
        specs: of the inputs.
        outputs: specs of the outputs, by name.
    """

    def __init__(
        self, ask: Ask, specs: Sequence[tf.TensorSpec], outputs: Mapping[str, tf.TensorSpec]
    ) -> None:
        self.structured_input_signature: tuple[Any, ...] = (tuple(specs), {})
        self.structured_outputs = dict(outputs)
        self._ask = ask
        self._names = [spec.name for spec in specs]

    def __call__(self, *tensors: Tensor) -> dict[str, Tensor]:
        rows = {name: t.numpy() for name, t in zip(self._names, tensors, strict=True)}
        answer = self._ask(rows)
        return {name: tf.constant(answer[name]) for name in self.structured_outputs}


def check_convertible(
    estimator: str,
    format: Any,
    specs: Sequence[tf.TensorSpec],
    *,
    optimize: Any,
    steps: Any,
) -> None:
    """Raises for what no export in this format can be, before any work.

    Args:
        estimator: its name, for errors.
        format, optimize, steps: as `export` takes them.
        specs: of the inputs.

    Raises:
        ValueError: for an unknown format; for options of another; for inputs that are strings.
        MissingExtraError: where what converts is not installed.
    """
    checks.one_of(*get_args(Format))("format", format)
    if steps is not None:
        if format != "litert":
            raise ValueError(f"steps is of format='litert', got it with format={format!r}.")
        checks.count("steps", steps)
    if format == "saved_model":
        return
    if optimize is not None:
        raise ValueError(
            f"optimize is of format='saved_model', got it with format={format!r}. Leave it out."
        )
    texts = [spec.name for spec in specs if spec.dtype == tf.string]
    if texts:
        raise ValueError(
            f"format={format!r} is for models that read numbers, and {', '.join(texts)} of this "
            f"{estimator} are strings. Use format='saved_model', which any TensorFlow serves, or "
            "seqkit.serving.mlflow, where Python is at hand."
        )
    CONVERTERS[format].require_packages()


def export_converted(
    directory: str | os.PathLike[str],
    format: str,
    signatures: Mapping[str, Signature],
    examples: Mapping[str, Mapping[str, np.ndarray]],
    *,
    steps: int | None,
    contents: Contents,
) -> str:
    """Writes directory/<next version>, once what it answers is what the function answers.

    Args:
        directory: the model's folder.
        format: of `CONVERTERS`.
        signatures: of which there must be one.
        examples: by signature, rows by the names of the inputs.
        steps: of the rows of a format whose sizes are fixed.
        contents: of the files beside.

    Returns:
        The folder written.

    Raises:
        ValueError: for several signatures; for a format of fixed sizes without steps.
        FailedConversion: for a model that cannot be converted, or answers otherwise then.
    """
    if len(signatures) != 1:
        raise ValueError(
            f"signatures must name one where format={format!r}, whose files have one alone, got "
            f"{', '.join(signatures)}."
        )
    ((name, (function, specs)),) = signatures.items()
    requests = list(varied(examples[name], specs))
    if format == "litert":
        sized = litert.sized(specs, steps)
        requests = [litert.fitted(rows, specs, sized) for rows in requests]
    else:
        sized = list(specs)
    converter = CONVERTERS[format]
    answering = answering_faults(function, texts=format != "litert")
    reference = tf.function(
        function, input_signature=list(specs), autograph=False
    ).get_concrete_function()
    try:
        data = converter.convert(answering, sized)
    except FailedConversion as error:
        raise FailedConversion(
            f"format={format!r} was not written: {error}. Use format='saved_model'."
        ) from error
    session = converter.Session(data)
    check(_asking(reference, specs), session, iter(requests), f"format={format!r}")
    check_refusal(session, requests[0], specs, f"format={format!r}")
    # The card's example is one that the file takes.
    shown = dict.fromkeys(contents.examples, requests[0])
    outputs = {
        key: tf.TensorSpec(value.shape, value.dtype, key)
        for key, value in reference.structured_outputs.items()
    }

    def write(folder: Path) -> None:
        folder.mkdir()
        (folder / FILES[format]).write_bytes(data)
        told = Contents(contents.about, contents.meanings, shown, contents.words, warms_up=False)
        write_beside(told, folder, {name: Converted(session, sized, outputs)})

    return written_version(directory, write)


def _asking(function: Callable[..., Any], specs: Sequence[tf.TensorSpec]) -> Ask:
    """A function of tensors as one of arrays by name."""

    def ask(rows: Mapping[str, np.ndarray]) -> Rows:
        tensors = [tf.constant(rows[spec.name], spec.dtype) for spec in specs]
        return {name: value.numpy() for name, value in function(*tensors).items()}

    return ask
