"""The translator's SavedModel: strings in, translations out, by TensorFlow alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from tests.estimators.translating import numbers, token_lists, translator

X, Y = numbers(96, seed=1)
SOURCES = [*numbers(20, seed=2)[0], "", "one  two ", "日本 one 🎉", "five " * 9]

# Makes the import of seqkit, Keras and scikit-learn an error; then asks batches of several sizes.
SERVE = """
import json, sys
for name in ("seqkit", "keras", "sklearn"):
    sys.modules[name] = None
import tensorflow as tf
folder, sources = json.load(sys.stdin)
served = tf.saved_model.load(folder).signatures
found = {}
for name in ("serving_default", "beam"):
    answers = [served[name](inputs=tf.constant(s)) for s in (sources, sources[:1], sources[3:5])]
    found[name] = [
        [tf.strings.as_string(a["scores"], 7).numpy().tolist(), a["outputs"].numpy().tolist()]
        for a in answers
    ]
decoded = json.dumps(found, default=bytes.decode)
open(sys.argv[1], "w").write(decoded)
"""


@pytest.fixture(scope="module")
def model():
    return translator(epochs=6, beam_width=3, n_best=2).fit(X, Y)


@pytest.fixture(scope="module")
def exported(model, tmp_path_factory):
    return model.export(tmp_path_factory.mktemp("models") / "numbers")


def test_it_answers_as_predict_does_without_seqkit_and_keras(model, exported, tmp_path):
    answer = tmp_path / "answer.json"
    subprocess.run(
        [sys.executable, "-c", SERVE, answer],
        input=json.dumps([exported, SOURCES]).encode(),
        check=True,
        cwd=tmp_path,
        timeout=300,
    )
    found = json.loads(answer.read_text())
    for rows, sources in enumerate((SOURCES, SOURCES[:1], SOURCES[3:5])):
        for name, n_best in (("serving_default", None), ("beam", 2)):
            texts, scores = model.predict(sources, n_best=n_best, return_scores=True)
            served_scores, served = found[name][rows]
            assert served == texts
            np.testing.assert_allclose(np.array(served_scores, float), scores, atol=1e-4)


def test_signatures(exported):
    served = tf.saved_model.load(exported).signatures
    assert set(served) == {"serving_default", "beam"}
    for name, rank in (("serving_default", 1), ("beam", 2)):
        (inputs,) = served[name].structured_input_signature[1].values()
        assert (inputs.name, inputs.dtype, inputs.shape.as_list()) == ("inputs", tf.string, [None])
        outputs = served[name].structured_outputs
        assert {key: spec.dtype for key, spec in outputs.items()} == {
            "outputs": tf.string,
            "scores": tf.float32,
        }
        assert all(spec.shape.rank == rank for spec in outputs.values())


def test_only_stock_operations(exported):
    saved = saved_model_pb2.SavedModel.FromString((Path(exported) / "saved_model.pb").read_bytes())
    (meta,) = saved.meta_graphs
    functions = meta.graph_def.library.function
    nodes = [*meta.graph_def.node, *(node for f in functions for node in f.node_def)]
    assert not [n.op for n in nodes if "xla" in n.op.lower() or "pyfunc" in n.op.lower()]
    assert not [f.signature.name for f in functions if f.attr["_XlaMustCompile"].b]


def test_a_batch_of_empty_texts(exported):
    served = tf.saved_model.load(exported).signatures
    answer = served["serving_default"](inputs=tf.constant(["", ""]))
    assert answer["outputs"].numpy().tolist() == [b"", b""]
    assert answer["scores"].numpy().tolist() == [0, 0]


def test_greedy_lists_of_tokens_and_a_beam_of_the_default_width(tmp_path):
    model = translator(beam_width=1, attention="bahdanau", max_length=2)
    with pytest.warns(UserWarning, match="max_length=2"):
        model.fit(token_lists(X), token_lists(Y))
    served = tf.saved_model.load(model.export(tmp_path)).signatures
    sources = [s for s in SOURCES if s.strip()]
    with pytest.warns(UserWarning, match="max_length=2"):
        greedy, scores = model.predict(token_lists(sources), return_scores=True)
    answer = served["serving_default"](inputs=tf.constant(sources))
    assert [text.decode().split() for text in answer["outputs"].numpy()] == greedy
    np.testing.assert_allclose(answer["scores"], scores, atol=1e-4)
    short = [s for s in sources if len(s.split()) < 3]
    best = model.predict(token_lists(short), beam_width=5, n_best=5)
    beam = served["beam"](inputs=tf.constant(short))["outputs"].numpy()
    assert [[text.decode().split() for text in row] for row in beam] == best


def test_longer_sources_are_refused_where_predict_refuses_them(tmp_path):
    X, Y = numbers(40, seed=1)
    model = translator(epochs=1, max_length=12, truncate=False).fit(X, Y)
    served = tf.saved_model.load(model.export(tmp_path)).signatures["serving_default"]
    assert len(served(inputs=tf.constant(X[:2]))["outputs"]) == 2
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"rows \[1\] have more than max_length=12 tok"
    ):
        served(inputs=tf.constant([X[0], " ".join([X[0]] * 20)]))
