"""Reader of `.ts` files, the format of the UCR/UEA time series archive.

# a comment                        header lines in any order, names in any case
@dimensions 2
@classLabel true walk run
@data                              then one case a line:
0.1,0.2,0.4:1,?,3:walk             dimensions between ":", values between ",", the label last
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from seqkit.checks import did_you_mean
from seqkit.readers.user_files import excerpt, existing_file

_FLAGS = ("timestamps", "missing", "univariate", "equallength", "classlabel", "targetlabel")
_TAGS = (*_FLAGS, "problemname", "dimension", "dimensions", "serieslength", "data")
_COMMENTS = ("#", "%")  # the archive has both


@dataclass
class _Header:
    dimensions: int | None = None
    dimensions_from: str = ""
    labels: tuple[str, ...] = ()
    has_target: bool = False

    def expect_dimensions(self, count: int, source: str) -> None:
        self.dimensions, self.dimensions_from = count, source


def read_ts(
    source: str | os.PathLike[str] | Iterable[str], name: str = "lines"
) -> tuple[list[np.ndarray], np.ndarray | None]:
    """Reads time series, and their labels if there are any, from a `.ts` file.

    Args:
        source: path of the file, or its lines.
        name: what errors call the source when it is lines.

    Returns:
        Series, each (T_i, d) float32, with NaN where the file has "?"; and labels (n,): strings
        with `@classLabel`, numbers with `@targetLabel`, None without either.

    Raises:
        FileNotFoundError: for a missing file.
        ValueError: for what the format does not allow; the message has file and line.

    Example:
        >>> lines = ["@dimensions 2", "@classLabel true walk run", "@data"]
        >>> X, y = read_ts([*lines, "0.1,0.2,0.4:1,?,3:walk", "5,6:7,8:run"])
        >>> X[0].shape, X[1].tolist(), y.tolist()
        ((3, 2), [[5.0, 7.0], [6.0, 8.0]], ['walk', 'run'])
    """
    if isinstance(source, bytes) or (isinstance(source, str) and "\n" in source):
        raise TypeError("source must be a path or lines, got text. Give text.splitlines().")
    if not isinstance(source, (str, os.PathLike)):
        return _read(source, name)
    path = existing_file(source)
    # Comments of the archive come in several encodings; they must not stop the reading.
    with open(path, encoding="utf-8-sig", errors="replace") as lines:
        return _read(lines, str(path))


def _read(lines: Iterable[str], name: str) -> tuple[list[np.ndarray], np.ndarray | None]:
    numbered = _content(lines, name)
    header = _read_header(numbered, name)
    cases, labels = [], []
    for where, line in numbered:
        dimensions = line.split(":")
        if header.labels or header.has_target:
            labels.append(_read_label(dimensions.pop(), header, where))
        if header.dimensions is None:
            header.expect_dimensions(len(dimensions), f"the first case ({where})")
        cases.append(_read_case(dimensions, header, where))
    if not cases:
        raise ValueError(f"{name}: expected at least one case after @data, got none")
    return cases, np.array(labels) if labels else None


def _content(lines: Iterable[str], name: str) -> Iterator[tuple[str, str]]:
    """Lines that say something, each with the place that errors name."""
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if line and not line.startswith(_COMMENTS):
            yield f"{name}, line {number}", line


def _read_header(numbered: Iterator[tuple[str, str]], name: str) -> _Header:
    header = _Header()
    for where, line in numbered:
        if not line.startswith("@"):
            raise ValueError(
                f"{where}: expected a header line that begins with '@', got {excerpt(line)}. "
                "Values come after a line '@data'."
            )
        tag, *values = line[1:].split() or [""]
        if tag.lower() == "data":
            return header
        _read_tag(header, tag, values, where)
    raise ValueError(f"{name}: expected a line '@data' before the values, got to the end")


def _read_tag(header: _Header, tag: str, values: list[str], where: str) -> None:
    known = tag.lower()
    value = values[0].lower() if values else ""
    if known not in _TAGS:
        # Tags of other tools are theirs; a slip of the pen in one of ours would change the data.
        if hint := did_you_mean(known, _TAGS, cutoff=0.8):
            raise ValueError(f"{where}: unknown tag {tag!r}.{hint}")
        return
    if known in _FLAGS and value not in ("true", "false"):
        raise ValueError(f"{where}: expected true or false after @{tag}, got {value!r}")
    if known.startswith("dimension"):
        if not value.isdecimal() or int(value) == 0:
            raise ValueError(f"{where}: expected a positive integer after @{tag}, got {value!r}")
        header.expect_dimensions(int(value), f"@{tag}")
    if value != "true":
        return
    if known == "timestamps":
        raise ValueError(
            f"{where}: values with time stamps, as in '(0,1.5),(2,1.7)', are not supported. Write "
            "the values alone and '@timeStamps false', or use a long table (read_long)."
        )
    if known == "univariate" and header.dimensions is None:
        header.expect_dimensions(1, "@univariate true")
    if known == "classlabel":
        if len(values) == 1:
            raise ValueError(f"{where}: expected the labels after '@{tag} true', got none")
        header.labels = tuple(values[1:])
    if known == "targetlabel":
        header.has_target = True


def _read_label(label: str, header: _Header, where: str) -> str | float:
    label = label.strip()
    if header.has_target:
        try:
            return float(label)
        except ValueError:
            raise ValueError(
                f"{where}: expected a number after the last ':', as @targetLabel is true, "
                f"got {excerpt(label)}"
            ) from None
    if label not in header.labels:
        raise ValueError(
            f"{where}: expected after the last ':' one of the labels of @classLabel, "
            f"{excerpt(', '.join(header.labels))}, got {excerpt(label)}"
        )
    return label


def _read_case(dimensions: list[str], header: _Header, where: str) -> np.ndarray:
    if len(dimensions) != header.dimensions:
        raise ValueError(
            f"{where}: expected {header.dimensions} dimensions, as in {header.dimensions_from}, "
            f"got {len(dimensions)}"
        )
    columns = [_numbers(text, d, where) for d, text in enumerate(dimensions, 1)]
    for d, column in enumerate(columns, 1):
        if len(column) != len(columns[0]):
            raise ValueError(
                f"{where}: expected one length for the dimensions of a case, "
                f"got {len(columns[0])} values in dimension 1 and {len(column)} in dimension {d}"
            )
    return np.array(columns, np.float32).T.copy()  # (T, d)


def _numbers(text: str, dimension: int, where: str) -> list[float]:
    try:
        return [float(value) for value in text.replace("?", "nan").split(",")]
    except ValueError:
        values = enumerate(text.split(","), 1)
        position, value = next((i, value) for i, value in values if not _is_number(value))
        raise ValueError(
            f"{where}: expected a number, or '?' for a missing one, as value {position} of "
            f"dimension {dimension}, got {excerpt(value)}"
        ) from None


def _is_number(value: str) -> bool:
    try:
        float(value.replace("?", "nan"))
    except ValueError:
        return False
    return True
