"""
Carbon dioxide, two years ahead
===============================

Monthly means of the carbon dioxide above Mauna Loa from 1958 to 2001, which come with statsmodels.
The last two years are forecast, with intervals that should hold four fifths of the truth.
"""

import numpy as np
from statsmodels.datasets import co2

import seqkit
from seqkit.inspection import plot_error_by_horizon, plot_forecast
from seqkit.metrics import coverage, mase

weekly = co2.load_pandas().data["co2"]
monthly = weekly.resample("MS").mean().interpolate()
history, truth = monthly[:-24], monthly[-24:]

# %%
# That a year has twelve months is known from the frequency.

model = seqkit.Seq2SeqForecaster(24, units=32, random_state=0).fit(history)
forecast, interval = model.predict(), model.predict_interval(0.8)
figure = plot_forecast(history, forecast, interval, truth, last=60)

# %%
# The mean absolute scaled error, beside that of the last year again, and the share of the truth
# within the interval.

values = {"model": forecast, "last year again": np.resize(history[-12:], 24)}
for name, value in values.items():
    print(f"{name}: MASE {mase([truth], [value], [history], 12):.2f}")
lower, upper = interval["lower"], interval["upper"]
print(f"within the interval: {coverage([truth], [lower], [upper]):.0%}")

# %%
# A backtest forecasts from several ends of the past. The model has seen these months, so its errors
# are smaller than those to come: ``refit=True`` trains anew before each end.

table = model.backtest(windows=4)
by_horizon = plot_error_by_horizon(table)
