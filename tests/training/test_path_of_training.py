"""Each training runs on the path that its own length calls for, whatever ran before."""

from __future__ import annotations

import pytest

from seqkit.layers.engine import dispatch
from tests.estimators.toy import first_event, small

X, Y = first_event(24)


@pytest.fixture
def chosen(monkeypatch):
    """What is chosen whenever a step is traced; nothing is compiled."""
    found: list[str] = []
    way = dispatch._engine

    def recorded(*arguments):
        found.append(way(*arguments))
        return "portable"

    monkeypatch.setattr(dispatch, "_engine", recorded)
    return found


def test_a_short_training_does_not_slow_later_ones(chosen, monkeypatch):
    model = small(warm_start=True, bidirectional=False, batch_size=8).fit(X, Y)
    assert chosen[-1] == "stock"
    chosen.clear()
    model.fit(X, Y).partial_fit(X, Y)
    assert chosen == []  # all are short, and the step is not traced again
    monkeypatch.setattr(dispatch, "COMPILED_AFTER", 0)
    assert model.fit(X, Y).partial_fit(X, Y) is model
    assert {*chosen} == {"compiled"}
