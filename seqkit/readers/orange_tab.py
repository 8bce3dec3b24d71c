r"""Reader of texts with classes in `.tab` files, the format of Orange.

Category\tText          names of the columns
d\tstring               their kinds: a text is of kind string
class\t                 their flags: the column of classes
                        then one row a line; empty lines may be anywhere
earn\tprofits rose
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np


def read_tab(lines: Iterable[str], name: str = "lines") -> tuple[np.ndarray, np.ndarray]:
    r"""Reads texts and their classes from the lines of a `.tab` file.

    Args:
        lines: of the file. Values stand between tabs; nothing is quoted.
        name: what errors call the lines.

    Returns:
        Texts (n,), an array of str objects, without blanks around them; and classes (n,).

    Raises:
        ValueError: for what the format does not allow; the message has the line.

    Example:
        >>> texts, classes = read_tab(["topic\ttext", "d\tstring", "class\t", "earn\tprofits rose"])
        >>> texts.tolist(), classes.tolist()
        (['profits rose'], ['earn'])
    """
    rows = enumerate(([value.strip() for value in line.split("\t")] for line in lines), 1)
    header = [values for _, values in islice(rows, 3)]
    if len(header) < 3:
        raise ValueError(f"{name}: expected three header lines, got {len(header)}")
    names, kinds, flags = header
    class_column = _only(flags, "class", "flag 'class' in line 3", name)
    text_column = _only(kinds, "string", "kind 'string' in line 2", name)
    texts, classes = [], []
    for number, values in rows:
        if not any(values):
            continue
        if len(values) != len(names):
            raise ValueError(
                f"{name}, line {number}: expected {len(names)} values between tabs, as in line 1, "
                f"got {len(values)}"
            )
        for column in (class_column, text_column):
            if not values[column]:
                raise ValueError(f"{name}, line {number}: expected a {names[column]}, got nothing")
        texts.append(values[text_column])
        classes.append(values[class_column])
    if not texts:
        raise ValueError(f"{name}: expected at least one row below the header, got none")
    return np.array(texts, dtype=object), np.array(classes)


def _only(values: list[str], wanted: str, what: str, name: str) -> int:
    if values.count(wanted) != 1:
        raise ValueError(f"{name}: expected one column with {what}, got {values.count(wanted)}")
    return values.index(wanted)
