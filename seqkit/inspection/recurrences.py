"""The recurrent layers of a model, each direction by itself, and what they are as equations."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import keras
import tensorflow as tf

from seqkit.inspection.model_batches import Batch, kept
from seqkit.keras_internals import layers_within
from seqkit.layers.engine.products import Weights
from seqkit.layers.equations import CellEquations
from seqkit.layers.gru import GRUEquations
from seqkit.layers.layer import RecurrentLayer
from seqkit.layers.lstm import LSTMEquations
from seqkit.layers.simple_rnn import SimpleRNNEquations
from seqkit.types import Tensor


@dataclass(frozen=True)
class Recurrence:
    """A recurrent layer of a model, in one direction.

    Attributes:
        name: of the layer, unique in the model.
        layer: a `keras.layers.RNN`, ours or any other.
    """

    name: str
    layer: keras.layers.RNN

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the states: those of the equations, else state_1, state_2 and so on."""
        try:
            return self.equations.state
        except ValueError:
            sizes = keras.tree.flatten(self.layer.cell.state_size)
            return tuple(f"state_{i + 1}" for i in range(len(sizes)))

    def step(self, x: Tensor, state: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """One step at inference: x (B, D) and the states, each (B, H), to output and new states."""
        sizes = self.layer.cell.state_size
        form = sizes if keras.tree.is_nested(sizes) else [sizes]
        nested = keras.tree.pack_sequence_as(form, state)
        output, new = self.layer.cell(x, nested, training=False)
        return output, keras.tree.flatten(new)

    @property
    def equations(self) -> CellEquations:
        """The equations of the cell, of ours or of Keras's own three.

        Raises:
            ValueError: for any other cell.
        """
        cell = self.layer.cell
        if isinstance(self.layer, RecurrentLayer):
            return cell.equations
        if type(cell) is keras.layers.LSTMCell:
            return LSTMEquations(cell.activation, cell.recurrent_activation)
        if type(cell) is keras.layers.GRUCell:
            return GRUEquations(
                cell.activation, cell.recurrent_activation, reset_after=bool(cell.reset_after)
            )
        if type(cell) is keras.layers.SimpleRNNCell:
            return SimpleRNNEquations(cell.activation)
        raise ValueError(
            f"layer {self.name!r} must have a cell whose equations seqkit knows, a RecurrentCell "
            f"or Keras's LSTMCell, GRUCell or SimpleRNNCell, got {type(cell).__name__}."
        )

    @property
    def weights(self) -> Weights:
        """The weights of the equations, as the engine takes them."""
        cell = self.layer.cell
        if isinstance(self.layer, RecurrentLayer):
            return cell.tensors()
        bias = tf.convert_to_tensor(cell.bias) if cell.use_bias else None
        kernel, recurrent = map(tf.convert_to_tensor, (cell.kernel, cell.recurrent_kernel))
        return Weights(kernel, recurrent, bias)


def recurrences_of(model: keras.Model) -> list[Recurrence]:
    """The recurrent layers of a model, at any depth, each direction by itself.

    Raises:
        TypeError: for anything but a Keras layer or model.
        ValueError: where there are none, or one is not built.
    """
    if not isinstance(model, keras.layers.Layer):
        raise TypeError(
            "model must be a fitted estimator of seqkit, or a keras.Model, got "
            f"{type(model).__name__}."
        )
    layers = [layer for layer in layers_within(model) if _runs_over_sequences(layer)]
    if not layers:
        raise ValueError(
            f"model must have a recurrent layer, such as seqkit.layers.LSTM, got {model.name!r} "
            f"of {', '.join(sorted({type(x).__name__ for x in layers_within(model)}))}."
        )
    for layer in layers:
        if not layer.built:
            raise ValueError(
                f"layer {layer.name!r} must be built: fit the model, or call it on a batch first."
            )
    times = Counter(layer.name for layer in layers)
    seen: Counter[str] = Counter()
    recurrences = []
    for layer in layers:
        seen[layer.name] += 1
        more = f"_{seen[layer.name]}" if times[layer.name] > 1 else ""
        recurrences.append(Recurrence(f"{layer.name}{more}", layer))
    return recurrences


def _runs_over_sequences(layer: keras.layers.Layer) -> bool:
    """Whether it is an RNN whose states are vectors, not pictures."""
    if not isinstance(layer, keras.layers.RNN):
        return False
    sizes = keras.tree.flatten(layer.cell.state_size)
    return all(isinstance(size, int) for size in sizes) and not hasattr(layer.cell, "kernel_size")


@dataclass
class Recording:
    """How a recurrence ran: its steps in the order in which they are read.

    Attributes:
        inputs: (B, T, D), in the order of reading.
        valid: boolean (B, T), in the order of reading, or None for all.
        start: the initial states, each (B, H).
        states: for each step the states after it, each (B, H).
        taps: for each step zeros that were added to each of its states. The derivative by a tap is
            that by the state, through all that follows.
    """

    inputs: Tensor
    valid: Tensor | None
    start: list[Tensor]
    states: list[list[Tensor]] = field(default_factory=list)
    taps: list[list[Tensor]] = field(default_factory=list)

    def replayed(self, recurrence: Recurrence) -> list[list[Tensor]]:
        """Runs over the same inputs once more from the same start; the states of each step."""
        state, states = self.start, []
        for t in range(len(self.states)):
            _, new = recurrence.step(self.inputs[:, t], state)
            state = self.where_valid(t, new, state)
            states.append(state)
        return states

    def where_valid(self, t: int, new: list[Tensor], old: list[Tensor]) -> list[Tensor]:
        """New states after step t; of rows that are masked, the old ones."""
        if self.valid is None:
            return new
        valid = self.valid[:, t, None]
        return [tf.where(valid, n, o) for n, o in zip(new, old, strict=True)]


@contextlib.contextmanager
def recorded(
    recurrences: list[Recurrence], tape: tf.GradientTape | None = None
) -> Iterator[dict[str, Recording]]:
    """Lets each recurrence run step by step while the model is called eagerly inside.

    The layers compute what they always do at inference. Afterwards they run as before; the states
    of stateful layers are for the caller to keep (`model_batches.kept`).

    Args:
        recurrences: of one model.
        tape: watches the taps.
    """
    recordings: dict[str, Recording] = {}
    for recurrence in recurrences:
        # Where Python looks first; Keras takes no notice of it, as of an attribute that is set.
        recurrence.layer.__dict__["inner_loop"] = _loop(recurrence, recordings, tape)
    try:
        yield recordings
    finally:
        for recurrence in recurrences:
            del recurrence.layer.__dict__["inner_loop"]


def recordings_of(
    model: keras.Model, recurrences: list[Recurrence], batch: Batch
) -> dict[str, Recording]:
    """How recurrences of the model run on a batch, by name; the model is as before."""
    with kept(model), recorded(recurrences) as recordings:
        model(batch.inputs, training=False)
    return recordings


def _loop(
    recurrence: Recurrence, recordings: dict[str, Recording], tape: tf.GradientTape | None
) -> Any:
    """The loop of `keras.layers.RNN.inner_loop`, written out."""
    layer = recurrence.layer

    def inner_loop(
        sequences: Tensor, initial_state: Any, mask: Tensor | None, training: bool = False
    ) -> tuple[Tensor, Tensor, Any]:
        def read(values: Tensor) -> Tensor:
            return values[:, ::-1] if layer.go_backwards else values

        sequences = read(tf.convert_to_tensor(sequences))
        if mask is not None:
            mask = read(tf.cast(mask, tf.bool))
            mask = mask[:, :, 0] if mask.shape.rank == 3 else mask
        state = [tf.convert_to_tensor(s) for s in keras.tree.flatten(initial_state)]
        recording = recordings[recurrence.name] = Recording(sequences, mask, state)
        output, outputs = None, []
        for t in range(sequences.shape[1]):
            new_output, new = recurrence.step(sequences[:, t], state)
            place = next((i for i, s in enumerate(new) if s is new_output), None)
            new = recording.where_valid(t, new, state)
            taps = [tf.zeros_like(s) for s in new]
            if tape is not None:
                for tap in taps:
                    tape.watch(tap)
            new = [s + tap for s, tap in zip(new, taps, strict=True)]
            if place is not None:
                new_output = new[place]
            if mask is not None:
                masked = tf.zeros_like(new_output)
                if output is not None and not layer.zero_output_for_mask:
                    masked = output
                new_output = tf.where(mask[:, t, None], new_output, masked)
            state, output = new, new_output
            recording.states.append(state)
            recording.taps.append(taps)
            outputs.append(output)
        return outputs[-1], tf.stack(outputs, 1), keras.tree.pack_sequence_as(initial_state, state)

    return inner_loop
