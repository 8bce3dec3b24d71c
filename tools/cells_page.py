"""Writes docs/cells.md and its diagrams from the cells themselves.

    python -m tools.cells_page

The equations are the docstring of a cell's module, the code beside them is its `update`, and the
diagram is drawn from its products: which of x_t, h_{t-1} and the other states each gate reads.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from seqkit.layers.equations import CellEquations

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "cells.md"
FEATURES, UNITS = 64, 128  # of the parameter counts

# name of the picture: (heading, layer class, its options, when to use it)
SHOWN: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "simple_rnn": (
        "Simple recurrent network",
        "SimpleRNN",
        {},
        "Short sequences, and as what others are compared with. Every step multiplies the "
        "gradient by U and by phi's derivative, so it fades or explodes; with ReLU and an "
        "identity matrix at first (`activation='relu', recurrent_initializer='identity'`) it "
        "fades much later.",
    ),
    "carousel_lstm": (
        "The LSTM of 1997",
        "LSTM",
        {"forget_gate": False},
        "To see the constant error carousel (Hochreiter & Schmidhuber 1997): without a forget "
        "gate the derivative of c_t by c_{t-1} is one, and the cell state can only grow. A "
        "stream without ends lets it saturate, which is why the forget gate came.",
    ),
    "lstm": (
        "LSTM",
        "LSTM",
        {},
        "The default. Its forget gate (Gers, Schmidhuber & Cummins 2000) starts with a bias "
        "of one: a state then halves in two or three steps until training opens it; for long "
        "lags start higher. On a CPU it is the one with kernels of TensorFlow's own, so that "
        "small fits and exports are the fastest.",
    ),
    "peephole_lstm": (
        "LSTM with peepholes",
        "PeepholeLSTM",
        {},
        "Where it matters when something happened, and for counting (Gers & Schmidhuber "
        "2000): gates see the cell state itself, even while the output gate is shut.",
    ),
    "coupled_lstm": (
        "LSTM with coupled gates",
        "LSTM",
        {"coupled_gates": True},
        "Three quarters of an LSTM's parameters: what is written is what was forgotten. Greff "
        "et al. (2017) found it no worse on three tasks.",
    ),
    "gru": (
        "GRU, as Keras and cuDNN have it",
        "GRU",
        {},
        "Fewer parameters and a faster step than an LSTM where both are compiled. There is no "
        "state beside the output, so what is kept is shown.",
    ),
    "gru_reset_before": (
        "GRU of the paper",
        "GRU",
        {"reset_after": False},
        "The form of Cho et al. (2014). Its candidate waits for the reset gate, one product "
        "after the other.",
    ),
}


def layer_of(name: str) -> Any:
    """The layer of a section, built."""
    from seqkit import layers

    _, cls, options, _ = SHOWN[name]
    layer = getattr(layers, cls)(UNITS, **options)
    layer.build((None, None, FEATURES))
    return layer


def section(name: str) -> str:
    """A cell's heading, equations, code, picture and counts."""
    heading, cls, options, use = SHOWN[name]
    layer = layer_of(name)
    equations = type(layer.cell.equations)
    owner: Any = next(base for base in equations.__mro__ if "update" in vars(base))
    module = inspect.getdoc(sys.modules[owner.__module__]) or ""
    source = textwrap.dedent(inspect.getsource(owner.update))
    written = ", ".join(f"{key}={value!r}" for key, value in options.items())
    call = f"seqkit.layers.{cls}(units{', ' + written if written else ''})"
    counts = {weight.name: tuple(weight.shape) for weight in layer.weights}
    shapes = ", ".join(f"{key} {shape}" for key, shape in counts.items())
    formulas = "\n".join(module.splitlines()[1:])
    return "\n".join(
        [
            f"## {heading}",
            "",
            f"`{call}`",
            "",
            textwrap.fill(use, 100, break_on_hyphens=False),
            "",
            f"![What the gates of {heading} read](images/cells/{name}.png)",
            "",
            "```text",
            textwrap.dedent(formulas).strip("\n"),
            "```",
            "",
            "```python",
            source.rstrip(),
            "```",
            "",
            f"{layer.count_params():,} parameters for {FEATURES} features and {UNITS} units:",
            textwrap.fill(f"{shapes}.", 100),
            "",
        ]
    )


def page() -> str:
    """The whole page."""
    head = """# Cells and their equations

A cell is its equations, and code that reads like them: `update` is given the pre-activations by
gate, `a`, the states before, and vectors such as peepholes, `w`. The engine does the products, the
loop and the way back. In the diagrams gates stand between the states before and after a step; a
line is a matrix product or a gate's effect, a dashed one acts elementwise.

`python -m recipes.gradient_flow` shows how the gradient of each of them fades, before training and
after; `seqkit.inspection.gate_activations` shows the gates of a trained model. This page is written
by `python -m tools.cells_page`.

With `go_backwards=True` a layer reads sequences from their end and gives its outputs in that order.
Their mask is passed on in that order, too. Keras's layers pass it on as it came: behind one of
those a second layer masks other steps, and padding changes what it says.

"""
    return head + "\n".join(section(name) for name in SHOWN)


def dependencies(layer: Any) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Which gates, and which states before, each new state is made of: pairs (from, to)."""
    import tensorflow as tf

    equations = layer.cell.equations
    a = [tf.ones((1, UNITS)) for _ in equations.names]
    before = tuple(tf.ones((1, UNITS)) for _ in equations.state)
    vectors = equations.named_vectors(layer.cell.tensors().vectors)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([*a, *before])
        new = equations.update(equations.named(a), before, vectors)
    gates, states = set(), set()
    for name, state in zip(equations.state, new, strict=True):
        for gate, gradient in zip(equations.names, tape.gradient(state, a), strict=True):
            if gradient is not None:
                gates.add((gate.removeprefix("recurrent_"), name))
        for old, gradient in zip(equations.state, tape.gradient(state, before), strict=True):
            if gradient is not None:
                states.add((old, name))
    return gates, states


def draw(layer: Any, axes: Axes) -> None:
    """What each gate reads, from the products of a step; and what new states are made of."""
    equations: CellEquations = layer.cell.equations
    gates, states = list(equations.gates), list(equations.state)
    sources = ["x_t", "h"] + (["r * h"] if equations.gated else []) + states[1:]
    width = max(len(sources), len(gates), len(states))

    def row(names: list[str], y: float) -> dict[str, tuple[float, float]]:
        return {name: ((k + 0.5) * width / len(names), y) for k, name in enumerate(names)}

    old, boxes, new = row(sources, 0.0), row(gates, 1.0), row(states, 2.0)

    def arrow(start: tuple[float, float], end: tuple[float, float], style: str) -> None:
        up = 1 if end[1] > start[1] else -1
        axes.annotate(
            "",
            (end[0], end[1] - up * 0.14),
            (start[0], start[1] + up * 0.14),
            arrowprops={"arrowstyle": "->", "linestyle": style, "color": "0.45", "linewidth": 0.9},
        )

    for product in equations.products:
        for gate in {gates[block] for block in product.blocks}:
            if product.reads_input:
                arrow(old["x_t"], boxes[gate], "-")
            if product.reads_state is not None:
                arrow(old["r * h" if product.reads_state == "gated" else "h"], boxes[gate], "-")
    for vector in equations.vectors:
        gate = vector.removesuffix("_peephole")
        arrow(new["c"] if gate == "output" else old["c"], boxes[gate], "--")
    if equations.gated:
        arrow(boxes["reset"], old["r * h"], "--")
    made_of, carried = dependencies(layer)
    for gate, state in made_of:
        arrow(boxes[gate], new[state], "-")
    for before, after in carried:
        arrow(old[before], new[after], "--")
    text: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9}
    box = {"boxstyle": "round", "fc": "white", "ec": "0.3"}
    for names, pattern in ((old, "{}, t-1"), (boxes, "{}"), (new, "{}, t")):
        for name, place in names.items():
            shown = name if name == "x_t" else pattern.format(name)
            axes.text(*place, shown, bbox=box, **text)
    axes.set(xlim=(0, width), ylim=(-0.3, 2.3))
    axes.axis("off")


def write_pictures(folder: Path) -> None:
    """A picture a cell."""
    from matplotlib.figure import Figure

    folder.mkdir(parents=True, exist_ok=True)
    for name in SHOWN:
        figure = Figure(figsize=(5.5, 2.6), layout="constrained")
        draw(layer_of(name), figure.add_subplot())
        figure.savefig(folder / f"{name}.png", dpi=110, metadata={"Software": None})


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")
    write_pictures(PAGE.parent / "images" / "cells")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
