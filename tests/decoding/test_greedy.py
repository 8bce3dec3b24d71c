"""Greedy search against the step, called by hand."""

from __future__ import annotations

import functools

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqkit.decoding import beam_search, greedy_search, sample
from tests.decoding.toy_model import END, SOURCE, START, ToyModel, outputs_of, same

few = settings(max_examples=8, derandomize=True)
sources = st.lists(st.integers(0, 60), min_size=1, max_size=5)


def greedy(model, rows, max_length=6, **options):
    return greedy_search(
        model, model.state(rows), start_id=START, end_id=END, max_length=max_length, **options
    )


def by_hand(model, source, max_length):
    state, last = model.state([source]), START
    tokens: list[int] = []
    while len(tokens) < max_length:
        logits, state, _ = model(tf.constant([[last]]), state)
        last = int(np.argmax(logits))
        if last == END:
            return tokens, True
        tokens.append(last)
    return tokens, False


def test_each_step_takes_the_most_probable():
    model = ToyModel(attends=True)
    found = greedy(model, range(20))
    assert found.tokens.shape == (20, 1, 6)
    assert found.attention.shape == (20, 1, 6, SOURCE)
    lengths = set()
    for row in range(20):
        tokens, ended = by_hand(model, row, 6)
        assert outputs_of(found, row) == [tokens]
        log_p, weights = model.teacher_forced(row, tokens, ended)
        np.testing.assert_allclose(found.scores[row], [log_p], rtol=1e-5)
        expected = np.zeros((6, SOURCE))
        for j in range(len(tokens)):
            expected[j] = weights[j]
        np.testing.assert_allclose(found.attention[row, 0], expected, atol=1e-6)
        lengths.add(len(tokens))
    np.testing.assert_array_equal(found.scores, found.log_probabilities)
    assert {0, 6} < lengths  # empty outputs, and some without an end


@few
@given(rows=sources, others=sources)
def test_a_batch_never_changes_a_row(rows, others):
    model = ToyModel(attends=True)
    together = greedy(model, [*rows, *others])
    alone = greedy(model, rows)
    same(type(alone)(*(f[: len(rows)] for f in together)), alone)


def test_a_limit_for_each_row():
    model = ToyModel(end_bonus=-20.0)
    found = greedy(model, [5, 5, 5], max_length=tf.constant([1, 4, 2]))
    assert found.tokens.shape == (3, 1, 4)
    assert found.lengths[:, 0].numpy().tolist() == [1, 4, 2]
    for row, limit in enumerate([1, 4, 2]):
        alone = greedy(model, [5], max_length=limit)
        assert outputs_of(found, row) == outputs_of(alone, 0)
        np.testing.assert_allclose(found.scores[row], alone.scores[0], rtol=1e-6)


def test_the_search_ends_with_its_last_row():
    model = ToyModel()
    longest = max(len(by_hand(model, row, 50)[0]) for row in (0, 2, 3))
    model.steps = 0
    found = greedy(model, [0, 2, 3], max_length=50)
    assert model.steps == longest + 1 < 50
    assert found.tokens.shape == (3, 1, 50)


def test_an_empty_batch():
    found = greedy(ToyModel(attends=True), tf.zeros([0]))
    assert found.tokens.shape == (0, 1, 6)
    assert found.attention.shape == (0, 1, 6, SOURCE)


def test_half_precision_and_other_padding():
    def step(tokens, state):
        return tf.cast(9 * tf.one_hot(tokens + 1, 4), tf.float16), state, None

    found = greedy_search(
        step, tf.zeros([2, 1]), start_id=0, end_id=3, max_length=4, pad_id=-1, min_length=0
    )
    assert found.tokens[:, 0].numpy().tolist() == [[1, 2, -1, -1]] * 2
    assert found.scores.dtype == tf.float32


@pytest.mark.parametrize("pad_id", [-1, 99])
def test_padding_that_is_no_output_and_no_repeated_ngram(pad_id):
    options = {"no_repeat_ngram": 2, "max_length": 6}
    expected = greedy(ToyModel(), [1, 2, 3], **options)
    found = greedy(ToyModel(), [1, 2, 3], **options, pad_id=pad_id)
    np.testing.assert_array_equal(found.lengths, expected.lengths)
    places = np.arange(6) < found.lengths.numpy()[..., None]
    np.testing.assert_array_equal(np.where(places, found.tokens, 0), expected.tokens)
    assert (found.tokens.numpy()[~places] == pad_id).all()


@pytest.mark.parametrize("attends", [False, True])
def test_compiled_and_saved(tmp_path, attends):
    class Decoder(tf.Module):
        def __init__(self):
            super().__init__()
            self.toy = ToyModel(attends=attends)

        @tf.function(input_signature=[tf.TensorSpec([None], tf.int32)])
        def decode(self, rows):
            found = greedy(self.toy, rows, no_repeat_ngram=2, min_length=1)
            return {k: v for k, v in found._asdict().items() if v is not None}

    decoder = Decoder()
    tf.saved_model.save(decoder, tmp_path)
    loaded = tf.saved_model.load(tmp_path)
    for rows in ([3], [1, 2, 3, 4]):
        expected = greedy(decoder.toy, rows, no_repeat_ngram=2, min_length=1)
        for run in (decoder.decode, loaded.decode):
            result = run(tf.constant(rows))
            same(type(expected)(**({"attention": None} | result)), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"max_length": 0}, "max_length must be an integer of at least 1, got 0"),
        ({"max_length": np.array([[3]])}, r"max_length must be an integer, or .* got shape"),
        ({"min_length": -1}, "min_length must be an integer of at least 0, got -1"),
        ({"no_repeat_ngram": 1.5}, "no_repeat_ngram must be an integer of at least 0, got 1.5"),
        ({"banned_ids": [3, END]}, "banned_ids must not contain end_id .* Set min_length"),
        ({"banned_ids": [-3]}, "banned_ids must be an integer of at least 0, got -3"),
        ({"start_id": None}, "start_id must be an integer of at least 0, got None"),
        ({"banned_ids": 3}, "banned_ids must be a list of integers, got 3"),
        ({"banned_ids": [99]}, "must be outputs of the model, below .* banned_ids=.99"),
        ({"end_id": 50}, "must be outputs of the model, below .* got end_id=50"),
        ({"max_length": [3.7]}, "max_length must be integers, got float32"),
    ],
)
def test_values_out_of_range(options, message):
    model = ToyModel()
    options = {"start_id": START, "end_id": END, "max_length": 3} | options
    with pytest.raises(ValueError, match=message):
        greedy_search(model, model.state([1]), **options)


def test_arguments_of_another_shape():
    options = {"start_id": START, "end_id": END, "max_length": 3}
    with pytest.raises(ValueError, match="state must hold at least one tensor"):
        greedy_search(ToyModel(), (), **options)
    with pytest.raises(ValueError, match=r"state must be of tensors .* got one of shape \(2, 8\)"):
        greedy_search(ToyModel(), tf.zeros([2, 8]), **options)
    with pytest.raises(ValueError, match=r"step must return logits of shape .* got \(2, 5\)"):
        greedy_search(lambda t, s: (tf.zeros([2, 5]), s, None), tf.zeros([2, 1]), **options)
    with pytest.raises(ValueError, match=r"step must return attention .* got shape \(2, 5\)"):
        greedy_search(
            lambda t, s: (tf.zeros([2, 1, 5]), s, tf.zeros([2, 5])), tf.zeros([2, 1]), **options
        )
    with pytest.raises(ValueError, match="step must return logits, the new state, .* got 2"):
        greedy_search(
            lambda t, s: (tf.zeros([2, 1, 5]), s),  # type: ignore[return-value]
            tf.zeros([2, 1]),
            **options,
        )
    with pytest.raises(tf.errors.InvalidArgumentError, match="one integer, or one a row"):
        greedy(ToyModel(), [1, 2], max_length=tf.constant([1, 2, 3]))
    with pytest.raises(tf.errors.InvalidArgumentError, match="max_length must be at least 1"):
        greedy(ToyModel(), [1, 2], max_length=tf.constant([0, 2]))


SEARCHES = {
    "greedy": greedy_search,
    "beam": functools.partial(beam_search, beam_width=2),
    "sample": functools.partial(sample, seed=3),
}
each_search = pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)


@each_search
def test_a_state_may_change_between_lists_and_tuples(search):
    toy = ToyModel()

    def step(tokens, state):
        logits, new_state, attention = toy(tokens, state)
        return logits, {**new_state, "hash": tuple(new_state["hash"])}, attention

    arguments = {"start_id": START, "end_id": END, "max_length": 6}
    expected, state = search(toy, toy.state([3, 4]), **arguments), toy.state([3, 4])
    same(search(step, state, **arguments), expected)


@each_search
@pytest.mark.parametrize("new_state", [[], [1.0, 2.0], 1.0, {"a": [1.0]}])
def test_a_state_of_another_structure(search, new_state):
    toy = ToyModel()

    def step(tokens, state):
        logits, _, attention = toy(tokens, state)
        return logits, new_state, attention

    with pytest.raises(ValueError, match="step must return a new state of the structure that it"):
        search(step, toy.state([3]), start_id=START, end_id=END, max_length=6)
