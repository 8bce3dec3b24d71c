"""Files that users name: found, decoded, and quoted in errors."""

from __future__ import annotations

import os
from pathlib import Path

from seqkit.checks import did_you_mean


def existing_file(path: str | os.PathLike[str]) -> Path:
    """The path of a file that exists.

    Raises:
        FileNotFoundError: for a missing file; the message offers the nearest name in its folder.
        IsADirectoryError: for a folder.

    Example:
        >>> existing_file("no_such_folder/walks.csv")
        Traceback (most recent call last):
        FileNotFoundError: no file no_such_folder/walks.csv: the folder no_such_folder ... not exist
    """
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"expected a file, got the folder {path}. Name a file in it.")
    if path.exists():
        return path
    if not path.parent.is_dir():
        raise FileNotFoundError(f"no file {path}: the folder {path.parent} does not exist")
    names = [entry.name for entry in path.parent.iterdir() if entry.is_file()]
    hint = did_you_mean(path.name, names)
    raise FileNotFoundError(f"no file {path}{'.' if hint else ''}{hint}")


def decode_utf8(content: bytes, path: str | os.PathLike[str]) -> str:
    """The text of a file, without a byte order mark.

    Raises:
        ValueError: for other encodings; the message has file and line.

    Example:
        >>> decode_utf8(b"caf\\xc3\\xa9", "drinks.txt")
        'café'
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"{path}, line {line}: expected UTF-8, got the byte {content[error.start]:#04x}. "
            "Convert the file to it: older ones are often Latin-1."
        ) from None


def excerpt(text: str) -> str:
    """The text between quotation marks, cut where it would fill an error message.

    Example:
        >>> excerpt("0.1,0.2,0.3")
        "'0.1,0.2,0.3'"
    """
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
