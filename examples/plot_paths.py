"""
Questions that quantiles do not answer
======================================

How warm will the warmest of the next twelve months be? Quantiles of single months do not say.
Futures drawn from a distribution do: of each path the warmest month is taken. The data are sea
surface temperatures off Peru, 1950 to 2010.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from statsmodels.datasets import elnino

import seqkit

table = elnino.load_pandas().data.set_index("YEAR")
months = pd.period_range("1950-01", periods=table.size, freq="M")
sea = pd.Series(table.to_numpy().ravel(), months, name="temperature")
history, truth = sea[:-12], sea[-12:]

# %%
# An autoregressive decoder draws each month given those drawn before it, so that a warm month is
# followed by a warm one. With ``decoding="direct"`` months would be drawn independently.

model = seqkit.Seq2SeqForecaster(
    12,
    units=32,
    head="student_t",
    decoding="autoregressive",
    calendar=["month"],
    preset="fast",
    random_state=0,
)
model.fit(history)
paths = model.sample_paths(500)

# %%
# To the right: the warmest month of each path, and of each year before. The season is what the
# model has learnt: of what the year would be it knew little more than that.

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
shown = paths.index.to_timestamp()
left.plot(shown, paths.iloc[:, :40], color="C0", alpha=0.15)
left.plot(shown, truth, color="0.2", label="truth")
left.set(ylabel="°C", title="forty of 500 paths")
left.legend()
left.tick_params(axis="x", rotation=45)
warmest = paths.max()
bins = np.arange(22, 31, 0.5)
right.hist(warmest, bins, density=True, alpha=0.6, label="paths")
right.hist(
    history.groupby(history.index.year).max(), bins, density=True, alpha=0.4, label="years before"
)
right.axvline(truth.max(), color="0.2", label="truth")
right.set(xlabel="warmest month, °C", yticks=[])
right.legend()
figure.tight_layout()
print(f"above 27 °C: {np.mean(warmest > 27):.0%} of the paths, ", end="")
print(f"{np.mean(history.groupby(history.index.year).max() > 27):.0%} of the years before")
