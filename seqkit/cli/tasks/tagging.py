"""A label for each token of a sentence, a token a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seqkit.cli.tasks.classes import in_kind_of
from seqkit.cli.tasks.task import Column, Samples, SampleTask, Table


class Tagging(SampleTask):
    """A token and its label in each row; a column names the sentence."""

    name = "tagging"
    estimator = "SequenceTagger"
    text = "a label for each token of a sentence: a token a row, a column that names the sentence"
    columns = (
        Column("text", "of the tokens", "token"),
        Column("target", "of the labels", "label"),
    )
    nouns = "sentences"
    rows_are_samples = False

    def id_column(self, model: Any, columns: Sequence[str]) -> str | None:
        return model.id

    def read(self, table: Table, *, labelled: bool, model: Any) -> Samples:
        import numpy as np
        import pandas as pd

        from seqkit import checks

        checks.known_column("--id", model.id, table.frame.columns, table.source)
        ids = table.frame[model.id]
        tokens = table.texts("text")
        blank = next((k for k, token in enumerate(tokens) if not token.strip()), None)
        if blank is not None:
            raise ValueError(
                f"--text: {table.source} must have a token in each row, got none in row "
                f"{table.first_row + blank + 1}."
            )
        labels = table.texts("target") if labelled else tokens
        unlabelled = next((k for k, label in enumerate(labels) if not label.strip()), None)
        if unlabelled is not None:
            raise ValueError(
                f"--target: {table.source} must have a label in each row, got none in row "
                f"{table.first_row + unlabelled + 1}."
            )
        codes, names = pd.factorize(ids)
        rows: list[list[int]] = [[] for _ in names]
        for row, code in enumerate(codes):
            rows[code].append(row)
        # Blanks within a token would make two of it.
        X = [["\u00a0".join(tokens[k].split()) for k in steps] for steps in rows]
        y = [[labels[k] for k in steps] for steps in rows] if labelled else None
        return Samples(X, y, np.asarray(codes), len(rows))

    def targets(self, y: Any, decimal: str) -> Any:
        return y

    def truth(self, model: Any, y: Any, decimal: str) -> Any:
        return [in_kind_of(model.classes_, row, decimal).tolist() for row in y]

    def answers(self, model: Any, X: Any, *, every: bool = False) -> dict[str, list[Any]]:
        predicted = [row.tolist() for row in model.predict(X)]
        probabilities = model.predict_proba(X)
        column = {label: k for k, label in enumerate(model.classes_.tolist())}
        columns: dict[str, list[Any]] = {
            "predicted": predicted,
            "probability": [
                [float(step[column[label]]) for step, label in zip(steps, labels, strict=True)]
                for steps, labels in zip(probabilities, predicted, strict=True)
            ],
        }
        if every:
            columns |= {
                f"probability_{label}": [list(steps[:, k]) for steps in probabilities]
                for label, k in column.items()
            }
        return columns

    def scores(self, truth: Any, answers: Mapping[str, list[Any]]) -> dict[str, float]:
        from seqkit.metrics import span_f1, token_accuracy, token_f1

        predicted = answers["predicted"]
        measured = {
            "accuracy": float(token_accuracy(truth, predicted)),
            "macro_f1": float(token_f1(truth, predicted)),
        }
        labels = {str(label) for row in truth for label in row}
        if "O" in labels and all(label[:2] in ("B-", "I-") for label in labels - {"O"}):
            measured["span_f1"] = float(span_f1(truth, predicted))
        return measured

    def baseline(self, y: Any, truth: Any, X_test: Any) -> tuple[str, dict[str, float]]:
        from collections import Counter

        ((commonest, _),) = Counter(label for row in y for label in row).most_common(1)
        answers = {"predicted": [[commonest] * len(row) for row in truth]}
        return f"always {commonest}", self.scores(truth, answers)

    def pictures(self, truth: Any, answers: Mapping[str, list[Any]]) -> dict[str, Any]:
        from seqkit.inspection import plot_confusion

        picture = plot_confusion(truth, answers["predicted"], title="Test part")
        return {"confusion_matrix": picture}
