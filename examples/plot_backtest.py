"""
Is it better than last year again?
==================================

Sea surface temperatures off Peru, month by month since 1950: the season is strong, and El Niño,
which comes every few years, is hard to foresee. Forecasts of a year are made from six ends of the
past, and compared with the same month of the year before and with the mean of that month.
"""

import numpy as np
import pandas as pd
from statsmodels.datasets import elnino

import seqkit
from seqkit.inspection import plot_backtest, plot_error_by_horizon

table = elnino.load_pandas().data.set_index("YEAR")
months = pd.period_range("1950-01", periods=table.size, freq="M")
sea = pd.Series(table.to_numpy().ravel(), months, name="temperature")

# %%
# ``refit=True`` trains a new model before each end, so that no forecast has seen what it is
# compared with.

model = seqkit.Seq2SeqForecaster(
    12, units=32, seasonal_residual=False, calendar=["month"], preset="fast", random_state=0
)
network = model.backtest(sea, windows=6, refit=True)

# %%
# A backtest is a frame, so that other forecasts fit into it. The network is a little ahead of last
# year, and clearly behind the plain mean of the month: one series of sixty years does not teach it
# El Niño. To compare with last year alone would have hidden that.

naive, climate = network.copy(), network.copy()
naive["forecast"] = sea.reindex(network["ds"] - 12).to_numpy()
climate["forecast"] = [
    sea[(sea.index <= row.cutoff) & (sea.index.month == row.ds.month)].mean()
    for row in network.itertuples()
]
compared = {"network": network, "last year": naive, "mean of the month": climate}
for name, frame in compared.items():
    print(f"{name}: mean absolute error {np.abs(frame['y'] - frame['forecast']).mean():.2f} °C")
by_horizon = plot_error_by_horizon(compared)

# %%
# The forecasts, with the band from the lowest to the highest quantile.

windows = plot_backtest(network)
