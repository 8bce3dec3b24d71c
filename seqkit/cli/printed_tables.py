"""Tables of results, as they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Mean and standard deviation over runs, in per cent.

    Example:
        >>> spread([0.97, 0.98]), spread([0.5])
        ('97.50 ± 0.71 %', '50.00 %')
    """
    per_cent = 100 * np.asarray(values)
    if len(values) == 1:
        return f"{per_cent[0]:.{digits}f} %"
    return f"{per_cent.mean():.{digits}f} ± {per_cent.std(ddof=1):.{digits}f} %"


def print_table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Prints a Markdown table with aligned columns."""
    cells = [list(map(str, header)), *(list(map(str, row)) for row in rows)]
    widths = [max(len(row[k]) for row in cells) for k in range(len(header))]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    print("\n".join(lines), flush=True)
