"""Adding and temporal order, read back from their sequences; and when a task counts as learned."""

from __future__ import annotations

import numpy as np
import pytest

from recipes.parts.experiments.long_lags import RECENT, Adding, Order, Reber, legal_ones_lead
from recipes.parts.experiments.networks import AT_ONCE


def test_adding_asks_for_the_sum_of_what_is_marked():
    batch = Adding(100).batch(2000, np.random.default_rng(0))
    assert batch.x.shape == (2000, 110, 2)
    lengths = batch.valid.sum(1)
    assert lengths.min() == 100
    assert lengths.max() == 110
    for x, y, length in zip(batch.x, batch.y, lengths, strict=True):
        numbers, marks = x[:length].T
        places = np.flatnonzero(marks == 1)
        assert len(places) == 2
        assert places[0] < 10
        assert places[1] < 50
        assert marks[-1] == -1
        assert (marks[0] == -1) or places[0] == 0
        assert set(marks[1:-1]) <= {0.0, 1.0}
        first = 0.0 if places[0] == 0 else numbers[places[0]]
        np.testing.assert_allclose(y, 0.5 + (first + numbers[places[1]]) / 4, atol=1e-6)
    assert not batch.x[~batch.valid].any()


def test_order_asks_for_the_two_symbols_in_their_order():
    batch = Order(100).batch(2000, np.random.default_rng(0))
    assert batch.x.shape == (2000, 110, 8)
    found = set()
    for x, y, length in zip(batch.x, batch.y, batch.valid.sum(1), strict=True):
        symbols = "".join("abcdEBXY"[k] for k in x[:length].argmax(1))
        assert symbols[0] == "E"
        assert symbols[-1] == "B"
        assert symbols.find("E", 1) == -1
        places = [i for i, symbol in enumerate(symbols) if symbol in "XY"]
        assert len(places) == 2
        assert 10 <= places[0] <= 20
        assert 50 <= places[1] <= 60
        assert ["XX", "XY", "YX", "YY"][y.argmax()] == symbols[places[0]] + symbols[places[1]]
        found.add(int(y.argmax()))
    assert found == {0, 1, 2, 3}


def test_all_legal_symbols_must_be_above_all_others():
    legal = np.array([[[True, True, False], [False, False, True]]])
    outputs = np.array([[[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]]])
    valid = np.ones((1, 2), bool)
    assert legal_ones_lead(outputs, legal, valid).tolist() == [True]
    worse = outputs.copy()
    worse[0, 0] = [0.5, 0.2, 0.3]
    assert legal_ones_lead(worse, legal, valid).tolist() == [False]
    valid[0, 0] = False
    assert legal_ones_lead(worse, legal, valid).tolist() == [True]


class Answering:
    """In the place of a network: wrong for so many sequences, then right."""

    rows = 4

    def __init__(self, wrong: int) -> None:
        self.wrong, self.shown = wrong, 0

    def train(self, batches):
        count = AT_ONCE * self.rows
        off = np.arange(self.shown, self.shown + count) < self.wrong
        self.shown += count
        return batches.y + np.where(off, 0.05, 0.03).reshape(AT_ONCE, self.rows, 1)

    def answers(self, batch):
        return batch.y + (0.05 if self.shown < self.wrong else 0.03)


@pytest.mark.parametrize("wrong", [0, 700])
def test_learned_is_after_2000_right_answers_in_a_row(wrong):
    found = Adding(20).train(Answering(wrong), 10_000, np.random.default_rng(0))
    assert 0 <= found.sequences - (wrong + RECENT) < AT_ONCE * Answering.rows
    assert found.wrong == 0


def test_not_learned_at_the_limit():
    found = Adding(20).train(Answering(10_000), 4000, np.random.default_rng(0))
    assert found == (None, 1.0)


class Guessing(Answering):
    rows = 1

    def __init__(self, legal: bool) -> None:
        self.legal = legal

    def train(self, batches):
        return batches.y

    def answers(self, batch):
        """As the grammar has it, or one symbol always."""
        if not self.legal:
            return np.eye(7)[np.zeros(batch.valid.shape, int)]
        from recipes.parts.experiments.grammar import SYMBOLS, next_symbols

        outputs = np.zeros(batch.x.shape)
        for i, (x, length) in enumerate(zip(batch.x, batch.valid.sum(1), strict=True)):
            string = "".join(SYMBOLS[k] for k in x[:length].argmax(1)) + "E"
            for t, symbols in enumerate(next_symbols(string)):
                outputs[i, t, [SYMBOLS.index(s) for s in symbols]] = 1
        return outputs


def test_reber_is_learned_where_every_symbol_is_foreseen():
    assert Reber().train(Guessing(True), 1000, np.random.default_rng(0)) == (128, 0.0)
    assert Reber().train(Guessing(False), 1000, np.random.default_rng(0)) == (None, 1.0)
