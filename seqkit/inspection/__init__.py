"""Shows how a fitted model does: numbers first, then pictures of them.

The pictures are figures of matplotlib outside of pyplot: no window opens, and nothing is kept once
they are let go. Importing this package imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.inspection.backtests import error_by_horizon as error_by_horizon
    from seqkit.inspection.backtests import plot_backtest as plot_backtest
    from seqkit.inspection.backtests import plot_error_by_horizon as plot_error_by_horizon
    from seqkit.inspection.forecasts import plot_forecast as plot_forecast

__all__, __getattr__, __dir__ = lazy_names(
    __name__,
    {
        "seqkit.inspection.backtests": (
            "error_by_horizon",
            "plot_backtest",
            "plot_error_by_horizon",
        ),
        "seqkit.inspection.forecasts": ("plot_forecast",),
    },
)
