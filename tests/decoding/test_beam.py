"""Beam search against an enumeration of all outputs, and against a search in plain Python."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqkit.decoding import beam_search, greedy_search
from seqkit.decoding.largest import largest
from tests.decoding.toy_model import END, SOURCE, START, ToyModel, outputs_of, same

few = settings(max_examples=8, derandomize=True)
sources = st.lists(st.integers(0, 60), min_size=1, max_size=4)
SLOW = [pytest.mark.slow]
MASK = [True, True, False, True]

PENALTIES = [
    {},
    {"length_penalty": 0.6},
    {"length_penalty": 2.5},
    {"coverage_penalty": 0.4},
    {"length_penalty": 1.0, "coverage_penalty": 0.2, "source_mask": MASK},
]


def with_penalties(names, *values):
    """Runs a test with every penalty and the first of the values; with the other values and all
    penalties but the last `make test-slow` does."""
    cases = [
        pytest.param(*value, p, marks=[] if value is values[0] or p is PENALTIES[-1] else SLOW)
        for value in values
        for p in PENALTIES
    ]
    return pytest.mark.parametrize((*names, "penalties"), cases)


def beam(model, rows, beam_width, max_length=6, **options):
    if "source_mask" in options:
        options["source_mask"] = [options["source_mask"]] * len(rows)
    return beam_search(
        model,
        model.state(rows),
        start_id=START,
        end_id=END,
        max_length=max_length,
        beam_width=beam_width,
        **options,
    )


def score(log_p, weights, length_penalty=0.0, coverage_penalty=0.0, source_mask=None):
    """Equation 14, in the words of the paper; one entry of weights for each output step."""
    s = log_p / (((5 + len(weights)) / 6) ** length_penalty)
    if coverage_penalty:
        for i in range(SOURCE):
            if source_mask is None or source_mask[i]:
                s += coverage_penalty * math.log(min(sum(p[i] for p in weights), 1.0))
    return s


def enumerated(model, source, max_length, **penalties):
    """All outputs with log P and score, best first."""
    found = []
    for tokens, ended in model.all_outputs(max_length):
        log_p, weights = model.teacher_forced(source, tokens, ended)
        found.append((score(log_p, weights, **penalties), log_p, tokens, weights))
    return sorted(found, key=lambda f: -f[0])


@with_penalties(("size", "max_length"), (4, 3), (5, 2), (3, 1))
def test_a_beam_as_wide_as_the_space_finds_the_best(size, max_length, penalties):
    model = ToyModel(size, attends=True)
    rows = [7, 19]
    expected = [enumerated(model, row, max_length, **penalties) for row in rows]
    space = len(expected[0])
    found = beam(model, rows, space + 3, max_length, n_best=space + 2, **penalties)
    for row, best in enumerate(expected):
        np.testing.assert_allclose(found.scores[row, :space], [b[0] for b in best], rtol=1e-4)
        np.testing.assert_allclose(
            found.log_probabilities[row, :space], [b[1] for b in best], rtol=1e-4
        )
        outputs = outputs_of(found, row)
        assert outputs[:space] == [b[2] for b in best]
        for n, (*_, tokens, weights) in enumerate(best):
            padded = np.zeros((max_length, SOURCE))
            for j in range(len(tokens)):
                padded[j] = weights[j]
            np.testing.assert_allclose(found.attention[row, n], padded, atol=1e-6)
        # There are no more: empty, with score -inf, without attention.
        assert outputs[space:] == [[], []]
        assert (found.scores[row, space:] == -np.inf).numpy().all()
        assert (found.log_probabilities[row, space:] == -np.inf).numpy().all()
        assert not found.attention[row, space:].numpy().any()


def searched(model, source, width, max_length, **penalties):
    """The same search in plain Python: it never stops early."""
    alive: list[Any] = [(0.0, [], model.state([source]), START, [])]
    finished: list[Any] = []
    for _ in range(max_length):
        extended = []
        for log_p, tokens, state, last, weights in alive:
            logits, new_state, attention = model(tf.constant([[last]]), state)
            so_far = [*weights, None if attention is None else attention[0, 0].numpy()]
            of_each = tf.nn.log_softmax(logits)[0, 0].numpy()
            for token in range(model.size):
                total = log_p + float(of_each[token])
                extended.append((total, [*tokens, token], new_state, token, so_far))
        extended.sort(key=lambda e: -e[0])
        beam_of_step = extended[:width]
        alive = [e for e in beam_of_step if e[3] != END]
        finished += [(e[0], e[1][:-1], e[4]) for e in beam_of_step if e[3] == END]
    finished += [(e[0], e[1], e[4]) for e in alive]
    scored = [(score(log_p, w, **penalties), tokens) for log_p, tokens, w in finished]
    return sorted(scored, key=lambda f: -f[0])


@with_penalties(("end_bonus",), (-1.0,), (1.5,))
def test_stopping_early_loses_nothing(penalties, end_bonus):
    model = ToyModel(7, end_bonus=end_bonus, attends=True)
    rows = list(range(8))
    found = beam(model, rows, 3, 5, n_best=3, **penalties)
    first = beam(model, rows, 3, 5, **penalties)
    for row in rows:
        expected = searched(model, row, 3, 5, **penalties)[:3]
        assert outputs_of(found, row) == [tokens for _, tokens in expected]
        np.testing.assert_allclose(found.scores[row], [s for s, _ in expected], rtol=1e-4)
        assert outputs_of(first, row) == outputs_of(found, row)[:1]


@few
@given(rows=sources, penalties=st.sampled_from(PENALTIES), repeat=st.integers(0, 2))
def test_beam_of_one_equals_greedy(rows, penalties, repeat):
    model = ToyModel(attends=True)
    options = {"no_repeat_ngram": repeat, "min_length": repeat}
    greedy = greedy_search(
        model, model.state(rows), start_id=START, end_id=END, max_length=6, **options
    )
    found = beam(model, rows, 1, **penalties, **options)
    same(found._replace(scores=greedy.scores), greedy)
    if not penalties:
        np.testing.assert_array_equal(found.scores, greedy.scores)


@few
@given(rows=sources, others=sources, width=st.integers(1, 7), penalties=st.sampled_from(PENALTIES))
def test_a_batch_never_changes_a_row(rows, others, width, penalties):
    model = ToyModel(attends=True, end_bonus=-0.5)
    options = {"n_best": width} | penalties
    together = beam(model, [*rows, *others], width, **options)
    alone = beam(model, rows, width, **options)
    same(type(alone)(*(f[: len(rows)] for f in together)), alone)


@few
@given(rows=sources, width=st.integers(1, 9), alpha=st.floats(0, 3))
def test_log_probabilities_are_those_of_the_outputs(rows, width, alpha):
    model = ToyModel(4)
    found = beam(model, rows, width, n_best=width, length_penalty=alpha)
    for row, source in enumerate(rows):
        outputs = outputs_of(found, row)
        assert len({tuple(o) for o in outputs}) == width  # no output twice
        for n, tokens in enumerate(outputs):
            ended = len(tokens) < 6
            log_p, weights = model.teacher_forced(source, tokens, ended)
            np.testing.assert_allclose(found.log_probabilities[row, n], log_p, rtol=1e-4)
            expected = score(log_p, weights, alpha)
            np.testing.assert_allclose(found.scores[row, n], expected, rtol=1e-4)
        assert (np.diff(found.scores[row]) <= 0).all()


def test_rows_end_at_lengths_of_their_own():
    model = ToyModel()
    found = beam(model, range(20), 4, n_best=4, length_penalty=1.5)
    assert {0, 6} < set(found.lengths.numpy().ravel().tolist())


def test_a_limit_for_each_row():
    model = ToyModel(end_bonus=-2.0, attends=True)
    options = {"n_best": 3, "length_penalty": 1.0, "coverage_penalty": 0.1}
    found = beam(model, [5, 5, 8], 3, tf.constant([1, 4, 2]), **options)
    assert found.tokens.shape == (3, 3, 4)
    for row, (source, limit) in enumerate([(5, 1), (5, 4), (8, 2)]):
        alone = beam(model, [source], 3, limit, **options)
        assert outputs_of(found, row) == outputs_of(alone, 0)
        np.testing.assert_allclose(found.scores[row], alone.scores[0], rtol=1e-5)
        np.testing.assert_allclose(found.attention[row, :, :limit], alone.attention[0], atol=1e-6)


def test_the_search_ends_as_soon_as_nothing_can_improve():
    model = ToyModel(end_bonus=8.0)  # the empty output is almost certain
    found = beam(model, [1, 2], 4, 50)
    assert outputs_of(found, 0) == outputs_of(found, 1) == [[]]
    assert model.steps == 1
    model.steps = 0
    model.end_bonus = 3.0
    beam(model, [1, 2], 4, 50, length_penalty=1.0)  # which later ones may still exceed
    assert 1 < model.steps < 50


def test_impossible_outputs_are_never_returned():
    def step(tokens, state):  # 1 or the end, then only the end
        of_one = tf.where(state[..., None] == 0, 0.0, -np.inf)
        nothing = tf.zeros_like(of_one) - np.inf
        return tf.concat([nothing, of_one, 0 * state[..., None], nothing], 2), state + 1, None

    found = beam_search(
        step, tf.zeros([2, 1]), start_id=0, end_id=2, max_length=5, beam_width=4, n_best=4
    )
    for row in range(2):
        assert sorted(outputs_of(found, row)[:2]) == [[], [1]]
    expected = [[-math.log(2)] * 2 + [-np.inf] * 2] * 2
    np.testing.assert_allclose(found.scores, expected, rtol=1e-6)


def test_attention_of_zero_does_not_rule_an_output_out():
    def step(tokens, state):
        return tf.zeros([1, tokens.shape[1], 3]), state, tf.one_hot(tf.zeros_like(tokens), 4)

    found = beam_search(
        step,
        tf.zeros([1, 1]),
        start_id=0,
        end_id=2,
        max_length=2,
        beam_width=2,
        coverage_penalty=1.0,
    )
    assert np.isfinite(found.scores).all()


def test_compiled_and_saved(tmp_path):
    options = {"n_best": 3, "length_penalty": 0.6, "coverage_penalty": 0.2, "no_repeat_ngram": 2}

    class Decoder(tf.Module):
        toy = ToyModel(attends=True)

        @tf.function(
            input_signature=[tf.TensorSpec([None], tf.int32), tf.TensorSpec([None], tf.int32)]
        )
        def decode(self, rows, limits):
            return beam(self.toy, rows, 6, limits, **options)._asdict()

    decoder = Decoder()
    tf.saved_model.save(decoder, tmp_path)
    loaded = tf.saved_model.load(tmp_path)
    for rows, limits in (([3], [4]), ([1, 2, 3, 4], [5, 1, 2, 4])):
        expected = beam(decoder.toy, rows, 6, tf.constant(limits), **options)
        for run in (decoder.decode, loaded.decode):
            result = run(tf.constant(rows), tf.constant(limits))
            same(type(expected)(**result), expected, rtol=1e-4, atol=1e-5)


def test_a_recurrent_layer_with_attention_compiled():
    """A Keras cell and a memory of unknown sizes; beams share the memory."""
    units, size = 8, 11
    cell, out = tf.keras.layers.GRUCell(units), tf.keras.layers.Dense(size)
    embeddings = tf.random.stateless_normal([size, units], [1, 2])

    def decode(memory, search, **options):
        def step(tokens, state):
            shape = tf.shape(tokens)
            x = tf.reshape(tf.gather(embeddings, tokens), [-1, units])
            h, _ = cell(x, [tf.reshape(state[0], [-1, units])])
            h = tf.reshape(h, [shape[0], shape[1], units])
            p = tf.nn.softmax(tf.matmul(h, memory, transpose_b=True))
            return out(tf.concat([h, tf.matmul(p, memory)], 2)), (h,), p

        state = (tf.reduce_mean(memory, 1, keepdims=True),)
        return search(step, state, start_id=START, end_id=END, max_length=7, **options)

    signature = [tf.TensorSpec([None, None, units])]
    options: dict[str, Any] = {
        "beam_width": 4,
        "n_best": 2,
        "coverage_penalty": 0.3,
        "length_penalty": 1.0,
    }
    options["search"] = beam_search
    memory = tf.random.stateless_normal([5, 6, units], [3, 4])
    eager = decode(memory, **options)
    compiled = tf.function(lambda memory: decode(memory, **options), input_signature=signature)
    for rows in (memory, memory[:2]):
        cut = type(eager)(*(f[: len(rows)] for f in eager))
        same(compiled(rows), cut, rtol=1e-4, atol=1e-5)


def test_an_empty_batch():
    found = beam(ToyModel(attends=True), tf.zeros([0]), 3, n_best=2)
    assert found.tokens.shape == (0, 2, 6)
    assert found.attention.shape == (0, 2, 6, SOURCE)


@pytest.mark.parametrize("shape, k", [((2, 3, 700), 5), ((1, 2, 512), 3), ((2, 1, 9), 20)])
def test_the_few_largest(shape, k):
    values = np.random.default_rng(0).integers(0, 90, shape).astype("float32")  # with equals
    values[values < 40] = -np.inf
    values[0, 0, 2:] = -np.inf
    found = largest(tf.constant(values), k)
    for a, b in zip(found, tf.math.top_k(values, min(k, shape[-1])), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"beam_width": 0}, "beam_width must be an integer of at least 1, got 0"),
        ({"n_best": 0}, "n_best must be an integer of at least 1, got 0"),
        ({"n_best": 4}, r"n_best must be at most beam_width \(3\), got 4. Widen the beam"),
        ({"length_penalty": -0.5}, "length_penalty must be a number of at least 0, got -0.5"),
        ({"coverage_penalty": np.nan}, "coverage_penalty must be a number of at least 0, got nan"),
        ({"coverage_penalty": 0.2}, "coverage_penalty must be 0 for a step .* no attention"),
        ({"source_mask": True}, r"source_mask must have shape .* got \(1,\)"),
    ],
)
def test_values_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        beam(ToyModel(), [1], **({"beam_width": 3} | options))
