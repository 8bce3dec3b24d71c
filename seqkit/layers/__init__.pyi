"""Recurrent layers for Keras: what happens at one time step, and how it is run over time.

Importing this package makes its layers known to `keras.models.load_model`.
"""

# Made by `make stubs` of the classes as they are at run time.
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import keras
from typing_extensions import Self, TypedDict, Unpack

from seqkit.cells import CELLS as CELLS
from seqkit.layers.attention import Attention as Attention
from seqkit.layers.attentions import ATTENTIONS as ATTENTIONS
from seqkit.layers.bahdanau_attention import BahdanauAttention as BahdanauAttention
from seqkit.layers.engine.dispatch import recurrence_path as recurrence_path
from seqkit.layers.engine.products import Weights
from seqkit.layers.equations import CellEquations as CellEquations
from seqkit.layers.linear_chain_crf import LinearChainCRF as LinearChainCRF
from seqkit.layers.luong_attention import LuongAttention as LuongAttention
from seqkit.layers.options import Option
from seqkit.layers.registry import recurrent_layer as recurrent_layer
from seqkit.tag_schemes import invalid_transitions as invalid_transitions
from seqkit.types import Shape, Tensor, TensorLike

__all__ = [
    "ATTENTIONS",
    "CELLS",
    "GRU",
    "LSTM",
    "Attention",
    "BahdanauAttention",
    "CellEquations",
    "GRUCell",
    "LSTMCell",
    "LinearChainCRF",
    "LuongAttention",
    "PeepholeLSTM",
    "PeepholeLSTMCell",
    "RecurrentCell",
    "RecurrentLayer",
    "SimpleRNN",
    "SimpleRNNCell",
    "invalid_transitions",
    "recurrence_path",
    "recurrent_layer",
]

class _KerasKeywords(TypedDict, total=False):
    """Arguments of every Keras layer."""

    name: str | None
    trainable: bool
    dtype: str | dict[str, Any] | keras.DTypePolicy | None
    autocast: bool
    input_shape: tuple[int | None, ...]
    input_dim: int | None

class _LayerKeywords(_KerasKeywords, total=False):
    """Arguments of recurrent layers of Keras that change nothing here."""

    implementation: int
    use_cudnn: bool | str

class RecurrentCell(keras.layers.Layer):
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

    units: int
    equations_class: ClassVar[type[CellEquations]]
    declared_options: ClassVar[Mapping[str, Option]]
    def __init__(self, units: int, *args: Any, **kwargs: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...
    def build(self, input_shape: Shape) -> None: ...
    def tensors(self) -> Weights:
        """The weights as tensors, in the compute dtype where a Keras call is under way."""
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
    def drawn_mask(self, values: Tensor, rate: float) -> Tensor:
        """A new dropout mask of the shape of values: 0, or 1 / (1 - rate)."""
    def get_dropout_mask(self, step_input: Tensor) -> Tensor | None:
        """The mask of the inputs (B, D), drawn where there is none; None without dropout."""
    def get_recurrent_dropout_mask(self, step_input: Tensor) -> Tensor | None:
        """The mask of h_{t-1} (B, H), likewise."""
    def reset_dropout_mask(self) -> None:
        """Forgets the mask of the inputs."""
    def reset_recurrent_dropout_mask(self) -> None:
        """Forgets the mask of h_{t-1}."""
    def get_initial_state(self, batch_size: Tensor | int | None = None) -> list[Tensor]:
        """The states from which a batch of sequences starts at inference, each (B, H)."""
    def random_initial_state(self, batch_size: Tensor | int) -> list[Tensor]:
        """The states from which a batch starts in training where the initial state is random."""
    def get_config(self) -> dict[str, Any]: ...
    def __call__(
        self,
        inputs: TensorLike,
        states: TensorLike | Sequence[TensorLike],
        training: bool | None = False,
    ) -> Any: ...

class RecurrentLayer(keras.layers.RNN):
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

    units: int
    cell_class: ClassVar[type[RecurrentCell]]
    declared_options: ClassVar[Mapping[str, Option]]
    def __init__(self, units: int, *args: Any, **kwargs: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...
    def call(
        self,
        sequences: Tensor,
        initial_state: list[Tensor] | None = None,
        mask: Tensor | list[Tensor | None] | None = None,
        training: bool = False,
        lengths: Tensor | Sequence[int] | None = None,
    ) -> Tensor | tuple[Tensor, ...]: ...
    def inner_loop(
        self,
        sequences: Tensor,
        initial_state: list[Tensor],
        mask: Tensor | None,
        training: bool = False,
    ) -> tuple[Tensor, Tensor, list[Tensor]]:
        """Runs the cell over time: (last output, outputs, final states)."""
    def compute_mask(self, sequences: Tensor, mask: Any = None) -> Any:
        """The mask of the outputs, in their order: reversed where sequences are read from the end.

        Keras's layers pass it on as it came, so that the next layer masks other steps.
        """
    def get_config(self) -> dict[str, Any]: ...
    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Self: ...
    def __call__(
        self,
        sequences: TensorLike,
        initial_state: TensorLike | Sequence[TensorLike] | None = None,
        mask: TensorLike | Sequence[TensorLike | None] | None = None,
        training: bool | None = False,
        lengths: TensorLike | Sequence[int] | None = None,
    ) -> Any: ...

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

    units: int
    activation: Any
    recurrent_activation: Any
    use_bias: bool
    kernel_initializer: Any
    recurrent_initializer: Any
    bias_initializer: Any
    kernel_regularizer: Any
    recurrent_regularizer: Any
    bias_regularizer: Any
    activity_regularizer: Any
    kernel_constraint: Any
    recurrent_constraint: Any
    bias_constraint: Any
    dropout: float
    recurrent_dropout: float
    seed: int | None
    return_sequences: bool
    return_state: bool
    go_backwards: bool
    stateful: bool
    unroll: bool
    reset_after: bool
    vector_initializer: Any
    vector_regularizer: Any
    vector_constraint: Any
    initial_state: str
    zero_output_for_mask: bool
    tbptt_steps: int | None
    def __init__(
        self,
        units: int,
        activation: str | dict[str, Any] | Callable[..., Any] | None = "tanh",
        recurrent_activation: str | dict[str, Any] | Callable[..., Any] | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        recurrent_initializer: str | dict[str, Any] | Callable[..., Any] | None = "orthogonal",
        bias_initializer: str | dict[str, Any] | Callable[..., Any] | None = "zeros",
        kernel_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        activity_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        kernel_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        reset_after: bool = True,
        vector_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        vector_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        vector_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        initial_state: str = "zeros",
        zero_output_for_mask: bool = False,
        tbptt_steps: int | None = None,
        **kwargs: Unpack[_LayerKeywords],
    ) -> None: ...

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

    units: int
    activation: Any
    recurrent_activation: Any
    use_bias: bool
    kernel_initializer: Any
    recurrent_initializer: Any
    bias_initializer: Any
    unit_forget_bias: bool
    kernel_regularizer: Any
    recurrent_regularizer: Any
    bias_regularizer: Any
    activity_regularizer: Any
    kernel_constraint: Any
    recurrent_constraint: Any
    bias_constraint: Any
    dropout: float
    recurrent_dropout: float
    seed: int | None
    return_sequences: bool
    return_state: bool
    go_backwards: bool
    stateful: bool
    unroll: bool
    peepholes: bool
    input_gate: bool
    forget_gate: bool
    output_gate: bool
    coupled_gates: bool
    vector_initializer: Any
    vector_regularizer: Any
    vector_constraint: Any
    initial_state: str
    zero_output_for_mask: bool
    tbptt_steps: int | None
    def __init__(
        self,
        units: int,
        activation: str | dict[str, Any] | Callable[..., Any] | None = "tanh",
        recurrent_activation: str | dict[str, Any] | Callable[..., Any] | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        recurrent_initializer: str | dict[str, Any] | Callable[..., Any] | None = "orthogonal",
        bias_initializer: str | dict[str, Any] | Callable[..., Any] | None = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        activity_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        kernel_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        peepholes: bool = False,
        input_gate: bool = True,
        forget_gate: bool = True,
        output_gate: bool = True,
        coupled_gates: bool = False,
        vector_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        vector_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        vector_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        initial_state: str = "zeros",
        zero_output_for_mask: bool = False,
        tbptt_steps: int | None = None,
        **kwargs: Unpack[_LayerKeywords],
    ) -> None: ...

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

    units: int
    activation: Any
    recurrent_activation: Any
    use_bias: bool
    kernel_initializer: Any
    recurrent_initializer: Any
    bias_initializer: Any
    kernel_regularizer: Any
    recurrent_regularizer: Any
    bias_regularizer: Any
    kernel_constraint: Any
    recurrent_constraint: Any
    bias_constraint: Any
    dropout: float
    recurrent_dropout: float
    reset_after: bool
    seed: int | None
    vector_initializer: Any
    vector_regularizer: Any
    vector_constraint: Any
    initial_state: str
    def __init__(
        self,
        units: int,
        activation: str | dict[str, Any] | Callable[..., Any] | None = "tanh",
        recurrent_activation: str | dict[str, Any] | Callable[..., Any] | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        recurrent_initializer: str | dict[str, Any] | Callable[..., Any] | None = "orthogonal",
        bias_initializer: str | dict[str, Any] | Callable[..., Any] | None = "zeros",
        kernel_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        kernel_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        reset_after: bool = True,
        seed: int | None = None,
        vector_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        vector_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        vector_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        initial_state: str = "zeros",
        **kwargs: Unpack[_KerasKeywords],
    ) -> None: ...

class LSTMCell(RecurrentCell):
    """One step of `LSTM`, with its options; those of all cells are described in `RecurrentCell`.

    Example:
        >>> import numpy as np
        >>> cell = LSTMCell(4, coupled_gates=True)
        >>> h, (h, c) = cell(np.ones((2, 3), "float32"), cell.get_initial_state(2))
        >>> c.shape
        TensorShape([2, 4])
    """

    units: int
    activation: Any
    recurrent_activation: Any
    use_bias: bool
    kernel_initializer: Any
    recurrent_initializer: Any
    bias_initializer: Any
    unit_forget_bias: bool
    kernel_regularizer: Any
    recurrent_regularizer: Any
    bias_regularizer: Any
    kernel_constraint: Any
    recurrent_constraint: Any
    bias_constraint: Any
    dropout: float
    recurrent_dropout: float
    seed: int | None
    peepholes: bool
    input_gate: bool
    forget_gate: bool
    output_gate: bool
    coupled_gates: bool
    vector_initializer: Any
    vector_regularizer: Any
    vector_constraint: Any
    initial_state: str
    def __init__(
        self,
        units: int,
        activation: str | dict[str, Any] | Callable[..., Any] | None = "tanh",
        recurrent_activation: str | dict[str, Any] | Callable[..., Any] | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        recurrent_initializer: str | dict[str, Any] | Callable[..., Any] | None = "orthogonal",
        bias_initializer: str | dict[str, Any] | Callable[..., Any] | None = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        kernel_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        peepholes: bool = False,
        input_gate: bool = True,
        forget_gate: bool = True,
        output_gate: bool = True,
        coupled_gates: bool = False,
        vector_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        vector_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        vector_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        initial_state: str = "zeros",
        **kwargs: Unpack[_KerasKeywords],
    ) -> None: ...

class PeepholeLSTM(RecurrentLayer):
    """LSTM with peepholes (Gers & Schmidhuber 2000): `LSTM` with `peepholes=True`.

    Weights: kernel (D, 4 H), recurrent_kernel (H, 4 H), bias (4 H), and the input, forget and
    output peephole vectors, each (H,).

    Example:
        >>> import numpy as np
        >>> PeepholeLSTM(4)(np.ones((2, 5, 3), "float32")).shape
        TensorShape([2, 4])
    """

    units: int
    activation: Any
    recurrent_activation: Any
    use_bias: bool
    kernel_initializer: Any
    recurrent_initializer: Any
    bias_initializer: Any
    unit_forget_bias: bool
    kernel_regularizer: Any
    recurrent_regularizer: Any
    bias_regularizer: Any
    activity_regularizer: Any
    kernel_constraint: Any
    recurrent_constraint: Any
    bias_constraint: Any
    dropout: float
    recurrent_dropout: float
    seed: int | None
    return_sequences: bool
    return_state: bool
    go_backwards: bool
    stateful: bool
    unroll: bool
    peepholes: bool
    input_gate: bool
    forget_gate: bool
    output_gate: bool
    coupled_gates: bool
    vector_initializer: Any
    vector_regularizer: Any
    vector_constraint: Any
    initial_state: str
    zero_output_for_mask: bool
    tbptt_steps: int | None
    def __init__(
        self,
        units: int,
        activation: str | dict[str, Any] | Callable[..., Any] | None = "tanh",
        recurrent_activation: str | dict[str, Any] | Callable[..., Any] | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        recurrent_initializer: str | dict[str, Any] | Callable[..., Any] | None = "orthogonal",
        bias_initializer: str | dict[str, Any] | Callable[..., Any] | None = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        activity_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        kernel_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        peepholes: bool = True,
        input_gate: bool = True,
        forget_gate: bool = True,
        output_gate: bool = True,
        coupled_gates: bool = False,
        vector_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        vector_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        vector_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        initial_state: str = "zeros",
        zero_output_for_mask: bool = False,
        tbptt_steps: int | None = None,
        **kwargs: Unpack[_LayerKeywords],
    ) -> None: ...

class PeepholeLSTMCell(RecurrentCell):
    """One step of `PeepholeLSTM`; the weights are those of TensorFlow Addons' cell of that name.

    Example:
        >>> cell = PeepholeLSTMCell(4)
        >>> cell.build((None, 3))
        >>> [tuple(w.shape) for w in cell.weights]
        [(3, 16), (4, 16), (16,), (4,), (4,), (4,)]
    """

    units: int
    activation: Any
    recurrent_activation: Any
    use_bias: bool
    kernel_initializer: Any
    recurrent_initializer: Any
    bias_initializer: Any
    unit_forget_bias: bool
    kernel_regularizer: Any
    recurrent_regularizer: Any
    bias_regularizer: Any
    kernel_constraint: Any
    recurrent_constraint: Any
    bias_constraint: Any
    dropout: float
    recurrent_dropout: float
    seed: int | None
    peepholes: bool
    input_gate: bool
    forget_gate: bool
    output_gate: bool
    coupled_gates: bool
    vector_initializer: Any
    vector_regularizer: Any
    vector_constraint: Any
    initial_state: str
    def __init__(
        self,
        units: int,
        activation: str | dict[str, Any] | Callable[..., Any] | None = "tanh",
        recurrent_activation: str | dict[str, Any] | Callable[..., Any] | None = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        recurrent_initializer: str | dict[str, Any] | Callable[..., Any] | None = "orthogonal",
        bias_initializer: str | dict[str, Any] | Callable[..., Any] | None = "zeros",
        unit_forget_bias: bool = True,
        kernel_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        kernel_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        peepholes: bool = True,
        input_gate: bool = True,
        forget_gate: bool = True,
        output_gate: bool = True,
        coupled_gates: bool = False,
        vector_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        vector_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        vector_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        initial_state: str = "zeros",
        **kwargs: Unpack[_KerasKeywords],
    ) -> None: ...

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

    units: int
    activation: Any
    use_bias: bool
    kernel_initializer: Any
    recurrent_initializer: Any
    bias_initializer: Any
    kernel_regularizer: Any
    recurrent_regularizer: Any
    bias_regularizer: Any
    activity_regularizer: Any
    kernel_constraint: Any
    recurrent_constraint: Any
    bias_constraint: Any
    dropout: float
    recurrent_dropout: float
    return_sequences: bool
    return_state: bool
    go_backwards: bool
    stateful: bool
    unroll: bool
    seed: int | None
    vector_initializer: Any
    vector_regularizer: Any
    vector_constraint: Any
    initial_state: str
    zero_output_for_mask: bool
    tbptt_steps: int | None
    def __init__(
        self,
        units: int,
        activation: str | dict[str, Any] | Callable[..., Any] | None = "tanh",
        use_bias: bool = True,
        kernel_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        recurrent_initializer: str | dict[str, Any] | Callable[..., Any] | None = "orthogonal",
        bias_initializer: str | dict[str, Any] | Callable[..., Any] | None = "zeros",
        kernel_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        activity_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        kernel_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        seed: int | None = None,
        vector_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        vector_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        vector_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        initial_state: str = "zeros",
        zero_output_for_mask: bool = False,
        tbptt_steps: int | None = None,
        **kwargs: Unpack[_LayerKeywords],
    ) -> None: ...

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

    units: int
    activation: Any
    use_bias: bool
    kernel_initializer: Any
    recurrent_initializer: Any
    bias_initializer: Any
    kernel_regularizer: Any
    recurrent_regularizer: Any
    bias_regularizer: Any
    kernel_constraint: Any
    recurrent_constraint: Any
    bias_constraint: Any
    dropout: float
    recurrent_dropout: float
    seed: int | None
    vector_initializer: Any
    vector_regularizer: Any
    vector_constraint: Any
    initial_state: str
    def __init__(
        self,
        units: int,
        activation: str | dict[str, Any] | Callable[..., Any] | None = "tanh",
        use_bias: bool = True,
        kernel_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        recurrent_initializer: str | dict[str, Any] | Callable[..., Any] | None = "orthogonal",
        bias_initializer: str | dict[str, Any] | Callable[..., Any] | None = "zeros",
        kernel_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        kernel_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        recurrent_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        bias_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        vector_initializer: str | dict[str, Any] | Callable[..., Any] | None = "glorot_uniform",
        vector_regularizer: str | dict[str, Any] | Callable[..., Any] | None = None,
        vector_constraint: str | dict[str, Any] | Callable[..., Any] | None = None,
        initial_state: str = "zeros",
        **kwargs: Unpack[_KerasKeywords],
    ) -> None: ...
