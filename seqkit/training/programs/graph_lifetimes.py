"""Lets the graph of a finished training go.

TensorFlow registers the gradient of every traced `tf.custom_gradient` for good, under a name of its
own, and the gradient holds the tensors of its graph: a training step of some ten megabytes that no
one can run any more. A search over many models would keep them all.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from seqkit.keras_internals import registered_gradients

_gradients = registered_gradients()
PREFIX = "CustomGradient-"


def tie_gradients_to_graphs() -> None:
    """Makes each registered custom gradient live as long as the graph that it was traced in.

    While a graph lives, its gradients are found as before; so this may be called at any time.
    """
    for name, entry in list(_gradients.items()):
        if name.startswith(PREFIX):
            gradient = entry["type"]
            graph = _graph_of(gradient)
            if graph is not None:
                graph.seqkit_gradients = [*getattr(graph, "seqkit_gradients", ()), gradient]
                entry["type"] = _Tied(weakref.ref(gradient))
                weakref.finalize(graph, _gradients.pop, name, None).atexit = False


class _Tied:
    """Calls a gradient without keeping it alive."""

    def __init__(self, gradient: Callable[[], Callable[..., Any] | None]) -> None:
        self._gradient = gradient

    def __call__(self, *arguments: Any) -> Any:
        gradient = self._gradient()
        assert gradient is not None, "the graph of this gradient is gone"
        return gradient(*arguments)


def _graph_of(gradient: Any) -> tf.Graph | None:
    """The graph of the tensors that TensorFlow's gradient function has in its closure."""
    try:
        by_name = _closure(_closure(gradient)["tape_grad_fn"])
        return next(t.graph for t in tf.nest.flatten(by_name["result"]) if hasattr(t, "graph"))
    except (AttributeError, KeyError, StopIteration, TypeError, ValueError):
        return None


def _closure(function: Any) -> dict[str, Any]:
    cells = (cell.cell_contents for cell in function.__closure__)
    return dict(zip(function.__code__.co_freevars, cells, strict=True))
