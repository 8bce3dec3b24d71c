"""Long short-term memory, with its parts as switches (Greff et al. 2017, arXiv:1503.04069).

    i_t = sigma(W_i x_t + U_i h_{t-1} + p_i * c_{t-1} + b_i)    input gate
    f_t = sigma(W_f x_t + U_f h_{t-1} + p_f * c_{t-1} + b_f)    forget gate (Gers et al. 2000)
    g_t = phi(W_g x_t + U_g h_{t-1} + b_g)                      candidate
    c_t = f_t * c_{t-1} + i_t * g_t
    o_t = sigma(W_o x_t + U_o h_{t-1} + p_o * c_t + b_o)        output gate
    h_t = o_t * phi(c_t)

The peephole terms p * c are those of Gers & Schmidhuber (2000). A gate that is switched off is one.
Coupled gates have f_t = 1 - i_t. Without forget gate and peepholes this is the constant error
carousel of Hochreiter & Schmidhuber (1997).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import keras

from seqkit.layers.cell import RecurrentCell
from seqkit.layers.equations import Activation, ByName, CellEquations, State
from seqkit.layers.layer import RecurrentLayer
from seqkit.layers.options import ACTIVATION
from seqkit.types import Tensor


@dataclass(frozen=True)
class LSTMEquations(CellEquations):
    """activation is phi, recurrent_activation sigma."""

    recurrent_activation: Activation = field(default=keras.activations.sigmoid, metadata=ACTIVATION)
    unit_forget_bias: bool = True
    peepholes: bool = False
    input_gate: bool = True
    forget_gate: bool = True
    output_gate: bool = True
    coupled_gates: bool = False

    state = ("h", "c")

    def __post_init__(self) -> None:
        if self.coupled_gates and not (self.input_gate and self.forget_gate):
            raise ValueError(
                "coupled_gates=True makes the forget gate one minus the input gate, so input_gate "
                f"and forget_gate must be True, got {self.input_gate} and {self.forget_gate}."
            )

    @property
    def gates(self) -> tuple[str, ...]:  # type: ignore[override]
        forget = self.forget_gate and not self.coupled_gates
        present = {"input": self.input_gate, "forget": forget, "output": self.output_gate}
        return tuple(g for g in ("input", "forget", "candidate", "output") if present.get(g, True))

    @property
    def vectors(self) -> tuple[str, ...]:
        gates = [g for g in self.gates if g != "candidate"] if self.peepholes else []
        return tuple(f"{gate}_peephole" for gate in gates)

    @property
    def unit_bias_gates(self) -> tuple[str, ...]:
        return ("forget",) if self.unit_forget_bias else ()

    def update(self, a: ByName, state: State, w: ByName) -> State:
        _, c = state
        i = self._gate("input", a, w, c)
        f = 1 - i if self.coupled_gates else self._gate("forget", a, w, c)
        g = self.activation(a.candidate)
        c = f * c + i * g
        o = self._gate("output", a, w, c)
        return (o * self.activation(c), c)

    def _gate(self, gate: str, a: ByName, w: ByName, c: Tensor) -> Tensor | int:
        """sigma(a + p * c), without the peephole or without the gate where it is off."""
        if gate not in self.gates:
            return 1
        z = getattr(a, gate)
        if self.peepholes:
            z = z + getattr(w, f"{gate}_peephole") * c
        return self.recurrent_activation(z)


@dataclass(frozen=True)
class PeepholeLSTMEquations(LSTMEquations):
    """LSTM's equations with peepholes."""

    peepholes: bool = True


@keras.saving.register_keras_serializable("seqkit")
class LSTMCell(RecurrentCell):
    """One step of `LSTM`, with its options; those of all cells are described in `RecurrentCell`.

    Example:
        >>> import numpy as np
        >>> cell = LSTMCell(4, coupled_gates=True)
        >>> h, (h, c) = cell(np.ones((2, 3), "float32"), cell.get_initial_state(2))
        >>> c.shape
        TensorShape([2, 4])
    """

    equations_class = LSTMEquations


@keras.saving.register_keras_serializable("seqkit")
class PeepholeLSTMCell(RecurrentCell):
    """One step of `PeepholeLSTM`; the weights are those of TensorFlow Addons' cell of that name.

    Example:
        >>> cell = PeepholeLSTMCell(4)
        >>> cell.build((None, 3))
        >>> [tuple(w.shape) for w in cell.weights]
        [(3, 16), (4, 16), (16,), (4,), (4,), (4,)]
    """

    equations_class = PeepholeLSTMEquations


@keras.saving.register_keras_serializable("seqkit")
class LSTM(RecurrentLayer):
    """Long short-term memory whose parts can be switched off or coupled (Greff et al. 2017).

    Takes the arguments of `keras.layers.LSTM` and holds its weights. Options of all cells are
    described in `RecurrentCell`, those of all layers and of the call in `RecurrentLayer`.

    Args:
        units: number of units H.
        activation: phi. Default "tanh".
        recurrent_activation: sigma. Default "sigmoid".
        unit_forget_bias: whether the forget gate's bias starts at one. Default True.
        peepholes: whether gates see the cell state: input and forget gate c_{t-1}, the output gate
            c_t. Default False.
        input_gate, forget_gate, output_gate: whether the cell has such a gate. Default True.
        coupled_gates: whether the forget gate is one minus the input gate. Default False.

    Example:
        >>> import numpy as np
        >>> outputs, h, c = LSTM(4, return_sequences=True, return_state=True)(
        ...     np.ones((2, 5, 3), "float32"), lengths=[5, 2])
        >>> outputs.shape, c.shape
        (TensorShape([2, 5, 4]), TensorShape([2, 4]))
    """

    cell_class = LSTMCell


@keras.saving.register_keras_serializable("seqkit")
class PeepholeLSTM(RecurrentLayer):
    """LSTM with peepholes (Gers & Schmidhuber 2000): `LSTM` with `peepholes=True`.

    Weights: kernel (D, 4 H), recurrent_kernel (H, 4 H), bias (4 H), and the input, forget and
    output peephole vectors, each (H,).

    Example:
        >>> import numpy as np
        >>> PeepholeLSTM(4)(np.ones((2, 5, 3), "float32")).shape
        TensorShape([2, 4])
    """

    cell_class = PeepholeLSTMCell
