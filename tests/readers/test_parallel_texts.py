"""Pairs of texts: verses of the Bible, and the user's own files."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from seqkit.data import bible_pairs, read_tsv_pairs
from seqkit.datasets.bible import Verses
from seqkit.datasets.splits import part_of
from seqkit.readers import parallel_texts as module
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
        ({"max_words": 0}, "max_words must be at least 1, or None for any, got 0"),
        ({"target": "kjv"}, "translation must be one of"),
    ],
)
def test_options(options, message, serve):
    serve(*FILES["bible"])
    with pytest.raises(ValueError, match=message):
        bible_pairs(**options)


@pytest.mark.parametrize(
    "content",
    [
        "un\tone\ndeux\ttwo\n",
        "un\tone\ndeux\ttwo",
        "\ufeffun\tone\r\ndeux\ttwo\r\n",
        " un \t one\ndeux\ttwo ",
    ],
)
@pytest.mark.parametrize("compress", [False, True])
def test_files(content, compress, tmp_path, recwarn):
    path = tmp_path / "pairs.tsv"
    data = content.encode()
    path.write_bytes(gzip.compress(data) if compress else data)
    assert read_tsv_pairs(str(path)) == (["un", "deux"], ["one", "two"])
    assert not recwarn


def test_nothing_is_quoted_and_only_newlines_end_lines(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text('"Va\u2028vite !\t"Go\x0con\n', encoding="utf-8")
    assert read_tsv_pairs(path) == (['"Va\u2028vite !'], ['"Go\x0con'])


def test_pairs_without_a_side_are_counted(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("un\tone\n\ttwo\ntrois\t \n\t\n\nsix\tsix\n")
    with pytest.warns(UserWarning, match=r"pairs\.tsv: left out 4 of 6 lines"):
        assert read_tsv_pairs(path) == (["un", "six"], ["one", "six"])


@pytest.mark.parametrize(
    "content, message",
    [
        (b"un\tone\ndeux\n", r"tsv, line 2: expected two columns.* got 1 in line 2\..*cut -f 1,2"),
        (b"un\tone\tx\nb\na\tb\n", "lines 1, 2: expected two columns.* got 3 in line 1"),
        (b"un\n" * 9, "lines 1, 2, 3, 4, 5 and 4 more: expected"),
        (b"", "expected lines of two texts with a tab between them, got none"),
        (b"\t\n", "got none"),
        (b"un\tone\nd\xe9j\tal\n", "line 2: expected UTF-8, got the byte 0xe9"),
        (gzip.compress(b"un\tone\n")[:-9], "the gzip file is damaged"),
        (gzip.compress(b"un\tone\n")[:-8] + bytes(8), "the gzip file is damaged"),
    ],
)
def test_malformed_files(content, message, tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_tsv_pairs(path)


def test_missing_file(tmp_path):
    (tmp_path / "pairs.tsv").write_text("")
    with pytest.raises(FileNotFoundError, match=r"Did you mean .*pairs\.tsv"):
        read_tsv_pairs(tmp_path / "pair.tsv")
