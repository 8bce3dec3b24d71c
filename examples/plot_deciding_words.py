"""
The words that decide
=====================

Two ways to ask a classifier of texts why. Attention pooling weighs the words: that says where it
looks. Leaving out a word says what the answer would be without it. They need not agree.
"""

import matplotlib.pyplot as plt
import numpy as np

import seqkit
from seqkit.inspection import attention_weights, plot_attention

data = seqkit.data.load("critics_snippets")
rows = np.random.default_rng(0).permutation(len(data.X_train))[:4000]
model = seqkit.TextClassifier("gru", pooling="attention", random_state=0)
model.fit(data.X_train[rows], data.y_train[rows])
print(f"accuracy {model.score(data.X_test, data.y_test):.3f} on films held out")

# %%
# The most certain of the first two hundred snippets.

fresh = list(model.classes_).index("fresh")
texts = [text for text in data.X_test[:200] if 8 <= len(text.split()) <= 14]
text = texts[np.argmin(model.predict_proba(texts)[:, fresh])]
words = text.split()
print(text)

# %%
# What is left when a word goes: below 0 the word spoke for "rotten".

without = [" ".join(words[:k] + words[k + 1 :]) for k in range(len(words))]
change = model.predict_proba([text])[0, fresh] - model.predict_proba(without)[:, fresh]
figure, axes = plt.subplots(figsize=(7, 4))
axes.barh(range(len(words)), change)
axes.set_yticks(range(len(words)), words)
axes.invert_yaxis()
axes.set(xlabel="what the word adds to the probability of fresh")
figure.tight_layout()

# %%
# And where attention looks; punctuation is a token of its own.

(weights,) = attention_weights(model, [text]).values()
names = ["(padding)", "(unknown)", *model.vocabulary_]
tokens = [names[k] for k in model.tokenizer_.encode([text])[0]]
attention = plot_attention(weights[0], tokens)
