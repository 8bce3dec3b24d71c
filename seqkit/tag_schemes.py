"""Schemes of tags that write spans as one tag a step, and what each rules out.

    BIO      B- begins a span, I- goes on with it, O is outside
    BIOES    and E- is its last step, S- a span of one step
    BILOU    the same with the letters L- and U-

In BIO any step may be a span's last; in the others a span that began goes on until its E- or L-.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SCHEMES = ("BIO", "BIOES", "BILOU")  # named by the letters that their tags begin with
GO_ON = ("I", "E", "L")  # letters that go on with a span,
OPEN = ("B", "I")  # and those after which one may go on

Pair = tuple[int | None, int | None]


def scheme_of(tags: Iterable[str]) -> str | None:
    """The first of the schemes that has all these tags, each "O" or "letter-type"; or None.

    Example:
        >>> scheme_of(["O", "B-NP", "I-NP"]), scheme_of(["O", "S-NP"]), scheme_of(["NOUN", "O"])
        ('BIO', 'BIOES', None)
    """
    letters = {tag[0] if tag == "O" or (tag[1:2] == "-" and tag[0] != "O") else "" for tag in tags}
    return next((scheme for scheme in SCHEMES if letters <= set(scheme)), None)


def breaks(before: str | None, tag: str | None, scheme: str) -> bool:
    """Whether no spans are written as these two tags, one after the other.

    Args:
        before, tag: of the scheme; None for the start and the end of a sequence.
        scheme: one of `SCHEMES`.

    Example:
        >>> breaks("O", "I-NP", "BIO"), breaks("B-NP", None, "BIO"), breaks("B-NP", None, "BIOES")
        (True, False, True)
    """
    before, tag = before or "O", tag or "O"
    is_open, goes_on = before[0] in OPEN, tag[0] in GO_ON
    if is_open and goes_on and before[1:] == tag[1:]:
        return False
    return goes_on or (is_open and scheme != "BIO")


def invalid_transitions(tags: Sequence[str], scheme: str = "BIO") -> list[Pair]:
    """The pairs of tags that break a scheme.

    Args:
        tags: the names of tags 0 to K - 1, of the scheme.
        scheme: one of `SCHEMES`.

    Returns:
        Pairs (previous tag, tag) for `LinearChainCRF(forbidden=...)`; None: the start, the end.

    Example:
        >>> invalid_transitions(["O", "B-NP", "I-NP"])
        [(None, 2), (0, 2)]
    """
    named: list[tuple[int | None, str | None]] = [(None, None), *enumerate(tags)]
    return [
        (i, j)
        for i, before in named
        for j, tag in named
        if (i, j) != (None, None) and breaks(before, tag, scheme)
    ]
