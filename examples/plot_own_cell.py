"""
A cell of one's own
===================

The minimal gated unit has one gate (Zhou et al. 2016). To the engine a cell is its equations:
masks, bidirectional layers, compiled training, gradients and exports come with them. The digits of
scikit-learn are read row by row.
"""

from dataclasses import dataclass, field

import keras
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import seqkit
from seqkit.layers import CellEquations, RecurrentCell, RecurrentLayer
from seqkit.layers.options import ACTIVATION


@dataclass(frozen=True)
class MinimalGatedEquations(CellEquations):
    """f_t = sigma(W_f x_t + U_f h_{t-1} + b_f)               forget gate
    c_t = phi  (W_c x_t + U_c (f_t * h_{t-1}) + b_c)       candidate
    h_t = (1 - f_t) * h_{t-1} + f_t * c_t
    """

    recurrent_activation: object = field(default=keras.activations.sigmoid, metadata=ACTIVATION)

    gates = ("forget", "candidate")

    @property
    def gated(self):
        return ("candidate",)  # its kernel multiplies what recurrent_input gives

    def recurrent_input(self, a, state):
        (h,) = state
        return self.recurrent_activation(a.forget) * h

    def update(self, a, state, w):
        (h,) = state
        f = self.recurrent_activation(a.forget)
        c = self.activation(a.candidate)
        return ((1 - f) * h + f * c,)


@keras.saving.register_keras_serializable("my_package")
class MinimalGatedCell(RecurrentCell):
    equations_class = MinimalGatedEquations


@keras.saving.register_keras_serializable("my_package")
class MinimalGatedUnit(RecurrentLayer):
    cell_class = MinimalGatedCell


# %%
# An estimator takes the layer as its cell.

digits = load_digits()
X_train, X_test, y_train, y_test = train_test_split(
    digits.images, digits.target, stratify=digits.target, random_state=0
)
figure, axes = plt.subplots()
for name, cell in {"minimal gated unit": MinimalGatedUnit, "GRU": "gru", "LSTM": "lstm"}.items():
    model = seqkit.SequenceClassifier(cell, units=16, preset="fast", random_state=0)
    model.fit(X_train, y_train)
    print(
        f"{name}: accuracy {model.score(X_test, y_test):.3f}, "
        f"{model.model_.count_params()} parameters"
    )
    axes.plot(range(1, model.n_iter_ + 1), model.history_["loss"], label=name)
axes.set(xlabel="epoch", ylabel="loss of the training")
axes.legend()

# %%
# One seed and one data set say nothing of which cell is better; with a gate less it is smaller. The
# check that it is right is one line: Keras steps the cell, and the engine must agree.

layer = MinimalGatedUnit(4)
x = np.random.default_rng(0).normal(size=(3, 5, 2)).astype("float32")
print(f"difference {np.abs(keras.layers.RNN(layer.cell)(x) - layer(x)).max():.1e}")
