"""Files of text pairs that users bring."""

from __future__ import annotations

import gzip

import pytest

from seqkit.data import read_tsv_pairs

FILES = {
    "plain": "un\tone\ndeux\ttwo\n",
    "without_last_newline": "un\tone\ndeux\ttwo",
    "of_windows": "\ufeffun\tone\r\ndeux\ttwo\r\n",
    "blanks_around": " un \t one\ndeux\ttwo ",
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("compress", [False, True])
def test_files(name, compress, tmp_path, recwarn):
    path = tmp_path / "pairs.tsv"
    data = FILES[name].encode()
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


COMPRESSED = gzip.compress(b"un\tone\n", mtime=0)
MALFORMED = {
    "one_column": (
        b"un\tone\ndeux\n",
        r"tsv, line 2: expected two columns.* got 1 in line 2\..*cut -f 1,2",
    ),
    "three_columns": (
        b"un\tone\tx\nb\na\tb\n",
        "lines 1, 2: expected two columns.* got 3 in line 1",
    ),
    "many_lines": (b"un\n" * 9, "lines 1, 2, 3, 4, 5 and 4 more: expected"),
    "empty": (b"", "expected lines of two texts with a tab between them, got none"),
    "no_text": (b"\t\n", "got none"),
    "latin_1": (b"un\tone\nd\xe9j\tal\n", "line 2: expected UTF-8, got the byte 0xe9"),
    "cut_off": (COMPRESSED[:-9], "the gzip file is damaged"),
    "wrong_checksum": (COMPRESSED[:-8] + bytes(8), "the gzip file is damaged"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_files(name, tmp_path):
    content, message = MALFORMED[name]
    path = tmp_path / "pairs.tsv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_tsv_pairs(path)


def test_missing_file(tmp_path):
    (tmp_path / "pairs.tsv").write_text("")
    with pytest.raises(FileNotFoundError, match=r"Did you mean .*pairs\.tsv"):
        read_tsv_pairs(tmp_path / "pair.tsv")
