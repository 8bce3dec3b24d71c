"""
Utterances of different length
==============================

Nine speakers say two Japanese vowels: 270 utterances to train on and 370 to test, of 7 to 29 steps
with twelve coefficients each (Kudo, Toyama & Shimbo 1999). Sequences are given as they are, without
padding.
"""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import seqkit
from seqkit.inspection import plot_confusion

X_train, y_train, X_test, y_test = seqkit.data.load("japanese_vowels")
lengths = [len(x) for x in X_train]
print(f"{min(lengths)} to {max(lengths)} steps, {X_train[0].shape[1]} features")

# %%
# The baseline knows no time: logistic regression of each feature's mean, deviation, first and last
# value.


def summary(X):
    return [np.concatenate([x.mean(0), x.std(0), x[0], x[-1]]) for x in X]


baseline = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
baseline.fit(summary(X_train), y_train)
print(f"logistic regression: {baseline.score(summary(X_test), y_test):.3f}")

# %%
# One training of 500 steps. An utterance is worth .003 here, so that a difference of two or three
# says little: ``make accuracy`` repeats the comparison over seeds.

model = seqkit.SequenceClassifier("gru", random_state=0).fit(X_train, y_train)
predicted = model.predict(X_test)
print(f"GRU: {np.mean(predicted == y_test):.3f}, {np.sum(predicted != y_test)} of 370 wrong")

# %%
# Which speakers are taken for which.

figure = plot_confusion(y_test, predicted)
