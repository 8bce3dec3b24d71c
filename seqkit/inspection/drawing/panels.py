"""Figures, and axes of time."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence, Sized
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.extras import require

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

_COLUMNS = 3  # of small axes


def axes_for(names: Sequence[Hashable], ax: Axes | None) -> list[Axes]:
    """Axes to draw on, one a series; those of a new figure unless `ax` is given.

    Raises:
        TypeError: for an `ax` that is none.
        ValueError: for an `ax` and several series.
        MissingExtraError: without matplotlib.
    """
    require("matplotlib", "a picture of seqkit.inspection")
    from matplotlib.axes import Axes

    from seqkit.inspection.drawing.layout import LaidOutFigure

    if ax is not None:
        if not isinstance(ax, Axes):
            raise TypeError(
                f"ax must be one Axes of matplotlib, got {type(ax).__name__}. Give one, or leave "
                "ax out for a figure of its own."
            )
        if len(names) > 1:
            raise ValueError(
                f"ax takes one series, got {len(names)}. Give one series, or leave ax out for "
                "axes of each."
            )
        return [ax]
    columns = 2 if len(names) == 4 else min(len(names), _COLUMNS)
    rows = math.ceil(len(names) / columns)
    size = (8.0, 4.0) if len(names) == 1 else (4.0 * columns, 2.6 * rows)
    figure = LaidOutFigure(size)
    panels = figure.subplots(rows, columns, squeeze=False).ravel().tolist()
    for empty in panels[len(names) :]:
        empty.remove()
    return panels[: len(names)]


def figure_of(axes: Axes) -> Figure:
    """The figure that axes are part of."""
    figure: Any = axes.figure
    return figure


def add_scale(axes: Axes, picture: ScalarMappable) -> None:
    """Draws the scale of colours at the right of axes.

    It is part of them: a colorbar among a figure's axes would tie the figure to its kind of layout.
    """
    scale = axes.inset_axes((1.03, 0, 0.04, 1))
    figure_of(axes).colorbar(picture, cax=scale)


def finish(panels: Sequence[Axes], names: Sequence[Hashable], times: pd.Index) -> Figure:
    """Titles, one legend, and an axis of time for axes that are drawn.

    Args:
        panels: the axes.
        names: of their series; None stands for one without a name.
        times: an index of the kind that is drawn, for its time zone.
    """
    for axes, name in zip(panels, names, strict=True):
        if name is not None:
            axes.set_title(str(name), parse_math=False)  # "$" begins no formula
        axes.grid(alpha=0.3)
        _time_axis(axes, times)
    figure = figure_of(panels[0])
    if len(panels) == 1:
        panels[0].legend()
    else:  # where it hides nothing
        entries: dict[str, Artist] = {}
        for axes in panels:
            handles, labels = axes.get_legend_handles_labels()
            entries = dict(zip(labels, handles, strict=True)) | entries
        figure.legend(
            list(entries.values()), list(entries), loc="outside lower center", ncols=len(entries)
        )
    return figure


def positions(times: pd.Index) -> np.ndarray:
    """Timestamps as matplotlib draws them: integers, or instants of UTC; a period by its start."""
    import pandas as pd

    if isinstance(times, pd.PeriodIndex):
        times = times.to_timestamp()
    if isinstance(times, pd.DatetimeIndex):
        return times.tz_convert(None).to_numpy() if times.tz is not None else times.to_numpy()
    return times.to_numpy()


def marker(values: Sized) -> str:
    """The marker of a line: one point alone would have none, and not be seen."""
    return "o" if len(values) == 1 else ""


def _time_axis(axes: Axes, times: pd.Index) -> None:
    import pandas as pd
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.ticker import MaxNLocator

    if isinstance(times, pd.PeriodIndex | pd.DatetimeIndex):
        zone = getattr(times, "tz", None)
        locator = AutoDateLocator(tz=zone, minticks=3)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, tz=zone))
    else:
        axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
