"""Baseline of pronunciation: each letter as it is most often spoken between its neighbours.

Letters and phonemes of the training words are aligned, a letter with no, one, or two phonemes, by
the most likely path under the counts of the round before. A letter is then read as it most often is
between the same neighbours: three on either side where training has seen that, else two, one, none.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

Phonemes = tuple[str, ...]
WIDEST = 3  # neighbours on either side
ROUNDS = 3  # of counting and aligning again
ALIGNED = 20_000  # words that are counted
LONGEST = 2  # phonemes of a letter
_FLOOR = 1e-4  # probability of what was never counted


class LetterBaseline:
    """Reads words letter by letter.

    Example:
        >>> words = ["cat", "can", "cell", "cent"]
        >>> spoken = [["K", "AE", "T"], ["K", "AE", "N"], ["S", "EH", "L"], ["S", "EH", "N", "T"]]
        >>> LetterBaseline().fit(words, spoken).predict(["cant"])
        [['K', 'AE', 'N', 'T']]
    """

    def fit(self, words: Sequence[str], pronunciations: Sequence[Sequence[str]]) -> LetterBaseline:
        """Aligns the words with their pronunciations, and counts.

        Raises:
            ValueError: for unequal numbers of them, or none.
        """
        if len(words) != len(pronunciations) or not len(words):
            raise ValueError(
                "words and pronunciations must have equal lengths of at least 1, got "
                f"{len(words)} and {len(pronunciations)}."
            )
        costs = self._learn_costs(words[:ALIGNED], pronunciations[:ALIGNED])
        counts: dict[str, Counter[Phonemes]] = defaultdict(Counter)
        for word, phonemes in zip(words, pronunciations, strict=True):
            for k, chunk in enumerate(_aligned(word, phonemes, costs)):
                for context in _contexts(word, k):
                    counts[context][chunk] += 1
        self.readings_ = {
            context: chunks.most_common(1)[0][0] for context, chunks in counts.items()
        }
        return self

    def predict(self, words: Sequence[str]) -> list[list[str]]:
        """The phonemes of each word; a letter that is not known has none."""
        return [
            [phoneme for k in range(len(word)) for phoneme in self._reading(word, k)]
            for word in words
        ]

    def _reading(self, word: str, k: int) -> Phonemes:
        known = (c for c in _contexts(word, k) if c in self.readings_)
        return self.readings_.get(next(known, ""), ())

    def _learn_costs(
        self, words: Sequence[str], pronunciations: Sequence[Sequence[str]]
    ) -> dict[tuple[str, Phonemes], float]:
        """-log p(phonemes | letter), by letter and phonemes."""
        pairs = list(zip(words, pronunciations, strict=True))
        counts: Counter[tuple[str, Phonemes]] = Counter()
        for word, phonemes in pairs:  # to begin with, by place
            for k, letter in enumerate(word):
                place = k * len(phonemes) // len(word)
                counts[letter, tuple(phonemes[place : place + 1])] += 1
        for _ in range(ROUNDS):
            costs = _costs(counts)
            counts = Counter(
                entry
                for word, phonemes in pairs
                for entry in zip(word, _aligned(word, phonemes, costs), strict=True)
            )
        return _costs(counts)


def _costs(counts: Counter[tuple[str, Phonemes]]) -> dict[tuple[str, Phonemes], float]:
    totals: Counter[str] = Counter()
    for (letter, _), count in counts.items():
        totals[letter] += count
    return {key: -math.log(count / totals[key[0]]) for key, count in counts.items()}


def _aligned(
    word: str, phonemes: Sequence[str], costs: dict[tuple[str, Phonemes], float]
) -> list[Phonemes]:
    """The phonemes of each letter, by the cheapest path. What is too much for it, the last has."""
    unseen = -math.log(_FLOOR)
    best = {0: 0.0}  # phonemes read: cost of the letters so far
    steps: list[dict[int, int]] = []  # a letter's: phonemes read after it, and before it
    for letter in word:
        reached: dict[int, float] = {}
        step: dict[int, int] = {}
        for start, cost in best.items():
            for end in range(start, min(start + LONGEST, len(phonemes)) + 1):
                chunk = tuple(phonemes[start:end])
                # A letter of two phonemes, or of none, is rarer than one of one.
                rare = unseen * (1.0 if len(chunk) == 1 else 1.5)
                total = cost + costs.get((letter, chunk), rare)
                if total < reached.get(end, math.inf):
                    reached[end], step[end] = total, start
        best = reached
        steps.append(step)
    end = max(best)  # all of them, unless they are more than two a letter
    chunks: list[Phonemes] = []
    for step in reversed(steps):
        chunks.append(tuple(phonemes[step[end] : end]))
        end = step[end]
    chunks.reverse()
    chunks[-1] += tuple(phonemes[max(best) :])
    return chunks


def _contexts(word: str, k: int) -> list[str]:
    """The letter k between its neighbours, the most of them first."""
    padded = f"{'<' * WIDEST}{word}{'>' * WIDEST}"
    middle = k + WIDEST
    return [f"{n}{padded[middle - n : middle + n + 1]}" for n in range(WIDEST, -1, -1)]
