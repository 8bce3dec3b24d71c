"""Examples in documents run, and importing seqkit stays light."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
import types
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.base import clone

ROOT = Path(__file__).parent.parent


def examples(document: str) -> list[str]:
    """The Python code of a document that is marked as an example."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(r"<!-- test: example -->\n```python\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("README.md", marks=pytest.mark.always),
        "docs/estimators.md",
        "docs/translation.md",
        "docs/forecasting.md",
        "docs/scale.md",
        "docs/serving.md",
        pytest.param("docs/coming_from.md", marks=pytest.mark.slow),
        pytest.param("docs/faq.md", marks=pytest.mark.slow),
    ],
)
def test_the_examples_of_a_document_run(document, tmp_path, monkeypatch):
    """Its blocks, one after the other, as one script."""
    monkeypatch.chdir(tmp_path)
    found = examples(document)
    assert found
    names = {"__name__": "document"}
    for code in found:
        exec(compile(code, document, "exec"), names)


@pytest.mark.always
def test_the_cell_of_contributing_is_fast_maskable_bidirectional_and_exportable(tmp_path):
    import seqkit

    code, _ = examples("CONTRIBUTING.md")
    module = types.ModuleType("update_gate_rnn")
    sys.modules[module.__name__] = module
    exec(compile(code, "CONTRIBUTING.md", "exec"), module.__dict__)
    rng = np.random.default_rng(0)
    X = [rng.normal(size=(rng.integers(3, 7), 2)) for _ in range(16)]
    y = np.arange(16) % 2
    model = seqkit.SequenceClassifier(module.UpdateGateRNN, units=4, epochs=2).fit(X, y)
    assert model.predict_proba(X).shape == (16, 2)
    assert Path(model.export(tmp_path)).name == "1"
    # On both paths the numbers are those of Keras stepping the cell.
    layer = module.UpdateGateRNN(4)
    x = rng.normal(size=(3, 5, 2)).astype("float32")
    expected = keras.layers.RNN(layer.cell)(x)
    np.testing.assert_allclose(layer(x), expected, atol=1e-6)
    with seqkit.layers.recurrence_path("compiled"):
        np.testing.assert_allclose(layer(x), expected, atol=1e-6)


@pytest.mark.always
def test_the_estimator_of_contributing_is_one_of_ours(tmp_path):
    _, code = examples("CONTRIBUTING.md")
    module = types.ModuleType("text_regressor")
    sys.modules[module.__name__] = module
    exec(compile(code, "CONTRIBUTING.md", "exec"), module.__dict__)  # learns, and asserts it
    model = module.model
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict(["one two"]), model.predict(["one two"]))
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    values = served(inputs=tf.constant(["one two"]))["values"].numpy()[:, 0]
    np.testing.assert_allclose(values, model.predict(["one two"]), rtol=1e-5)
    assert clone(model).get_params() == model.get_params()


@pytest.mark.parametrize(
    "command",
    [
        ["-c", "import seqkit"],
        ["-m", "recipes.series_classification", "--help"],
        ["-m", "recipes.query_export", "--help"],
        ["-m", "recipes.text_classification", "--help"],
        ["-m", "recipes.tagging", "--help"],
        ["-m", "seqkit.serving", "--help"],
        ["-c", "from seqkit.serving import Client, describe, verify"],
    ],
)
def test_light_imports(command):
    """Answers without TensorFlow: python -X importtime would name it."""
    result = subprocess.run(
        [sys.executable, "-X", "importtime", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    imported = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert not imported & {"tensorflow", "keras", "sklearn", "pandas", "torch"}


def test_the_page_of_cells_is_as_the_cells_are():
    from tools import cells_page

    assert cells_page.PAGE.read_text(encoding="utf-8") == cells_page.page(), (
        "run python -m tools.cells_page"
    )
    pictures = {path.stem for path in (cells_page.PAGE.parent / "images" / "cells").iterdir()}
    assert pictures == set(cells_page.SHOWN)
