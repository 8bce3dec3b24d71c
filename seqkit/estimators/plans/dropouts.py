"""Dropouts of a classifier of texts by how many texts there are."""

from __future__ import annotations

from typing import NamedTuple

MANY = 2000  # texts


class Dropouts(NamedTuple):
    """Parts that training drops.

    Attributes:
        token: of the tokens, which are taken for unknown.
        embedding: of the entries of their vectors.
        output: of the outputs of each recurrent layer.
    """

    token: float
    embedding: float
    output: float


OF_FEW = Dropouts(token=0.1, embedding=0.2, output=0.2)
OF_MANY = Dropouts(token=0.3, embedding=0.5, output=0.5)


class Texts(NamedTuple):
    """The rule of each, as documentation says it."""

    token: str
    embedding: str
    output: str


BY_SIZE = Texts(
    *(
        f'"auto": {few:g} of up to {MANY:,} training texts, {many:g} of more.'
        for few, many in zip(OF_FEW, OF_MANY, strict=True)
    )
)


def dropouts_for(texts: int) -> Dropouts:
    """The dropouts for so many training texts.

    Few texts are passed over often, and what decides in them must not be dropped; many have words
    enough that say the same, and are learned by heart otherwise.

    Example:
        >>> dropouts_for(400).token, dropouts_for(8000).token
        (0.1, 0.3)
    """
    return OF_MANY if texts > MANY else OF_FEW


def reason_for(texts: int) -> str:
    """The reason of the choice, in words."""
    return f"{texts} texts; stronger from {MANY + 1} on"
