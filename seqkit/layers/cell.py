"""The Keras cell made of a cell's equations: weights, options, and one step."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import keras
import numpy as np
import tensorflow as tf

from seqkit import checks
from seqkit.keras_internals import MASKS_ARE_KEPT, CellWithKeptMasks
from seqkit.layers.engine.products import Weights
from seqkit.layers.engine.step import recur_step
from seqkit.layers.equations import CellEquations
from seqkit.layers.options import (
    CellOptions,
    ConstructorSignature,
    Option,
    given_options,
    options_of,
)
from seqkit.types import Shape, Tensor

INITIAL_STATES = ("zeros", "learned", "random")
RANDOM_STATE_STDDEV = 0.1


class RecurrentCell(keras.layers.Layer, CellWithKeptMasks):
    """Base of the recurrent cells. A subclass names its `equations_class`; fields of that dataclass
    are options of the cell, beside those shared by all cells. Arguments come in Keras's order, then
    those that Keras does not have.

    Args:
        units: number of units H, at least 1.
        use_bias: whether to add a bias. Default True.
        kernel_initializer, recurrent_initializer, bias_initializer, vector_initializer: for the
            input kernel ("glorot_uniform"), the recurrent kernel ("orthogonal"), the bias ("zeros")
            and elementwise weights such as peepholes ("glorot_uniform").
        kernel_regularizer, recurrent_regularizer, bias_regularizer, vector_regularizer: likewise.
        kernel_constraint, recurrent_constraint, bias_constraint, vector_constraint: likewise.
        dropout: fraction of the inputs dropped, the same at every step (Gal & Ghahramani 2016,
            tied weights). Default 0.
        recurrent_dropout: fraction of h_{t-1} dropped in the products, the same at every step.
        initial_state: where sequences start if no state is given: "zeros" (default); "learned", a
            trainable vector for each state; or "random", normal with standard deviation 0.1 drawn
            for each sequence in training, zeros at inference.
        seed: of dropout and of random initial states.

    Raises:
        ValueError: for an option out of its range, or an unknown one.
    """

    equations_class: ClassVar[type[CellEquations]]
    declared_options: ClassVar[Mapping[str, Option]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "equations_class" in cls.__dict__:
            cls.declared_options = options_of(cls.__name__, cls.equations_class, CellOptions)
            cls.__signature__ = ConstructorSignature(cls.declared_options)  # type: ignore

    def __init__(self, units: int, *args: Any, **kwargs: Any) -> None:
        declared = self.declared_options
        given, layer_options = given_options(declared, args, kwargs, type(self).__name__)
        super().__init__(**layer_options)
        checks.count("units", units)
        self.units = operator.index(units)
        values = {n: o.read(given.get(n, o.default)) for n, o in declared.items()}
        for name in ("dropout", "recurrent_dropout"):
            checks.fraction(name, values[name])
        if values["initial_state"] not in INITIAL_STATES:
            raise ValueError(
                f"initial_state must be one of {', '.join(map(repr, INITIAL_STATES))}, "
                f"got {values['initial_state']!r}. To start from tensors, pass them in the call."
            )
        own = [field.name for field in dataclasses.fields(self.equations_class)]
        self.equations = self.equations_class(**{name: values[name] for name in own})
        _check_activations(self.equations)
        for field in dataclasses.fields(CellOptions):
            setattr(self, field.name, values[field.name])
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        self._dropout_mask: Tensor | None = None
        self._recurrent_dropout_mask: Tensor | None = None
        states = len(self.equations.state)
        self.state_size = self.units if states == 1 else [self.units] * states
        self.output_size = self.units

    def __getattr__(self, name: str) -> Any:
        # Options of the equations are attributes of the cell, as in Keras.
        equations = self.__dict__.get("equations")
        if equations is not None and name in {f.name for f in dataclasses.fields(equations)}:
            return getattr(equations, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def build(self, input_shape: Shape) -> None:
        columns = len(self.equations.gates) * self.units

        def weight(name: str, shape: Shape, kind: str, initializer: Any = None) -> keras.Variable:
            return self.add_weight(
                name=name,
                shape=shape,
                initializer=initializer or getattr(self, f"{kind}_initializer"),
                regularizer=getattr(self, f"{kind}_regularizer"),
                constraint=getattr(self, f"{kind}_constraint"),
            )

        self.kernel = weight("kernel", (input_shape[-1], columns), "kernel")
        self.recurrent_kernel = weight("recurrent_kernel", (self.units, columns), "recurrent")
        self.bias = None
        if self.use_bias:
            rows = self.equations.bias_rows
            shape = (columns,) if rows == 1 else (rows, columns)
            self.bias = weight("bias", shape, "bias", self._initial_bias)
        self.vectors = [weight(name, (self.units,), "vector") for name in self.equations.vectors]
        self.initial_vectors = []
        if self.initial_state == "learned":
            self.initial_vectors = [
                self.add_weight(name=f"initial_{s}", shape=(self.units,), initializer="zeros")
                for s in self.equations.state
            ]
        self.built = True

    def _initial_bias(self, shape: Shape, dtype: Any = None) -> Tensor:
        bias = self.bias_initializer(shape, dtype=dtype)
        starts_at_one = [g in self.equations.unit_bias_gates for g in self.equations.gates]
        return keras.ops.where(
            np.repeat(starts_at_one, self.units), keras.ops.ones_like(bias), bias
        )

    def tensors(self) -> Weights:
        """The weights as tensors, in the compute dtype where a Keras call is under way."""
        bias = None if self.bias is None else tf.convert_to_tensor(self.bias)
        return Weights(
            tf.convert_to_tensor(self.kernel),
            tf.convert_to_tensor(self.recurrent_kernel),
            bias,
            tuple(tf.convert_to_tensor(v) for v in self.vectors),
        )

    def call(
        self, inputs: Tensor, states: Tensor | Sequence[Tensor], training: bool = False
    ) -> tuple[Tensor, Tensor | list[Tensor]]:
        """One step.

        Args:
            inputs: (B, D).
            states: the previous states, each (B, H): a list, or a tensor where the cell has one.
            training: whether dropout is active.

        Returns:
            The output (B, H), and the new states in the form in which `states` came.
        """
        nested = isinstance(states, list | tuple)
        # Keras casts floating point alone.
        inputs = tf.cast(inputs, self.compute_dtype)
        state = tuple(tf.cast(s, self.compute_dtype) for s in (states if nested else (states,)))
        recurrent_mask = None
        if training and self.dropout:
            inputs = inputs * self.get_dropout_mask(inputs)
        if training and self.recurrent_dropout:
            recurrent_mask = self.get_recurrent_dropout_mask(state[0])
        new = recur_step(self.equations, inputs, state, self.tensors(), recurrent_mask)
        return new[0], list(new) if nested else new[0]

    def drawn_mask(self, values: Tensor, rate: float) -> Tensor:
        """A new dropout mask of the shape of values: 0, or 1 / (1 - rate)."""
        ones = keras.ops.ones_like(values)
        return keras.random.dropout(ones, rate, seed=self.seed_generator)

    # One mask serves all steps until it is reset. `keras.layers.RNN` calls these four around its
    # loop.

    def get_dropout_mask(self, step_input: Tensor) -> Tensor | None:
        """The mask of the inputs (B, D), drawn where there is none; None without dropout."""
        if self.dropout and (self._dropout_mask is None or not MASKS_ARE_KEPT):
            self._dropout_mask = self.drawn_mask(step_input, self.dropout)
        return self._dropout_mask

    def get_recurrent_dropout_mask(self, step_input: Tensor) -> Tensor | None:
        """The mask of h_{t-1} (B, H), likewise."""
        if self.recurrent_dropout and (self._recurrent_dropout_mask is None or not MASKS_ARE_KEPT):
            self._recurrent_dropout_mask = self.drawn_mask(step_input, self.recurrent_dropout)
        return self._recurrent_dropout_mask

    def reset_dropout_mask(self) -> None:
        """Forgets the mask of the inputs."""
        self._dropout_mask = None

    def reset_recurrent_dropout_mask(self) -> None:
        """Forgets the mask of h_{t-1}."""
        self._recurrent_dropout_mask = None

    def get_initial_state(self, batch_size: Tensor | int | None = None) -> list[Tensor]:
        """The states from which a batch of sequences starts at inference, each (B, H)."""
        if self.initial_state == "learned":
            return [
                tf.tile(tf.cast(v, self.compute_dtype)[None], [batch_size, 1])
                for v in self.initial_vectors
            ]
        shape = (batch_size, self.units)
        return [keras.ops.zeros(shape, dtype=self.compute_dtype) for _ in self.equations.state]

    def random_initial_state(self, batch_size: Tensor | int) -> list[Tensor]:
        """The states from which a batch starts in training where the initial state is random."""
        return [
            keras.random.normal(
                (batch_size, self.units),
                stddev=RANDOM_STATE_STDDEV,
                dtype=self.compute_dtype,
                seed=self.seed_generator,
            )
            for _ in self.equations.state
        ]

    def get_config(self) -> dict[str, Any]:
        options = {n: o.written(getattr(self, n)) for n, o in self.declared_options.items()}
        return {**super().get_config(), "units": self.units, **options}


def _check_activations(equations: CellEquations) -> None:
    for field in dataclasses.fields(equations):
        value = getattr(equations, field.name)
        if isinstance(value, keras.layers.Layer):
            raise ValueError(
                f"{field.name} must be a name or a function of one tensor, got the layer "
                f"{value.name!r}. A layer's own weights would not be trained here."
            )
