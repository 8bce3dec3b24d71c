"""The two sides of a translation: what is read, and what is written."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqkit.estimators.inputs.texts import check_texts
from seqkit.estimators.inputs.token_lists import joined
from seqkit.text import TextCodec, learn_vocabulary

TOKEN_LISTS = "whitespace"  # the mode of a codec for lists of tokens


@dataclass
class Side:
    """How the texts of one side become ids.

    Args:
        name: what errors call the texts: "X" or "y".
        codec: from texts to ids and back.
        max_length: tokens at most; None for no limit.
        truncate: whether longer ones are cut, with a warning, or refused.
    """

    name: str
    codec: TextCodec
    max_length: int | None
    truncate: bool

    def read(self, values: Any, *, empty_allowed: bool = False) -> list[np.ndarray]:
        """The ids of each text, without the end.

        Raises:
            TypeError: for anything but texts, or lists of tokens where fit had them.
            ValueError: for an empty text, or one that is too long.
        """
        texts = self.texts(values)
        ids = self.codec.encode(texts)
        if not empty_allowed:
            for i, row in enumerate(ids):
                if not len(row):
                    raise ValueError(
                        f"{self.name}[{i}] is empty, {texts[i]!r}; every text of a pair needs at "
                        "least one token. Leave the pair out."
                    )
        return self._cut(ids)

    def texts(self, values: Any) -> list[str]:
        """Texts, of the kind that fit had; those of token lists with blanks between their tokens.

        Raises:
            TypeError: for anything but texts, or lists of tokens where fit had them.
        """
        return texts_of(values, self.name, self.codec.mode == TOKEN_LISTS)

    def _cut(self, ids: list[np.ndarray]) -> list[np.ndarray]:
        limit = self.max_length
        long = [] if limit is None else [i for i, row in enumerate(ids) if len(row) > limit]
        if not long:
            return ids
        if not self.truncate:
            raise ValueError(
                f"{self.name}[{long[0]}] has {len(ids[long[0]])} tokens, and max_length={limit}; "
                f"{len(long)} of {len(ids)} are longer. Leave them out, raise max_length, or set "
                "truncate=True."
            )
        warnings.warn(
            f"{len(long)} of {len(ids)} texts of {self.name} have more than max_length={limit} "
            "tokens; their first ones are used.",
            stacklevel=5,
        )
        return [row[:limit] for row in ids]


def texts_of(values: Any, name: str, lists: bool) -> list[str]:
    """Texts, those of token lists with blanks between their tokens.

    Args:
        values: strings, or lists of tokens; a list, an array, a Series, a frame of one column.
        name: what errors call them.
        lists: whether they must be lists of tokens.

    Raises:
        TypeError: for values of another kind; the message has the place of the first.
    """
    if isinstance(values, str | bytes) or not hasattr(values, "__len__"):
        return check_texts(values, name)  # which says what is wrong
    if isinstance(values, dict | set | frozenset):
        raise TypeError(f"{name} must be a list of strings, got {type(values).__name__}.")
    wanted, other = ("a list of tokens", "a string") if lists else ("a string", "a list of tokens")
    kinds = str if lists else list | tuple | np.ndarray  # what is neither is refused below
    for i, value in enumerate(values):
        if isinstance(value, kinds):
            raise TypeError(f"{name}[{i}] must be {wanted}, as all in fit, got {other}.")
    return check_texts(joined(values, name, ascii_blanks=False) if lists else values, name)


def first_of(values: Any) -> Any:
    """The first of the values; a string, where there is none."""
    return next(iter(values), "") if hasattr(values, "__len__") else ""


def learn_side(
    chunks: Iterable[Any], name: str, mode: str, **options: Any
) -> tuple[list[str], str]:
    """The vocabulary of one side, and the mode of its codec.

    Args:
        chunks: of the texts.
        name: what errors call them.
        mode: how texts are split; lists of tokens are as they are.
        options: of `learn_vocabulary`.
    """
    chunks = iter(chunks)
    try:
        first = next(chunks)
    except StopIteration:
        raise ValueError(f"{name} must hold at least one text, got 0 samples.") from None
    lists = isinstance(first_of(first), list | tuple | np.ndarray)
    found = TOKEN_LISTS if lists else mode
    texts = itertools.chain.from_iterable(
        texts_of(chunk, name, lists) for chunk in itertools.chain([first], chunks)
    )
    vocabulary = learn_vocabulary(texts, found, **options)
    if not vocabulary:
        raise ValueError(
            f"{name} must have at least one token that occurs min_frequency times, got none."
        )
    return vocabulary, found
