"""The baseline of pronunciation."""

from __future__ import annotations

import pytest

from recipes.parts.translation.letter_baseline import LetterBaseline
from tests.recipes.test_pronunciation import SPOKEN, WORDS


def test_the_baseline_learns_which_letters_are_silent_or_double():
    baseline = LetterBaseline().fit(WORDS[:30], SPOKEN[:30])
    assert baseline.predict(WORDS[30:]) == SPOKEN[30:]
    assert baseline.predict(["bzt"]) == [["B", "T"]]  # an unknown letter is silent
    with pytest.raises(ValueError, match="equal lengths of at least 1, got 1 and 0"):
        LetterBaseline().fit(["a"], [])


def test_more_phonemes_than_letters_can_have():
    assert LetterBaseline().fit(["w"], [["D", "AH", "B", "AH", "L"]]).predict(["w"]) == [
        ["D", "AH", "B", "AH", "L"]
    ]
