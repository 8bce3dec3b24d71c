"""A process forked after TensorFlow ran lacks its threads: an error there, where it would hang; and
how many threads others take."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from seqkit import processes
from tests.conformance.estimators import data, every_kind, fitted

# Each child has a time of its own, as one that hangs never ends.
FORKING = """
import os, signal
import joblib
from tests.conformance.estimators import data, named

kind = named("classifier")
X, y = data(kind)

def in_child(action):
    process = os.fork()
    if not process:
        signal.alarm(120)
        try:
            action()
            os._exit(0)
        except RuntimeError as error:
            assert "spawn" in str(error) and "loky" in str(error), error
            os._exit(7)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])

assert in_child(lambda: kind.new().fit(X, y).predict(X)) == 0  # nothing ran before
model = kind.new().fit(X, y)
assert in_child(lambda: kind.new().fit(X, y)) == 7
assert in_child(lambda: model.predict(X)) == 7
assert in_child(lambda: os._exit(in_child(lambda: model.predict(X)))) == 7  # of a child's child
(found,) = joblib.Parallel(2)([joblib.delayed(model.predict)(X)])  # by loky
assert found.tolist() == model.predict(X).tolist()
"""


@pytest.mark.always
def test_forked_processes():
    subprocess.run([sys.executable, "-c", FORKING], check=True, timeout=400)


@every_kind
def test_every_estimator_says_so(kind, monkeypatch):
    X, y = data(kind)
    model, new = fitted(kind), kind.new()
    monkeypatch.setattr(processes, "_threads_are_lost", True)
    names = ("fit", "partial_fit", "predict", "predict_proba", "predict_quantiles", "score")
    for name in [name for name in names if hasattr(model, name)]:
        learns = "fit" in name
        takes_y = learns or (name == "score" and kind.of_samples)
        arguments = [X, y] if takes_y else [X] if kind.of_samples or name == "score" else []
        with pytest.raises(RuntimeError, match="forked"):
            getattr(new if learns else model, name)(*arguments)
    assert set(vars(new)) == set(new.get_params())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"OMP_NUM_THREADS": "1"}, "1 1"),
        ({"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "2"}, "0 1"),  # it reads its own
        ({"OMP_NUM_THREADS": "1,2"}, "0 0"),  # of nested regions, which TensorFlow has none of
    ],
)
def test_threads_are_those_that_were_asked_for(given, expected):
    """joblib, Dask and Spark say so to their workers by OMP_NUM_THREADS."""
    script = (
        "import tensorflow as tf, seqkit.processes; seqkit.processes.prepare_process();"
        "t = tf.config.threading;"
        "print(t.get_intra_op_parallelism_threads(), t.get_inter_op_parallelism_threads())"
    )
    others = {k: v for k, v in os.environ.items() if "NUM_THREADS" not in k and "OP_TH" not in k}
    output = subprocess.run(
        [sys.executable, "-c", script], env=others | given, check=True, stdout=subprocess.PIPE
    ).stdout
    assert output.decode().strip() == expected
