"""
From spelling to sound, with attention
======================================

The CMU dictionary has 125,000 English words and their phonemes. Here an encoder-decoder reads 6,000
short ones, letter by letter, and writes phonemes. That is little to learn English from:
``python -m recipes.pronunciation --preset full`` takes all of them, and hours.
"""

import numpy as np

import seqkit
from seqkit.inspection import plot_attention
from seqkit.metrics import error_rate

data = seqkit.data.load("cmudict")


def short(words, pronunciations, count):
    """Words of up to six letters, as many as wanted, drawn at random."""
    rows = [k for k, word in enumerate(words) if len(word) <= 6]
    rows = np.random.default_rng(0).permutation(rows)[:count]
    return [words[k] for k in rows], [pronunciations[k] for k in rows]


X_train, y_train = short(data.words_train, data.pronunciations_train, 6000)
X_test, y_test = short(data.words_test, data.pronunciations_test, 500)

model = seqkit.Seq2SeqTranslator(
    "gru",
    tokens="char",
    units=96,
    embedding_dim=48,
    epochs=10,
    batch_size=64,
    learning_rate=0.005,
    beam_width=3,
    random_state=0,
)
model.fit(X_train, y_train)

# %%
# Edits a phoneme: of the network, and of the pronunciation of the known word of the most similar
# spelling.

predicted, attention = model.predict(X_test, return_attention=True)


def neighbour(word):
    shared = [
        sum(a == b for a, b in zip(word, known, strict=False)) - abs(len(word) - len(known))
        for known in X_train
    ]
    return y_train[int(np.argmax(shared))]


print(f"errors a phoneme: {error_rate(y_test, predicted):.2f}, ", end="")
print(f"of the nearest word {error_rate(y_test, [neighbour(word) for word in X_test]):.2f}")
for word, sounds in zip(X_test[:8], predicted[:8], strict=True):
    print(word, " ".join(sounds))

# %%
# Which letters each phoneme was written from, of the longest of these words.

longest = max(range(20), key=lambda k: len(predicted[k]))
axes = plot_attention(attention[longest])
