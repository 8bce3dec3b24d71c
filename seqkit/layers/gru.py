"""The gated recurrent unit (Cho et al. 2014, arXiv:1406.1078).

    z_t = sigma(W_z x_t + U_z h_{t-1} + b_z)                   update gate
    r_t = sigma(W_r x_t + U_r h_{t-1} + b_r)                   reset gate
    c_t = phi(W_c x_t + b_c + r_t * (U_c h_{t-1} + b'_c))      candidate, reset_after=True
    c_t = phi(W_c x_t + U_c (r_t * h_{t-1}) + b_c)             candidate, reset_after=False
    h_t = z_t * h_{t-1} + (1 - z_t) * c_t

With reset_after each recurrent product has a bias of its own: b is of shape (2, 3 H).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import keras

from seqkit.layers.cell import RecurrentCell
from seqkit.layers.equations import Activation, ByName, CellEquations, State
from seqkit.layers.layer import RecurrentLayer
from seqkit.layers.options import ACTIVATION
from seqkit.types import Tensor


@dataclass(frozen=True)
class GRUEquations(CellEquations):
    """activation is phi, recurrent_activation sigma."""

    recurrent_activation: Activation = field(default=keras.activations.sigmoid, metadata=ACTIVATION)
    reset_after: bool = True

    gates: ClassVar[tuple[str, ...]] = ("update", "reset", "candidate")

    @property
    def separate(self) -> tuple[str, ...]:
        return ("candidate",) if self.reset_after else ()

    @property
    def gated(self) -> tuple[str, ...]:
        return () if self.reset_after else ("candidate",)

    def recurrent_input(self, a: ByName, state: State) -> Tensor:
        (h,) = state
        r = self.recurrent_activation(a.reset)
        return r * h

    def update(self, a: ByName, state: State, w: ByName) -> State:
        (h,) = state
        z = self.recurrent_activation(a.update)
        if self.reset_after:
            r = self.recurrent_activation(a.reset)
            c = self.activation(a.candidate + r * a.recurrent_candidate)
        else:
            c = self.activation(a.candidate)
        return (z * h + (1 - z) * c,)


@keras.saving.register_keras_serializable("seqkit")
class GRUCell(RecurrentCell):
    """One step of `GRU`; options of all cells are described in `RecurrentCell`.

    Args:
        units: number of units H.
        activation: phi. Default "tanh".
        recurrent_activation: sigma. Default "sigmoid".
        reset_after: whether the reset gate acts after the recurrent product. Default True.

    Example:
        >>> import numpy as np
        >>> cell = GRUCell(4)
        >>> h, states = cell(np.ones((2, 3), "float32"), cell.get_initial_state(2))
        >>> h.shape
        TensorShape([2, 4])
    """

    equations_class = GRUEquations


@keras.saving.register_keras_serializable("seqkit")
class GRU(RecurrentLayer):
    """Gated recurrent unit (Cho et al. 2014), in both of its forms.

    Takes the arguments of `keras.layers.GRU` and holds its weights. Options of all cells are
    described in `RecurrentCell`, those of all layers and of the call in `RecurrentLayer`.

    Args:
        units: number of units H.
        activation: phi. Default "tanh".
        recurrent_activation: sigma. Default "sigmoid".
        reset_after: whether the reset gate acts after the recurrent product. Default True.

    Example:
        >>> import numpy as np
        >>> GRU(4, reset_after=False)(np.ones((2, 5, 3), "float32")).shape
        TensorShape([2, 4])
    """

    cell_class = GRUCell
