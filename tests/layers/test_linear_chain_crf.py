"""The layer that makes a chain's scores, in models as Keras users write them."""

from __future__ import annotations

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from seqkit.decoding import crf_loss, log_partition, marginals, sequence_score, viterbi
from seqkit.layers import LinearChainCRF, invalid_transitions

RANDOM = {
    f"{name}_initializer": keras.initializers.RandomNormal(seed=k)
    for k, name in enumerate(("transitions", "start", "end"))
}


def random(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def mask_of(lengths: list[int], steps: int) -> np.ndarray:
    return np.arange(steps) < np.array(lengths)[:, None]


def test_score_is_the_sum_of_the_equation():
    emissions, lengths = random(4, 5, 3), [5, 3, 1, 0]
    crf = LinearChainCRF(**RANDOM)
    scores = crf(emissions, mask=mask_of(lengths, 5))
    y = np.random.default_rng(1).integers(0, 3, (4, 5))
    start, transitions, end = (v.numpy() for v in (crf.start, crf.transitions, crf.end))
    expected = [
        start[tags[0]]
        + sum(e[t, tag] for t, tag in enumerate(tags))
        + sum(transitions[i, j] for i, j in itertools.pairwise(tags))
        + end[tags[-1]]
        if n
        else 0.0
        for e, tags, n in (
            (e, tags[:n], n) for e, tags, n in zip(emissions, y, lengths, strict=True)
        )
    ]
    found = sequence_score(scores, y, mask_of(lengths, 5))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_scores_hold_their_padding():
    mask = mask_of([4, 2, 0], 4)
    scores = LinearChainCRF(**RANDOM)(random(3, 4, 3), mask=mask)
    np.testing.assert_allclose(log_partition(scores), log_partition(scores, mask), rtol=1e-6)
    np.testing.assert_allclose(viterbi(scores)[1], viterbi(scores, mask)[1], rtol=1e-6)


def test_a_padded_row_is_the_row_alone():
    emissions, crf = random(2, 6, 3), LinearChainCRF(**RANDOM)
    emissions[0, 4:] = np.nan  # whatever padding holds
    mask = mask_of([4, 6], 6)
    together = crf(emissions, mask=mask)
    alone = crf(emissions[:1, :4])
    np.testing.assert_allclose(log_partition(together)[:1], log_partition(alone), rtol=1e-6)
    np.testing.assert_array_equal(viterbi(together, mask)[0][:1, :4], viterbi(alone)[0])
    np.testing.assert_allclose(marginals(together, mask)[:1, :4], marginals(alone), rtol=1e-5)


def test_forbidden_pairs_are_not_predicted():
    names = ["O", "B-NP", "I-NP", "B-VP", "I-VP"]
    forbidden = invalid_transitions(names)
    assert set(forbidden) == {(None, 2), (0, 2), (3, 2), (4, 2), (None, 4), (0, 4), (1, 4), (2, 4)}
    crf = LinearChainCRF(forbidden=[*forbidden, (1, None)])
    y = viterbi(crf(10 * random(50, 6, 5)))[0].numpy()
    pairs = {(None, row[0]) for row in y} | {(row[-1], None) for row in y}
    pairs |= {pair for row in y for pair in itertools.pairwise(row)}
    assert not pairs & {*forbidden, (1, None)}


@pytest.mark.parametrize("pair", [(0, 3), (-1, 0), (0, 1, 2)])
def test_forbidden_pairs_that_do_not_exist(pair):
    with pytest.raises(ValueError, match="forbidden must hold pairs .* 0 to 2, got"):
        LinearChainCRF(forbidden=[pair])(random(1, 2, 3))


def test_emissions_of_another_rank():
    with pytest.raises(ValueError, match=r"inputs must have shape \(batch, steps, tags\)"):
        LinearChainCRF()(random(2, 3))


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float32", "float64"])
def test_precision(policy):
    expected = "float64" if policy == "float64" else "float32"
    crf = LinearChainCRF(dtype=policy)
    inputs = random(2, 3, 4).astype(expected)
    assert crf(inputs).dtype == expected
    assert LinearChainCRF.from_config(crf.get_config())(inputs).dtype == expected


def test_a_mask_reaches_the_layer_and_ends_there():
    ids = np.array([[1, 2, 0, 0], [3, 1, 2, 1]])
    embedding = keras.layers.Embedding(4, 3, mask_zero=True)
    crf = LinearChainCRF(**RANDOM)
    inputs = keras.Input((None,), dtype="int32")
    model = keras.Model(inputs, crf(embedding(inputs)))
    assert model.output_shape == (None, None, 3, 3)
    np.testing.assert_array_equal(model(ids), crf(embedding(ids).numpy(), mask=ids != 0))
    model.compile(loss=crf_loss)  # which a mask of (batch, steps) would not fit
    expected = np.mean(crf_loss(ids - 1, model(ids)))
    assert model.evaluate(ids, ids - 1, verbose=0) == pytest.approx(expected, rel=1e-5)


def alternating(sequences: int, steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tags that alternate. Inputs tell the first one only, and noise."""
    random = np.random.default_rng(2)
    lengths = random.integers(2, steps + 1, sequences)
    mask = mask_of(lengths, steps)
    tags = (random.integers(0, 2, (sequences, 1)) + np.arange(steps)) % 2
    x = random.normal(scale=0.3, size=(sequences, steps, 2)).astype("float32")
    x[:, 0] = 5 * np.eye(2)[tags[:, 0]]
    return x, mask, np.where(mask, tags, -1)


@pytest.fixture(scope="module")
def trained() -> keras.Model:
    keras.utils.set_random_seed(7)
    x, mask, y = alternating(64, 8)
    inputs = [keras.Input((None, 2), name="x"), keras.Input((None,), dtype="bool", name="mask")]
    emissions = keras.layers.Dense(2, name="emissions")(inputs[0])
    scores = LinearChainCRF(name="crf")(emissions, mask=inputs[1])
    model = keras.Model(inputs, scores)
    model.compile(keras.optimizers.Adam(0.1), loss=crf_loss)
    model.fit([x, mask], y, epochs=20, verbose=0)
    return model


def test_learns_what_only_transitions_tell(trained):
    x, mask, y = alternating(32, 8)
    found = viterbi(trained([x, mask]), mask)[0]
    np.testing.assert_array_equal(found, y)
    of_each_step = np.argmax(trained.get_layer("emissions")(x), -1)
    assert np.mean((of_each_step == y)[mask]) < 0.8


def test_a_saved_model_is_loaded_with_its_loss(trained, tmp_path):
    x, mask, y = alternating(8, 8)
    trained.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded([x, mask]), trained([x, mask]), rtol=1e-6)
    assert loaded.evaluate([x, mask], y, verbose=0) == pytest.approx(
        trained.evaluate([x, mask], y, verbose=0)
    )


def test_exported(trained, tmp_path):
    def serve(x, mask):
        scores = trained([x, mask])
        tags, best = viterbi(scores, mask)
        return {
            "tags": tags,
            "probabilities": marginals(scores, mask),
            "log_probability": best - log_partition(scores),
        }

    archive = keras.export.ExportArchive()
    archive.track(trained)
    specs = [tf.TensorSpec((None, None, 2)), tf.TensorSpec((None, None), tf.bool)]
    archive.add_endpoint("serve", serve, input_signature=specs)
    archive.write_out(str(tmp_path / "export"), verbose=False)
    x, mask, _ = alternating(5, 7)
    loaded = tf.saved_model.load(tmp_path / "export")
    served = loaded.serve(tf.constant(x), tf.constant(mask))
    expected = serve(x, mask)
    for name, value in expected.items():
        np.testing.assert_allclose(served[name], value, atol=1e-5)


def test_config():
    crf = LinearChainCRF(**RANDOM, forbidden=[(None, 1), (0, None)])
    twin = LinearChainCRF.from_config(crf.get_config())
    assert twin.get_config() == crf.get_config()
    x = random(2, 3, 4)
    np.testing.assert_array_equal(twin(x), crf(x))  # seeds too


def test_gradient_is_finite_with_an_empty_row():
    crf, x = LinearChainCRF(), tf.constant(random(2, 3, 4))
    tags = np.array([[-1, -1, -1], [0, 3, -1]])
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = crf_loss(tags, crf(x, mask=tags >= 0))
    gradients = tape.gradient(loss, [x, *crf.trainable_variables])
    assert loss[0] == 0
    assert all(np.isfinite(g).all() for g in gradients)
    assert not gradients[0][0].numpy().any()


@pytest.mark.parametrize(
    "valid", [[1, 1, 1, 0, 0], [0, 0, 1, 1, 1], [1, 0, 1, 1, 0], [0, 1, 1, 0, 1]], ids=str
)
def test_padding_may_be_anywhere(valid):
    """Loss, its gradient, best path and probabilities are those of the valid steps alone."""
    crf, y = LinearChainCRF(**RANDOM), np.array([[2, 0, 1]])
    emissions = tf.constant(random(1, 3, 3))
    where, mask = np.flatnonzero(valid), np.array([valid], bool)

    def spread(values, fill):
        wide = np.full((1, 5, *values.shape[2:]), fill, values.dtype)
        wide[:, where] = values
        return wide

    def loss_and_gradients(emissions, tags, mask):
        with tf.GradientTape() as tape:
            tape.watch(emissions)
            loss = crf_loss(tags, crf(emissions, mask=mask))
        return loss.numpy(), *tape.gradient(loss, [emissions, *crf.trainable_variables])

    expected, d_expected, *d_weights_expected = loss_and_gradients(emissions, y, None)
    wide = tf.constant(spread(emissions.numpy(), 7.0))
    loss, d_wide, *d_weights = loss_and_gradients(wide, spread(y, -1), mask)
    np.testing.assert_allclose(loss, expected, rtol=1e-5)
    np.testing.assert_allclose(d_wide.numpy()[:, where], d_expected, atol=1e-5)
    for found, alone in zip(d_weights, d_weights_expected, strict=True):
        np.testing.assert_allclose(found, alone, atol=1e-5)
    scores, alone = crf(wide, mask=mask), crf(emissions)
    np.testing.assert_array_equal(viterbi(scores, mask)[0].numpy()[:, where], viterbi(alone)[0])
    np.testing.assert_allclose(
        marginals(scores, mask).numpy()[:, where], marginals(alone), rtol=1e-5
    )
