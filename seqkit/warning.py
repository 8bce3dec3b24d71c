"""Warnings that point at the user's line, however deep in the package they arise."""

from __future__ import annotations

import os
import sys
import warnings

# Packages through which seqkit is called, and calls itself: their lines are not the user's.
THROUGH = ("seqkit", "sklearn", "keras", "tensorflow", "joblib")


def warn(message: str, category: type[Warning] = UserWarning) -> None:
    """Warns of the first line outside of seqkit, and of what calls it, that led here.

    Such as scikit-learn, which wraps `fit` and calls it in a search.

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
    folders = tuple(os.path.dirname(f) + os.sep for name in THROUGH if (f := _file_of(name)))
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(folders):
        level, frame = level + 1, frame.f_back
    # The frame that is left is the user's; levels are counted from this function.
    warnings.warn(message, category, stacklevel=level)


def _file_of(package: str) -> str | None:
    """The file of a package that has been imported."""
    return getattr(sys.modules.get(package), "__file__", None)
