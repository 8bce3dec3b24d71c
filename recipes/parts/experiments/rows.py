"""The networks that tables compare, by the names of their rows; nothing heavy is imported."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple


class Row(NamedTuple):
    """A cell, options of its layer, and the gate whose bias lets the state pass at first."""

    cell: str
    options: dict[str, Any]
    open_gate: str | None = None


ROWS: dict[str, Row] = {
    "simple_rnn": Row("simple_rnn", {}),
    "simple_rnn, identity": Row(
        "simple_rnn", {"activation": "relu", "recurrent_initializer": "identity"}
    ),
    "carousel_lstm": Row("carousel_lstm", {}),
    "lstm": Row("lstm", {}),
    "lstm, open": Row("lstm", {"unit_forget_bias": False}, "forget"),
    "peephole_lstm": Row("peephole_lstm", {}),
    "peephole_lstm, open": Row("peephole_lstm", {"unit_forget_bias": False}, "forget"),
    # Without squashing, as in Gers & Schmidhuber (2001) and Gers et al. (2002).
    "lstm, linear": Row("lstm", {"activation": "linear"}),
    "peephole_lstm, linear": Row("peephole_lstm", {"activation": "linear"}),
    "gru": Row("gru", {}),
    "gru, open": Row("gru", {}, "update"),
}


def names_of(text: str | None, known: Collection[str]) -> list[str]:
    """The rows that a list names, all where there is none; a comma may be part of a name.

    Raises:
        ValueError: for a name that is not known.

    Example:
        >>> names_of("lstm,simple_rnn, identity,gru", ROWS)
        ['lstm', 'simple_rnn, identity', 'gru']
    """
    if text is None:
        return list(known)
    names: list[str] = []
    for part in text.split(","):
        if names and f"{names[-1]}, {part.strip()}" in known:
            names[-1] += f", {part.strip()}"
        else:
            names.append(part.strip())
    for name in names:
        if name not in known:
            raise ValueError(f"--cells must be of {'; '.join(known)}, got {name!r}")
    return names
