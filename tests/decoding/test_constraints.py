"""Constraints against an enumeration of the outputs that satisfy them."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from seqkit.decoding import beam_search, greedy_search, sample
from tests.decoding.toy_model import END, START, ToyModel, outputs_of

CONSTRAINTS = [
    {"banned_ids": [0, START]},
    {"min_length": 2},
    {"no_repeat_ngram": 1},
    {"no_repeat_ngram": 2},
    {"no_repeat_ngram": 3, "min_length": 3},
    {"no_repeat_ngram": 7},
    {"no_repeat_ngram": 2, "min_length": 1, "banned_ids": (4,)},
]
LENGTH = 3
each_constraint = pytest.mark.parametrize("constraint", CONSTRAINTS)


def satisfied(tokens, min_length=0, banned_ids=(), no_repeat_ngram=0):
    n = no_repeat_ngram
    grams = [tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1)] if n else []
    return (
        len(tokens) >= min_length
        and not set(tokens) & set(banned_ids)
        and len(grams) == len(set(grams))
    )


def decode(search, model, rows, max_length=LENGTH, **options):
    return search(
        model, model.state(rows), start_id=START, end_id=END, max_length=max_length, **options
    )


@each_constraint
def test_a_beam_as_wide_as_the_space(constraint):
    model = ToyModel()
    expected = []
    for tokens, ended in model.all_outputs(LENGTH):
        if satisfied(tokens, **constraint):
            expected.append((model.teacher_forced(3, tokens, ended)[0], tokens))
    expected.sort(key=lambda e: -e[0])
    space = len(expected)
    found = decode(beam_search, model, [3], beam_width=100, n_best=space + 1, **constraint)
    outputs = outputs_of(found, 0)
    # The unconstrained model's log-probabilities: nothing is normalised anew.
    np.testing.assert_allclose(found.scores[0, :-1], [e[0] for e in expected], rtol=1e-4)
    assert outputs[:-1] == [e[1] for e in expected]
    assert found.scores[0, -1] == -np.inf


@each_constraint
def test_every_decoder_satisfies_them(constraint):
    model = ToyModel()
    rows = range(10)
    for found in (
        decode(greedy_search, model, rows, 9, **constraint),
        decode(beam_search, model, rows, 9, beam_width=3, n_best=3, **constraint),
        decode(sample, model, rows, 9, n_samples=4, seed=0, top_p=0.9, **constraint),
    ):
        for row in rows:
            for tokens, log_p in zip(
                outputs_of(found, row), found.log_probabilities[row].numpy(), strict=True
            ):
                assert satisfied(tokens, **constraint)
                expected = model.teacher_forced(row, tokens, len(tokens) < 9)[0]
                np.testing.assert_allclose(log_p, expected, rtol=1e-4)


SEARCHES = [
    (greedy_search, {}),
    (beam_search, {"beam_width": 3}),
    (sample, {"seed": 1}),
    (sample, {"seed": 1, "top_k": 2, "top_p": 0.5}),
]


@pytest.mark.parametrize("search, options", SEARCHES)
def test_the_end_where_no_candidate_is_left(search, options):
    model = ToyModel(end_bonus=-30.0)
    found = decode(search, model, [1, 2], 9, no_repeat_ngram=1, min_length=6, **options)
    for row in (0, 1):
        (tokens,) = outputs_of(found, row)
        assert sorted(tokens) == [0, 1, 3, 4]
        expected = model.teacher_forced(row + 1, tokens, True)[0]
        np.testing.assert_allclose(found.log_probabilities[row], [expected], rtol=1e-5)


@pytest.mark.parametrize("search, options", SEARCHES)
def test_the_end_even_where_the_model_rules_it_out(search, options):
    def step(tokens, state):
        return tf.zeros([*tokens.shape, 3]) + [-np.inf, 0.0, -np.inf], state, None

    found = search(
        step,
        tf.zeros([1, 1]),
        start_id=0,
        end_id=2,
        max_length=4,
        no_repeat_ngram=1,
        **options,
    )
    assert outputs_of(found, 0) == [[1]]
    assert not np.isnan(found.scores).any()
