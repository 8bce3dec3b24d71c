"""Texts that come as lists of tokens."""

from __future__ import annotations

from typing import Any

import numpy as np

UNBATCH = " Of a tf.data.Dataset of batches of texts give dataset.unbatch()."  # a hint of errors


def is_text(X: Any) -> bool:
    """Whether X holds strings or lists of tokens, rather than numbers.

    Example:
        >>> is_text([["a", "b"], ["c"]]), is_text(["a b", "c"]), is_text([[1.0, 2.0]])
        (True, True, False)
    """
    if hasattr(X, "iloc"):
        if X.ndim != 1:
            return False
        X = X.tolist()
    if hasattr(X, "__array__"):
        X = np.asarray(X)
        if X.dtype != object:
            return X.dtype.kind in "US"
    for sample in X if hasattr(X, "__len__") else ():
        if isinstance(sample, str) or sample is None:
            return True
        if hasattr(sample, "__array__"):
            sample = np.asarray(sample)
            if sample.dtype != object:
                return sample.dtype.kind in "US"
        if isinstance(sample, list | tuple | np.ndarray):
            for token in sample:
                if isinstance(token, list | tuple):  # a token and what belongs to it, to be refused
                    return is_text([token])
                return isinstance(token, str) or token is None
    return False


def joined(X: Any, name: str = "X") -> list[Any]:
    """Each token list as one text, blanks between tokens; texts stay.

    Args:
        X: texts and token lists.
        name: what errors call X.

    Raises:
        TypeError: for a token that is not a string.
        ValueError: for a token that is empty or holds a blank.

    Example:
        >>> joined([["a", "b"], "c d"])
        ['a b', 'c d']
    """
    values = X.tolist() if hasattr(X, "iloc") else X
    return [
        text if isinstance(text, str) else _join(text, f"{name}[{i}]")
        for i, text in enumerate(values)
    ]


def _join(tokens: Any, name: str) -> Any:
    if not isinstance(tokens, list | tuple | np.ndarray):
        return tokens  # refused where texts are checked
    for k, token in enumerate(tokens):
        if not isinstance(token, str):
            raise TypeError(f"{name}[{k}] must be a token, a string, got {token!r}.")
        if token.split() != [token]:
            raise ValueError(
                f"{name}[{k}] must be a token without blanks, got {token!r}. Replace blanks, by "
                f"'_' say.{UNBATCH}"
            )
    return " ".join(tokens)
