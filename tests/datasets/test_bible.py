"""The loader of the Bible."""

from __future__ import annotations

import os
import shutil
import tempfile

import numpy as np
import pytest

from seqkit.data import load_bible
from seqkit.datasets.bible import TRANSLATIONS, clean
from tests.datasets.made_up import FILES


@pytest.fixture
def cache(serve):
    return serve(*FILES["bible"])


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder in which temporary files are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_translations_are_aligned(cache):
    first = load_bible()
    assert first.books.tolist() == [1, 1, 2]
    assert first.chapters.tolist() == [1, 1, 1]
    assert first.verses.tolist() == [1, 2, 1]
    for translation in TRANSLATIONS:
        for numbers, others in zip(first[:3], load_bible(translation)[:3], strict=True):
            np.testing.assert_array_equal(numbers, others)


@pytest.mark.parametrize(
    "translation, texts",
    [
        ("basic_english", ["At the first God made.", "", "words"]),
        ("king_james", ["In the beginning", "And the earth", "Now these"]),
        ("louis_segond", ["Au commencement", "La terre", "Voici"]),
        ("reina_valera", ["EN el principio", "Y la tierra", "¡Ay!"]),
    ],
)
def test_texts_are_clean(translation, texts, cache):
    assert load_bible(translation).texts.tolist() == texts


@pytest.mark.parametrize(
    "text, cleaned",
    [
        ("(13:12b) Tous les saints", "Tous les saints"),
        ("(5:21 Lorsque quelqu'un", "Lorsque quelqu'un"),
        ("en paix! (20:43) David se leva", "en paix! David se leva"),
        ("frappa [cinquante mille] hommes", "frappa cinquante mille hommes"),
        ("Country towns, *** were no more", "Country towns, were no more"),
        ("\t Envía \xadahora", "Envía ¡ahora"),
        ("Ay de ti, Moab\xad Perecido has", "Ay de ti, Moab! Perecido has"),
        ("(for he was the firstborn;)", "(for he was the firstborn;)"),
        ("[]", ""),
    ],
)
def test_what_editors_have_added_is_removed(text, cleaned):
    assert clean(text) == cleaned
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    "translation, hint",
    [("louis_second", "mean 'louis_segond'"), ("kjv", "'kjv'"), ("l", "'l'"), (None, "got None")],
)
def test_unknown_translation(translation, hint):
    with pytest.raises(ValueError, match=f"translation must be one of basic_english, .*{hint}"):
        load_bible(translation)


def test_no_temporary_file_is_left(cache, temporary):
    load_bible()
    assert list(temporary.iterdir()) == []


def test_no_room_for_the_temporary_file(cache, temporary, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(OSError, match=r"needs 220 MB .*No space left.*Set TMPDIR"):
        load_bible()
    assert list(temporary.iterdir()) == []


def test_cache_may_be_read_only(cache, monkeypatch):
    expected = load_bible().texts.tolist()

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    assert load_bible().texts.tolist() == expected
