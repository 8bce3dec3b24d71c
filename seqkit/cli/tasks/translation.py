"""Texts into texts, a pair a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seqkit.cli.tasks.task import Column, Samples, SampleTask, Table
from seqkit.cli.tasks.texts import pairs


class Translation(SampleTask):
    """A source and its target in each row."""

    name = "translation"
    estimator = "Seq2SeqTranslator"
    text = "a text for each text, such as its translation: a pair a row"
    columns = (
        Column("text", "of the sources", "source"),
        Column("target", "of what is to be written", "target"),
    )
    nouns = "pairs"

    def read(self, table: Table, *, labelled: bool, model: Any) -> Samples:
        return pairs(table, labelled=labelled)

    def answers(self, model: Any, X: Any, *, every: bool = False) -> dict[str, list[Any]]:
        texts, scores = model.predict(X, return_scores=True)
        return {"predicted": texts, "score": list(scores)}

    def scores(self, truth: Any, answers: Mapping[str, list[Any]]) -> dict[str, float]:
        from seqkit import metrics
        from seqkit.extras import MissingExtraError

        predicted = answers["predicted"]
        measured = {"exact_match": metrics.exact_match(truth, predicted)}
        try:
            measured |= {
                "bleu": metrics.bleu(truth, predicted).value,
                "chrf": metrics.chrf(truth, predicted).value,
            }
        except MissingExtraError as missing:
            print(f"Without BLEU and chrF: {missing}")
        return measured

    def baseline(self, y: Any, truth: Any, X_test: Any) -> tuple[str, dict[str, float]]:
        return "the source as it is", self.scores(truth, {"predicted": list(X_test)})
