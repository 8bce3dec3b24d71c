"""Meanings of the tensors of exports, for whoever sends requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from seqkit.estimators.inputs.numeric import FARTHEST

_NUMBERS = (
    "Numeric sequences; the steps after the end of a shorter one are NaN in all features, or "
    "anything where there are lengths."
)
_TOKENS = "Texts; blanks separate their tokens."
_TEXTS = "Texts as they are: tokens and vocabulary are part of the model."
_SOURCES = "Texts to translate; of lists of tokens, tokens with blanks between."

_COMMON = {
    "scores": "Log-probabilities, with the penalties of the search.",
    "outputs": "Translations; of signature beam the best ones, of which the first is the best.",
    "label": "The most probable class.",
    "values": "The numbers that are predicted, in the units of the training.",
    "lengths": "The steps of each row; anything may stand behind them.",
    "history": "The past of each series: the value first, in original units, NaN where it is "
    "missing; then the columns of past and of known covariates that are numbers.",
    "future": "Known covariates that are numbers, of the steps to forecast.",
    "history_categories": 'Covariates that are categories, past ones first; "" for none.',
    "future_categories": 'Known covariates that are categories, of the steps to forecast; "" for '
    "none.",
    "timestamps": "Local time of the steps of the history and of the horizon, such as "
    '2024-05-31T13:30; "" before the first value.',
    "static": "Numbers that describe each series.",
    "categories": "Categories that describe each series.",
    "forecast": "The forecast of each step of the horizon.",
}


def meanings(source: Any, target: Any) -> dict[str, str]:
    """Says of inputs and outputs of the signatures of a fit what they are, by name.

    Args:
        source: what reads X.
        target: what reads y.
    """
    texts = dict(_COMMON)
    if hasattr(target, "levels"):
        levels = ", ".join(f"{level:g}" for level in target.levels)
        texts["quantiles"] = f"Quantiles of each step at the levels {levels}."
    if hasattr(source, "channels"):
        texts["inputs"] = _NUMBERS + rounding("a feature", source.mean, np.sqrt(source.variance))
    elif hasattr(source, "tokens"):
        texts["inputs"] = _TOKENS if source.mode in ("whitespace", "pieces") else _TEXTS
    else:
        texts["inputs"] = _SOURCES
    if getattr(source, "panel", None) is not None:
        values = [v[np.isfinite(v)] for v in source.panel.values]
        values = [v for v in values if len(v)]
        texts["history"] += rounding(
            "a series", [v.mean() for v in values], list(map(np.std, values))
        )
    if hasattr(target, "scale"):  # numbers
        texts["values"] += rounding("a number", target.mean, target.scale)
    if hasattr(target, "cut"):  # labels of steps
        texts["labels"] = 'The label of each step; "" after the end of a row.'
        texts["probabilities"] = f"The probability of each label at each step: {_classes(target)}."
    elif hasattr(target, "classes"):
        texts["labels"] = "The labels that the columns of probabilities stand for."
        texts["probabilities"] = f"The probability of each class: {_classes(target)}."
    return texts


def rounding(noun: str, means: Sequence[float], deviations: Sequence[float]) -> str:
    """Tells, beginning with a blank, how far from zero what is that float32 carries too few digits
    of; nothing where it carries enough.

    Args:
        noun: what the means are of, one each.
        means, deviations: as training had them.

    Example:
        >>> rounding("a feature", [0.0, 1.7e9], [1.0, 20.0])  # doctest: +NORMALIZE_WHITESPACE
        ' float32 carries a feature of mean 1.7e+09 and deviation 20 in steps of 128: subtract a
        constant before fit, in requests too.'
        >>> rounding("a feature", [100.0], [1.0])
        ''
    """
    size, spread = np.abs(np.asarray(means, float)), np.asarray(deviations, float)
    far = np.flatnonzero((spread > 0) & (size > FARTHEST * spread))
    if not len(far):
        return ""
    k = int(far[np.argmax(size[far] / spread[far])])
    return (
        f" float32 carries {noun} of mean {means[k]:.4g} and deviation {spread[k]:.4g} in steps of "
        f"{np.spacing(np.float32(size[k])):.3g}: subtract a constant before fit, in requests too."
    )


def _classes(target: Any) -> str:
    labels = [str(label) for label in target.classes.labels]
    return ", ".join(labels[:10]) + (", ... as in labels.json" if len(labels) > 10 else "")
