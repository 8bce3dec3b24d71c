"""Reader of texts and their translations, a pair a line with a tab between them."""

from __future__ import annotations

import gzip
import os
import zlib
from pathlib import Path

from seqkit.readers.user_files import decode_utf8, existing_file
from seqkit.warning import warn

_GZIP = b"\x1f\x8b"  # a compressed file begins with it


def read_tsv_pairs(path: str | os.PathLike[str]) -> tuple[list[str], list[str]]:
    r"""Reads texts and their translations from a file of two columns between tabs.

    There is no header, and nothing is quoted: a quotation mark is one. Blanks around a text go. A
    warning says how many lines were left out because a side was empty.

    Args:
        path: the file, UTF-8; it may be compressed with gzip.

    Returns:
        The texts of the first column, and those of the second.

    Raises:
        FileNotFoundError: for a missing file; the message offers the nearest name.
        ValueError: for lines of another number of columns, with their numbers; for a file without
            pairs; and for one that is not UTF-8, or a damaged gzip.

    Example:
        >>> import pathlib, tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = pathlib.Path(folder.name, "pairs.tsv")
        >>> _ = path.write_text("Va !\tGo.\nMerci !\tThanks!\n")
        >>> read_tsv_pairs(path)
        (['Va !', 'Merci !'], ['Go.', 'Thanks!'])
        >>> folder.cleanup()
    """
    path = existing_file(path)
    # Not splitlines: a text may hold what Unicode counts among the ends of lines.
    lines = _decompressed_text(path).replace("\r\n", "\n").split("\n")
    rows = {k: line.split("\t") for k, line in enumerate(lines, 1) if line.strip()}
    malformed = [number for number, row in rows.items() if len(row) != 2]
    if malformed:
        raise ValueError(_wrong_columns(path, malformed, len(rows[malformed[0]])))
    pairs = [(row[0].strip(), row[1].strip()) for row in rows.values()]
    whole = [pair for pair in pairs if all(pair)]
    # The end of the last line begins no further one.
    empty = len(lines) - (not lines[-1]) - len(whole)
    if not whole:
        raise ValueError(f"{path}: expected lines of two texts with a tab between them, got none")
    if empty:
        warn(f"{path}: left out {empty} of {empty + len(whole)} lines, as a side is empty.")
    return [source for source, _ in whole], [target for _, target in whole]


def _decompressed_text(path: Path) -> str:
    content = path.read_bytes()
    if content.startswith(_GZIP):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(
                f"{path}: the gzip file is damaged ({error}). Fetch or write it again."
            ) from error
    return decode_utf8(content, path)


def _wrong_columns(path: Path, numbers: list[int], columns: int) -> str:
    lines = ", ".join(map(str, numbers[:5]))
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return (
        f"{path}, line{'s' if len(numbers) > 1 else ''} {lines}{more}: expected two columns, one "
        f"tab between them, got {columns} in line {numbers[0]}. Keep the two that are a pair, as "
        "`cut -f 1,2` does."
    )
