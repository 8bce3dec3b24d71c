"""Sampled frequencies against the probabilities that they are drawn with."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax
from scipy.stats import chisquare

from seqkit.decoding import greedy_search, sample
from seqkit.decoding.sampling import draw as draw_one
from tests.decoding.toy_model import END, START, ToyModel, outputs_of, same

few = settings(max_examples=6, derandomize=True)
sources = st.lists(st.integers(0, 60), min_size=1, max_size=4)
LOGITS = np.array([0.5, -1.0, -40.0, 2.0, 1.0, 0.0, -3.0], "float32")  # END never comes
SAMPLES = 4000


def draw(model, rows, max_length=6, seed=3, **options):
    return sample(
        model,
        model.state(rows),
        start_id=START,
        end_id=END,
        max_length=max_length,
        seed=seed,
        **options,
    )


def counts(length=1, **options):
    """How often each output comes at the last of so many steps of the same logits."""

    def step(tokens, state):
        return tf.zeros([*tokens.shape, 7]) + LOGITS, state, None

    found = sample(
        step,
        tf.zeros([1, 1]),
        start_id=START,
        end_id=END,
        max_length=length,
        seed=11,
        n_samples=SAMPLES,
        **options,
    )
    return np.bincount(found.tokens[0, :, -1], minlength=7)


def assert_drawn_with(found, p):
    assert not found[p < 1e-12].any()
    likely = p > 1e-12
    if likely.sum() > 1:
        assert chisquare(found[likely], SAMPLES * p[likely] / p[likely].sum()).pvalue > 1e-3


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("length", [1, 3])
def test_frequencies_are_those_of_the_softmax(temperature, length):
    p = softmax(LOGITS.astype(float) / temperature)
    p[p < 1e-5] = 0.0
    found = counts(length, temperature=temperature)
    if length == 1:
        assert_drawn_with(found, p)
    else:
        np.testing.assert_allclose(found / SAMPLES, p, atol=0.03)


@pytest.mark.parametrize(
    "options, support",
    [
        ({"top_k": 1}, [3]),
        ({"top_k": 3}, [3, 4, 0]),
        ({"top_k": 99}, [0, 1, 3, 4, 5, 6]),
        ({"top_p": 1e-6}, [3]),
        ({"top_p": 0.8}, [3, 4, 0]),  # p is .561, .206, .125, .076, ...
        ({"top_p": 0.75}, [3, 4]),
        ({"top_p": 0.95, "top_k": 2}, [3, 4]),
        ({"top_p": 0.7, "top_k": 2}, [3]),  # .561 / (.561 + .206) = .73
        ({"banned_ids": [3], "top_k": 2}, [4, 0]),
        ({"top_p": 1.0}, [0, 1, 3, 4, 5, 6]),
    ],
)
def test_the_candidates_that_are_left(options, support):
    p = np.zeros(7)
    p[support] = softmax(LOGITS[support].astype(float))
    assert_drawn_with(counts(**options), p)


@pytest.mark.parametrize("scale", [0.0, 30.0])  # sorts all outputs; a few of them
def test_top_p_of_many_outputs(scale):
    size, likely = 600, [100, 200, 300]
    logits = np.zeros([1, 500, size], "float32")
    logits[..., likely] += scale
    uniform = np.random.default_rng(0).random((1, 500))
    found = set(draw_one(tf.constant(logits), tf.constant(uniform), None, 0.25).numpy().ravel())
    expected = {100} if scale else set(range(150))
    assert found <= expected
    assert len(found) > 0.9 * len(expected)


def test_large_seeds():
    model = ToyModel()
    for seed in (2**32 - 1, np.int64(2**40), [3, 2**33]):
        same(draw(model, [1], seed=seed), draw(model, [1], seed=tf.constant(seed, tf.int64)))


def test_top_k_of_one_is_greedy():
    model = ToyModel(attends=True)
    rows = range(10)
    greedy = greedy_search(model, model.state(rows), start_id=START, end_id=END, max_length=6)
    same(draw(model, rows, top_k=1), greedy)


def test_the_least_heat_is_greedy():
    found = draw(ToyModel(), [1, 2, 3], temperature=1e-39)
    same(found, draw(ToyModel(), [1, 2, 3], top_k=1))


def test_the_same_seed_gives_the_same_result():
    model = ToyModel(attends=True)
    first = draw(model, [4, 5], n_samples=8)
    same(draw(model, [4, 5], n_samples=8), first)
    for other in (draw(model, [4, 5], n_samples=8, seed=4), draw(model, [5, 4], n_samples=8)):
        assert (other.tokens != first.tokens).numpy().any()
    twins = draw(model, [4, 4], n_samples=8)  # equal rows have streams of their own
    assert (twins.tokens[0] != twins.tokens[1]).numpy().any()


@few
@given(rows=sources, others=sources, longer=st.integers(0, 5))
def test_a_batch_never_changes_a_row(rows, others, longer):
    model = ToyModel(attends=True, end_bonus=-1.0)
    limits = tf.constant([4] * len(rows) + [4 + longer] * len(others))
    together = draw(model, [*rows, *others], limits, n_samples=3)
    alone = draw(model, rows, 4, n_samples=3)
    cut = type(alone)(*(f[: len(rows)] for f in together))
    cut = cut._replace(tokens=cut.tokens[:, :, :4], attention=cut.attention[:, :, :4])
    same(cut, alone)


@few
@given(order=st.permutations(range(4)))
def test_rows_with_seeds_keep_their_draws_in_any_order(order):
    model = ToyModel()
    rows, seeds = np.array([3, 3, 9, 4]), np.array([[1, 2], [7, 2], [1, 9], [3, 4]])
    expected = draw(model, rows, n_samples=2, seed=seeds)
    found = draw(model, rows[order], n_samples=2, seed=seeds[order])
    same(found, type(found)(*(None if f is None else tf.gather(f, order) for f in expected)))


def test_samples_are_sorted_and_scored_by_the_model():
    model = ToyModel()
    found = draw(model, [1, 2, 3], n_samples=5, temperature=1.7, top_k=4)
    assert (np.diff(found.scores) <= 0).all()
    for row in range(3):
        for n, tokens in enumerate(outputs_of(found, row)):
            log_p, _ = model.teacher_forced(row + 1, tokens, len(tokens) < 6)
            np.testing.assert_allclose(found.log_probabilities[row, n], log_p, rtol=1e-4)


def test_compiled_and_saved(tmp_path):
    class Decoder(tf.Module):
        toy = ToyModel()

        @tf.function(input_signature=[tf.TensorSpec([None], tf.int32), tf.TensorSpec([], tf.int32)])
        def decode(self, rows, seed):
            return draw(self.toy, rows, seed=seed, n_samples=4, top_p=0.9).tokens

    decoder = Decoder()
    tf.saved_model.save(decoder, tmp_path)
    loaded = tf.saved_model.load(tmp_path)
    for rows in ([3], [1, 2, 3, 4]):
        expected = draw(decoder.toy, rows, seed=5, n_samples=4, top_p=0.9).tokens
        for run in (decoder.decode, loaded.decode):
            np.testing.assert_array_equal(run(tf.constant(rows), tf.constant(5)), expected)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"temperature": 0}, "temperature must be a number above 0, got 0"),
        ({"temperature": "hot"}, "temperature must be a number above 0, got 'hot'"),
        ({"top_k": 0}, "top_k must be an integer of at least 1, got 0"),
        ({"top_p": 0.0}, r"top_p must be in \(0, 1\], got 0.0"),
        ({"top_p": 1.5}, r"top_p must be in \(0, 1\], got 1.5"),
        ({"n_samples": 0}, "n_samples must be an integer of at least 1, got 0"),
        ({"seed": [1, 2, 3]}, r"seed must be an integer, two integers, or two .* got shape \(3,\)"),
    ],
)
def test_values_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        draw(ToyModel(), [1], **options)


@pytest.mark.parametrize("seed", [None, "one", 1.5])
def test_a_seed_of_another_type(seed):
    with pytest.raises(TypeError, match=rf"seed must be an integer, two .* got {seed!r}"):
        draw(ToyModel(), [1], seed=seed)
