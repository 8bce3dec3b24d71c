"""Texts into classes, a text a row."""

from __future__ import annotations

from typing import Any

from seqkit.cli.tasks.classes import ClassTask
from seqkit.cli.tasks.task import Column, Samples, Table


class TextClassification(ClassTask):
    """A text and its class in each row."""

    name = "text-classification"
    estimator = "TextClassifier"
    text = "a class for each text: a text a row"
    columns = (Column("text", "of the texts", "text"), Column("target", "of the classes", "label"))
    nouns = "texts"

    def read(self, table: Table, *, labelled: bool, model: Any) -> Samples:
        return pairs(table, labelled=labelled)


def pairs(table: Table, *, labelled: bool) -> Samples:
    """A text from each row, and with `labelled` what --target says of it. Rows that lack one of
    them are left out."""
    import numpy as np

    texts = table.texts("text")
    y = table.texts("target") if labelled else [" "] * len(texts)
    whole = np.array(
        [
            bool(t.strip()) and (bool(v.strip()) or not labelled)
            for t, v in zip(texts, y, strict=True)
        ],
        bool,
    )
    if labelled and not whole.any():
        names = " and ".join(repr(table.columns[o]) for o in ("text", "target"))
        raise ValueError(f"{table.source}: expected rows with {names}, got none.")
    rows = np.flatnonzero(whole)
    of_row = np.full(len(texts), -1)
    of_row[rows] = np.arange(len(rows))
    return Samples(
        [texts[k] for k in rows],
        [y[k] for k in rows] if labelled else None,
        of_row,
        len(rows),
        len(texts) - len(rows),
    )
