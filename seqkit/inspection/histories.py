"""Pictures of trainings: what was recorded of each epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from seqkit.checks import did_you_mean
from seqkit.inspection.drawing.panels import axes_for, figure_of, marker

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

VALIDATION = "val_"  # as Keras calls what is recorded of validation data


def plot_history(
    history: Any, metric: str = "loss", *, best_epoch: int | None = None, ax: Axes | None = None
) -> Figure:
    """Draws a quantity over the epochs of a training, and that of the validation data.

    Args:
        history: a fitted estimator, whose `best_epoch_` is marked; its `history_`; or what `fit` of
            a Keras model returns.
        metric: the quantity. Default "loss".
        best_epoch: an epoch to mark, from 1. Default: an estimator's own, else none.
        ax: axes to draw on. Default: a new figure.

    Returns:
        The figure. `figure.axes` holds its axes, `figure.savefig(path)` writes it.

    Raises:
        TypeError: for anything else as history, or an `ax` that is none.
        ValueError: for a history without epochs, a metric that it does not have, or a best_epoch
            outside of it.
        MissingExtraError: without matplotlib.

    Example:
        >>> figure = plot_history({"loss": [2.0, 1.0], "val_loss": [2.1, 1.5]})
        >>> [line.get_label() for line in figure.axes[0].lines]
        ['training', 'validation']
    """
    recorded = _recorded(history)
    if metric not in recorded:
        own = [name for name in recorded if not name.startswith(VALIDATION)]
        raise ValueError(
            f"metric must be one of {', '.join(map(repr, own))}, got {metric!r}."
            f"{did_you_mean(metric, own)}"
        )
    count = len(recorded[metric])
    if not count:
        raise ValueError("history must have at least one epoch, got none.")
    best = getattr(history, "best_epoch_", None) if best_epoch is None else best_epoch
    if best is not None and not 1 <= best <= count:
        raise ValueError(f"best_epoch must be an epoch of history, 1 to {count}, got {best}.")
    (axes,) = axes_for([metric], ax)
    from matplotlib.ticker import MaxNLocator

    epochs = range(1, count + 1)
    for name, label in ((metric, "training"), (VALIDATION + metric, "validation")):
        if name in recorded:
            axes.plot(epochs, recorded[name], label=label, marker=marker(recorded[name]))
    # The last epoch is what one expects; another is worth a line.
    if best is not None and best < count:
        axes.axvline(best, color="0.5", linestyle=":", label=f"kept: epoch {best}")
    axes.set(xlabel="epoch", ylabel=metric.replace("_", " "), title="Learning curve")
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    axes.legend()
    axes.grid(alpha=0.3)
    return figure_of(axes)


def _recorded(history: Any) -> Mapping[str, Sequence[float]]:
    for attribute in ("history_", "history"):  # an estimator's, and that of Keras's callback
        if isinstance(getattr(history, attribute, None), Mapping):
            return getattr(history, attribute)
    if isinstance(history, Mapping):
        return history
    raise TypeError(
        "history must be a fitted estimator, its history_, or what fit of a Keras model returns, "
        f"got {type(history).__name__}."
    )
