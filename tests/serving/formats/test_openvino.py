"""Models of numbers by OpenVINO, an implementation that shares nothing with TensorFlow's kernels.

It runs in a process of its own, with neither TensorFlow nor seqkit.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from seqkit.layers import recurrence_path
from seqkit.layers.engine.portable import loops_for_converters
from seqkit.serving.requests import answering_faults
from tests.conformance.cells import CELLS
from tests.conformance.estimators import fitted, named
from tests.serving.exported import check, real_rows

pytest.importorskip("openvino", reason="OpenVINO is not installed")
pytestmark = pytest.mark.slow

PROGRAM = """
import sys
sys.modules["tensorflow"] = sys.modules["seqkit"] = None
sys.modules["openvino_telemetry"] = None
import numpy as np
import openvino

core = openvino.Core()
for folder in sys.argv[1:]:
    model = core.compile_model(
        core.read_model(folder), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    rows = np.load(folder + "/rows.npz")
    found = model({port.any_name: rows[port.any_name] for port in model.inputs})
    named = {port.any_name: found[port] for port in model.outputs}
    np.savez(folder + "/found.npz", **named)
"""


def written(folder, function, specs, rows):
    """A SavedModel of the outputs that are numbers, without kernels of TensorFlow's own."""

    def numbers(*tensors):
        outputs = function(*tensors)
        return {name: value for name, value in outputs.items() if value.dtype.is_floating}

    with recurrence_path("portable"), loops_for_converters():
        traced = tf.function(numbers, input_signature=specs, autograph=False)
        concrete = traced.get_concrete_function()
    root = tf.Module()
    root.variables_, root.function = list(concrete.variables), traced
    tf.saved_model.save(root, str(folder), {"serving_default": concrete})
    np.savez(folder / "rows.npz", **rows)
    return folder


def asked(*folders):
    """The answers of OpenVINO to the rows beside each model."""
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, folders)], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return [dict(np.load(folder / "found.npz")) for folder in folders]


def test_every_cell_with_masks(tmp_path):
    rng = np.random.default_rng(0)
    rows = {
        "inputs": rng.normal(size=(5, 12, 3)).astype("float32"),
        "lengths": np.array([12, 1, 7, 3, 12], "int32"),
    }
    specs = [
        tf.TensorSpec((None, None, 3), tf.float32, "inputs"),
        tf.TensorSpec((None,), tf.int32, "lengths"),
    ]
    expected, folders = [], []
    for variant in CELLS:
        for backwards in (False, True):
            layer = variant.layer(go_backwards=backwards, return_sequences=True)
            layer.build((None, None, 3))
            layer.set_weights([rng.normal(size=w.shape, scale=0.5) for w in layer.get_weights()])

            def function(inputs, lengths, layer=layer):
                mask = tf.sequence_mask(lengths, tf.shape(inputs)[1])
                return {"outputs": layer(inputs, mask=mask)}

            expected.append(function(**rows)["outputs"].numpy())
            folder = tmp_path / f"{variant.name}_{backwards}"
            folders.append(written(folder, function, specs, rows))
    for folder, outputs, found in zip(folders, expected, asked(*folders), strict=True):
        np.testing.assert_allclose(
            found["outputs"], outputs, rtol=1e-5, atol=1e-5, err_msg=folder.name
        )


@pytest.mark.parametrize("name", ["classifier", "regressor", "numeric_tagger", "forecaster"])
def test_every_estimator_of_numbers(name, tmp_path):
    function, specs = fitted(named(name))._signatures()[0]["serving_default"]
    rows = real_rows(name, 3)
    (found,) = asked(written(tmp_path / "m", answering_faults(function), specs, rows))
    tensors = [tf.constant(rows[spec.name]) for spec in specs]
    texts = {k: v.numpy() for k, v in function(*tensors).items() if not v.dtype.is_floating}
    check(name, "serving_default", rows, {**texts, **found})
