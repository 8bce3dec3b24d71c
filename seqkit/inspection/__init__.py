"""Shows how a fitted model does: numbers first, then pictures of them.

The pictures are figures of matplotlib outside of pyplot: no window opens, and nothing is kept once
they are let go. Importing this package imports nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import seqkit.backend  # noqa: F401  (refuses another one than TensorFlow)
from seqkit.lazy import lazy_names

if TYPE_CHECKING:
    from seqkit.inspection.attention_maps import attention_weights as attention_weights
    from seqkit.inspection.attention_maps import plot_attention as plot_attention
    from seqkit.inspection.backtests import error_by_horizon as error_by_horizon
    from seqkit.inspection.backtests import plot_backtest as plot_backtest
    from seqkit.inspection.backtests import plot_error_by_horizon as plot_error_by_horizon
    from seqkit.inspection.confusions import plot_confusion as plot_confusion
    from seqkit.inspection.forecasts import plot_forecast as plot_forecast
    from seqkit.inspection.gates import GateActivations as GateActivations
    from seqkit.inspection.gates import gate_activations as gate_activations
    from seqkit.inspection.gradient_monitor import GradientMonitor as GradientMonitor
    from seqkit.inspection.gradients_through_time import GradientFlow as GradientFlow
    from seqkit.inspection.gradients_through_time import gradient_flow as gradient_flow
    from seqkit.inspection.histories import plot_history as plot_history
    from seqkit.inspection.layer_costs import summary_table as summary_table
    from seqkit.inspection.starting_states import (
        initial_state_influence as initial_state_influence,
    )
    from seqkit.inspection.starting_states import initial_states as initial_states

__all__, __getattr__, __dir__ = lazy_names(
    __name__,
    {
        "seqkit.inspection.attention_maps": ("attention_weights", "plot_attention"),
        "seqkit.inspection.backtests": (
            "error_by_horizon",
            "plot_backtest",
            "plot_error_by_horizon",
        ),
        "seqkit.inspection.confusions": ("plot_confusion",),
        "seqkit.inspection.forecasts": ("plot_forecast",),
        "seqkit.inspection.gates": ("GateActivations", "gate_activations"),
        "seqkit.inspection.gradients_through_time": ("GradientFlow", "gradient_flow"),
        "seqkit.inspection.gradient_monitor": ("GradientMonitor",),
        "seqkit.inspection.starting_states": ("initial_state_influence", "initial_states"),
        "seqkit.inspection.histories": ("plot_history",),
        "seqkit.inspection.layer_costs": ("summary_table",),
    },
)
