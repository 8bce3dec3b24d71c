"""Scores of predicted tags, one by one and as whole sequences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from seqkit.checks import as_numbers, one_of

check_average = partial(one_of("micro", "macro", None), "average")


def token_accuracy(y_true: Any, y_pred: Any, sample_weight: Any = None) -> float:
    """The share of tags that are right.

    Args:
        y_true: the true tags: a list of sequences, each a list or array (T_i,), without padding.
        y_pred: the predicted tags, in the same form.
        sample_weight: (n,), how much each tag of a sequence counts; or a list of (T_i,), how much
            each tag does; None: all the same.

    Raises:
        ValueError: where numbers of sequences or their lengths differ, also of weights, or there
            is no tag at all.
        TypeError: for anything that is not a list of sequences.

    Example:
        >>> token_accuracy([["O", "B-NP"], ["O"]], [["O", "O"], ["O"]]) == 2 / 3
        True
    """
    pairs = paired_tags(y_true, y_pred)
    lengths = [len(true) for true, _ in pairs]
    right = [t == p for pair in pairs for t, p in zip(*pair, strict=True)]
    return _weighted_mean(right, _weights_of_tags(sample_weight, lengths))


def sequence_accuracy(y_true: Any, y_pred: Any, sample_weight: ArrayLike | None = None) -> float:
    """The share of sequences of which every tag is right.

    Args:
        y_true, y_pred: as for `token_accuracy`.
        sample_weight: (n,), how much each sequence counts; None: all the same.

    Raises:
        ValueError, TypeError: as for `token_accuracy`.

    Example:
        >>> sequence_accuracy([["O", "B-NP"], ["O"]], [["O", "O"], ["O"]])
        0.5
    """
    right = [true == predicted for true, predicted in paired_tags(y_true, y_pred)]
    return _weighted_mean(right, _weights_of_sequences(sample_weight, len(right)))


def token_f1(
    y_true: Any,
    y_pred: Any,
    average: str | None = "macro",
    ignore: Iterable[Hashable] = ("O",),
) -> Any:
    """F1 of tags, one by one: 2 right / (predicted + true), 0 where there is neither.

    Args:
        y_true, y_pred: as for `token_accuracy`.
        average: "macro", the mean over the labels that are true or predicted somewhere; "micro",
            of the counts of all labels together; None for each label.
        ignore: labels that do not count.

    Returns:
        A number, or a dict label -> F1 where `average` is None.

    Raises:
        ValueError: for another average, or as for `token_accuracy`.
        TypeError: as for `token_accuracy`.

    Example:
        >>> token_f1([["O", "A", "A", "B"]], [["A", "A", "A", "B"]], average=None)
        {'A': 0.8, 'B': 1.0}
    """
    check_average(average)
    right: Counter = Counter()
    predicted: Counter = Counter()
    expected: Counter = Counter()
    for true, guess in paired_tags(y_true, y_pred):
        right.update(t for t, p in zip(true, guess, strict=True) if t == p)
        predicted.update(guess)
        expected.update(true)
    ignored = set(ignore)
    labels = [label for label in in_order({*expected, *predicted}) if label not in ignored]
    return averaged_f1(
        {label: scores(right[label], predicted[label], expected[label]) for label in labels},
        scores(*(sum(count[label] for label in labels) for count in (right, predicted, expected))),
        average,
    )


def scores(right: int, predicted: int, expected: int) -> dict[str, float]:
    """Precision, recall, F1 (0 where nothing is counted) and support."""
    return {
        "precision": right / predicted if predicted else 0.0,
        "recall": right / expected if expected else 0.0,
        "f1": 2 * right / (predicted + expected) if predicted or expected else 0.0,
        "support": expected,
    }


def averaged_f1(
    of_label: dict[Any, dict[str, float]], together: dict[str, float], average: str | None
) -> Any:
    """F1 of each label, their mean, or that of all labels together."""
    if average == "micro":
        return together["f1"]
    f1 = {label: value["f1"] for label, value in of_label.items()}
    if average == "macro":
        return sum(f1.values()) / len(f1) if f1 else 0.0
    return f1


def in_order(labels: Iterable[Any]) -> list[Any]:
    """Sorted; by type first, since numbers and text do not compare."""
    return sorted(labels, key=lambda label: (isinstance(label, str), label))


def paired_tags(y_true: Any, y_pred: Any) -> list[tuple[list, list]]:
    """The true and the predicted tags of each sequence, as lists of plain Python values.

    Raises:
        ValueError: where numbers of sequences or their lengths differ, with the first such sample.
        TypeError: for anything that is not a list of sequences.
    """
    true, predicted = _sequences(y_true, "y_true"), _sequences(y_pred, "y_pred")
    if len(true) != len(predicted):
        raise ValueError(
            "y_true and y_pred must hold the same number of sequences, "
            f"got {len(true)} and {len(predicted)}."
        )
    for i, (t, p) in enumerate(zip(true, predicted, strict=True)):
        if len(t) != len(p):
            raise ValueError(
                "y_true and y_pred must have equal lengths, got "
                f"{len(t)} and {len(p)} tags in sample {i}."
            )
    return list(zip(true, predicted, strict=True))


def _sequences(y: Any, name: str) -> list[list]:
    if isinstance(y, str | bytes | dict) or not hasattr(y, "__iter__"):
        raise TypeError(f"{name} must be a list of sequences of tags, got {type(y).__name__}.")
    return [plain_tags(sequence, f"{name}[{i}]") for i, sequence in enumerate(y)]


def plain_tags(sequence: Any, place: str) -> list:
    """One sequence of tags as a list; `place` is what errors call it."""
    if isinstance(sequence, str | bytes | dict) or not hasattr(sequence, "__iter__"):
        raise TypeError(
            f"{place} must be a sequence of tags, got {sequence!r}. Put a sequence that is alone "
            "into a list."
        )
    if hasattr(sequence, "__array__"):
        sequence = np.asarray(sequence).tolist()
    tags = [tag.item() if isinstance(tag, np.generic) else tag for tag in sequence]
    for t, tag in enumerate(tags):
        if not isinstance(tag, Hashable):
            raise TypeError(f"{place}[{t}] must be one tag, text or a number, got {tag!r}.")
    return tags


def _weights_of_tags(sample_weight: Any, lengths: list[int]) -> np.ndarray:
    """The weights of the tags of all sequences, one after the other."""
    rows = [] if sample_weight is None else list(sample_weight)
    if not any(np.ndim(row) for row in rows):
        return np.repeat(_weights_of_sequences(sample_weight, len(lengths)), lengths)
    shapes = [np.shape(row) for row in rows]
    if shapes != [(length,) for length in lengths]:
        raise ValueError(
            "sample_weight must hold one number a sequence, or one a tag, of the lengths "
            f"{lengths[:5]}, got shapes {shapes[:5]}."
        )
    return np.concatenate([as_numbers(f"sample_weight[{i}]", row) for i, row in enumerate(rows)])


def _weights_of_sequences(sample_weight: ArrayLike | None, sequences: int) -> np.ndarray:
    weight = np.ones(sequences)
    if sample_weight is not None:
        weight = as_numbers("sample_weight", sample_weight)
    if weight.shape != (sequences,):
        raise ValueError(
            f"sample_weight must hold one number a sequence, ({sequences},), "
            f"got shape {weight.shape}."
        )
    return weight


def _weighted_mean(right: Sequence[bool], weight: np.ndarray) -> float:
    """sum_i w_i right_i / sum_i w_i."""
    if not weight.sum() > 0:
        raise ValueError("There must be at least one tag of a weight above zero, got none.")
    return float(weight @ np.asarray(right, float) / weight.sum())
