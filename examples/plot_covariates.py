"""
Covariates: known, past, and of the series
==========================================

Four series of the economy of the United States, quarter by quarter from 1959 to 2009. Inflation and
unemployment are known up to now (past covariates); the interest rate of the next year is a
scenario, which must be given (a known one); that a series is of people or of the state is fixed
(static).
"""

import numpy as np
import pandas as pd
from statsmodels.datasets import macrodata

import seqkit
from seqkit.inspection import plot_error_by_horizon, plot_forecast

table = macrodata.load_pandas().data
table.index = pd.period_range("1959Q1", periods=len(table), freq="Q")
y = 100 * np.log(table[["realgdp", "realcons", "realinv", "realgovt"]])
X = table[["unemp", "infl", "tbilrate"]]
static = pd.DataFrame({"by": ["all", "people", "firms", "state"]}, index=y.columns)

# %%
# Logarithms times hundred: errors are per cent. ``refit=True`` trains anew before each of six ends.
# ``drift`` goes on by the mean growth of the past ten years.

options = {
    "horizon": 4,
    "season": None,
    "lookback": 12,
    "units": 16,
    "transform": "difference",
    "max_steps": 150,
    "random_state": 0,
}
plain = seqkit.Seq2SeqForecaster(**options)
informed = seqkit.Seq2SeqForecaster(past_covariates=["unemp", "infl"], **options)
tests = {
    "values alone": plain.backtest(y, windows=6, refit=True),
    "with covariates": informed.backtest(y, X, static=static, windows=6, refit=True),
}
drift = tests["values alone"].copy()
drift["forecast"] = [
    y.loc[row.cutoff, row.unique_id]
    + (row.ds - row.cutoff).n * y[row.unique_id].diff()[: row.cutoff].tail(40).mean()
    for row in drift.itertuples()
]
tests["drift"] = drift
for name, frame in tests.items():
    error = (frame["y"] - frame["forecast"]).abs()
    print(name, error.groupby(frame["unique_id"]).mean().round(2).to_dict())
by_horizon = plot_error_by_horizon(tests)

# %%
# The covariates add nothing to forecasts of these six years, and for the state's spending drift is
# ahead: two hundred quarters are few. A backtest tells; that a covariate is plausible does not.

# %%
# A forecast of two scenarios: the interest rate stays, or rises by three points at once. The model
# has seen how the two went together, and not what one does to the other.

informed.fit(y[:-4], X[:-4], static=static)
futures = {}
for name, rise in {"stays": 0.0, "rises": 3.0}.items():
    scenario = X[["tbilrate"]].iloc[-4:] * 0 + X["tbilrate"].iloc[-5] + rise
    futures[name] = informed.predict(X=scenario)
difference = futures["rises"] - futures["stays"]
print(difference.round(2))
figure = plot_forecast(y[:-4], futures["stays"], truth=y[-4:], last=24)
