"""Another backend of Keras is refused at once, in a process of its own, and named."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import textwrap

import pytest

from seqkit.backend import BackendError, check_backend

EXPECTED = "KERAS_BACKEND must be 'tensorflow'"
# All public names: each is refused, or needs no Keras; there is no other error.
EVERY_NAME = """
import seqkit
refused = []
def look(module):
    for name in module.__all__:
        try:
            value = getattr(module, name)
        except RuntimeError as error:
            assert type(error).__name__ == "BackendError", error
            refused.append(name)
        else:
            if hasattr(value, "__all__"):
                look(value)
look(seqkit)
for name in ("SequenceClassifier", "layers", "models", "load", "show_versions", "inspection"):
    assert name in refused, name
"""


def ran(code, *arguments, **environment):
    """What a new process says: its exit code and errors."""
    clean = {k: v for k, v in os.environ.items() if k not in ("KERAS_BACKEND", "KERAS_HOME")}
    program = [sys.executable, "-c", textwrap.dedent(code)] if code else [sys.executable]
    done = subprocess.run(
        [*program, *arguments],
        env={**clean, "TF_CPP_MIN_LOG_LEVEL": "3", **environment},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_every_name_is_refused_or_needs_no_keras(backend):
    code, errors = ran(EVERY_NAME, KERAS_BACKEND=backend)
    assert code == 0, errors


@pytest.mark.parametrize("backend", ["torch", "jax", "TensorFlow"])
def test_the_error_says_what_to_do(backend):
    code, errors = ran("from seqkit.layers import GRU", KERAS_BACKEND=backend)
    assert code == 1
    assert errors.splitlines()[-1] == (
        f"seqkit.backend.check.BackendError: {EXPECTED} or unset for seqkit, whose layers and "
        f"exports are TensorFlow's, got {backend!r}. Unset it, or set it to tensorflow before "
        "Keras is imported: os.environ['KERAS_BACKEND'] = 'tensorflow'."
    )


def test_the_command_line_tells_it_in_one_line(tmp_path):
    model = tmp_path / "a.seqkit"
    model.touch()
    arguments = ["-m", "seqkit", "predict", str(model), "--csv", "a.csv"]
    code, errors = ran(None, *arguments, KERAS_BACKEND="torch")
    assert code == 2
    assert errors.startswith(f"error: {EXPECTED}")
    assert len(errors.splitlines()) == 1


def test_a_file_of_keras_may_name_it(tmp_path):
    (tmp_path / "keras.json").write_text(json.dumps({"backend": "torch"}))
    code, errors = ran("import seqkit; seqkit.SequenceClassifier()", KERAS_HOME=str(tmp_path))
    assert code == 1
    assert f"\"backend\" in {tmp_path / 'keras.json'} must be 'tensorflow'" in errors
    assert "set KERAS_BACKEND=tensorflow" in errors.splitlines()[-1]


@pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="needs a backend to run on")
def test_keras_may_run_on_another_already():
    code, errors = ran(
        "import keras; keras.ops.zeros(1); from seqkit import SequenceTagger", KERAS_BACKEND="torch"
    )
    assert code == 1
    assert EXPECTED in errors.splitlines()[-1]
    assert "Start a new one with KERAS_BACKEND=tensorflow" in errors.splitlines()[-1]


@pytest.mark.parametrize("backend", ["tensorflow", ""])
def test_tensorflow_and_none_are_taken(backend, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_BACKEND", backend)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delitem(sys.modules, "keras")
    check_backend()
    (tmp_path / "keras.json").write_text("[not json")
    check_backend()
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    with pytest.raises(BackendError, match="got 'jax'"):
        check_backend()
