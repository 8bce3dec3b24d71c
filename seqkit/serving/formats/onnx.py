"""ONNX: a graph traced as its converter reads it, and asked by ONNX Runtime.

tf2onnx goes on where it does not know an operation, takes the outputs of a loop for those of its
iterations in their order, and chooses between two values by multiplying them with 0 and 1, of which
NaN makes NaN. So loops are traced in the one form that it reads, choices are marked for it, and
nothing is written that does not answer as the estimator does.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from seqkit.extras import require
from seqkit.layers.engine.dispatch import recurrence_path
from seqkit.layers.engine.portable import loops_for_converters
from seqkit.serving.formats.checking import FailedConversion, first_line
from seqkit.version import VERSION

OPSET = 18  # of ONNX 1.13, December 2022
AXES = ("batch", "steps")  # names of the axes of any size


def require_packages() -> None:
    """Raises MissingExtraError unless what converts and runs ONNX is installed."""
    for package in ("tf2onnx", "onnxruntime"):
        require(package, "export(format='onnx')")


def convert(function: Callable[..., Any], specs: Sequence[tf.TensorSpec]) -> bytes:
    """A function as an ONNX file.

    Args:
        function: from tensors to outputs by name.
        specs: of the tensors, with their names.

    Raises:
        MissingExtraError: where tf2onnx is not installed.
        FailedConversion: for operations that ONNX lacks.
    """
    require_packages()
    import onnx
    import tf2onnx

    with recurrence_path("portable"), loops_for_converters(), _quiet():
        traced = tf.function(function, input_signature=list(specs), autograph=False)
        try:
            model, _ = tf2onnx.convert.from_function(
                traced,
                list(specs),
                opset=OPSET,
                custom_rewriter=[_mark_choices],
                custom_op_handlers={"Log1p": (_log1p, []), "Expm1": (_expm1, [])},
            )
        except Exception as error:  # whatever a converter may meet
            raise FailedConversion(f"tf2onnx does not convert it: {first_line(error)}") from error
    lacking = sorted({n.op_type for n in _nodes(model.graph) if not _is_known(onnx, n)})
    if lacking:
        raise FailedConversion(f"ONNX lacks the operations {', '.join(lacking)}")
    _name_axes(model.graph)
    model.producer_name, model.producer_version = "seqkit", VERSION
    return model.SerializeToString(deterministic=True)


class Session:
    """ONNX Runtime with a model.

    Args:
        model: the file, or its bytes.
        threads: of an operation; 0 leaves them to the runtime.
    """

    def __init__(self, model: bytes | str, *, threads: int = 0) -> None:
        require("onnxruntime", "export(format='onnx')")
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, rows: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The outputs by name, of inputs by name."""
        names = [output.name for output in self._session.get_outputs()]
        return dict(zip(names, self._session.run(None, dict(rows)), strict=True))


def _mark_choices(graph: Any, nodes: Any) -> Any:
    """Has tf2onnx choose by ONNX's own operation, so that a NaN that is not chosen is not there."""
    for node in nodes:
        if node.type in ("Select", "SelectV2"):
            node.set_attr("handles_nan", True)
    return nodes


def _log1p(graph: Any, node: Any, name: str, arguments: Any) -> None:
    """log(1 + x), which ONNX has in two operations."""
    one = graph.make_const(f"{name}_one", np.ones((), np.float32)).output[0]
    more = graph.make_node("Add", [node.input[0], one]).output[0]
    node.type = "Log"
    graph.replace_inputs(node, [more])


def _expm1(graph: Any, node: Any, name: str, arguments: Any) -> None:
    """exp(x) - 1, the same."""
    one = graph.make_const(f"{name}_one", np.ones((), np.float32)).output[0]
    power = graph.make_node("Exp", [node.input[0]]).output[0]
    node.type = "Sub"
    graph.replace_inputs(node, [power, one])


def _nodes(graph: Any) -> Iterator[Any]:
    """The nodes of a graph and of all within it."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs]:
                yield from _nodes(inner)


def _is_known(onnx: Any, node: Any) -> bool:
    return node.domain in ("", "ai.onnx") and onnx.defs.has(node.op_type, OPSET)


def _name_axes(graph: Any) -> None:
    """Names the axes of any size of inputs and outputs."""
    for tensor in [*graph.input, *graph.output]:
        for axis, dimension in enumerate(tensor.type.tensor_type.shape.dim):
            if not dimension.HasField("dim_value"):
                dimension.dim_param = AXES[axis] if axis < len(AXES) else f"axis_{axis}"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Silences the converter, whose errors are ours to tell."""
    logger = logging.getLogger("tf2onnx")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
