"""scikit-learn's tools around estimators: search, pipelines, scorers, routing, ensembles."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.inspection import permutation_importance
from sklearn.model_selection import (
    GridSearchCV,
    RandomizedSearchCV,
    cross_val_predict,
    cross_validate,
    learning_curve,
)
from sklearn.pipeline import Pipeline

from tests.conformance.estimators import data, kinds, named
from tests.estimators.toy import first_event, small

X, Y = first_event(40)
TABLE = np.stack([x[:6, 0] for x in X])


@kinds("text", slow=("classifier", "regressor"))
def test_grid_search_in_processes_of_its_own(kind):
    grid = {"model__units": [4, 6]}
    pipeline = Pipeline([("model", kind.new(epochs=1))])
    search = GridSearchCV(pipeline, grid, cv=2, n_jobs=2).fit(*data(kind))
    assert search.best_params_["model__units"] in (4, 6)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def test_randomized_search():
    search = RandomizedSearchCV(small(epochs=1), {"units": [4, 6]}, n_iter=1, cv=2)
    assert search.fit(X, Y).predict(X).shape == (40,)


@kinds("classifier", slow=("text",))
def test_scorers_that_ask_for_probabilities(kind):
    scoring = ["roc_auc", "neg_log_loss", "average_precision", "accuracy", "f1_macro"]
    X, y = data(kind)
    found = cross_validate(
        kind.new(), X, np.asarray(y) == y[0], scoring=scoring, cv=2, error_score="raise"
    )
    assert all(np.isfinite(found[f"test_{name}"]).all() for name in scoring)


def test_scorers_of_regression():
    kind = named("regressor")
    scoring = ["r2", "neg_mean_absolute_error"]
    found = cross_validate(kind.new(), *data(kind), scoring=scoring, cv=2, error_score="raise")
    assert all(np.isfinite(found[f"test_{name}"]).all() for name in scoring)


def test_several_classes_are_scored():
    y = np.arange(40) % 3
    found = cross_validate(small(), X, y, scoring="roc_auc_ovr", cv=2, error_score="raise")
    assert np.isfinite(found["test_score"]).all()


def test_cross_validation_is_stratified():
    y = np.array(["a"] * 30 + ["b"] * 10)  # sorted: folds in order would have one class alone
    found = cross_val_predict(small(epochs=1), X, y, cv=4, method="predict_proba")
    assert found.shape == (40, 2)


def test_sample_weights_are_routed():
    weight = np.where(Y == "left", 9.0, 1.0)
    with sklearn.config_context(enable_metadata_routing=True):
        model = small(epochs=1).set_fit_request(sample_weight=True)
        model.set_score_request(sample_weight=True)
        found = cross_validate(model, X, Y, cv=2, params={"sample_weight": weight})
    assert np.isfinite(found["test_score"]).all()


def test_calibration_and_voting():
    model = CalibratedClassifierCV(small(), cv=2).fit(TABLE, Y)
    np.testing.assert_allclose(model.predict_proba(TABLE).sum(1), 1)
    votes = VotingClassifier([("a", small()), ("b", small(cell="lstm"))], voting="soft")
    assert votes.fit(X, Y).predict_proba(X).shape == (40, 2)


@pytest.mark.slow
def test_permutation_importance_and_learning_curve():
    frame = pd.DataFrame(TABLE, columns=[f"t{k}" for k in range(6)])
    model = small().fit(frame, Y)
    assert model.feature_names_in_.tolist() == list(frame)
    importance = permutation_importance(model, frame, Y, n_repeats=2, random_state=0)
    assert importance.importances_mean.shape == (6,)
    sizes, _, scores = learning_curve(small(epochs=1), X, Y, train_sizes=[0.5, 1.0], cv=2)
    assert scores.shape == (len(sizes), 2)


def test_sklearns_callbacks_see_epochs_and_can_stop():
    callback = pytest.importorskip("sklearn.callback")
    seen = []

    class Records:
        def setup(self, estimator, context):
            seen.append("setup")

        def teardown(self, estimator, context):
            seen.append("teardown")

        def on_fit_task_begin(self, estimator, context):
            seen.append(context.task_name)

        def on_fit_task_end(self, estimator, context, *, fitted_estimator=None):
            if context.task_name == "epoch":
                seen.append(fitted_estimator.predict(X[:3]).shape)
                return len(seen) > 7
            return False

    model = small(epochs=9).set_callbacks(Records())
    assert model.fit(X, Y).n_iter_ == 3
    epoch = ["epoch", (3,)]
    assert seen == ["setup", "fit", *epoch, *epoch, *epoch, "teardown"]
    model.set_callbacks(callback.ProgressBar()).set_params(epochs=2).fit(X, Y)


def test_frames_in_long_form_are_as_lists():
    names = [f"walk {i}" for i in range(len(X))]
    long = pd.concat(
        {n: pd.DataFrame(x, columns=["a", "b"]) for n, x in zip(names, X, strict=True)},
        names=["instance", "time"],
    )
    expected = small().fit(X, Y).predict_proba(X)
    by_index = small().fit(long, pd.Series(Y, names).sample(frac=1, random_state=0))
    np.testing.assert_array_equal(by_index.predict_proba(long), expected)
    assert by_index.feature_names_in_.tolist() == ["a", "b"]
    assert by_index.n_features_in_ == 2
    columns = long.reset_index()
    model = small().fit(columns, Y)
    np.testing.assert_array_equal(model.predict_proba(columns), expected)
    np.testing.assert_array_equal(
        model.predict_proba(columns[["b", "time", "a", "instance"]]), expected
    )
    with pytest.raises(ValueError, match="without b"):
        model.predict(columns.drop(columns="b"))


def test_another_length_is_predicted_and_features_are_not_steps():
    array = np.stack([x[:6] for x in X])
    model = small().fit(array, Y)
    assert model.n_features_in_ == 2
    assert model.predict(array[:, :4]).shape == (40,)
    table = small().fit(TABLE, Y)
    with pytest.raises(ValueError, match=r"X has 4 features.*expecting 6.*arrays \(n, T, 1\)"):
        table.predict(TABLE[:, :4])
    assert table.predict(TABLE[:, :4, None]).shape == (40,)
