"""The baselines of translation."""

from __future__ import annotations

import numpy as np
import pytest

from recipes.parts.translation import sentence_baselines
from recipes.parts.translation.sentence_baselines import (
    HARD_COSINE,
    NearestNeighbour,
    most_frequent,
)

SOURCES = ["Le chat dort.", "Le chien court vite.", "Il a vu la mer.", "Et il dit : Va !"]
TARGETS = ["The cat sleeps.", "The dog runs fast.", "He saw the sea.", "And he said, Go!"]


def nearest_neighbour(train_sources, train_targets, sources):
    """Translations, and cosines."""
    baseline = NearestNeighbour().fit(train_sources, train_targets)
    return baseline.predict(sources), baseline.cosines(sources)


def test_known_sources_are_remembered():
    translations, cosines = nearest_neighbour(SOURCES, TARGETS, SOURCES[::-1])
    assert translations == TARGETS[::-1]
    np.testing.assert_allclose(cosines, 1)
    assert cosines.max() <= 1


def test_the_most_similar_source_is_taken():
    translations, cosines = nearest_neighbour(SOURCES, TARGETS, ["Le chien dort vite.", "La mer"])
    assert translations == ["The dog runs fast.", "He saw the sea."]
    assert ((cosines > 0) & (cosines < 1)).all()


def test_unknown_words():
    translations, cosines = nearest_neighbour(SOURCES, TARGETS, ["Bonjour", ""])
    assert translations == [TARGETS[0]] * 2
    assert cosines.tolist() == [0, 0]
    assert (cosines < HARD_COSINE).all()


def test_words_of_one_letter_count():
    _, cosines = nearest_neighbour(["a b", "c d"], ["x", "y"], ["c d"])
    assert cosines[0] == pytest.approx(1)


def test_cosine_by_hand():
    """Words "a", "b", "c" and the pairs "a b", "a c"; only "a" is in both training texts.

    Its weight is 1, the others' w = ln(3 / 2) + 1; the source's own pair "c a" is unknown.
    """
    _, cosines = nearest_neighbour(["a b", "a c"], ["x", "y"], ["c a"])
    w = np.log(3 / 2) + 1
    assert cosines[0] == pytest.approx((1 + w**2) / np.sqrt((1 + w**2) * (1 + 2 * w**2)))


@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_chunks_change_nothing(chunk, monkeypatch):
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(list("abcdefgh"), size=5)) for _ in range(47)]
    train, sources = texts[:40], texts[40:]
    expected = nearest_neighbour(train, train, sources)
    monkeypatch.setattr(sentence_baselines, "_CHUNK", chunk)
    found = nearest_neighbour(train, train, sources)
    assert found[0] == expected[0]
    np.testing.assert_array_equal(found[1], expected[1])


def test_arrays_are_taken():
    arrays = [np.array(texts, dtype=object) for texts in (SOURCES, TARGETS, SOURCES[:1])]
    assert nearest_neighbour(*arrays)[0] == TARGETS[:1]
    assert most_frequent(arrays[1], 1) == TARGETS[:1]


def test_nothing_to_translate():
    translations, cosines = nearest_neighbour(SOURCES, TARGETS, [])
    assert (translations, cosines.shape) == ([], (0,))
    assert most_frequent(TARGETS, 0) == []


def test_commonest_target():
    assert most_frequent(["b", "a", "a", "b"], 3) == ["b"] * 3
    assert most_frequent(["b", "a", "a"], 1) == ["a"]
    with pytest.raises(ValueError, match="train_targets must have at least one entry, got none"):
        most_frequent([], 1)


def test_unequal_lengths():
    with pytest.raises(ValueError, match="must have equal lengths, got 4 and 3"):
        nearest_neighbour(SOURCES, TARGETS[:3], SOURCES)
