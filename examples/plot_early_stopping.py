"""
Early stopping, and what a history tells
========================================

Thirty-six outlines of arrowheads are learnt by heart within seconds; when to stop is not written
in the loss of the training. A third of them is held out and says when.
"""

import numpy as np
from sklearn.model_selection import train_test_split

import seqkit
from seqkit.inspection import plot_history

X_train, y_train, X_test, y_test = seqkit.data.load("arrow_head")
X_fit, X_valid, y_fit, y_valid = train_test_split(
    X_train, y_train, test_size=1 / 3, stratify=y_train, random_state=0
)

# %%
# The learning rate stays as it is, as it is not known when the training ends. The best weights are
# kept, not the last.

model = seqkit.SequenceClassifier(
    "gru",
    units=32,
    epochs=150,
    learning_rate=0.002,
    learning_rate_schedule="constant",
    n_iter_no_change=25,
    random_state=0,
)
model.fit(X_fit, y_fit, validation_data=(X_valid, y_valid))
print(f"{model.n_iter_} epochs, the best was {model.best_epoch_}")
history = plot_history(model)

# %%
# Twelve series are few to decide by, and they are lost to the training. All of them, for a number
# of steps that follows the size of the data, is what an estimator does without arguments.

whole = seqkit.SequenceClassifier("gru", units=32, random_state=0).fit(X_train, y_train)
print(f"accuracy of 175 others: stopped {model.score(X_test, y_test):.3f}, ", end="")
print(f"on all series {whole.score(X_test, y_test):.3f}")
most = np.max(np.unique(y_test, return_counts=True)[1]) / len(y_test)
print(f"the most frequent class: {most:.3f}")
