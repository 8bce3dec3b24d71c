"""Metrics of spans against examples worked by hand with the rule of CoNLL-2000."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqkit.metrics import span_f1, span_report, spans, token_accuracy
from tests.conformance.tasks import written

# The first sentence of the output example that the CoNLL-2000 shared task shows of conlleval.
# By hand: NP 9 of 9 are found, of 9; VP 3 of 4, of 4; PP 2 of 3, of 2 ("to provide" is a VP, read
# as a PP "to" and a VP "provide"). An I-NP at the start, after a PP or a VP begins a span.
TRUE, FOUND = (
    line.split()
    for line in (
        "B-NP I-NP I-NP B-NP I-NP I-NP B-VP B-NP B-VP B-NP I-NP I-NP B-VP B-NP I-NP B-PP B-NP I-NP "
        "B-VP I-VP B-NP I-NP B-PP B-NP B-NP I-NP I-NP O",
        "I-NP I-NP I-NP B-NP I-NP I-NP B-VP B-NP B-VP B-NP I-NP I-NP B-VP B-NP I-NP B-PP I-NP I-NP "
        "B-PP I-VP I-NP I-NP B-PP I-NP B-NP I-NP I-NP O",
    )
)


@pytest.mark.parametrize(
    "tags, expected",
    [
        ("", []),
        ("O O", []),
        ("B-A", [("A", 0, 1)]),
        ("B-A I-A I-A", [("A", 0, 3)]),
        ("O B-A I-A O", [("A", 1, 3)]),
        ("B-A B-A", [("A", 0, 1), ("A", 1, 2)]),
        ("I-A I-A", [("A", 0, 2)]),  # an I- at the start begins a span,
        ("O I-A O I-A", [("A", 1, 2), ("A", 3, 4)]),  # and after O,
        ("B-A I-B I-B", [("A", 0, 1), ("B", 1, 3)]),  # and after another type
        ("I-A B-A I-A", [("A", 0, 1), ("A", 1, 3)]),
        ("B-A-1 I-A-1 I-A-2", [("A-1", 0, 2), ("A-2", 2, 3)]),
        ("B I O I", [("_", 0, 2), ("_", 3, 4)]),
    ],
)
def test_spans_by_hand(tags, expected):
    assert spans(tags.split()) == expected
    assert spans(np.array(tags.split(), dtype=object)) == expected
    assert spans(tags.split(), scheme="BIOES") == expected


@pytest.mark.parametrize(
    "tags, expected",
    [
        ("B-A E-A S-A S-A", [("A", 0, 2), ("A", 2, 3), ("A", 3, 4)]),
        ("B-A I-A E-A I-A", [("A", 0, 3), ("A", 3, 4)]),  # nothing continues after an E-
        ("E-A E-A", [("A", 0, 1), ("A", 1, 2)]),
        ("S-A I-A E-A", [("A", 0, 1), ("A", 1, 3)]),
        ("B-A E-B", [("A", 0, 1), ("B", 1, 2)]),
    ],
)
def test_spans_with_ends(tags, expected):
    assert spans(tags.split(), scheme="BIOES") == expected
    bilou = tags.replace("E-", "L-").replace("S-", "U-")
    assert spans(bilou.split(), scheme="BILOU") == expected


def test_a_sentence_of_the_shared_task():
    report = span_report([TRUE], [FOUND])
    assert report["NP"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 9}
    assert report["VP"] == {"precision": 0.75, "recall": 0.75, "f1": 0.75, "support": 4}
    assert report["PP"] == {"precision": 2 / 3, "recall": 1.0, "f1": 0.8, "support": 2}
    together = {"precision": 14 / 16, "recall": 14 / 15, "f1": 28 / 31, "support": 15}
    assert report["micro avg"] == together
    assert report["macro avg"]["precision"] == pytest.approx((1 + 0.75 + 2 / 3) / 3)
    assert report["macro avg"]["support"] == 15
    assert span_f1([TRUE], [FOUND]) == 28 / 31
    assert span_f1([TRUE], [FOUND], average="macro") == pytest.approx((1 + 0.75 + 0.8) / 3)
    assert span_f1([TRUE], [FOUND], average=None) == {"NP": 1.0, "PP": 0.8, "VP": 0.75}
    assert token_accuracy([TRUE], [FOUND]) == 23 / 28


def test_a_type_that_is_only_predicted_counts():
    assert span_f1([["B-A", "O"]], [["B-A", "B-C"]], average=None) == {"A": 1.0, "C": 0.0}
    assert span_f1([["B-A", "O"]], [["B-A", "B-C"]], average="macro") == 0.5


def test_nothing_to_find_is_zero():
    assert span_f1([["O"]], [["O"]]) == span_f1([["O"]], [["O"]], average="macro") == 0
    assert span_report([], [])["micro avg"] == span_report([], [])["macro avg"]


segments = st.lists(st.tuples(st.sampled_from(["O", "A", "B"]), st.integers(1, 3)), max_size=6)


def placed(segments):
    """Spans (type, start, end) one after another, and the number of steps."""
    found, steps = [], 0
    for kind, length in segments:
        if kind != "O":
            found.append((kind, steps, steps + length))
        steps += length
    return found, steps


@given(segments)
def test_spans_that_were_written_are_read(segments):
    expected, steps = placed(segments)
    for scheme in ("BIO", "BIOES", "BILOU"):
        tags = written(expected, steps, scheme)
        assert spans(tags, scheme) == expected
        assert span_f1([tags], [tags], scheme=scheme) == bool(expected)


@given(st.lists(st.tuples(segments, segments), max_size=4))
def test_f1_is_that_of_the_spans_in_every_scheme(pairs):
    both = [(placed(true), placed(found)) for true, found in pairs]
    sides = [[(side, max(a[1], b[1])) for side in (a[0], b[0])] for a, b in both]
    counts = [(len({*a} & {*b}), len(a), len(b)) for (a, _), (b, _) in sides]
    right, true, found = np.sum([(0, 0, 0), *counts], axis=0)
    expected = 2 * right / (true + found) if true + found else 0
    for scheme in ("BIO", "BIOES", "BILOU"):
        y_true, y_pred = ([written(*pair[side], scheme) for pair in sides] for side in (0, 1))
        assert span_f1(y_true, y_pred, scheme=scheme) == pytest.approx(expected)


@given(st.lists(st.sampled_from(["O", "B-A", "I-A", "B-B", "I-B"])))
def test_any_tags_have_spans_that_cover_all_but_o(tags):
    covered = [t for _, start, end in spans(tags) for t in range(start, end)]
    assert covered == [t for t, tag in enumerate(tags) if tag != "O"]


@pytest.mark.parametrize("tag", ["X-A", "A", "E-A", "O-A", ""])
def test_tags_of_another_scheme(tag):
    with pytest.raises(
        ValueError, match=r"y_pred\[1\]\[2\] must be 'O' or a tag of the scheme BIO"
    ):
        span_f1([["O"], ["O"] * 3], [["O"], ["O", "O", tag]])


def test_wrong_arguments():
    with pytest.raises(TypeError, match=r"tags\[1\] must be text such as 'B-NP' or 'O', got 3"):
        spans(["O", 3])
    with pytest.raises(TypeError, match="tags must be a sequence of tags, got 'B-A'"):
        spans("B-A")
    with pytest.raises(ValueError, match="scheme must be 'BIO', 'BIOES' or 'BILOU', got 'IOB1'"):
        span_report([], [], scheme="IOB1")
    with pytest.raises(ValueError, match="average must be .* got 'weighted'"):
        span_f1([], [], average="weighted")
    with pytest.raises(ValueError, match="got 1 and 2 tags in sample 0"):
        span_f1([["O"]], [["O", "O"]])
