"""Pictures of attention: the weight of each token that was read for each one written."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from seqkit.extras import require

MOST_PANELS = 10
_COLUMNS = 2
_CELL = 0.28  # inches a token takes


def draw(
    path: str | os.PathLike[str],
    source_tokens: Sequence[Sequence[str]],
    target_tokens: Sequence[Sequence[str]],
    weights: Sequence[Any],
) -> Path:
    """Draws the attention of up to ten samples, a heat map each, into one PNG.

    A row is a token that was written, a column a token that was read; the darker, the more weight.
    matplotlib's font has the letters of Europe and Arabic; others are shown as boxes.

    Args:
        path: the file; it appears complete or not at all, and its folder is made.
        source_tokens: of each sample, S tokens.
        target_tokens: of each sample, T tokens.
        weights: of each sample, (T, S), from 0 to 1. What is beyond T and S, padding, is left out.

    Returns:
        The path.

    Raises:
        ValueError: for no sample or more than ten, unequal numbers of them, or fewer weights than
            tokens.

    Example:
        >>> import tempfile
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = f"{folder.name}/attention.png"
        >>> draw(path, [["va", "vite"]], [["go", "fast"]], [[[0.9, 0.1], [0.2, 0.8]]]).name
        'attention.png'
    """
    require("matplotlib", "a picture of attention")
    from matplotlib.figure import Figure

    maps = _maps(source_tokens, target_tokens, weights)
    columns = min(len(maps), _COLUMNS)
    rows = math.ceil(len(maps) / columns)
    # Cells of about one size: what is in a column is as wide, what is in a row as high.
    widths = [_most(source_tokens[k::columns]) for k in range(columns)]
    heights = [_most(target_tokens[k * columns :][:columns]) for k in range(rows)]
    # Beside a map stand its written tokens, above it those that were read.
    size = (_CELL * sum(widths) + 2 * columns, _CELL * sum(heights) + 1.6 * rows)
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False, width_ratios=widths, height_ratios=heights)
    panels = grid.ravel()
    for axes, source, target, shown in zip(
        panels, source_tokens, target_tokens, maps, strict=False
    ):
        axes.imshow(shown, cmap="Greys", vmin=0, vmax=1, aspect="auto", interpolation="nearest")
        axes.xaxis.tick_top()
        axes.set_xticks(range(len(source)), _plain(source), rotation=60, ha="left")
        axes.set_yticks(range(len(target)), _plain(target))
    for axes in panels[len(maps) :]:
        axes.remove()
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    try:
        with warnings.catch_warnings():  # one a letter without a glyph: those are boxes, see above
            warnings.filterwarnings("ignore", "Glyph .* missing from")
            figure.savefig(partial, dpi=120, format="png")
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def _maps(
    source_tokens: Sequence[Sequence[str]],
    target_tokens: Sequence[Sequence[str]],
    weights: Sequence[Any],
) -> list[np.ndarray]:
    """The weights of each sample, (T, S), without padding."""
    numbers = {len(source_tokens), len(target_tokens), len(weights)}
    if len(numbers) != 1:
        raise ValueError(
            "source_tokens, target_tokens and weights must have equal lengths, got "
            f"{len(source_tokens)}, {len(target_tokens)} and {len(weights)}."
        )
    if not 1 <= len(weights) <= MOST_PANELS:
        raise ValueError(
            f"weights must be of 1 to {MOST_PANELS} samples, got {len(weights)}. Choose some, or "
            "draw several pictures."
        )
    maps = []
    for i, (source, target) in enumerate(zip(source_tokens, target_tokens, strict=True)):
        whole = np.asarray(weights[i], dtype=float)
        shape = (len(target), len(source))
        if not all(shape):
            raise ValueError(
                f"source_tokens[{i}] and target_tokens[{i}] must have tokens, got "
                f"{len(source)} and {len(target)}."
            )
        if whole.ndim != 2 or whole.shape[0] < shape[0] or whole.shape[1] < shape[1]:
            raise ValueError(
                f"weights[{i}] must have shape {shape}, target by source tokens, or more for "
                f"padding, got {whole.shape}."
            )
        maps.append(whole[: shape[0], : shape[1]])
    return maps


def _most(tokens: Sequence[Sequence[str]]) -> int:
    """The number of tokens of the longest of some samples; few need room too."""
    return max(4, *map(len, tokens))


def _plain(tokens: Sequence[str]) -> list[str]:
    """Tokens as matplotlib shows them: "$" would begin a formula, and a blank be unseen."""
    return [token.replace("$", r"\$").replace(" ", "␣") for token in tokens]
