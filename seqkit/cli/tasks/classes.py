"""Tasks whose answers are classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seqkit.cli.tasks.task import SampleTask


class ClassTask(SampleTask):
    """A task of one class a sample."""

    strata = True

    def targets(self, y: Any, decimal: str) -> Any:
        import pandas as pd

        from seqkit.readers.tables import plain_numbers

        labels = pd.Series(list(y))
        if not pd.api.types.is_numeric_dtype(labels):
            labels = plain_numbers(labels.astype(object), decimal)
        return labels.to_numpy()

    def truth(self, model: Any, y: Any, decimal: str) -> Any:
        return in_kind_of(model.classes_, y, decimal)

    def answers(self, model: Any, X: Any, *, every: bool = False) -> dict[str, list[Any]]:
        probabilities = model.predict_proba(X)
        best = probabilities.argmax(1)
        columns = {
            "predicted": model.classes_[best].tolist(),
            "probability": list(probabilities.max(1)),
        }
        if every:
            columns |= {
                f"probability_{label}": list(column)
                for label, column in zip(model.classes_.tolist(), probabilities.T, strict=True)
            }
        return columns

    def scores(self, truth: Any, answers: Mapping[str, list[Any]]) -> dict[str, float]:
        import numpy as np
        from sklearn.metrics import accuracy_score, f1_score

        truth, predicted = np.asarray(truth), np.asarray(answers["predicted"])
        return {
            "accuracy": float(accuracy_score(truth, predicted)),
            "macro_f1": float(f1_score(truth, predicted, average="macro")),
        }

    def baseline(self, y: Any, truth: Any, X_test: Any) -> tuple[str, dict[str, float]]:
        import numpy as np

        labels, counts = np.unique(np.asarray(y), return_counts=True)
        commonest = labels[counts.argmax()]
        answers = {"predicted": [commonest] * len(truth)}
        return f"always {commonest}", self.scores(truth, answers)

    def pictures(self, truth: Any, answers: Mapping[str, list[Any]]) -> dict[str, Any]:
        from seqkit.inspection import plot_confusion

        picture = plot_confusion(truth, answers["predicted"], title="Test part")
        return {"confusion_matrix": picture}


def in_kind_of(classes: Any, labels: Any, decimal: str) -> Any:
    """Labels as they are written, numbers where the classes are."""
    import numpy as np
    import pandas as pd

    if classes.dtype.kind not in "iuf":
        return np.array([str(label) for label in labels], object)
    numbers = pd.Series(list(labels))
    if not pd.api.types.is_numeric_dtype(numbers):
        numbers = pd.to_numeric(
            numbers.astype(str).str.replace(decimal, ".", regex=False), errors="coerce"
        )
    if numbers.isna().any():
        label = list(labels)[int(np.argmax(numbers.isna()))]
        raise ValueError(f"--target: expected classes such as {classes[0]}, got {label!r}.")
    return numbers.to_numpy()
