"""In a new process every copy of every estimator predicts the same bit for bit, and a seed gives
the same model, whatever was seeded there."""

from __future__ import annotations

import multiprocessing
import pickle

import joblib
import pytest
import tensorflow as tf

from tests.conformance import new_process
from tests.conformance.estimators import assert_same, data, every_kind, fitted, kinds
from tests.serving.exported import check, real_rows


@pytest.fixture(scope="module")
def found(request, tmp_path_factory):
    """By kind and way of copying, what one process says: it takes seconds to begin."""
    folder = tmp_path_factory.mktemp("new_process")
    # Of what this run asks for.
    here = [item for item in request.session.items if item.path == request.path]
    models = {kind.name: fitted(kind) for kind in {item.callspec.params["kind"] for item in here}}
    fits = {item.callspec.params["kind"].name for item in here if "seed" in item.originalname}
    for name, model in models.items():
        joblib.dump(model, folder / f"{name}.joblib")
        model.save(folder / f"{name}.seqkit")
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=new_process.run, args=(str(folder), models, fits))
    process.start()
    process.join(timeout=900)
    assert process.exitcode == 0
    return pickle.loads((folder / "found.pickle").read_bytes())


@every_kind
@pytest.mark.parametrize("how", ["sent", "joblib", "file"])
def test_the_same_is_said(found, kind, how):
    assert_same(found[kind.name, how], fitted(kind), data(kind)[0])


@kinds("classifier", "text", "forecaster", slow=("regressor", "tagger", "translator"))
def test_a_seed_gives_the_same_model(found, kind):
    assert_same(found[kind.name, "fit"], fitted(kind), data(kind)[0])


@every_kind
def test_a_file_is_exported_before_it_predicts(found, kind):
    served = tf.saved_model.load(found[kind.name, "export"]).signatures["serving_default"]
    inputs = real_rows(kind.name)
    answers = served(**{name: tf.constant(value) for name, value in inputs.items()})
    check(kind.name, "serving_default", inputs, {k: v.numpy() for k, v in answers.items()})
