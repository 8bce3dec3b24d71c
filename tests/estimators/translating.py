"""Small tasks for translators, and translators that are quick to fit."""

from __future__ import annotations

from typing import Any

import numpy as np

import seqkit

WORDS = dict(zip(["one", "two", "three", "four", "five"], "12345", strict=True))
# Quick to fit, and alike where it decides what is compiled: a process compiles a shape once.
SMALL = {
    "cell": "gru",
    "units": 16,
    "bidirectional": False,
    "embedding_dim": 16,
    "tokens": "word",
    "batch_size": 16,
    "learning_rate": 0.02,
    "dropout": 0.0,
    "embedding_dropout": 0.0,
    "random_state": 0,
}


def numbers(samples: int, seed: int = 0) -> tuple[list[str], list[str]]:
    """Number words, one to three of them, and their digits: "two five" and "2 5"."""
    rng = np.random.default_rng(seed)
    rows = [rng.choice(list(WORDS), rng.integers(1, 4)) for _ in range(samples)]
    return [" ".join(row) for row in rows], [" ".join(WORDS[w] for w in row) for row in rows]


def token_lists(texts: list[str]) -> list[list[str]]:
    return [text.split() for text in texts]


def translator(**options: Any) -> seqkit.Seq2SeqTranslator:
    return seqkit.Seq2SeqTranslator(**{**SMALL, "epochs": 2, **options})
