"""
A search that gives up early
============================

Successive halving trains all candidates a little and the better ones for longer, until one or two
are left. Here the resource is ``max_steps``, the length of a training. The data are forty
recordings of a watch: six features, a hundred steps, four motions.
"""

import warnings

import matplotlib.pyplot as plt
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import HalvingRandomSearchCV, StratifiedKFold

import seqkit

X_train, y_train, X_test, y_test = seqkit.data.load("basic_motions")

search = HalvingRandomSearchCV(
    seqkit.SequenceClassifier("gru", random_state=0),
    {
        "units": [8, 32],
        "learning_rate": [0.002, 0.005, 0.01, 0.02],
        "dropout": [0.0, 0.2, 0.5],
        "pooling": ["last", ("last", "mean", "max")],
    },
    resource="max_steps",
    min_resources=10,
    max_resources=90,
    n_candidates=9,
    cv=StratifiedKFold(2, shuffle=True, random_state=0),
    scoring="neg_log_loss",
    random_state=0,
)
with warnings.catch_warnings():  # that ten steps come to nothing is what the search finds out
    warnings.simplefilter("ignore", ConvergenceWarning)
    search.fit(X_train, y_train)
print(search.best_params_)
print(f"accuracy of forty other recordings: {search.best_estimator_.score(X_test, y_test):.3f}")
untuned = seqkit.SequenceClassifier("gru", random_state=0).fit(X_train, y_train)
print(f"without arguments, and so with more steps: {untuned.score(X_test, y_test):.3f}")

# %%
# A line a candidate, drawn as far as it was trained. Ranks after ten steps are not those after
# ninety: that is the price of the time saved.

results = pd.DataFrame(search.cv_results_)
figure, axes = plt.subplots()
for _, runs in results.groupby(results["params"].map(lambda p: str({**p, "max_steps": 0}))):
    axes.plot(runs["n_resources"], -runs["mean_test_score"], marker="o")
axes.set(xlabel="training steps", ylabel="log loss in cross-validation", xscale="log")
axes.set_xticks([10, 30, 90], ["10", "30", "90"])
axes.minorticks_off()
