"""Tables and files of the tagging recipe."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from seqkit.cli.printed_tables import print_table, spread
from seqkit.cli.run_folder import RunFolder

from .capitals_and_marks import parts
from .sentences import Rows

MOST_LABELS = 15  # in a printed table or a picture


def print_results(
    output: RunFolder,
    baseline: Any,
    results: dict[str, list[dict[str, Any]]],
    support: Counter[str],
) -> None:
    """Prints who is ahead, the tables, where models are behind the baseline, and what the
    comparison shows; writes the baseline where that is ahead."""
    base = results["linear baseline"][0]
    figures = [key for key in base if key != "f1"]
    labels = [label for label, _ in support.most_common(MOST_LABELS)]
    means = {
        name: {key: float(np.mean([r[key] for r in runs])) for key in figures}
        for name, runs in results.items()
    }

    _print_ahead(output, baseline, means, figures[1])

    def seconds(runs: list[dict[str, Any]]) -> str:
        return f"{np.mean([r['seconds'] for r in runs]):.1f}" if "seconds" in runs[0] else ""

    def f1(runs: list[dict[str, Any]], label: str) -> list[float]:
        return [r["f1"].get(label, 0.0) for r in runs]

    print_table(
        ["model", *map(title, figures), "seconds"],
        [
            [name, *(spread([r[key] for r in runs]) for key in figures), seconds(runs)]
            for name, runs in results.items()
        ],
    )
    print()
    print_table(
        ["F1 of", "in the test part", *(name.partition(",")[0] for name in results)],
        [
            [label, support[label], *(spread(f1(runs, label)) for runs in results.values())]
            for label in labels
        ],
    )
    print()
    for name, runs in results.items():
        behind = [title(key) for key in figures if means[name][key] < base[key]]
        behind += [
            f"F1 of {label!r}"
            for label in labels
            if np.mean(f1(runs, label)) < base["f1"].get(label, 0.0)
        ]
        if behind:
            print(f"{name} is behind its baseline in {', '.join(behind)}.")
    if len(results) == 5:  # --compare
        _, one_way, _, both, with_crf = means.values()
        key = figures[1]
        print(
            f"{title(key)}: what follows a word is worth {100 * (both[key] - one_way[key]):+.2f} "
            "points (bidirectional less one-way); a CRF on the bidirectional model "
            f"{100 * (with_crf[key] - both[key]):+.2f}."
        )


def _print_ahead(
    output: RunFolder, baseline: Any, means: dict[str, dict[str, float]], key: str
) -> None:
    of_baseline, *others = ((name, values[key]) for name, values in means.items())
    best = max(others, key=lambda pair: pair[1])
    is_behind = best[1] < of_baseline[1]
    first, second = (of_baseline, best) if is_behind else (best, of_baseline)
    file = output.write_joblib("baseline", baseline if is_behind else None)
    relation = "as good as" if first[1] == second[1] else "ahead of"
    offer = f" It is in {file}: joblib.load reads it." if file else ""
    print(
        f"{first[0]} is {relation} {second[0]} in {title(key)}: {100 * first[1]:.2f} % and "
        f"{100 * second[1]:.2f} %.{offer}"
    )


def write_predictions(output: RunFolder, model: Any, X: Rows, y: Rows, predicted: Rows) -> None:
    """Writes predictions.csv, a row a token."""
    column = {label: k for k, label in enumerate(model.classes_.tolist())}
    probabilities = [
        float(of_step[column[label]])
        for of_row, labels in zip(model.predict_proba(X), predicted, strict=True)
        for of_step, label in zip(of_row, labels, strict=True)
    ]
    flat = {"token": X, "label": y, "predicted": predicted}
    columns = {name: [value for row in rows for value in row] for name, rows in flat.items()}
    sequence = [k for k, row in enumerate(X) for _ in row]
    output.write_csv("predictions", {"sequence": sequence, **columns, "probability": probabilities})


def write_confusion(output: RunFolder, is_text: bool, y: Rows, predicted: Rows) -> None:
    """Writes confusion_matrix.png, of marks, or of the most frequent labels."""

    def kinds(rows: Rows) -> list[str]:
        return [(parts(v)[1] or "none") if is_text else v for row in rows for v in row]

    pairs = list(zip(kinds(y), kinds(predicted), strict=True))
    pairs = [pair for pair in pairs if pair not in (("none", "none"), ("O", "O"))] or pairs
    counts = Counter(kind for kind, _ in pairs)
    shown = {kind for kind, _ in counts.most_common(MOST_LABELS)}
    truth, guessed = zip(
        *([k if k in shown else "other" for k in pair] for pair in pairs), strict=True
    )
    output.write_confusion(list(truth), list(guessed))


def title(key: str) -> str:
    """The name of a figure, for tables."""
    return key.replace("_", " ").replace("f1", "F1")
