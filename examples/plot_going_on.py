"""
Going on with new data
======================

A model is saved, loaded elsewhere, and goes on with data that come later. The digits of
scikit-learn arrive in batches of a hundred; ``partial_fit`` makes one pass over each.
"""

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split

import seqkit

digits = load_digits()
X, X_test, y, y_test = train_test_split(
    digits.images / 16, digits.target, stratify=digits.target, random_state=0
)
folder = tempfile.TemporaryDirectory()
file = Path(folder.name, "digits.seqkit")

# %%
# The first hundred: the classes must all be named, as later batches may have others.

model = seqkit.SequenceClassifier("gru", units=32, random_state=0)
linear = SGDClassifier(loss="log_loss", random_state=0)
scores, linear_scores = [], []
for start in range(0, 1300, 100):
    batch = slice(start, start + 100)
    model.partial_fit(X[batch], y[batch], classes=np.arange(10))
    linear.partial_fit(X[batch].reshape(-1, 64), y[batch], classes=np.arange(10))
    scores.append(model.score(X_test, y_test))
    linear_scores.append(linear.score(X_test.reshape(-1, 64), y_test))
    if start == 600:  # as if the process ended here
        model.save(file)
        model = seqkit.load(file)

# %%
# A batch of a hundred is seven steps, so that the network begins slowly; a linear model of all 64
# values is ahead at first, and later the two are about level.

figure, axes = plt.subplots()
seen = range(100, 1400, 100)
axes.plot(seen, scores, marker="o", label="GRU")
axes.plot(seen, linear_scores, marker="o", label="linear model")
axes.axvline(700, color="0.5", linestyle=":", label="saved and loaded")
axes.set(xlabel="digits seen, each once", ylabel="accuracy")
axes.legend()

# %%
# Once all are there, a training of several passes is worth its time.

whole = seqkit.SequenceClassifier("gru", units=32, preset="fast", random_state=0).fit(X, y)
print(f"one pass {scores[-1]:.3f}, linear {linear_scores[-1]:.3f}, ", end="")
print(f"{whole.n_iter_} passes {whole.score(X_test, y_test):.3f}")
folder.cleanup()
