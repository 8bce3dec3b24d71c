"""Figures that are laid out by themselves, and by whatever else their user asks for.

matplotlib's own constrained layout gives way to `tight_layout()` with a warning alone, and to none
once the figure has a colorbar among its axes.
"""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine, PlaceHolderLayoutEngine


class GivingWay(PlaceHolderLayoutEngine):
    """Constrained layout, which `Figure.tight_layout` replaces without a warning.

    It does so with a placeholder, which this is to matplotlib.
    """

    def __init__(self) -> None:
        super().__init__(adjust_compatible=False, colorbar_gridspec=False)
        self._constrained = ConstrainedLayoutEngine()

    def execute(self, fig: Figure) -> None:
        """Lays a figure out; matplotlib calls it before it draws."""
        self._constrained.execute(fig)

    def set(self, **paddings: Any) -> None:
        """Sets paddings, as of constrained layout."""
        self._constrained.set(**paddings)

    def get(self) -> dict[str, Any]:
        """The paddings."""
        return self._constrained.get()


class LaidOutFigure(Figure):
    """A figure whose axes stay clear of a legend below them, in `tight_layout()` too.

    Example:
        >>> LaidOutFigure().tight_layout()
    """

    def __init__(self, figsize: tuple[float, float] | None = None) -> None:
        super().__init__(figsize=figsize, layout=GivingWay())

    def tight_layout(self, *, rect: Any = None, **paddings: Any) -> None:
        """Lays the figure out once, as `Figure.tight_layout` does.

        Args:
            rect: part of the figure for its axes, (left, bottom, right, top). Default: all that is
                above the legend.
            paddings: `pad`, `h_pad` and `w_pad`, as matplotlib has them.
        """
        if rect is None and self.legends:
            height = self.bbox.height
            tops = [legend.get_window_extent().y1 / height for legend in self.legends]
            rect = (0, max(tops), 1, 1)
        super().tight_layout(rect=rect, **paddings)
