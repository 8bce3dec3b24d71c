"""Verses of the Bible in two translations, aligned and in three parts."""

from __future__ import annotations

import numpy as np
import pytest

from seqkit.data import bible_pairs
from seqkit.datasets import bible_pairs as module
from seqkit.datasets.bible import Verses
from seqkit.datasets.splits import part_of
from tests.datasets.made_up import FILES


@pytest.fixture
def verses(monkeypatch):
    """Eighty chapters of three verses: of one word, of three, of none on one side."""
    places = [(1, chapter, verse) for chapter in range(1, 81) for verse in (1, 2, 3)]
    texts = {"louis_segond": ["un", "un deux trois", "un"], "reina_valera": ["uno", "uno dos", ""]}

    def load(translation, cache_dir):
        columns = [np.array(column) for column in zip(*places, strict=True)]
        return Verses(*columns, np.array(texts[translation] * 80, dtype=object))

    monkeypatch.setattr(module, "load_bible", load)


def pairs_of(data, part):
    columns = (getattr(data, f"{side}_{part}").tolist() for side in ("sources", "targets", "ids"))
    return list(zip(*columns, strict=True))


def test_translations_are_aligned(serve):
    serve(*FILES["bible"])
    data = bible_pairs(target="king_james")
    assert pairs_of(data, "train") == [
        ("Au commencement", "In the beginning", "1:1:1"),
        ("La terre", "And the earth", "1:1:2"),
        ("Voici", "Now these", "2:1:1"),
    ]


def test_empty_verses_are_left_out(serve):
    serve(*FILES["bible"])
    assert bible_pairs().ids_train.tolist() == ["1:1:1", "2:1:1"]


@pytest.mark.parametrize("max_words, kept", [(2, [1]), (3, [1, 2]), (None, [1, 2])])
def test_both_sides_are_short(max_words, kept, verses):
    data = bible_pairs(target="reina_valera", max_words=max_words)
    assert [i.split(":")[2] for i in data.ids_train[: len(kept)]] == list(map(str, kept))
    assert sum(len(ids) for ids in data[2::3]) == 80 * len(kept)


def test_chapters_are_kept_together(verses):
    data = bible_pairs(target="reina_valera")
    for part in ("train", "valid", "test"):
        found = pairs_of(data, part)
        assert found
        assert {part_of(i.rpartition(":")[0]) for _, _, i in found} == {part}


@pytest.mark.parametrize(
    "options, message",
    [
        ({"source": "basic_english"}, "source and target must be two .*'basic_english' twice"),
        ({"max_words": 0}, "max_words must be an integer of at least 1, or None, got 0"),
        ({"target": "kjv"}, "translation must be one of"),
    ],
)
def test_options(options, message, serve):
    serve(*FILES["bible"])
    with pytest.raises(ValueError, match=message):
        bible_pairs(**options)
