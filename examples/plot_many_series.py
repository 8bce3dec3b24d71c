"""
One model for a hundred series
==============================

Monthly figures of tourism, a hundred series of different length and level (Athanasopoulos et al.
2011). One network is fitted to all of them and forecasts two years, with intervals that are to hold
80 %.
"""

import numpy as np

import seqkit
from seqkit.inspection import plot_forecast
from seqkit.metrics import coverage, mase

data = seqkit.data.load("tourism_monthly")
names = data.train["unique_id"].unique()[:100]
train = data.train[data.train["unique_id"].isin(names)]
test = data.test[data.test["unique_id"].isin(names)]

# %%
# The steps are numbered, so that their season must be told. The last window of each series is held
# out, and widens or narrows the intervals until they hold what they say there.

model = seqkit.Seq2SeqForecaster(
    data.horizon,
    season=12,
    calibration_windows=1,
    calibration_refit=True,
    preset="fast",
    random_state=0,
)
model.fit(train)
forecast, interval = model.predict(), model.predict_interval(0.8)

# %%
# The model is ahead of the last year by a little, after a training of half a minute, and its
# intervals are somewhat wide. MASE has errors in units of each series' own seasonal differences;
# the naive forecast is the last year, twice.

last_year = test.copy()
last_year["y"] = np.concatenate(
    [
        np.resize(y.to_numpy()[-12:], data.horizon)
        for _, y in train.groupby("unique_id", sort=False)["y"]
    ]
)
print(f"MASE {mase(test, forecast, train, 12):.2f}, of the last year again ", end="")
print(f"{mase(test, last_year, train, 12):.2f}")
print(f"within the interval: {coverage(test, interval):.0%}")
figure = plot_forecast(train, forecast, interval, test, last=60, max_series=6)
