"""All that seqkit takes from inside Keras and TensorFlow, which have no public name for it.

Each has a fallback for a release without it. `tests/test_keras_internals.py` says which one a new
release has moved.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import keras

from seqkit.types import Tensor

# XLA's dynamic-update-slice: update_slice(buffer, update, indices) writes in place in a compiled
# loop. Without it recurrences run on the portable path.
update_slice: Callable[[Tensor, Tensor, list[Tensor | int]], Tensor] | None = None
with contextlib.suppress(ImportError, AttributeError):
    from tensorflow.compiler.tf2xla.python import xla

    update_slice = xla.dynamic_update_slice

# Whether a gradient tape is recording. Without it recurrences run on the portable path, and keep
# what gradients need.
tape_is_recording: Callable[[], bool] | None = None
with contextlib.suppress(ImportError, AttributeError):
    from tensorflow.python.eager import record

    tape_is_recording = record.could_possibly_record

# Whether what is being traced belongs to a function that is compiled as a whole. Without it no
# recurrence runs on TensorFlow's kernels of an LSTM, which the compiler does not have.
in_compiled_function: Callable[[], bool] | None = None
with contextlib.suppress(ImportError, AttributeError):
    from tensorflow.python.framework import ops
    from tensorflow.python.ops import control_flow_util

    in_xla_context = control_flow_util.GraphOrParentsInXlaContext

    def in_compiled_function() -> bool:  # type: ignore[no-redef]
        return bool(in_xla_context(ops.get_default_graph()))


def missing_for_speed() -> list[str]:
    """Names what fast recurrent layers are built on and this TensorFlow has moved."""
    taken = {
        "xla.dynamic_update_slice": update_slice,
        "record.could_possibly_record": tape_is_recording,
    }
    return [name for name, part in taken.items() if part is None]


def tensorflow_has_run() -> bool:
    """Whether TensorFlow has started its threads in this process, as its first operation does.

    Where that cannot be told, a process that is forked later hangs rather than says why.
    """
    try:
        from tensorflow.python.eager import context

        return context._context is not None and context._context._context_handle is not None
    except (ImportError, AttributeError):
        return False


def mask_of(tensor: Tensor) -> Tensor | None:
    """The mask that Keras hands on with a tensor, as an Embedding with mask_zero does; or None.

    Keras gives a layer that takes several tensors no public way to it. Without it only masks that
    are passed count.
    """
    return getattr(tensor, "_keras_mask", None)


def registered_gradients() -> dict[str, dict[str, Any]]:
    """TensorFlow's table of gradients by name, itself; an empty one where it has moved.

    Without it the graphs of finished trainings stay in memory.
    """
    try:
        from tensorflow.python.framework.ops import gradient_registry

        return gradient_registry._registry
    except (ImportError, AttributeError):
        return {}


def averages_of(optimizer: keras.optimizers.Optimizer) -> list[keras.Variable]:
    """The moving averages that an optimiser with `use_ema` keeps of the variables it was built for,
    in their order; none of any other. Without Keras's own list they are told by their names."""
    if not optimizer.use_ema:
        return []
    own = getattr(optimizer, "_model_variables_moving_average", None)
    return averages_by_name(optimizer) if own is None else list(own)


def averages_by_name(optimizer: keras.optimizers.Optimizer) -> list[keras.Variable]:
    """The same by the names of an optimiser's variables."""
    return [v for v in optimizer.variables if v.name.endswith("_average")]


def layers_within(model: keras.layers.Layer) -> list[keras.layers.Layer]:
    """A model and all layers in it, at any depth, in an order that a rebuilt model has too.

    A model's public `variables` will not do for finding seeds: they hold those of generators that
    have been replaced, and some that training adds. Without Keras's own list the layers are found
    among the attributes.
    """
    if hasattr(type(model), "_flatten_layers"):
        return model._flatten_layers()
    return layers_among_attributes(model)


def layers_among_attributes(model: keras.layers.Layer) -> list[keras.layers.Layer]:
    """The same by attributes, in an order of its own."""
    layers: dict[int, keras.layers.Layer] = {}
    waiting = [model]
    while waiting:
        layer = waiting.pop()
        if id(layer) not in layers:
            layers[id(layer)] = layer
            attributes = keras.tree.flatten(list(vars(layer).values()))
            waiting += [value for value in attributes if isinstance(value, keras.layers.Layer)]
    return list(layers.values())


def _class_with_kept_masks() -> type:
    for base in keras.layers.SimpleRNNCell.__mro__[1:]:
        if "reset_dropout_mask" in vars(base):
            return base
    return object  # pragma: no cover


# The base of cells whose dropout masks `keras.layers.RNN` draws before its loop, so that one mask
# serves all steps, and clears after it. `object` in a Keras without it; a cell then draws a mask
# for each of its calls.
CellWithKeptMasks: Any = _class_with_kept_masks()
MASKS_ARE_KEPT = CellWithKeptMasks is not object


class RNNWithoutMasks(keras.layers.RNN):
    """`keras.layers.RNN` that leaves the drawing of dropout masks to its subclass.

    Keras would draw them at inference too, and export them. In a Keras that no longer calls this
    method nothing is to be prevented.
    """

    def _maybe_config_dropout_masks(self, *arguments: Any) -> None:
        """Draws nothing."""
