"""Pictures of how classes are taken for each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.checks import one_of
from seqkit.frames import as_pandas
from seqkit.inspection.drawing.panels import axes_for, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NUMBERED = 30  # classes up to which a cell's number is written
TURNED = 6  # classes from which their names are written upwards
SHORT = 3  # letters of a name that has room beside others


def plot_confusion(
    y_true: Any,
    y_pred: Any,
    *,
    labels: Sequence[Any] | None = None,
    normalize: str | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draws a confusion matrix: a row a true class, a column a predicted one.

    Args:
        y_true, y_pred: labels (n,); or rows of labels, one a step, as taggers have them.
        labels: the classes to draw, in their order. Default: all there are, sorted.
        normalize: "true" for shares of each row, None for counts. Default None.
        title: of the axes. Default none.
        ax: axes to draw on. Default: a new figure.

    Returns:
        The figure. `figure.axes` holds its axes, `figure.savefig(path)` writes it.

    Raises:
        TypeError: for an `ax` that is none.
        ValueError: for numbers of labels that differ, for none, and another normalize.
        MissingExtraError: without matplotlib.

    Example:
        >>> figure = plot_confusion(["a", "a", "b"], ["a", "b", "b"])
        >>> [text.get_text() for text in figure.axes[0].texts]
        ['1', '1', '0', '1']
    """
    from sklearn.metrics import ConfusionMatrixDisplay, confusion_matrix

    one_of("true", None)("normalize", normalize)
    truth, predicted = _flat("y_true", y_true), _flat("y_pred", y_pred)
    if len(truth) != len(predicted):
        raise ValueError(
            "y_true and y_pred must have as many labels each, got "
            f"{len(truth)} and {len(predicted)}."
        )
    if not len(truth):
        raise ValueError("y_true must have at least one label, got none.")
    if labels is None:
        labels = np.unique(np.concatenate([truth, predicted])).tolist()
    matrix = confusion_matrix(truth, predicted, labels=list(labels), normalize=normalize)
    (axes,) = axes_for(["confusion"], ax)
    if ax is None:
        side = float(np.clip(2.5 + 0.4 * len(labels), 5, 14))
        figure_of(axes).set_size_inches(side + 0.5, side)
    shown = ConfusionMatrixDisplay(matrix, display_labels=labels)
    shown.plot(
        ax=axes,
        cmap="Blues",
        colorbar=False,
        include_values=len(labels) <= NUMBERED,
        values_format=".2f" if normalize else "d",
        xticks_rotation="vertical" if _is_crowded(labels) else "horizontal",
    )
    for tick in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        tick.set_parse_math(False)  # "$" begins no formula
    if title is not None:
        axes.set_title(title)
    return figure_of(axes)


def _is_crowded(labels: Sequence[Any]) -> bool:
    """Whether names side by side would overlap."""
    if len(labels) < TURNED:
        return False
    return len(labels) > NUMBERED or max(len(str(label)) for label in labels) > SHORT


def _flat(argument: str, labels: Any) -> np.ndarray:
    """The labels one after the other."""
    labels = as_pandas(labels)
    rows = list(labels)
    if any(not isinstance(row, str) and np.ndim(row) > 1 for row in rows):
        raise ValueError(f"{argument} must have labels, or rows of labels, got deeper lists.")
    if rows and not isinstance(rows[0], str) and np.ndim(rows[0]) == 1:
        rows = [label for row in rows for label in np.asarray(row).tolist()]
    return np.asarray(rows)
