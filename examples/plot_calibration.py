"""
Are probabilities what they say?
================================

Of the snippets to which a model gives 80 %, are 80 % fresh? Critics' snippets on films are labelled
fresh or rotten. TF-IDF with logistic regression and a network learn from 4,000 of them, and are
asked about 2,395 on other films.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.calibration import CalibratedClassifierCV, CalibrationDisplay
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss
from sklearn.pipeline import make_pipeline

import seqkit

data = seqkit.data.load("critics_snippets")
rows = np.random.default_rng(0).permutation(len(data.X_train))
train, held_out = rows[:4000], rows[4000:5000]

baseline = make_pipeline(TfidfVectorizer(sublinear_tf=True), LogisticRegression(C=3))
baseline.fit(data.X_train[train], data.y_train[train])
network = seqkit.TextClassifier("gru", random_state=0)
network.fit(data.X_train[train], data.y_train[train])

# %%
# scikit-learn's tools take the network as they take any classifier: here a logistic function of its
# probabilities is fitted to a thousand more snippets.

calibrated = CalibratedClassifierCV(FrozenEstimator(network), method="sigmoid")
calibrated.fit(data.X_train[held_out], data.y_train[held_out])

fresh = data.y_test == "fresh"
models = {
    "TF-IDF, logistic regression": baseline,
    "GRU": network,
    "GRU, calibrated": calibrated,
}
figure, axes = plt.subplots(figsize=(6, 6))
for name, model in models.items():
    p = model.predict_proba(data.X_test)[:, list(model.classes_).index("fresh")]
    print(
        f"{name}: accuracy {accuracy_score(fresh, p > 0.5):.3f}, "
        f"Brier score {brier_score_loss(fresh, p):.3f}, log loss {log_loss(fresh, p):.3f}"
    )
    CalibrationDisplay.from_predictions(fresh, p, n_bins=8, name=name, ax=axes)

# %%
# A line on the diagonal says what is the case. The linear model is too timid: where it says 80 %
# more are fresh. The network's line is near the diagonal as it is, and the calibration changes
# little. In accuracy and in both scores the two are about level.

axes.set(xlabel="probability of fresh", ylabel="share that is fresh")
figure.tight_layout()
