"""Warnings that point at the user's line, however deep in the package they arise."""

from __future__ import annotations

import os
import sys
import warnings

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep


def warn(message: str, category: type[Warning] = UserWarning) -> None:
    """Warns of the first line outside of seqkit that led here.

    Args:
        message: the text of the warning.
        category: its class. Default: UserWarning.

    Example:
        >>> with warnings.catch_warnings(record=True) as caught:
        ...     warnings.simplefilter("always")
        ...     warn("scores are means of one seed")
        >>> str(caught[0].message)
        'scores are means of one seed'
    """
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level, frame = level + 1, frame.f_back
    # The frame that is left is the user's; levels are counted from this function.
    warnings.warn(message, category, stacklevel=level)
