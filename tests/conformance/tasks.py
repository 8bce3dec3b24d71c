"""Small tasks that estimators must learn, one a kind of data; the order of events decides each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tests.estimators.toy import first_event

__all__ = [
    "both_events",
    "digits",
    "first_event",
    "marked_value",
    "negated_words",
    "rising",
    "seasons",
    "spans",
    "written",
]


def both_events(samples: int, seed: int = 0) -> tuple[list[np.ndarray], np.ndarray]:
    """The first event's label, and whether the sequence ends above its mark, as indicators."""
    X, first = first_event(samples, seed)
    last = np.array([x[-1, 0] > 0 for x in X])
    return X, np.stack([first == "right", last], axis=1).astype(int)


def marked_value(samples: int, seed: int = 0) -> tuple[list[np.ndarray], np.ndarray]:
    """Noise of length 6-12 with a mark in the second feature; the target is the first one there,
    in units of its own: 100 + 10 x."""
    rng = np.random.default_rng(seed)
    X, y = [], []
    for _ in range(samples):
        x = rng.normal(size=(rng.integers(6, 13), 2)).astype("float32")
        place = rng.integers(len(x))
        x[:, 1] = 0
        x[place, 1] = 1
        X.append(x)
        y.append(100 + 10 * x[place, 0])
    return X, np.array(y)


def negated_words(samples: int, seed: int = 0) -> tuple[list[str], list[str]]:
    """A good or a bad word among others; "not" before it turns the label round."""
    rng = np.random.default_rng(seed)
    other = ["the", "film", "was", "and", "Ann", "saw", "it", ","]
    texts, labels = [], []
    for _ in range(samples):
        good, negated = rng.integers(2, size=2)
        words = rng.choice(other, rng.integers(2, 7)).tolist()
        place = int(rng.integers(len(words)))
        word = str(rng.choice(["good", "great"] if good else ["bad", "dull"]))
        words[place:place] = ["not", word] if negated else [word]
        texts.append(" ".join(words))
        labels.append("fresh" if good != negated else "rotten")
    return texts, labels


def spans(samples: int, seed: int = 0) -> tuple[list[list[str]], list[list[str]]]:
    """Names of one or two words, some of which mean nothing unless "in" stands before them."""
    rng = np.random.default_rng(seed)
    X, y = [], []
    for _ in range(samples):
        tokens: list[str] = []
        tags: list[str] = []
        for _ in range(rng.integers(2, 5)):
            kind = rng.integers(3)
            if kind == 0:
                tokens += [str(rng.choice(["went", "saw", "bath", "reading"]))]
                tags += ["O"]
            elif kind == 1:
                tokens += ["in", str(rng.choice(["bath", "reading"]))]
                tags += ["O", "B-LOC"]
            else:
                tokens += [str(rng.choice(["ann", "bob"])), str(rng.choice(["lee", "ray"]))]
                tags += ["B-PER", "I-PER"]
        X.append(tokens)
        y.append(tags)
    return X, y


def written(found: list[tuple[str, int, int]], steps: int, scheme: str) -> list[str]:
    """The tags of spans (type, start, end) in a scheme: BIO, BIOES or BILOU."""
    last, alone = {"BIO": ("I", "B"), "BIOES": ("E", "S"), "BILOU": ("L", "U")}[scheme]
    tags = ["O"] * steps
    for kind, start, end in found:
        letters = alone if end - start == 1 else "B" + "I" * (end - start - 2) + last
        tags[start:end] = [f"{letter}-{kind}" for letter in letters]
    return tags


def rising(samples: int, seed: int = 0) -> tuple[list[np.ndarray], list[Any]]:
    """Random walks of length 5-9; the label of a step says whether it is above the one before."""
    rng = np.random.default_rng(seed)
    X = [rng.normal(size=(rng.integers(5, 10), 1)).cumsum(0) for _ in range(samples)]
    return X, [["up" if step > 0 else "down" for step in np.diff(x[:, 0], prepend=0)] for x in X]


def seasons(samples: int, seed: int = 0) -> tuple[pd.DataFrame, None]:
    """Months of three series that rise and fall by the year, each at a level of its own; and no
    covariates."""
    rng = np.random.default_rng(seed)
    t = np.arange(samples)[:, None]
    levels = np.array([10.0, 100.0, 3000.0])
    values = levels * (3 + np.sin(t * np.pi / 6 + levels) + 0.01 * t)
    months = pd.period_range("2000-01", periods=samples, freq="M")
    noise = 1 + 0.01 * rng.normal(size=values.shape)
    return pd.DataFrame(values * noise, months, columns=["a", "b", "c"]), None


def digits(samples: int, seed: int = 0) -> tuple[list[str], list[str]]:
    """Four to six number words, and their digits: BLEU counts runs of four."""
    rng = np.random.default_rng(seed)
    words = ["null", "eins", "zwei", "drei"]
    rows = [rng.integers(len(words), size=rng.integers(4, 7)) for _ in range(samples)]
    X = [" ".join(words[k] for k in row) for row in rows]
    return X, [" ".join(map(str, row)) for row in rows]
