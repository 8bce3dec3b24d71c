"""Recurrent layers for Keras: what happens at one time step, and how it is run over time.

Importing this package makes its layers known to `keras.models.load_model`.
"""

import seqkit.backend  # noqa: F401  (refuses another one than TensorFlow)
from seqkit.cells import CELLS
from seqkit.layers.attention import Attention
from seqkit.layers.attentions import ATTENTIONS
from seqkit.layers.bahdanau_attention import BahdanauAttention
from seqkit.layers.cell import RecurrentCell
from seqkit.layers.engine.dispatch import recurrence_path
from seqkit.layers.equations import CellEquations
from seqkit.layers.gru import GRU, GRUCell
from seqkit.layers.layer import RecurrentLayer
from seqkit.layers.linear_chain_crf import LinearChainCRF
from seqkit.layers.lstm import LSTM, LSTMCell, PeepholeLSTM, PeepholeLSTMCell
from seqkit.layers.luong_attention import LuongAttention
from seqkit.layers.registry import recurrent_layer
from seqkit.layers.simple_rnn import SimpleRNN, SimpleRNNCell
from seqkit.tag_schemes import invalid_transitions

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
