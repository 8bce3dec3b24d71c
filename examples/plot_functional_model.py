"""
The layers in a Keras model of one's own
========================================

A model with two outputs: who speaks, and how long the utterance is. Layers of seqkit stand where
Keras's would, with masks. The data are Japanese vowels, padded with zeros.
"""

import keras
import numpy as np

import seqkit
from seqkit.inspection import plot_history, summary_table

X_train, y_train, X_test, y_test = seqkit.data.load("japanese_vowels")


def padded(series, steps=29):
    return np.stack([np.pad(x, ((0, steps - len(x)), (0, 0))) for x in series])


def targets(series, labels):
    speakers = np.asarray(labels).astype(int) - 1
    return {"speaker": speakers, "length": np.array([len(x) / 29 for x in series])}


# %%
# ``Masking`` says which steps are padding, and the layers read no other.

keras.utils.set_random_seed(0)
inputs = keras.Input((29, 12))
masked = keras.layers.Masking()(inputs)
steps = keras.layers.Bidirectional(seqkit.layers.PeepholeLSTM(32, return_sequences=True))(masked)
last = seqkit.layers.GRU(32, initial_state="learned")(steps)
outputs = {
    "speaker": keras.layers.Dense(9, activation="softmax", name="speaker")(last),
    "length": keras.layers.Dense(1, name="length")(last),
}
model = keras.Model(inputs, outputs)
model.compile(
    "adam",
    {"speaker": "sparse_categorical_crossentropy", "length": "mse"},
    metrics={"speaker": "accuracy"},
)
history = model.fit(
    padded(X_train),
    targets(X_train, y_train),
    validation_data=(padded(X_test), targets(X_test, y_test)),
    epochs=25,
    verbose=0,
)
figure = plot_history(history, "speaker_accuracy")

# %%
# What ``seqkit.inspection`` says of estimators it says of any Keras model.

print(f"{history.history['val_speaker_accuracy'][-1]:.3f}")
print(summary_table(model, padded(X_test[:16])))

# %%
# Weights go to Keras's own layer as they are, and its answers are the same.

ours = seqkit.layers.GRU(4)
theirs = keras.layers.GRU(4)
x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
theirs.build(x.shape)
ours(x)
theirs.set_weights(ours.get_weights())
print(f"largest difference {np.abs(ours(x) - theirs(x)).max():.1e}")
