"""Scores of predicted spans: phrases, names, segments, each as a whole.

Counted as the script conlleval does, of the CoNLL-2000 shared task (Tjong Kim Sang & Buchholz
2000, section 3), and the package seqeval by default: a span is right where its type, its start and
its end are right. Nothing is asked of a sequence of tags; one that breaks the scheme has spans too:

    A tag continues the span before it where it is an I-, E- or L-, the tag before is a B- or I-,
    and both have the same type. Any other tag but O begins a span.

So an I- after O, after another type, or at the start begins a span. Tags without a type ("B", "I")
have the type "_".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from seqkit.checks import one_of
from seqkit.metrics.tagging import (
    averaged_f1,
    check_average,
    in_order,
    paired_tags,
    plain_tags,
    scores,
)
from seqkit.tag_schemes import GO_ON, OPEN, SCHEMES

Span = tuple[str, int, int]


def spans(tags: Any, scheme: str = "BIO") -> list[Span]:
    """The spans of one sequence, in order.

    Args:
        tags: text, (T,): "O", or "B-type", "I-type"; for "BIOES" also "E-type" at an end, and
            "S-type" for a span of one step; for "BILOU" these are "L-type" and "U-type".
        scheme: "BIO", "BIOES" or "BILOU".

    Returns:
        (type, start, end): the span's steps are `tags[start:end]`.

    Raises:
        ValueError: for another scheme, or a tag that is not of the scheme.
        TypeError: for anything that is not a sequence of text.

    Example:
        >>> spans(["B-NP", "I-NP", "B-NP", "O", "I-VP", "I-NP"])
        [('NP', 0, 2), ('NP', 2, 3), ('VP', 4, 5), ('NP', 5, 6)]
    """
    one_of(*SCHEMES)("scheme", scheme)
    return _spans(plain_tags(tags, "tags"), scheme, "tags")


def span_f1(y_true: Any, y_pred: Any, average: str | None = "micro", scheme: str = "BIO") -> Any:
    """F1 of spans: 2 right / (predicted + true), 0 where there is neither.

    Args:
        y_true: the true tags: a list of sequences, each a list or array (T_i,) of text.
        y_pred: the predicted tags, in the same form.
        average: "micro", of all spans together; "macro", the mean over the types that are true or
            predicted somewhere; None for each type.
        scheme: as for `spans`.

    Returns:
        A number, or a dict type -> F1 where `average` is None.

    Raises:
        ValueError: for another average or scheme, for tags that are not of the scheme, or where
            numbers of sequences or their lengths differ.
        TypeError: for anything that is not a list of sequences of text.

    Example:
        >>> span_f1([["B-NP", "I-NP", "B-VP"]], [["B-NP", "O", "B-VP"]])
        0.5
    """
    check_average(average)
    return averaged_f1(*_counted(y_true, y_pred, scheme), average)


def span_report(y_true: Any, y_pred: Any, scheme: str = "BIO") -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and support (how many are true) of the spans of each type.

    Args:
        y_true, y_pred, scheme: as for `span_f1`.

    Returns:
        type -> {"precision", "recall", "f1", "support"}, and the same for "micro avg" (all spans
        together) and "macro avg" (the means over the types).

    Raises:
        ValueError, TypeError: as for `span_f1`.

    Example:
        >>> report = span_report([["B-NP", "I-NP", "B-VP"]], [["B-NP", "I-NP", "O"]])
        >>> report["VP"]
        {'precision': 0.0, 'recall': 0.0, 'f1': 0.0, 'support': 1}
        >>> report["micro avg"]["precision"], report["micro avg"]["recall"]
        (1.0, 0.5)
    """
    of_type, together = _counted(y_true, y_pred, scheme)
    macro = {
        name: sum(value[name] for value in of_type.values()) / max(len(of_type), 1)
        for name in ("precision", "recall", "f1")
    }
    macro["support"] = together["support"]
    return {**of_type, "micro avg": together, "macro avg": macro}


def _counted(
    y_true: Any, y_pred: Any, scheme: str
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """The scores of each type, and of all spans together."""
    one_of(*SCHEMES)("scheme", scheme)
    right: Counter = Counter()
    predicted: Counter = Counter()
    expected: Counter = Counter()
    for i, (true, guess) in enumerate(paired_tags(y_true, y_pred)):
        true_spans = set(_spans(true, scheme, f"y_true[{i}]"))
        predicted_spans = set(_spans(guess, scheme, f"y_pred[{i}]"))
        right.update(kind for kind, _, _ in true_spans & predicted_spans)
        predicted.update(kind for kind, _, _ in predicted_spans)
        expected.update(kind for kind, _, _ in true_spans)
    of_type = {
        kind: scores(right[kind], predicted[kind], expected[kind])
        for kind in in_order({*predicted, *expected})
    }
    return of_type, scores(*(sum(count.values()) for count in (right, predicted, expected)))


def _spans(tags: Sequence[Any], scheme: str, place: str) -> list[Span]:
    spans_so_far: list[Span] = []
    before = ("O", "")
    for t, tag in enumerate(tags):
        letter, kind = _parts(tag, scheme, f"{place}[{t}]")
        if letter in GO_ON and before[0] in OPEN and before[1] == kind:
            spans_so_far[-1] = (kind, spans_so_far[-1][1], t + 1)
        elif letter != "O":
            spans_so_far.append((kind, t, t + 1))
        before = (letter, kind)
    return spans_so_far


def _parts(tag: Any, scheme: str, place: str) -> tuple[str, str]:
    """A tag's letter and type: "B-NP" -> ("B", "NP")."""
    if not isinstance(tag, str):
        raise TypeError(f"{place} must be text such as 'B-NP' or 'O', got {tag!r}.")
    letter, _, kind = tag.partition("-")
    if letter not in tuple(scheme) or (letter == "O" and tag != "O"):
        raise ValueError(
            f"{place} must be 'O' or a tag of the scheme {scheme} such as 'B-NP', got {tag!r}."
        )
    return letter, kind or "_"
