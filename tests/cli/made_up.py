"""Small tables of every task, which a model of two units can learn something of."""

from __future__ import annotations

import numpy as np
import pandas as pd

SMALL = ("--cell", "gru", "--units", "2", "--epochs", "1")
WORDS = {"good": ("superb", "moving"), "bad": ("dull", "tired")}


def texts(count: int = 40) -> pd.DataFrame:
    """Reviews with columns that must stay as they are written."""
    rng = np.random.default_rng(0)
    kinds = ["good", "bad"] * (count // 2)
    said = [
        f"{' '.join(rng.choice(['a', 'the', 'film', 'plot'], 3))} {rng.choice(WORDS[kind])}"
        for kind in kinds
    ]
    numbers = [f"{k:03}" for k in range(count)]
    return pd.DataFrame(
        {"number": numbers, "review": said, "verdict": kinds, "note": "NA", "price": "1.50"}
    )


def series(count: int = 24) -> pd.DataFrame:
    """Series of 3 to 6 steps, a row a step, of the classes 007 and NA."""
    rng = np.random.default_rng(0)
    rows = [
        (f"s{k:02}", step, rng.normal() + 3 * (k % 2), ["007", "NA"][k % 2], 2.5 * (k % 2))
        for k in range(count)
        for step in range(rng.integers(3, 7))
    ]
    return pd.DataFrame(rows, columns=["unique_id", "ds", "speed", "label", "target"]).round(3)


def sentences(count: int = 20) -> pd.DataFrame:
    """Sentences of names and verbs, a row a token."""
    rng = np.random.default_rng(0)
    rows = [
        (k, token, "B-PER" if token in ("Ann", "Bo") else "O", token.upper())
        for k in range(count)
        for token in rng.choice(["Ann", "Bo", "runs", "eats"], rng.integers(2, 5))
    ]
    return pd.DataFrame(rows, columns=["unique_id", "token", "label", "note"])


def pairs() -> pd.DataFrame:
    """Pairs of phrases."""
    rows = [("un chat", "a cat"), ("un chien", "a dog"), ("le chat", "the cat")] * 8
    return pd.DataFrame(rows, columns=["source", "target"])


def sales(days: int = 40, to_come: int = 4) -> pd.DataFrame:
    """Daily sales of two shops, with the prices of the days to come."""
    rng = np.random.default_rng(0)
    rows = []
    for shop, level, region in (("007", 10, "south"), ("NA", 50, "north")):
        for k, day in enumerate(pd.date_range("2024-01-01", periods=days + to_come)):
            sold = level + 3 * np.sin(2 * np.pi * k / 7) + 0.3 * rng.normal()
            sold = round(sold, 2) if k < days else None
            rows.append((shop, day.date(), sold, k % 3, region, f"memo {k}"))
    return pd.DataFrame(rows, columns=["shop", "day", "sold", "price", "region", "memo"])
