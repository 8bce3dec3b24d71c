"""Figures of the gallery: seqkit's are outside of pyplot, where sphinx-gallery looks for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sphinx_gallery.scrapers import figure_rst

_SEEN = "__figures_shown__"


def scraper(block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """Saves the figures that a block has put into variables, and gives the text that shows them."""
    names = block_vars["example_globals"]
    seen: list[Figure] = names.setdefault(_SEEN, [])
    paths = []
    for value in list(names.values()):
        figure = value.figure if isinstance(value, Axes) else value
        if isinstance(figure, Figure) and not any(figure is other for other in seen):
            seen.append(figure)
            path = Path(next(block_vars["image_path_iterator"]))
            figure.savefig(path, dpi=100)
            paths.append(str(path))
    return figure_rst(paths, gallery_conf["src_dir"])
