"""A spawned worker reads every copy of every estimator, and all predict the same bit for bit."""

from __future__ import annotations

import multiprocessing
import pickle

import joblib
import pytest

from tests.conformance import new_process
from tests.conformance.estimators import KINDS, assert_same, data, every_kind, fitted, kinds

REFITTED = ("crf_tagger", "numeric_tagger")  # the other kinds: see test_estimator_contract


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """By kind and way of copying, what one process says: it takes seconds to begin."""
    folder = tmp_path_factory.mktemp("new_process")
    for kind in KINDS:
        joblib.dump(fitted(kind), folder / f"{kind.name}.joblib")
        fitted(kind).save(folder / f"{kind.name}.seqkit")
    models = {kind.name: fitted(kind) for kind in KINDS}
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=new_process.run, args=(str(folder), models, REFITTED))
    process.start()
    process.join(timeout=300)
    assert process.exitcode == 0
    return pickle.loads((folder / "found.pickle").read_bytes())


@every_kind
@pytest.mark.parametrize("how", ["sent", "joblib", "file"])
def test_a_copy_predicts_the_same(found, kind, how):
    assert_same(found[kind.name, how], fitted(kind), data(kind)[0])


@kinds(*REFITTED)
def test_the_seed_gives_the_same(found, kind):
    assert_same(found[kind.name, "fit"], fitted(kind), data(kind)[0])
