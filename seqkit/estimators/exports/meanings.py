"""Meanings of the tensors of exports, for whoever sends requests."""

from __future__ import annotations

from typing import Any

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
        texts["inputs"] = _NUMBERS
    elif hasattr(source, "tokens"):
        texts["inputs"] = _TOKENS if source.mode in ("whitespace", "pieces") else _TEXTS
    else:
        texts["inputs"] = _SOURCES
    if hasattr(target, "cut"):  # labels of steps
        texts["labels"] = 'The label of each step; "" after the end of a row.'
        texts["probabilities"] = f"The probability of each label at each step: {_classes(target)}."
    elif hasattr(target, "classes"):
        texts["labels"] = "The labels that the columns of probabilities stand for."
        texts["probabilities"] = f"The probability of each class: {_classes(target)}."
    return texts


def _classes(target: Any) -> str:
    labels = [str(label) for label in target.classes.labels]
    return ", ".join(labels[:10]) + (", ... as in labels.json" if len(labels) > 10 else "")
