"""What a fitted model has learned and how it does: numbers first, then pictures of them.

The pictures are figures of matplotlib that belong to nobody: no window opens, and nothing is kept
once they are let go. Importing this package imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.inspection.backtests import (
        error_by_horizon,
        plot_backtest,
        plot_error_by_horizon,
    )
    from seqkit.inspection.forecasts import plot_forecast

__all__ = ["error_by_horizon", "plot_backtest", "plot_error_by_horizon", "plot_forecast"]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "error_by_horizon": "backtests",
        "plot_backtest": "backtests",
        "plot_error_by_horizon": "backtests",
        "plot_forecast": "forecasts",
    },
)
