"""Scores of taggings."""

from __future__ import annotations

import pytest

from recipes.parts.tagging.scores import score_labels, score_writing


def test_figures_counted_by_hand():
    true, found = [["Xx,", "x", "XX.", "x;"]], [["Xx,", "x,", "Xx.", "x"]]
    figures, each = score_writing(true, found)
    assert figures == {
        "accuracy": 1 / 4,
        "marks_f1_micro": 2 * 2 / (3 + 3),
        "marks_f1_macro": pytest.approx((2 / 3 + 1 + 0) / 3),
        "capitals_f1": 2 * 1 / (2 + 2),
    }
    assert each == {",": (2 / 3, 1), ".": (1, 1), ";": (0, 1), "Xx": (2 / 3, 1), "XX": (0, 1)}
    figures, each = score_labels([["S-A", "B-A", "E-A"]], [["S-A", "B-A", "I-A"]])
    assert figures["span_f1_micro"] == 1
    assert each == {"A": (1, 2)}
    figures, each = score_labels([["DET", "I-"]], [["DET", "DET"]])
    assert figures["f1_micro"] == 1 / 2
    assert each == {"DET": (2 / 3, 1), "I-": (0, 1)}
