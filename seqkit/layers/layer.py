"""The Keras layer that runs a cell over time with the recurrence engine."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import keras
import tensorflow as tf

from seqkit.checks import count
from seqkit.keras_internals import RNNWithoutMasks
from seqkit.layers.cell import RecurrentCell
from seqkit.layers.engine.dispatch import run
from seqkit.layers.engine.products import Sequences
from seqkit.layers.options import (
    CellOptions,
    ConstructorSignature,
    LayerOptions,
    Option,
    given_options,
    options_of,
)
from seqkit.types import Tensor

if TYPE_CHECKING:
    from typing_extensions import Self

# Keras's switches between its own implementations; there is one formulation here.
KERAS_SWITCHES = ("implementation", "use_cudnn")


class RecurrentLayer(RNNWithoutMasks):
    """Base of the recurrent layers: a `keras.layers.RNN` whose time loop is the engine's.

    A subclass names its `cell_class`. Arguments are those of the cell and these, in Keras's order:

    Args:
        return_sequences: whether to return the outputs of all steps. Default False: the last.
        return_state: whether to return the final state as well.
        go_backwards: whether to read sequences from the end. Outputs are in the order of reading,
            and so is the mask that is passed on with them; Keras's layers pass it on as it came, so
            that a layer behind masks other steps. Unpadded sequences make no difference.
        stateful: whether a batch starts from the state in which the last one ended.
        unroll: whether the portable path writes out every step; needs a static number of steps.
        zero_output_for_mask: whether outputs at masked steps are zeros, not the output before.
        activity_regularizer: of the outputs.
        tbptt_steps: truncated back-propagation through time: training cuts sequences into windows
            of so many steps, carries the state from one to the next, and lets no gradient pass from
            a window to the one before. What is kept for the gradient then grows with the window.
            Default None: gradients reach back through all steps.

    Call arguments:
        sequences: (B, T, D), cast to the layer's compute dtype.
        initial_state: list of the states to start from, each (B, H).
        mask: boolean (B, T). A masked step keeps the state.
        training: whether dropout is active.
        lengths: integers (B,), the valid steps of each right-padded row; more than T counts as
            T, fewer than 0 as 0. The forward direction then ends, and the reverse direction starts,
            at each row's own last step.

    Returns:
        Outputs (B, T, H) with `return_sequences`, else the last output (B, H); with `return_state`
        followed by the final states, each (B, H).
    """

    cell_class: ClassVar[type[RecurrentCell]]
    declared_options: ClassVar[Mapping[str, Option]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "cell_class" in cls.__dict__:
            cls.declared_options = options_of(
                cls.__name__, cls.cell_class.equations_class, CellOptions, LayerOptions
            )
            cls.__signature__ = ConstructorSignature(cls.declared_options)  # type: ignore

    def __init__(self, units: int, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("use_cudnn") is True:
            raise ValueError(
                "use_cudnn=True: this layer has no cuDNN kernel. Use keras.layers.LSTM or GRU "
                "(cell names 'keras_lstm', 'keras_gru') for cuDNN."
            )
        kwargs = {k: v for k, v in kwargs.items() if k not in KERAS_SWITCHES}
        declared = self.declared_options
        given, layer_options = given_options(declared, args, kwargs, type(self).__name__)
        for field in dataclasses.fields(LayerOptions):
            option = declared[field.name]
            layer_options[option.name] = option.read(given.pop(option.name, option.default))
        tbptt_steps = layer_options.pop("tbptt_steps")
        if tbptt_steps is not None:
            count("tbptt_steps", tbptt_steps)
        cell = self.cell_class(
            units,
            **given,
            dtype=layer_options.get("dtype"),
            trainable=layer_options.get("trainable", True),
        )
        super().__init__(cell, **layer_options)
        self.tbptt_steps = tbptt_steps
        if self.stateful and cell.initial_state != "zeros":
            raise ValueError(
                f"stateful=True starts from the state of the last batch, so initial_state must be "
                f"'zeros', got {cell.initial_state!r}."
            )
        self.input_spec = keras.layers.InputSpec(ndim=3)
        # Model.compile(jit_compile="auto") must not compile the loops into one program, which
        # would run on one core.
        self.supports_jit = False

    def __getattr__(self, name: str) -> Any:
        # The cell's options are attributes of the layer, as in Keras.
        if (name == "units" or name in self.declared_options) and "cell" in self.__dict__:
            return getattr(self.cell, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def call(
        self,
        sequences: Tensor,
        initial_state: list[Tensor] | None = None,
        mask: Tensor | list[Tensor | None] | None = None,
        training: bool = False,
        lengths: Tensor | Sequence[int] | None = None,
    ) -> Tensor | tuple[Tensor, ...]:
        # Keras casts floating point alone.
        sequences = tf.cast(sequences, self.compute_dtype)
        if initial_state is not None:
            initial_state = [
                tf.cast(s, self.compute_dtype) for s in keras.tree.flatten(initial_state)
            ]
        mask = _combined_mask(sequences, mask, lengths)
        # Keras's outputs before the first valid step are zeros, whatever the state is.
        blank = self.zero_output_for_mask
        if initial_state is not None or self.stateful or self.cell.initial_state != "zeros":
            blank = True
        if initial_state is None and training and self.cell.initial_state == "random":
            initial_state = self.cell.random_initial_state(tf.shape(sequences)[0])
        result = super().call(sequences, initial_state=initial_state, mask=mask, training=training)
        if mask is None or not blank:
            return result
        if not self.return_state:
            return self._blanked(result, mask)
        return self._blanked(result[0], mask), *result[1:]

    def inner_loop(
        self,
        sequences: Tensor,
        initial_state: list[Tensor],
        mask: Tensor | None,
        training: bool = False,
    ) -> tuple[Tensor, Tensor, list[Tensor]]:
        """Runs the cell over time: (last output, outputs, final states)."""
        cell = self.cell
        x, recurrent_mask = sequences, None
        if training and cell.dropout:
            x = x * cell.drawn_mask(x[:, 0], cell.dropout)[:, None]
        if training and cell.recurrent_dropout:
            recurrent_mask = cell.drawn_mask(initial_state[0], cell.recurrent_dropout)
        outputs, state = run(
            cell.equations,
            Sequences(x, tuple(initial_state), mask, recurrent_mask),
            cell.tensors(),
            go_backwards=self.go_backwards,
            return_sequences=self.return_sequences,
            unroll=self.unroll,
            tbptt_steps=self.tbptt_steps,
        )
        for value in state:
            value.set_shape([sequences.shape[0], cell.units])
        if outputs is None:
            return state[0], state[0][:, None], list(state)
        outputs.set_shape([*sequences.shape[:2], cell.units])
        return state[0], outputs, list(state)

    def compute_mask(self, sequences: Tensor, mask: Any = None) -> Any:
        """The mask of the outputs, in their order: reversed where sequences are read from the end.

        Keras's layers pass it on as it came, so that the next layer masks other steps.
        """
        masks = super().compute_mask(sequences, mask)
        outputs, *states = masks if isinstance(masks, list) else [masks]
        if outputs is not None and self.go_backwards:
            outputs = keras.ops.flip(outputs, axis=1)
        return [outputs, *states] if isinstance(masks, list) else outputs

    def _blanked(self, outputs: Tensor, mask: Tensor) -> Tensor:
        """Zeros at masked steps, or only before the first valid one."""
        visible = mask[:, ::-1] if self.go_backwards else mask
        if not self.zero_output_for_mask:
            visible = tf.cumsum(tf.cast(visible, tf.int32), axis=1) > 0
        visible = visible[:, :, None] if self.return_sequences else visible[:, -1:]
        return tf.where(visible, outputs, tf.zeros_like(outputs))

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["cell"]
        cell = self.cell.get_config()
        for name in ("name", "trainable", "dtype"):
            cell.pop(name, None)
        cell["tbptt_steps"] = self.tbptt_steps
        activity = self.declared_options["activity_regularizer"]
        return {**config, **cell, activity.name: activity.written(self.activity_regularizer)}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Self:
        return cls(**config)


def _combined_mask(
    sequences: Tensor,
    masks: Tensor | list[Tensor | None] | None,
    lengths: Tensor | Sequence[int] | None,
) -> Tensor | None:
    """The steps that are valid by mask and by lengths, boolean (B, T), or None for all."""
    # Keras hands a mask for each tensor, states included.
    mask: Tensor | None = masks[0] if isinstance(masks, list | tuple) else masks
    if mask is not None:
        mask = tf.cast(mask, tf.bool)
        if mask.shape.rank == 3:
            mask = mask[:, :, 0]
    if lengths is None:
        return mask
    counts = tf.convert_to_tensor(lengths)
    if not counts.dtype.is_integer or counts.shape.rank != 1:
        raise ValueError(
            "lengths must be integers of shape (batch,), got "
            f"{counts.dtype.name} of shape {tuple(counts.shape)}."
        )
    valid = tf.sequence_mask(counts, tf.shape(sequences)[1])
    return valid if mask is None else mask & valid
