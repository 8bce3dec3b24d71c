"""
How far back a gradient reaches
===============================

The gradient of the loss with respect to the states of each step says how far back a network can
learn from. Which cell reaches further depends on the data and the training: here it is measured.
Sequences are the digits of scikit-learn read value by value, 64 steps.
"""

from sklearn.datasets import load_digits

import seqkit
from seqkit.inspection import gradient_flow

digits = load_digits()
X = digits.data[:600, :, None] / 16
y = digits.target[:600]

# %%
# Two classifiers that read each value in turn; no stem sums steps up before.

for cell in ("simple_rnn", "gru"):
    model = seqkit.SequenceClassifier(
        cell,
        units=32,
        bidirectional=False,
        pooling="last",
        stem=None,
        max_steps=100,
        random_state=0,
    ).fit(X, y)
    flow = gradient_flow(model, X[:64], y[:64])
    print(f"{cell}\n{flow}\n")

# %%
# The norms of the last one, step by step.

axes = flow.plot()
