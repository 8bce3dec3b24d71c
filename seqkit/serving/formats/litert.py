"""LiteRT, once TensorFlow Lite: a graph of one row and a fixed number of steps, for devices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from seqkit.extras import require
from seqkit.layers.engine.dispatch import recurrence_path
from seqkit.layers.engine.portable import loops_for_converters
from seqkit.serving.formats.checking import FailedConversion, Rows, first_line


def require_packages() -> None:
    """Raises MissingExtraError unless what runs LiteRT is installed; TensorFlow converts."""
    require("ai_edge_litert", "export(format='litert')")


def sized(specs: Sequence[tf.TensorSpec], steps: int | None) -> list[tf.TensorSpec]:
    """The specs of one row, of so many steps.

    Raises:
        ValueError: where an input has steps and their number is not said.

    Example:
        >>> spec = tf.TensorSpec((None, None, 3), tf.float32, "inputs")
        >>> sized([spec], 20)[0].shape.as_list()
        [1, 20, 3]
    """
    if steps is None:
        raise ValueError(
            "steps must be given with format='litert', whose rows are all of one length: that of "
            "the longest row, and shorter ones end in NaN."
        )
    return [
        tf.TensorSpec(
            [1, *(steps if size is None else size for size in spec.shape[1:])],
            spec.dtype,
            spec.name,
        )
        for spec in specs
    ]


def fitted(
    rows: Mapping[str, np.ndarray], specs: Sequence[tf.TensorSpec], sized: Sequence[tf.TensorSpec]
) -> Rows:
    """Rows of the sizes that a file has: cut, or filled with NaN. Histories end together."""
    made: Rows = {}
    for spec, fixed in zip(specs, sized, strict=True):
        values = rows[spec.name]
        if spec.shape.rank > 1 and spec.shape[1] is None:
            steps = fixed.shape[1]
            more = max(steps - values.shape[1], 0)
            at_start = spec.name == "history"
            values = np.pad(
                values[:, -steps:] if at_start else values[:, :steps],
                [(0, 0), (more, 0) if at_start else (0, more), (0, 0)],
                constant_values=np.nan,
            )
        made[spec.name] = values
    if "lengths" in made:
        made["lengths"] = np.minimum(made["lengths"], made["inputs"].shape[1]).astype(np.int32)
        made["inputs"] = np.nan_to_num(made["inputs"], nan=0.0)
    return made


def convert(function: Callable[..., Any], specs: Sequence[tf.TensorSpec]) -> bytes:
    """A function as a LiteRT file.

    Args:
        function: from tensors to outputs by name.
        specs: of the tensors, with their names; all sizes are known.

    Raises:
        FailedConversion: for operations that LiteRT lacks.
    """
    with recurrence_path("portable"), loops_for_converters():
        traced = tf.function(function, input_signature=list(specs), autograph=False)
        concrete = traced.get_concrete_function()
        root = tf.Module()
        root.variables_ = list(concrete.variables)
        root.function = traced
        converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], root)
        try:
            return converter.convert()
        except Exception as error:  # whatever a converter may meet
            raise FailedConversion(
                f"TensorFlow does not convert it: {first_line(error)}"
            ) from error


class Session:
    """LiteRT's interpreter with a model; rows are asked one after another.

    Args:
        model: the file's bytes.
    """

    def __init__(self, model: bytes) -> None:
        require_packages()
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter = Interpreter(model_content=model)
        self._run = self._interpreter.get_signature_runner()

    def __call__(self, rows: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The outputs by name, of inputs by name."""
        count = len(next(iter(rows.values())))
        answers = [
            self._run(**{name: values[k : k + 1] for name, values in rows.items()})
            for k in range(count)
        ]
        return {name: np.concatenate([a[name] for a in answers]) for name in answers[0]}
