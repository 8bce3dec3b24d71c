"""Scores of generated texts, against sacreBLEU's own examples and what is counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st

from seqkit.metrics import (
    bleu,
    chrf,
    edit_distance,
    error_rate,
    exact_match,
    sequence_error_rate,
)

# The example of sacreBLEU's README; the figures are those that it prints there.
HYPOTHESES = [
    "The dog bit the man.",
    "It wasn't surprising.",
    "The man had just bitten him.",
]
REFERENCES = [
    ["The dog bit the man.", "The dog had bit the man."],
    ["It was not unexpected.", "No one was surprised."],
    ["The man bit him first.", "The man had bitten the dog."],
]


def test_bleu_of_the_readme():
    score = bleu(REFERENCES, HYPOTHESES)
    assert round(score.value, 1) == 48.5
    assert score.signature.startswith("nrefs:2|case:mixed|eff:no|tok:13a|smooth:exp|version:")


def test_chrf_of_the_readme():
    score = chrf(REFERENCES, HYPOTHESES)
    assert round(score.value, 1) == 59.7
    assert score.signature.startswith("nrefs:2|case:mixed|eff:yes|nc:6|nw:0|space:no|version:")


@pytest.mark.parametrize("several", [False, True])
def test_scores_are_those_of_sacrebleu(several):
    first = [listed[0] for listed in REFERENCES]
    streams = list(map(list, zip(*REFERENCES, strict=True))) if several else [first]
    references = REFERENCES if several else first
    expected = sacrebleu.corpus_bleu(HYPOTHESES, streams).score
    assert bleu(references, HYPOTHESES).value == expected
    assert chrf(references, HYPOTHESES).value == sacrebleu.corpus_chrf(HYPOTHESES, streams).score
    plus = sacrebleu.corpus_chrf(HYPOTHESES, streams, word_order=2).score
    assert chrf(references, HYPOTHESES, word_order=2).value == plus


def test_bleu_by_hand():
    """Precisions 6/7, 4/6, 2/5, 1/4; of equal lengths."""
    score = bleu(["the cat sat on the mat ."], ["the cat sat on a mat ."])
    assert score.value == pytest.approx(100 * (6 / 7 * 4 / 6 * 2 / 5 * 1 / 4) ** 0.25)


def test_one_reference_in_a_list_is_one_reference():
    alone = [listed[0] for listed in REFERENCES]
    assert bleu([[text] for text in alone], HYPOTHESES) == bleu(alone, HYPOTHESES)


def test_numbers_of_references_may_differ():
    uneven = [REFERENCES[0], REFERENCES[1][:1], REFERENCES[2]]
    assert bleu(uneven, HYPOTHESES).signature.startswith("nrefs:var|")


def test_tokenisation_is_in_the_signature():
    score = bleu(["猫が座った"], ["猫が座った"], tokenize="char")
    assert score.value == pytest.approx(100)
    assert "|tok:char|" in score.signature


def test_perfect_and_hopeless():
    texts = [listed[0] for listed in REFERENCES]
    assert bleu(texts, texts).value == pytest.approx(100)
    assert chrf(texts, texts).value == pytest.approx(100)
    assert error_rate(texts, texts) == sequence_error_rate(texts, texts) == 0
    assert error_rate(texts, [""] * 3) == sequence_error_rate(texts, [""] * 3) == 1


def test_arrays_are_taken():
    texts = np.array(["a b", "c"], dtype=object)
    assert exact_match(texts, np.array(["a b", "d"])) == 0.5
    assert error_rate([np.array([1, 2]), np.array([3])], [[1, 2], [4]]) == 1 / 3


def test_nearest_reference_counts():
    """One edit from the second reference, of two tokens; three from the first, of one."""
    assert error_rate([["a", "x y"]], ["x z"]) == 0.5
    phonemes = [[["L", "AY", "V"], ["L", "IH", "V"]]]
    assert error_rate(phonemes, [["L", "IH", "V"]]) == 0
    assert sequence_error_rate(phonemes, [["L", "IH", "V"]]) == 0
    assert sequence_error_rate(phonemes, [["L", "IH"]]) == 1
    assert exact_match(phonemes, [["L", "IH", "V"]]) == 1


def test_errors_are_counted_over_all_samples():
    """1 + 2 edits over 2 + 1 tokens: not the mean of 1/2 and 2/1."""
    assert error_rate(["a b", "c"], ["a", "d e"]) == 1


def test_text_is_compared_as_it_is_and_counted_by_word():
    assert exact_match(["a  b"], ["a b"]) == 0
    assert error_rate(["a  b"], ["a b"]) == 0


def plain_distance(first, second):
    """The recurrence, cell by cell."""
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in range(len(first) + 1):
        for j in range(len(second) + 1):
            if not i or not j:
                table[i][j] = i + j
                continue
            table[i][j] = min(
                table[i - 1][j - 1] + (first[i - 1] != second[j - 1]),
                table[i - 1][j] + 1,
                table[i][j - 1] + 1,
            )
    return table[-1][-1]


@given(st.text("abc", max_size=9), st.text("abc", max_size=9))
def test_edit_distance_is_that_of_the_recurrence(first, second):
    assert edit_distance(first, second) == plain_distance(first, second)


@pytest.mark.parametrize(
    "first, second, distance",
    [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "", 3),
        ("intention", "execution", 5),  # Jurafsky & Martin, section 2.8, substitutions as one edit
        ("saturday", "sunday", 3),
        ([1, "a"], ["a", 1], 2),
    ],
)
def test_edit_distance(first, second, distance):
    assert edit_distance(first, second) == distance


METRICS = [bleu, chrf, exact_match, sequence_error_rate, error_rate]


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    "references, hypotheses, error, message",
    [
        (["a"], ["a", "b"], ValueError, "must have equal lengths, got 1 and 2"),
        ([], [], ValueError, "hypotheses must have at least one entry, got none"),
        ([[]], ["a"], ValueError, r"references\[0\] must have at least one reference, got none"),
        ("a", ["a"], TypeError, "references must be a list with an entry a sample, got 'a'"),
        (["a"], "a", TypeError, "hypotheses must be a list .*Put a sample that is alone"),
        (["a"], [None], TypeError, r"hypotheses\[0\] must be text or a list of tokens, got None"),
        (["a"], [3], TypeError, r"hypotheses\[0\] must be .*got 3"),
        (["a", None], ["a", "b"], TypeError, r"references\[1\] must be .*got None"),
        (["a"], [["a"]], TypeError, r"references\[0\] must be a list of tokens, as its hypothesis"),
        ([["a", 3]], ["a"], TypeError, r"references\[0\]\[1\] must be .*got 3"),
        ([["a"]], [[None]], TypeError, r"hypotheses\[0\]\[0\] must be a token, .*got None"),
    ],
)
def test_bad_input(metric, references, hypotheses, error, message):
    with pytest.raises(error, match=message):
        metric(references, hypotheses)


@pytest.mark.parametrize("metric", [bleu, chrf])
def test_tokens_are_no_text(metric):
    with pytest.raises(TypeError, match=r"references\[0\] must be text, .*Join its tokens"):
        metric([["a", "b"]], [["a", "b"]])


def test_no_token_to_be_wrong():
    with pytest.raises(ValueError, match="references must have at least one token"):
        error_rate([""], ["a"])
