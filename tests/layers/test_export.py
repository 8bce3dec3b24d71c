"""Saved models of trained layers: stock operations only, loaded without seqkit and Keras."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from seqkit import layers
from tests.conformance.runs import FEATURES, UNITS, assert_close, inputs, normal, randomized

SHAPES = [(1, 7), (5, 3)]

QUERY = """
import sys

sys.modules["keras"] = sys.modules["seqkit"] = None  # neither can be imported

import numpy as np
import tensorflow as tf

folder, endpoint = sys.argv[1:]
model = tf.saved_model.load(folder)
for k in range(2):
    x = tf.constant(np.load(f"{folder}/in_{k}.npy"))
    np.save(f"{folder}/out_{k}.npy", getattr(model, endpoint)(x))
"""


@pytest.fixture(scope="module")
def model():
    """A trained model with dropout, both directions, a mask and a learned initial state."""
    model = keras.Sequential(
        [
            keras.Input((None, FEATURES)),
            keras.layers.Masking(),
            keras.layers.Bidirectional(
                layers.PeepholeLSTM(UNITS, return_sequences=True, recurrent_dropout=0.1)
            ),
            layers.GRU(UNITS, initial_state="learned", dropout=0.1),
            keras.layers.Dense(2),
        ]
    )
    randomized(model.layers[-1])
    model.compile("adam", "mse")
    model.fit(inputs(), normal(4, 2), batch_size=2, verbose=0)
    return model


def by_export(model, folder):
    model.export(folder, verbose=False)
    return "serve"


def by_saved_model(model, folder):
    module = tf.Module()
    module.model = model
    signature = [tf.TensorSpec([None, None, FEATURES])]
    module.predict = tf.function(lambda x: model(x, training=False), input_signature=signature)
    tf.saved_model.save(module, folder)
    return "predict"


@pytest.fixture(scope="module", params=[by_export, by_saved_model], ids=lambda f: f.__name__)
def saved(request, model, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("saved"))
    return folder, request.param(model, folder)


def test_only_stock_operations(saved):
    folder, _ = saved
    proto = saved_model_pb2.SavedModel()
    with open(f"{folder}/saved_model.pb", "rb") as file:
        proto.ParseFromString(file.read())
    operations = set()
    for meta_graph in proto.meta_graphs:
        graph = meta_graph.graph_def
        operations |= {node.op for node in graph.node}
        for function in graph.library.function:
            operations |= {node.op for node in function.node_def}
            assert not function.attr["_XlaMustCompile"].b, function.signature.name
    assert "While" in operations or "StatelessWhile" in operations
    assert not [op for op in operations if "Xla" in op]


def test_answers_in_a_process_without_seqkit_and_keras(model, saved):
    folder, endpoint = saved
    given = []
    for k, (batch, steps) in enumerate(SHAPES):
        given.append(normal(batch, steps, FEATURES, seed=k))
        given[-1][0, steps - 1 :] = 0  # a masked step
        np.save(f"{folder}/in_{k}.npy", given[-1])
    run = subprocess.run(
        [sys.executable, "-c", QUERY, folder, endpoint],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    found = [np.load(f"{folder}/out_{k}.npy") for k in range(len(SHAPES))]
    assert_close(found, [model(x) for x in given], 1e-5)
    assert np.abs(found[0]).max() > 0
