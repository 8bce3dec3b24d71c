"""The chain's sums and maxima against an enumeration of all sequences of tags."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.special import logsumexp, softmax

from seqkit.decoding import crf_loss, log_partition, marginals, sequence_score, viterbi

BATCH = 6
SHAPES = [(1, 1), (1, 2), (1, 3), (4, 1), (6, 2), (5, 3), (4, 4)]  # (T, K)
each_shape = pytest.mark.parametrize("steps, tags", SHAPES)


def random_scores(steps: int, tags: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores in float64, and lengths with an empty and a full row among them."""
    random = np.random.default_rng(steps * 10 + tags)
    scores = random.normal(scale=2, size=(BATCH, steps, tags, tags))
    lengths = np.r_[0, steps, random.integers(1, steps + 1, BATCH - 2)]
    return scores, np.arange(steps) < lengths[:, None]


def all_sequences(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every sequence of tags of a chain (T, K, K) without padding, and its score."""
    sequences = np.array(list(itertools.product(range(scores.shape[-1]), repeat=len(scores))), int)
    return sequences, np.array([one_score(scores, y) for y in sequences])


def one_score(scores: np.ndarray, tags: np.ndarray) -> float:
    return sum(s[i, j] for s, i, j in zip(scores, [0, *tags], tags, strict=False))


def rows(scores, mask):
    """Of each row, its valid steps alone."""
    return [s[: m.sum()] for s, m in zip(scores, mask, strict=True)]


@each_shape
def test_partition(steps, tags):
    scores, mask = random_scores(steps, tags)
    expected = [logsumexp(all_sequences(row)[1]) for row in rows(scores, mask)]
    np.testing.assert_allclose(log_partition(scores, mask), expected, atol=1e-12)


@each_shape
def test_score_and_loss(steps, tags):
    scores, mask = random_scores(steps, tags)
    y = np.random.default_rng(0).integers(0, tags, (BATCH, steps))
    expected = [one_score(r, t) for r, t in zip(rows(scores, mask), rows(y, mask), strict=True)]
    np.testing.assert_allclose(sequence_score(scores, y, mask), expected, atol=1e-12)
    loss = log_partition(scores, mask) - expected
    np.testing.assert_allclose(crf_loss(np.where(mask, y, -1), scores), loss, atol=1e-12)
    np.testing.assert_allclose(crf_loss(np.where(mask, y, -1.0), scores), loss, atol=1e-12)


@each_shape
def test_marginals(steps, tags):
    scores, mask = random_scores(steps, tags)
    found = marginals(scores, mask).numpy()
    assert not found[~mask].any()
    for row, p in zip(rows(scores, mask), found, strict=True):
        sequences, s = all_sequences(row)
        one_hot = sequences[:, :, None] == np.arange(tags)  # (sequences, T, K)
        expected = np.tensordot(softmax(s), one_hot, 1)
        np.testing.assert_allclose(p[: len(row)], expected, atol=1e-12)


def test_marginals_of_a_long_chain_sum_to_one():
    """As nearly as float32 can: K divisions and K - 1 additions round by half an eps each, and so
    does each exponential that is divided."""
    tags = 9
    scores = np.random.default_rng(0).normal(scale=4, size=(3, 500, tags, tags)).astype("float32")
    sums = marginals(scores).numpy().astype("float64").sum(-1)
    np.testing.assert_allclose(sums, 1, rtol=0, atol=2 * tags * np.finfo("float32").eps)


@each_shape
def test_viterbi(steps, tags):
    scores, mask = random_scores(steps, tags)
    scores[-1] = 0  # all sequences are equal: one of them is found
    y, best = viterbi(scores, mask)
    assert y.dtype == tf.int32
    np.testing.assert_array_equal(y.numpy() == -1, ~mask)
    expected = [all_sequences(row)[1].max() for row in rows(scores, mask)]
    np.testing.assert_allclose(best, expected, atol=1e-12)
    np.testing.assert_allclose(sequence_score(scores, y, mask), expected, atol=1e-12)


@each_shape
def test_gradient_of_the_loss(steps, tags):
    """The probability of each pair of tags, minus one where the pair is the true one."""
    scores, mask = random_scores(steps, tags)
    y = np.random.default_rng(0).integers(0, tags, (BATCH, steps))
    variable = tf.Variable(scores)
    with tf.GradientTape() as tape:
        loss = crf_loss(np.where(mask, y, -1), variable)
    found = tf.convert_to_tensor(tape.gradient(loss, variable)).numpy()
    expected = np.zeros_like(scores)
    for b, row in enumerate(rows(scores, mask)):
        sequences, s = all_sequences(row)
        weights = [*zip(sequences, softmax(s), strict=True), (y[b], -1.0)]
        for tags_of, p in weights:
            for t, (i, j) in enumerate(zip([0, *tags_of], tags_of[: len(row)], strict=False)):
                expected[b, t, i, j] += p
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_second_derivative():
    scores, mask = random_scores(4, 3)
    direction = np.random.default_rng(1).normal(size=scores.shape)

    def slope(at):
        at = tf.constant(at)
        with tf.GradientTape() as tape:
            tape.watch(at)
            value = tf.reduce_sum(log_partition(at, mask))
        return tape.gradient(value, at)

    at = tf.constant(scores)
    with tf.GradientTape() as tape:
        tape.watch(at)
        along = tf.reduce_sum(slope(at) * direction)
    step = 1e-5
    expected = (slope(scores + step * direction) - slope(scores - step * direction)) / (2 * step)
    np.testing.assert_allclose(tape.gradient(along, at), expected, atol=1e-8)


few = settings(max_examples=20, derandomize=True)
batches = arrays.arrays("float64", (3, 4, 2, 2), elements=st.floats(-9, 9))
lengths = st.lists(st.integers(0, 4), min_size=3, max_size=3)


def everything(scores, mask):
    y, best = viterbi(scores, mask)
    return [log_partition(scores, mask), best, y, marginals(scores, mask)]


@few
@given(scores=batches, ends=lengths, noise=batches, extra=st.integers(0, 3))
def test_padding_never_changes_a_result(scores, ends, noise, extra):
    mask = np.arange(4) < np.array(ends)[:, None]
    z, best, y, p = everything(scores, mask)
    more = np.where(mask[:, :, None, None], scores, noise)
    more = np.concatenate([more, noise[:, :extra]], 1)
    z2, best2, y2, p2 = everything(more, np.arange(4 + extra) < np.array(ends)[:, None])
    for found, expected in ((z2, z), (best2, best), (y2[:, :4], y), (p2[:, :4], p)):
        np.testing.assert_allclose(found, expected, atol=1e-9)


@few
@given(scores=batches, ends=lengths, order=st.permutations(range(3)))
def test_order_of_a_batch_never_changes_a_result(scores, ends, order):
    mask = np.arange(4) < np.array(ends)[:, None]
    for found, expected in zip(
        everything(scores[order], mask[order]), everything(scores, mask), strict=True
    ):
        np.testing.assert_allclose(found, tf.gather(expected, order), atol=1e-9)


def test_large_scores_neither_overflow_nor_vanish():
    scores, mask = random_scores(5, 3)
    big = (scores * 1000).astype("float32")
    best = viterbi(big, mask)[1]
    np.testing.assert_allclose(log_partition(big, mask), best, rtol=1e-3)  # one sequence is all
    assert np.isfinite(marginals(big, mask)).all()


@pytest.mark.parametrize(
    "given_type, computed", [("float16", "float32"), ("float32", "float32"), ("float64", "float64")]
)
def test_types(given_type, computed):
    scores, mask = random_scores(4, 3)
    *found, _, p = everything(scores.astype(given_type), mask)
    assert [v.dtype.name for v in (*found, p)] == [computed] * 3
    np.testing.assert_allclose(found[0], log_partition(scores, mask), atol=2e-2)


def test_compiled():
    scores, mask = random_scores(5, 3)
    scores = tf.constant(scores)
    tags = tf.where(mask, 1, -1)

    def all_of_it(scores):
        with tf.GradientTape() as tape:
            tape.watch(scores)
            loss = crf_loss(tags, scores)
        return [loss, tape.gradient(loss, scores), *everything(scores, mask)]

    compiled = tf.function(all_of_it, jit_compile=True)(scores)
    for found, expected in zip(compiled, all_of_it(scores), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-12)


def test_arguments_of_another_shape():
    for shape in ((2, 3, 4), (2, 3, 4, 5)):
        with pytest.raises(ValueError, match="scores must have shape .*LinearChainCRF makes them"):
            log_partition(np.zeros(shape))
    scores = np.zeros((2, 3, 4, 4))
    with pytest.raises(ValueError, match=r"mask must have shape .* got \(2, 4\)"):
        viterbi(scores, np.ones((2, 4), bool))
    with pytest.raises(ValueError, match=r"tags must have shape .* got \(2, 3, 1\)"):
        crf_loss(np.zeros((2, 3, 1)), scores)


def log_p_of_known(scores: np.ndarray, tags: np.ndarray, known: np.ndarray) -> float:
    """log p of the tags at the known steps, whatever the others are."""
    sequences, s = all_sequences(scores)
    agree = (sequences == tags)[:, known].all(1)
    return float(logsumexp(s[agree]) - logsumexp(s))


@each_shape
def test_weighted_loss(steps, tags):
    """-sum_t w_t log p(y_t | the known y before), steps of weight zero not known."""
    scores, mask = random_scores(steps, tags)
    random = np.random.default_rng(1)
    y = random.integers(0, tags, (BATCH, steps))
    weights = random.choice([0, 0.5, 1, 3], (BATCH, steps))
    expected = []
    for row, labels, w in zip(rows(scores, mask), y, weights, strict=True):
        known = [np.flatnonzero(w[:t]) for t in range(len(row) + 1)]
        log_p = [log_p_of_known(row, labels[: len(row)], k) for k in known]
        expected.append(-w[: len(row)] @ np.diff(log_p))
    y = np.where(mask, y, -1)
    np.testing.assert_allclose(crf_loss(y, scores, weights), expected, atol=1e-10)
    others = np.where(mask & (weights == 0), random.integers(0, tags, y.shape), y)
    np.testing.assert_allclose(crf_loss(others, scores, weights), expected, atol=1e-10)


@each_shape
def test_equal_weights_of_steps_are_the_weight_of_the_sequence(steps, tags):
    scores, mask = random_scores(steps, tags)
    y = np.where(mask, np.random.default_rng(0).integers(0, tags, (BATCH, steps)), -1)
    variable = tf.Variable(scores)
    with tf.GradientTape(persistent=True) as tape:
        expected = 2.5 * crf_loss(y, variable)
        found = crf_loss(y, variable, np.full(y.shape, 2.5))
    np.testing.assert_allclose(found, expected, atol=1e-10)
    found, expected = (tape.gradient(loss, variable) for loss in (found, expected))
    np.testing.assert_allclose(found, expected, atol=1e-10)


def test_weights_of_another_shape():
    with pytest.raises(ValueError, match=r"weights must have shape \(batch, steps\), .* \(2,\)"):
        crf_loss(np.zeros((2, 3), int), np.zeros((2, 3, 2, 2)), np.ones(2))
