"""
Data larger than memory
=======================

Parquet files are read some thousand rows at a time. The files here are small, critics' snippets, of
which a hundred thousand would be read as these are: memory holds the rows of a batch and the model.
"""

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

import seqkit

data = seqkit.data.load("critics_snippets")
folder = tempfile.TemporaryDirectory()
table = pd.DataFrame({"review": data.X_train, "verdict": data.y_train}).sample(
    frac=1, random_state=0
)
for k, start in enumerate(range(0, len(table), 2000)):
    table[start : start + 2000].to_parquet(Path(folder.name, f"part-{k}.parquet"))
files = sorted(Path(folder.name).iterdir())
print(f"{len(files)} files, {sum(file.stat().st_size for file in files) / 1e6:.1f} MB")

# %%
# The vocabulary and the classes are learnt in a pass of their own; then each epoch reads the files
# once. ``shuffle`` mixes them anew each time.

stream = seqkit.data.parquet_batches(folder.name, "review", "verdict", shuffle=0)
test = list(data.X_test), list(data.y_test)
model = seqkit.TextClassifier("gru", units=32, epochs=3, random_state=0)
model.fit(stream, validation_data=test)
print(f"accuracy {model.score(*test):.3f} on films held out")

# %%
# Predictions are read in batches too.

new = seqkit.data.parquet_batches(files[0], "review")
print(len(model.predict(new)), "answers of the first file")

# %%
# After the second epoch little is gained on other films, while the training's loss goes on falling:
# ten thousand snippets are soon known by heart.

figure, axes = plt.subplots()
for name, label in {"loss": "training", "val_loss": "films held out"}.items():
    axes.plot(range(1, model.n_iter_ + 1), model.history_[name], marker="o", label=label)
axes.set(xlabel="epoch", ylabel="loss", xticks=range(1, model.n_iter_ + 1))
axes.legend()
folder.cleanup()
