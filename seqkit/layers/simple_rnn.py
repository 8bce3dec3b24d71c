"""The simple recurrent network (Elman 1990, "Finding structure in time").

h_t = phi(W x_t + U h_{t-1} + b)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import keras

from seqkit.layers.cell import RecurrentCell
from seqkit.layers.equations import ByName, CellEquations, State
from seqkit.layers.layer import RecurrentLayer


@dataclass(frozen=True)
class SimpleRNNEquations(CellEquations):
    """activation is phi: tanh, ReLU, sigmoid, or any other elementwise function."""

    gates: ClassVar[tuple[str, ...]] = ("candidate",)

    def update(self, a: ByName, state: State, w: ByName) -> State:
        return (self.activation(a.candidate),)


@keras.saving.register_keras_serializable("seqkit")
class SimpleRNNCell(RecurrentCell):
    """One step of `SimpleRNN`; options of all cells are described in `RecurrentCell`.

    Args:
        units: number of units H.
        activation: phi. Default "tanh".

    Example:
        >>> import numpy as np
        >>> cell = SimpleRNNCell(4)
        >>> h, states = cell(np.ones((2, 3), "float32"), cell.get_initial_state(2))
        >>> h.shape
        TensorShape([2, 4])
    """

    equations_class = SimpleRNNEquations


@keras.saving.register_keras_serializable("seqkit")
class SimpleRNN(RecurrentLayer):
    """Simple recurrent layer (Elman 1990), h_t = phi(W x_t + U h_{t-1} + b).

    Takes the arguments of `keras.layers.SimpleRNN` and holds its weights. Options of all cells are
    described in `RecurrentCell`, those of all layers and of the call in `RecurrentLayer`.

    Args:
        units: number of units H.
        activation: phi. Default "tanh".

    Example:
        >>> import numpy as np
        >>> SimpleRNN(4, activation="relu")(np.ones((2, 5, 3), "float32")).shape
        TensorShape([2, 4])
    """

    cell_class = SimpleRNNCell
