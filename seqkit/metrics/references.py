"""References that generated sequences are compared with: one each, or several."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any


def paired(references: Sequence[Any], hypotheses: Sequence[Any]) -> list[tuple[list, Any]]:
    """The references of each sample, as a list, and its hypothesis.

    A sequence is text, or a list of tokens.

    Args:
        references: a sequence a sample; or lists of sequences, where several are right.
        hypotheses: a sequence a sample, of the same kind.

    Raises:
        ValueError: for unequal lengths, no sample, or a sample without reference.
        TypeError: for anything else than sequences, or text where there should be tokens.

    Example:
        >>> paired(["Go!", ["Come.", "Come!"]], ["Go!", "Come!"])
        [(['Go!'], 'Go!'), (['Come.', 'Come!'], 'Come!')]
        >>> paired([["AE", "N"]], [["AE"]])
        [([['AE', 'N']], ['AE'])]
    """
    for name, value in (("references", references), ("hypotheses", hypotheses)):
        if isinstance(value, str | bytes | dict) or not hasattr(value, "__len__"):
            raise TypeError(
                f"{name} must be a list with an entry a sample, got {value!r}. Put a sample that "
                "is alone into a list."
            )
    if len(references) != len(hypotheses):
        raise ValueError(
            "references and hypotheses must have equal lengths, got "
            f"{len(references)} and {len(hypotheses)}."
        )
    if not len(hypotheses):
        raise ValueError("hypotheses must have at least one entry, got none.")
    generated = [_sequence(one, f"hypotheses[{i}]") for i, one in enumerate(hypotheses)]
    # A list of text is several references to a text, and one reference to a list of tokens.
    listed = [
        _listed(one, isinstance(hypothesis, str), f"references[{i}]")
        for i, (one, hypothesis) in enumerate(zip(references, generated, strict=True))
    ]
    return list(zip(listed, generated, strict=True))


def _listed(reference: Any, of_text: bool, place: str) -> list:
    if isinstance(reference, str) or not hasattr(reference, "__len__"):
        several = False
    elif of_text:
        several = True
    else:
        several = len(reference) > 0 and not _is_token(reference[0])
    if not several:
        return [_same_kind(_sequence(reference, place), of_text, place)]
    if not len(reference):
        raise ValueError(f"{place} must have at least one reference, got none.")
    return [
        _same_kind(_sequence(one, f"{place}[{k}]"), of_text, f"{place}[{k}]")
        for k, one in enumerate(reference)
    ]


def _same_kind(sequence: Any, of_text: bool, place: str) -> Any:
    if isinstance(sequence, str) != of_text:
        kinds = ("text", "a list of tokens")
        raise TypeError(
            f"{place} must be {kinds[not of_text]}, as its hypothesis is, got {sequence!r}."
        )
    return sequence


def _sequence(value: Any, place: str) -> Any:
    """Text, or tokens as a list."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | dict | set) or not hasattr(value, "__len__"):
        raise TypeError(f"{place} must be text or a list of tokens, got {value!r}.")
    tokens = value.tolist() if hasattr(value, "tolist") else list(value)
    for k, token in enumerate(tokens):
        if not _is_token(token):
            raise TypeError(f"{place}[{k}] must be a token, text or a number, got {token!r}.")
    return tokens


def _is_token(value: Any) -> bool:
    return isinstance(value, Hashable) and not isinstance(value, tuple) and value is not None


def tokens_of(sequence: str | list[Hashable]) -> Sequence[Hashable]:
    """Tokens; those of text stand between blanks."""
    return sequence.split() if isinstance(sequence, str) else sequence
