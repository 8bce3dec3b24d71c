"""Scores of taggings: figures of all labels together, and F1 of each with its support."""

from __future__ import annotations

from collections import Counter

from seqkit.tag_schemes import scheme_of

from .capitals_and_marks import parts
from .sentences import Rows

Scores = tuple[dict[str, float], dict[str, tuple[float, int]]]


def score_writing(true: Rows, predicted: Rows) -> Scores:
    """Scores of marks, and of words with capitals."""
    from seqkit.metrics import token_accuracy, token_f1

    (shapes, marks), (shapes_found, marks_found) = map(_halves, (true, predicted))
    figures = {
        "accuracy": token_accuracy(true, predicted),
        "marks_f1_micro": token_f1(marks, marks_found, "micro", ignore=("",)),
        "marks_f1_macro": token_f1(marks, marks_found, "macro", ignore=("",)),
        "capitals_f1": token_f1(shapes, shapes_found, "micro", ignore=("x",)),
    }
    each = _each(marks, marks_found, "") | _each(shapes, shapes_found, "x")
    return figures, each


def score_labels(true: Rows, predicted: Rows) -> Scores:
    """Scores of spans where the labels are of such a scheme, else of labels one by one."""
    from seqkit.metrics import span_report, token_accuracy, token_f1

    figures = {"accuracy": token_accuracy(true, predicted)}
    scheme = scheme_of(label for rows in (true, predicted) for row in rows for label in row)
    if scheme is None:
        figures["f1_micro"] = token_f1(true, predicted, "micro")
        figures["f1_macro"] = token_f1(true, predicted, "macro")
        return figures, _each(true, predicted, "O")
    report = span_report(true, predicted, scheme)
    for average in ("micro", "macro"):
        figures[f"span_f1_{average}"] = report.pop(f"{average} avg")["f1"]
    return figures, {
        kind: (of_kind["f1"], int(of_kind["support"])) for kind, of_kind in report.items()
    }


def _halves(rows: Rows) -> tuple[Rows, Rows]:
    """How words are written, and the marks after them."""
    pairs = [[parts(label) for label in row] for row in rows]
    return [[shape for shape, _ in row] for row in pairs], [[m for _, m in row] for row in pairs]


def _each(true: Rows, predicted: Rows, ignored: str) -> dict[str, tuple[float, int]]:
    from seqkit.metrics import token_f1

    support = Counter(label for row in true for label in row)
    f1 = token_f1(true, predicted, None, ignore=(ignored,))
    return {label: (value, support[label]) for label, value in f1.items()}
