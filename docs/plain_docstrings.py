"""Docstrings are plain text: what reStructuredText would take for marks in them is escaped."""

from __future__ import annotations

import re
from typing import Any

SECTIONS = re.compile(
    r"^(Args|Arguments|Call arguments|Returns|Raises|Example|Examples|Attributes|Notes|Parameters)"
    r"(:|$)"
)
_CODE = re.compile(r"(``[^`]*``|`[^`]*`)")
_ITEM = re.compile(r"^(\s*[\w*, ]+ : )(.*)$")  # a name and its kind, in numpydoc's sections
_OF_SKLEARN = re.compile(r"set_\w+_request|get_metadata_routing")


def escaped(lines: list[str]) -> list[str]:
    """The lines with marks escaped, and equations as literal blocks."""
    found: list[str] = []
    in_section = in_doctest = in_block = False
    for line in lines:
        text = line.strip()
        if not text:
            in_doctest = False
            found.append(line)
            continue
        if SECTIONS.match(line):
            in_section = True
        if text.startswith(">>>"):
            in_doctest = True
        if in_doctest or set(text) == {"-"}:
            found.append(line)
            continue
        indented = line.startswith("    ") and not in_section
        if indented and not in_block and found and not found[-1].strip():
            found += ["::", ""]
            in_block = True
        in_block = in_block and indented
        found.append(line if in_block else _escaped(line))
    return found


def _escaped(line: str) -> str:
    item = _ITEM.match(line)
    if item:
        return item[1] + _plain(item[2])
    return _plain(line)


def _plain(text: str) -> str:
    parts = _CODE.split(text)
    for k in range(0, len(parts), 2):
        part = re.sub(r"([|*])", r"\\\1", parts[k])
        parts[k] = re.sub(r"(?<=\w)_(?![\w:])", r"\\_", part)
    return "".join(parts)


def escape(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """A handler of autodoc's event of docstrings, to run before napoleon's."""
    lines[:] = escaped(lines)


def skip(app: Any, what: str, name: str, obj: Any, is_skipped: bool, options: Any) -> bool | None:
    """A handler of autodoc's event of members: those that scikit-learn and Keras describe."""
    obj = getattr(obj, "fget", None) or getattr(obj, "__func__", obj)  # of a property
    module = getattr(obj, "__module__", None) or ""
    if module.startswith("seqkit"):
        return None
    if _OF_SKLEARN.fullmatch(name):
        return True
    return True if module.startswith(("sklearn", "keras", "tensorflow")) else None
