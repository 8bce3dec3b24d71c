"""
What the gates of an LSTM do
============================

A forget gate near 1 keeps what a cell holds, near 0 it drops it. Here they are seen while an LSTM
reads utterances of Japanese vowels, and says who speaks.
"""

import matplotlib.pyplot as plt
import numpy as np

import seqkit
from seqkit.inspection import gate_activations

X_train, y_train, X_test, y_test = seqkit.data.load("japanese_vowels")
model = seqkit.SequenceClassifier(
    "lstm", units=24, bidirectional=False, pooling="last", random_state=0
)
model.fit(X_train, y_train)
print(f"accuracy {model.score(X_test, y_test):.3f}")

# %%
# How much of the time gates and states are at the ends of their ranges.

(gates,) = gate_activations(model, X_test).values()
print(gates.saturation().round(2))

# %%
# The gates of one utterance, a row a unit.

figure, panels = plt.subplots(1, 3, figsize=(12, 4))
for name, axes in zip(("input", "forget", "c"), panels, strict=True):
    gates.plot(name, ax=axes)
figure.tight_layout()

# %%
# The mean of each gate over all units and the utterances of fifteen steps and more. All three open
# towards the end: the output, of which the last step alone is read, most.

long = [k for k, x in enumerate(X_test) if len(x) >= 15]
means, axes = plt.subplots()
for name in ("input", "forget", "output"):
    axes.plot(np.nanmean(gates[name][long, :15], axis=(0, 2)), label=name)
axes.set(xlabel="step", ylabel="mean of the gate", ylim=(0, 1))
axes.legend()
