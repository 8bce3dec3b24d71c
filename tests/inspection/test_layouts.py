"""Pictures under every kind of matplotlib's layouts: what is drawn stays within, and apart."""

from __future__ import annotations

import pickle
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import seqkit.inspection
from seqkit.inspection import (
    GateActivations,
    GradientFlow,
    GradientMonitor,
    plot_attention,
    plot_backtest,
    plot_confusion,
    plot_error_by_horizon,
    plot_forecast,
    plot_history,
)

DAYS = pd.date_range("2024-01-01", periods=6, freq="D")
WIDE = pd.DataFrame(np.arange(36.0).reshape(6, 6) + 1, DAYS, list("abcdef"))
WEIGHTS = np.array([[0.2, 0.7, 0.1], [0.1, 0.1, 0.8]])


def monitor() -> GradientMonitor:
    watched = GradientMonitor()
    watched._steps, watched._names = [10, 20], ["kernel", "bias"]
    watched._samples = [np.ones(2), np.ones(2) / 2]
    return watched


def backtest() -> pd.DataFrame:
    frame = WIDE.rename_axis("ds").reset_index().melt("ds", var_name="unique_id", value_name="y")
    frame.insert(1, "cutoff", DAYS[0])
    return frame[frame["ds"] > DAYS[0]].assign(forecast=lambda f: f["y"] + 1)


# Of one series, so that each may be drawn on axes that there are.
PICTURES = {
    "plot_attention": lambda ax: plot_attention(WEIGHTS, ["in", "the", "morning"], "ab", ax=ax),
    "gates": lambda ax: GateActivations("gru", {"z": WEIGHTS[None]}).plot("z", ax=ax),
    "flow": lambda ax: GradientFlow(
        pd.DataFrame({"layer": "gru", "state": "h", "step": [0, 1], "norm": [0.1, 1.0]}),
        *[pd.DataFrame()] * 2,
        1.0,
        {},
    ).plot(ax=ax),
    "monitor": lambda ax: monitor().plot(ax=ax),
    "plot_confusion": lambda ax: plot_confusion(["a", "b"], ["a", "b"], title="Test", ax=ax),
    "plot_history": lambda ax: plot_history({"loss": [2.0, 1.0], "val_loss": [2.0, 1.5]}, ax=ax),
    "plot_forecast": lambda ax: plot_forecast(WIDE[["a"]][:3], WIDE[["a"]][3:], ax=ax),
    "plot_backtest": lambda ax: plot_backtest(backtest(), "b", ax=ax),
    "plot_error_by_horizon": lambda ax: plot_error_by_horizon([backtest(), backtest()], ax=ax),
}
FIGURES = {
    **{name: lambda draw=draw: draw(None) for name, draw in PICTURES.items()},
    "plot_forecast of six": lambda: plot_forecast(WIDE[:3], WIDE[3:]),
    "plot_backtest of six": lambda: plot_backtest(backtest(), max_series=6),
}
every_picture = pytest.mark.parametrize("name", PICTURES)
every_figure = pytest.mark.parametrize("name", FIGURES)


def figure_of(drawn: Any) -> Figure:
    return drawn if isinstance(drawn, Figure) else drawn.figure


def check(figure: Figure) -> None:
    """All that is drawn is within the figure, and axes and legend do not cover each other."""
    figure.draw_without_rendering()
    whole = figure.bbox.padded(2)
    boxes = [axes.get_tightbbox() for axes in figure.axes]
    boxes += [legend.get_window_extent() for legend in figure.legends]
    for box in boxes:
        assert whole.x0 <= box.x0 < box.x1 <= whole.x1, (whole, box)
        assert whole.y0 <= box.y0 < box.y1 <= whole.y1, (whole, box)
    for one, other in combinations(boxes, 2):
        assert not one.padded(-2).overlaps(other.padded(-2)), (one, other)


def test_all_plot_functions_are_here():
    functions = {name for name in dir(seqkit.inspection) if name.startswith("plot_")}
    assert functions <= set(PICTURES)


@every_figure
def test_by_itself(name):
    figure = figure_of(FIGURES[name]())
    check(figure)
    figure.axes[0].set_title("one line\nand another")  # of which the next drawing makes room
    check(figure)
    figure.get_layout_engine().set(w_pad=0.1)
    assert figure.get_layout_engine().get()["w_pad"] == 0.1
    check(pickle.loads(pickle.dumps(figure)))


@every_figure
def test_tight_layout(name):
    """A warning would be an error."""
    figure = figure_of(FIGURES[name]())
    figure.tight_layout()
    check(figure)
    figure.tight_layout(pad=1.2)  # after it was drawn
    check(figure)
    figure.tight_layout(rect=(0, 0.1, 1, 1))
    figure.draw_without_rendering()


@every_figure
@pytest.mark.parametrize("layout", ["constrained", "compressed", "tight", "none"])
def test_other_layouts(name, layout):
    figure = figure_of(FIGURES[name]())
    figure.draw_without_rendering()
    figure.set_layout_engine(layout)
    figure.draw_without_rendering()  # a layout may take two to settle
    if layout == "tight" and figure.legends:  # which matplotlib does not make room for
        return
    check(figure)


@every_picture
@pytest.mark.parametrize("layout", ["constrained", "tight", None])
def test_on_axes_of_a_user(name, layout):
    figure = Figure(figsize=(9, 5), layout=layout)
    for ax in figure.subplots(1, 2):
        assert figure_of(PICTURES[name](ax)) is figure
    if layout is None:
        figure.tight_layout()
    check(figure)


@pytest.mark.parametrize("name", ["plot_attention", "gates"])
def test_the_scale_of_colours_is_beside_the_map(name):
    axes = FIGURES[name]()
    axes.figure.draw_without_rendering()
    (picture,) = axes.images
    scale = picture.colorbar.ax.get_window_extent()
    assert axes.get_window_extent().x1 < scale.x0 < axes.figure.bbox.x1
