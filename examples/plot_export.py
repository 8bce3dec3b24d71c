"""
A model that needs no seqkit
============================

An export is a SavedModel of TensorFlow's own operations: TensorFlow Serving reads it, and so does a
line of TensorFlow. It takes what the estimator takes, series of different length, and answers the
same.
"""

import tempfile
import time

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

import seqkit

X_train, y_train, X_test, y_test = seqkit.data.load("japanese_vowels")
model = seqkit.SequenceClassifier("gru", preset="fast", random_state=0).fit(X_train, y_train)
folder = tempfile.TemporaryDirectory()
path = model.export(folder.name)

# %%
# The signature: its input's rows end in NaN where a series is shorter than the longest.

served = tf.saved_model.load(path).signatures["serving_default"]
print({name: (spec.dtype.name, spec.shape) for name, spec in served.structured_outputs.items()})


def padded(series):
    rows = np.full((len(series), max(map(len, series)), series[0].shape[1]), np.nan, "float32")
    for row, values in zip(rows, series, strict=True):
        row[: len(values)] = values
    return tf.constant(rows)


answers = served(inputs=padded(X_test))
difference = np.abs(answers["probabilities"] - model.predict_proba(X_test)).max()
print(f"largest difference of a probability: {difference:.1e}")

# %%
# ``verify`` loads the export in a process of its own, which has no seqkit, and compares its answers
# with those that were written beside it.

print(seqkit.serving.verify(path))

# %%
# How long an answer takes, by the number of series that are asked at once.

sizes = [1, 4, 16, 64, 256]
took = []
for size in sizes:
    batch = padded(X_test[:size])
    served(inputs=batch)
    start = time.perf_counter()
    for _ in range(20):
        served(inputs=batch)
    took.append((time.perf_counter() - start) / 20 * 1000)
figure, axes = plt.subplots()
axes.plot(sizes, took, marker="o")
axes.set(xlabel="series in a request", ylabel="milliseconds", xscale="log", ylim=(0, None))
axes.set_xticks(sizes, map(str, sizes))
axes.minorticks_off()
folder.cleanup()
