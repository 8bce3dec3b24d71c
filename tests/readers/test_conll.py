"""The reader of files with a token and its labels a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqkit.data import read_conll


@pytest.fixture
def file(tmp_path):
    """Writes a file, and gives its path."""

    def file(text: str | bytes):
        path = tmp_path / "news.conll"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return file


def test_columns_between_blanks(file):
    path = file(
        "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\n rejects  VBZ\tB-VP O \n\n \n\n"
        "Peter NNP B-NP B-PER\n-DOCSTART- -X- -X- O\nBonn NNP B-NP B-LOC"
    )
    X = [["EU", "rejects"], ["Peter"], ["Bonn"]]
    # The first line with a token has no tab: blanks and tabs are the same.
    assert read_conll(path) == (X, [["B-ORG", "O"], ["B-PER"], ["B-LOC"]])
    assert read_conll(path, 1) == (X, [["NNP", "VBZ"], ["NNP"], ["NNP"]])
    assert read_conll(str(path), column=0, token_column=1)[1] == X


def test_columns_between_tabs(file):
    assert read_conll(file("New York\tB-LOC\r\nis \tO\r\n\r\n#\tO\r\n")) == (
        [["New York", "is"], ["#"]],
        [["B-LOC", "O"], ["O"]],
    )


def test_byte_order_mark_and_other_scripts(file):
    assert read_conll(file("\ufeffßo O\n東\u3000京 B-LOC\n")) == (
        [["ßo", "東\u3000京"]],
        [["O", "B-LOC"]],
    )


def test_conll_u(file):
    rows = ["1-2 zum _", "1 zu ADP", "2 dem DET", "2.1 _ X", "3 # SYM"]
    lines = ["\t".join([a, b, "_", c, *"______"]) for a, b, c in (row.split() for row in rows)]
    path = file("\n".join(["# sent_id = 1", "# text = zum #", *lines, "", "#x", *lines[1:2]]))
    assert read_conll(path, column=3, token_column=1) == (
        [["zu", "dem", "#"], ["zu"]],
        [["ADP", "DET", "SYM"], ["ADP"]],
    )


def test_comments_and_hashtags(file):
    path = file("# id 7\n#news O\n#now O\n# O\n\n# O\n#\n# a b c\nhe O\n")
    assert read_conll(path) == ([["#news", "#now", "#"], ["he"]], [["O", "O", "O"], ["O"]])


token = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1).filter(
    lambda t: t[0] not in "#-"
)


@given(st.lists(st.lists(st.tuples(token, token), min_size=1), min_size=1))
def test_what_is_written_is_read(tmp_path_factory, sentences):
    path = tmp_path_factory.getbasetemp() / "written.conll"
    text = "\n\n".join("\n".join(" ".join(pair) for pair in rows) for rows in sentences)
    path.write_text(text, encoding="utf-8")
    X, y = read_conll(path)
    assert [list(zip(*pair, strict=True)) for pair in zip(X, y, strict=True)] == sentences


@pytest.mark.parametrize(
    "text, options, message",
    [
        ("", {}, r"news\.conll: expected lines of tokens and labels, got none"),
        ("\n# only a comment\n-DOCSTART- O\n", {}, "expected lines of tokens and labels, got none"),
        ("a O\nb\n", {}, r"news\.conll, line 2: expected 2 columns, as in line 1, got 1: 'b'"),
        ("\na X O\nb O\n", {}, "line 3: expected 3 columns, as in line 2, got 2: 'b O'"),
        ("a O\n#b\n", {}, "line 2: expected 2 columns, as in line 1, got 1: '#b'"),
        ("a\n", {}, "line 1: expected a token and its label .* got one column"),
        ("a\tO\nb\t\n", {}, r"line 2: expected a label in column -1, got nothing: 'b\\t'"),
        ("a\tO\n\tO\n", {}, r"line 2: expected a token in column 0, got nothing"),
        ("a O\n" + "b" * 90, {}, r"line 2: .* got 1: 'b{57}\.\.\.'"),
        pytest.param(
            *(b"a O\n\nM\xfcnchen O\n", {}, r"line 3: expected UTF-8, got the byte 0xfc\. Convert"),
            id="latin_1",
        ),
        ("a X O\n", {"column": 3}, r"column must be from 0 to 2, or .* -1 to -3.*line 1\), got 3"),
        ("a X O\n", {"token_column": -4}, r"token_column must be from 0 to 2, .*got -4"),
        ("a X O\n", {"column": -3}, r"must be different columns, got -3 and 0 of 3"),
    ],
)
def test_errors_name_the_place(text, options, message, file):
    with pytest.raises(ValueError, match=message):
        read_conll(file(text), **options)


def test_missing_file(tmp_path):
    (tmp_path / "train.conll").write_text("a O\n")
    with pytest.raises(FileNotFoundError, match=r"no file .*Did you mean .*train\.conll"):
        read_conll(tmp_path / "tran.conll")
