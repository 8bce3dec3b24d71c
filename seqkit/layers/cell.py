"""The Keras cell made of a cell's equations: weights, options, and one step."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any, ClassVar

import keras
import numpy as np
import tensorflow as tf

# Keras fills and clears the dropout masks of cells of this class around its time loop.
from keras.src.layers.rnn.dropout_rnn_cell import DropoutRNNCell

from seqkit.layers.engine.portable import recur_step
from seqkit.layers.engine.products import Tensor, Weights
from seqkit.layers.equations import CellEquations

INITIAL_STATES = ("zeros", "learned", "random")
RANDOM_STATE_STDDEV = 0.1

# Options shared by all cells, with their defaults. The part of the name after the underscore says
# how Keras reads and writes the value.
CELL_OPTIONS: dict[str, Any] = {
    "use_bias": True,
    "kernel_initializer": "glorot_uniform",
    "recurrent_initializer": "orthogonal",
    "bias_initializer": "zeros",
    "vector_initializer": "glorot_uniform",
    "kernel_regularizer": None,
    "recurrent_regularizer": None,
    "bias_regularizer": None,
    "vector_regularizer": None,
    "kernel_constraint": None,
    "recurrent_constraint": None,
    "bias_constraint": None,
    "vector_constraint": None,
    "dropout": 0.0,
    "recurrent_dropout": 0.0,
    "initial_state": "zeros",
    "seed": None,
}
_KERAS_KINDS = {
    "activation": keras.activations,
    "initializer": keras.initializers,
    "regularizer": keras.regularizers,
    "constraint": keras.constraints,
}


def _kind(name: str) -> Any:
    return _KERAS_KINDS.get(name.rpartition("_")[2])


class RecurrentCell(DropoutRNNCell, keras.layers.Layer):
    """Base of the recurrent cells. A subclass names its `equations_class`; fields of that dataclass
    are options of the cell, between `units` and the options shared by all cells.

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

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "equations_class" in cls.__dict__:
            signature = signature_of(cls.equations_class)
            cls.__signature__ = ClassSignature(signature)  # type: ignore[attr-defined]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        bound = inspect.signature(type(self)).bind(*args, **kwargs)
        bound.apply_defaults()
        options = dict(bound.arguments)
        units, layer_options = options.pop("units"), options.pop("kwargs", {})
        super().__init__(**layer_options)
        self.units = _positive_integer(units, "units")
        for name in ("dropout", "recurrent_dropout"):
            _check_fraction(options[name], name)
        if options["initial_state"] not in INITIAL_STATES:
            raise ValueError(
                f"initial_state must be one of {', '.join(map(repr, INITIAL_STATES))}, "
                f"got {options['initial_state']!r}. To start from tensors, pass them in the call."
            )
        options = {n: v if (k := _kind(n)) is None else k.get(v) for n, v in options.items()}
        names = [field.name for field in dataclasses.fields(self.equations_class)]
        self.equations = self.equations_class(**{name: options.pop(name) for name in names})
        _check_activations(self.equations)
        for name in CELL_OPTIONS:
            setattr(self, name, options[name])
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        states = len(self.equations.state)
        self.state_size = self.units if states == 1 else [self.units] * states
        self.output_size = self.units

    def __getattr__(self, name: str) -> Any:
        # Options of the equations are attributes of the cell, as in Keras.
        equations = self.__dict__.get("equations")
        if equations is not None and name in {f.name for f in dataclasses.fields(equations)}:
            return getattr(equations, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def build(self, input_shape: Any) -> None:
        columns = len(self.equations.gates) * self.units

        def weight(name: str, shape: tuple[int, ...], kind: str, initializer: Any = None) -> Any:
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

    def _initial_bias(self, shape: Any, dtype: Any = None) -> Any:
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

    def call(self, inputs: Tensor, states: Any, training: bool = False) -> Any:
        """One step.

        Args:
            inputs: (B, D).
            states: the previous states, each (B, H): a list, or a tensor where there is one.
            training: whether dropout is active.

        Returns:
            The output (B, H), and the new states in the form in which `states` came.
        """
        nested = isinstance(states, list | tuple)
        state = tuple(states) if nested else (states,)
        recurrent_mask = None
        if training and self.dropout:
            inputs = inputs * self.get_dropout_mask(inputs)
        if training and self.recurrent_dropout:
            recurrent_mask = self.get_recurrent_dropout_mask(state[0])
        new = recur_step(self.equations, inputs, state, self.tensors(), recurrent_mask)
        return new[0], list(new) if nested else new[0]

    def get_initial_state(self, batch_size: Any = None) -> list[Tensor]:
        """The states from which a batch of sequences starts at inference, each (B, H)."""
        if self.initial_state == "learned":
            return [
                tf.tile(tf.cast(v, self.compute_dtype)[None], [batch_size, 1])
                for v in self.initial_vectors
            ]
        shape = (batch_size, self.units)
        return [keras.ops.zeros(shape, dtype=self.compute_dtype) for _ in self.equations.state]

    def random_initial_state(self, batch_size: Any) -> list[Tensor]:
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
        names = [field.name for field in dataclasses.fields(self.equations)]
        values = {n: getattr(self.equations, n) for n in names}
        values |= {name: getattr(self, name) for name in CELL_OPTIONS}
        options = {n: v if (k := _kind(n)) is None else k.serialize(v) for n, v in values.items()}
        return {**super().get_config(), "units": self.units, **options}


class ClassSignature:
    """The signature of a class, not of its instances: those are called with tensors."""

    def __init__(self, signature: inspect.Signature) -> None:
        self.signature = signature

    def __get__(self, instance: Any, owner: type) -> inspect.Signature:
        if instance is not None:
            raise AttributeError("__signature__")
        return self.signature


def signature_of(
    equations_class: type[CellEquations], more: dict[str, Any] | None = None
) -> inspect.Signature:
    """units, the equations' own options, the options of all cells, and `more`."""
    options = {f.name: f.default for f in dataclasses.fields(equations_class)}
    options = {n: v if _kind(n) is None else _kind(n).serialize(v) for n, v in options.items()}
    options |= CELL_OPTIONS | (more or {})
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Signature(
        [
            inspect.Parameter("units", kind),
            *(inspect.Parameter(name, kind, default=value) for name, value in options.items()),
            inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD),
        ]
    )


def _positive_integer(value: Any, name: str) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be an integer of at least 1, got {value!r}.")
    if value < 1:
        raise ValueError(f"{name} must be an integer of at least 1, got {value!r}.")
    return int(value)


def _check_fraction(value: Any, name: str) -> None:
    if not 0 <= value < 1:
        raise ValueError(f"{name} must be a fraction in [0, 1), got {value!r}.")


def _check_activations(equations: CellEquations) -> None:
    for field in dataclasses.fields(equations):
        value = getattr(equations, field.name)
        if isinstance(value, keras.layers.Layer):
            raise ValueError(
                f"{field.name} must be a name or a function of one tensor, got the layer "
                f"{value.name!r}. A layer's own weights would not be trained here."
            )
