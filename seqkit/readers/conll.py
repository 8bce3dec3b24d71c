r"""Reader of tagged text, one token a line, as the shared tasks of CoNLL write it.

-DOCSTART- -X- O O      a document begins: left out
                        an empty line ends a sentence
EU NNP I-NP B-ORG       columns between blanks or tabs, as many in each line
rejects VBZ I-VP O
"""

from __future__ import annotations

import os
import re

from seqkit.readers.user_files import decode_utf8, excerpt, existing_file

_BLANKS = re.compile("[ \t]+")
_DOCUMENT = "-DOCSTART-"
# Lines of CoNLL-U beside the words: "3-4" for what is written together, "8.1" for what is left out.
_CONLL_U_COLUMNS, _NO_WORD = 10, re.compile(r"\d+[-.]\d+")


def read_conll(
    path: str | os.PathLike[str], column: int = -1, token_column: int = 0
) -> tuple[list[list[str]], list[list[str]]]:
    r"""Reads sentences and the labels of their tokens.

    Columns stand between tabs if the first line with a token has one, else between blanks; only
    the former may hold blanks themselves.

    A line that begins with "#" is a comment if it is before the first token of a sentence, and a
    blank follows, as in "# text = ...", or it has not as many columns as the others. "#news O" is a
    token. Of CoNLL-U (token_column=1, column=3 for parts of speech) the lines of words written
    together ("3-4") and of words left out ("8.1") are passed over.

    Args:
        path: the file, UTF-8.
        column: that of the labels, from 0, or from the end: -1 is the last. Default -1.
        token_column: that of the tokens. Default 0.

    Returns:
        Sentences X and their labels y, a list of strings each.

    Raises:
        FileNotFoundError: for a missing file; the message offers the nearest name.
        ValueError: for a column that is not there, and for what the format does not allow; the
            message has file and line.

    Example:
        >>> import pathlib, tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = pathlib.Path(folder.name, "news.conll")
        >>> _ = path.write_text("EU NNP B-ORG\nrejects VBZ O\n\nPeter NNP B-PER\n")
        >>> read_conll(path)
        ([['EU', 'rejects'], ['Peter']], [['B-ORG', 'O'], ['B-PER']])
        >>> folder.cleanup()
    """
    path = existing_file(path)
    lines = decode_utf8(path.read_bytes(), path).replace("\r\n", "\n").split("\n")
    first = next(
        (k for k, line in enumerate(lines) if not _is_empty(line) and line[0] != "#"), None
    )
    if first is None:
        raise ValueError(f"{path}: expected lines of tokens and labels, got none")
    separator = "\t" if "\t" in lines[first] else None
    columns = len(_columns(lines[first], separator))
    chosen = {"column": column, "token_column": token_column}
    _check_chosen(chosen, columns, f"{path}, line {first + 1}")

    X: list[list[str]] = [[]]
    y: list[list[str]] = [[]]
    for number, line in enumerate(lines, 1):
        if _is_empty(line):
            X.append([])
            y.append([])
            continue
        values = _columns(line, separator)
        if not X[-1] and (line.startswith("# ") or (line[0] == "#" and len(values) != columns)):
            continue
        if len(values) != columns:
            raise ValueError(
                f"{path}, line {number}: expected {columns} columns, as in line {first + 1}, "
                f"got {len(values)}: {excerpt(line)}"
            )
        if columns == _CONLL_U_COLUMNS and token_column != 0 and _NO_WORD.fullmatch(values[0]):
            continue
        for name, position in chosen.items():
            if not values[position]:
                expected = "label" if name == "column" else "token"
                raise ValueError(
                    f"{path}, line {number}: expected a {expected} in column {position}, "
                    f"got nothing: {excerpt(line)}"
                )
        X[-1].append(values[token_column])
        y[-1].append(values[column])
    return [row for row in X if row], [row for row in y if row]


def _is_empty(line: str) -> bool:
    """Whether a line ends a sentence."""
    return not line.strip(" \t") or line.startswith(_DOCUMENT)


def _columns(line: str, separator: str | None) -> list[str]:
    if separator is None:
        return _BLANKS.split(line.strip(" \t"))
    return [value.strip(" ") for value in line.split(separator)]


def _check_chosen(chosen: dict[str, int], columns: int, where: str) -> None:
    if columns < 2:
        raise ValueError(
            f"{where}: expected a token and its label between blanks or tabs, got one column"
        )
    for name, position in chosen.items():
        if not -columns <= position < columns:
            raise ValueError(
                f"{name} must be from 0 to {columns - 1}, or from the end -1 to -{columns}, as "
                f"there are {columns} columns ({where}), got {position}."
            )
    if chosen["column"] % columns == chosen["token_column"] % columns:
        raise ValueError(
            "column and token_column must be different columns, got "
            f"{chosen['column']} and {chosen['token_column']} of {columns} ({where})."
        )
