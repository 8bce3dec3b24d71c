"""The parameters of estimators as they are declared, read without importing the estimators.

Their declarations make constructors and docstrings at run time, and the stub of seqkit.estimators
holds these as they are then. Reading that takes milliseconds, where the import takes seconds.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

STUB = Path(__file__).parents[1] / "estimators" / "__init__.pyi"
_ENTRY = re.compile(r"^(\w+) : (.*), default=(.*)$")
_WORDS = {"none": None, "true": True, "false": False}


class Declared(NamedTuple):
    """A parameter: its name, what it may be, its default, and what it does."""

    name: str
    kind: str
    default: Any
    text: str


@functools.cache
def declared_parameters(estimator: str) -> dict[str, Declared]:
    """The parameters of an estimator, by name.

    Args:
        estimator: the name of its class.

    Example:
        >>> declared_parameters("SequenceClassifier")["units"]
        Declared(name='units', kind='int', default=64, text='Units of each layer and direction.')
    """
    lines = _docstring(estimator).splitlines()
    entries: list[tuple[str, str, str, list[str]]] = []
    for line in lines[lines.index("Parameters") + 2 :]:
        entry = _ENTRY.match(line)
        if entry:
            entries.append((entry[1], entry[2], entry[3], []))
        elif not line.strip():
            break
        else:
            entries[-1][3].append(line.strip())
    return {
        name: Declared(name, kind, ast.literal_eval(default), " ".join(text))
        for name, kind, default, text in entries
    }


def _docstring(estimator: str) -> str:
    """The docstring of a class in the stub, found by its text: parsing all of it would take longer
    than the rest of a `--help`."""
    stub = STUB.read_text(encoding="utf-8")
    begin = stub.index(f"\nclass {estimator}(") + 1
    end = stub.find("\nclass ", begin)
    (node,) = ast.parse(stub[begin : None if end < 0 else end]).body
    assert isinstance(node, ast.ClassDef)
    return ast.get_docstring(node) or ""


def value_of(declared: Declared, text: str) -> Any:
    """The value that a text of the command line stands for, by what the parameter may be.

    What is none of these stays text, and the parameter's own check refuses it.

    Example:
        >>> of = declared_parameters("Seq2SeqForecaster")
        >>> value_of(of["units"], "32"), value_of(of["levels"], "0.1,0.9")
        (32, [0.1, 0.9])
        >>> value_of(of["season"], "none"), value_of(of["season"], "auto")
        (None, 'auto')
    """
    kind, word = declared.kind, text.strip().lower()
    if text in re.findall(r'"([^"]*)"', kind):
        return text
    if word in _WORDS and (str(_WORDS[word]) in kind or (kind == "bool" and word != "none")):
        return _WORDS[word]
    if "dict" in kind and text.lstrip().startswith("{"):
        return _literal(text)
    if re.match(r"list\b", kind):
        items = [item.strip() for item in text.split(",") if item.strip()]
        return [_number(item) for item in items] if "float" in kind else items
    if re.search(r"\b(list|tuple) of str", kind):
        return tuple(part.strip() for part in text.split(",")) if "," in text else text
    return _number(text) if re.search(r"\b(int|float)\b", kind) else text


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _literal(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def shown_kind(declared: Declared) -> str:
    """The mark that stands for the value in a list of options.

    Example:
        >>> shown_kind(declared_parameters("SequenceClassifier")["early_stopping"])
        'auto|true|false'
        >>> shown_kind(declared_parameters("SequenceClassifier")["batch_size"])
        'N'
    """
    choices = re.search(r"\{(.*)\}", declared.kind)
    if choices:
        words = [word.strip() for word in choices[1].split(",")]
        words = [word.strip('"') if '"' in word else word.lower() for word in words]
        words += ["none"] * declared.kind.endswith("or None")
        return "|".join(words)
    if re.match(r"(int|float)\b", declared.kind):
        return "N" if declared.kind.startswith("int") else "X"
    return _list_mark(declared.kind)


def _list_mark(kind: str) -> str:
    for start, mark in {"list of float": "X,X", "list": "A,B", "path": "PATH"}.items():
        if kind.startswith(start):
            return mark
    return "VALUE"


def shown_value(value: Any) -> str:
    """A value as it would be typed.

    Example:
        >>> shown_value(("last", "mean")), shown_value(None), shown_value(0.5)
        ('last,mean', 'none', '0.5')
    """
    if isinstance(value, Iterable) and not isinstance(value, str | dict):
        return ",".join(map(shown_value, value))
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)
