"""The embedded Reber grammar (Cleeremans, Servan-Schreiber & McClelland 1989).

A string is B, T or P, a string of Reber's grammar, the second symbol once more, and E. Whoever
predicts the last symbol but one has to remember the second.
"""

from __future__ import annotations

import numpy as np

SYMBOLS = "BTPSXVE"
_END = 7
# node: {symbol: next node}; each way out of a node is taken with the same probability.
_REBER: dict[int, dict[str, int]] = {
    0: {"B": 1},
    1: {"T": 2, "P": 3},
    2: {"S": 2, "X": 4},
    3: {"T": 3, "V": 5},
    4: {"X": 3, "S": 6},
    5: {"P": 4, "V": 6},
    6: {"E": _END},
}


def embedded_string(rng: np.random.Generator) -> str:
    """Draws a string.

    Example:
        >>> embedded_string(np.random.default_rng(0))
        'BPBPVPXTTTTVVEPE'
    """
    outer = "TP"[rng.integers(2)]
    inner, node = "", 0
    while node != _END:
        ways = _REBER[node]
        symbol = list(ways)[rng.integers(len(ways))]
        inner, node = inner + symbol, ways[symbol]
    return f"B{outer}{inner}{outer}E"


def next_symbols(string: str) -> list[str]:
    """The symbols that may come after each symbol of a string but the last.

    Raises:
        ValueError: for a string that is not of the grammar.

    Example:
        >>> next_symbols("BTBTXSETE")
        ['TP', 'B', 'TP', 'SX', 'XS', 'E', 'T', 'E']
    """
    following: list[str] = []

    def read(place: int, legal: str) -> str:
        symbol = string[place : place + 1]
        if not symbol or symbol not in legal:
            raise ValueError(
                f"string must be of the embedded Reber grammar, with {' or '.join(legal)} at "
                f"place {place}, got {string!r}."
            )
        following.append(legal)
        return symbol

    read(0, "B")
    outer = read(1, "TP")
    place, node = 2, 0
    while node != _END:
        node = _REBER[node][read(place, "".join(_REBER[node]))]
        place += 1
    read(place, outer)
    read(place + 1, "E")
    if len(string) > place + 2:
        raise ValueError(f"string must end at its E at place {place + 1}, got {string!r}.")
    return following[1:]


def training_and_test(
    count: int, longest: int, rng: np.random.Generator
) -> tuple[list[str], list[str]]:
    """Draws as many strings to train on as to test on, none of which is trained on; none is longer
    than `longest`."""
    trained: list[str] = []
    tested: list[str] = []
    while len(tested) < count:
        string = embedded_string(rng)
        if len(string) > longest:
            continue
        if len(trained) < count:
            trained.append(string)
        elif string not in trained:
            tested.append(string)
    return trained, tested


def one_hot(strings: list[str], steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Strings without their last symbol, (n, steps, 7), and where they have steps, (n, steps)."""
    x = np.zeros((len(strings), steps, len(SYMBOLS)), "float32")
    valid = np.zeros((len(strings), steps), bool)
    for i, string in enumerate(strings):
        x[i, np.arange(len(string) - 1), [SYMBOLS.index(s) for s in string[:-1]]] = 1
        valid[i, : len(string) - 1] = True
    return x, valid
