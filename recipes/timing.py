"""Time: which cells measure delays between spikes, and which generate spikes and periods.

    python -m recipes.timing
    python -m recipes.timing --tasks spikes --cells lstm,peephole_lstm --delay 30 --seeds 3
    python -m recipes.timing --preset full --report docs/results/timing.md

The tasks of Gers, Schraudolph & Schmidhuber (2002, Journal of Machine Learning Research 3), who
added peepholes for them. Delays: say at each spike whether the last one is F or F + 1 steps ago.
Spikes: from one spike on, alone and without reset, give another one every F steps; and likewise a
cosine, a triangle and a rectangle of period F; trained on four periods, tested over twenty. The
baseline is the paper: an LSTM without peepholes measures delays as one with them does, and does not
learn to generate. Here it does, where its state is not squashed: Adam follows the gradient through
all steps, which the paper cut off at the gates. Settings were found on other seeds than those
reported.

"open" is a cell whose forget gate, or a GRU's update gate, starts with a bias that lets a state
last for F steps; "linear" one without squashing, as in the paper.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.cli.command_line import check_counts, exit_code, recipe_parser
from seqkit.cli.run_folder import RunFolder, recorded
from seqkit.cli.tensorflow_log import import_quietly

from .parts.experiments.options import add_results, parsed, take_cells, take_names, take_preset
from .parts.experiments.reports import Panel, Report, until_learned
from .parts.experiments.rows import ROWS

if TYPE_CHECKING:
    from .parts.experiments.timing import Success

TITLES = {
    "delays": "Delays told apart",
    "spikes": "Spikes generated",
    "cosine": "Cosine generated",
    "triangle": "Triangle generated",
    "rectangle": "Rectangle generated",
}
UNITS = 8
LEARNING_RATES = {"delays": 0.003, "": 0.01}  # where it generates
PRESETS: dict[str, dict[str, Any]] = {
    "quick": {
        "seeds": 10,
        "steps": 3000,
        "delay": 20,
        "tasks": "delays,spikes",
        "cells": "simple_rnn,carousel_lstm,lstm,lstm, linear,peephole_lstm,"
        "peephole_lstm, linear,gru",
    },
    "full": {
        "seeds": 10,
        "steps": 10_000,
        "delay": 50,
        "tasks": ",".join(TITLES),
        "cells": ",".join(ROWS),
    },
}
ABOUT = """\
Tasks of Gers, Schraudolph & Schmidhuber (2002). Delays: say at each spike whether the last one is
F or F + 1 steps ago; learned where all 1,024 delays of new sequences are told apart. Generated:
from one spike on, alone and without reset, a spike every F steps, or a wave of period F; trained
on four periods, learned where over twenty no spike is missing or too many, or no step of a wave
is off by 0.3. "linear" is a cell without squashing, as in the paper, whose networks learned
online, by a gradient that is cut off at the gates. Here Adam follows the gradient through all
steps; settings were found on other seeds."""
PEEPHOLES = ("peephole_lstm", "lstm")
PUBLISHED = {
    "delays": "In the paper LSTMs with peepholes learn to tell even 50 from 49 steps.",
    "": "In the paper LSTMs with peepholes learn to generate.",
}


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.timing", __doc__)
    parser.add_argument("--preset", choices=PRESETS, default="quick", help="[quick]")
    parser.add_argument("--tasks", help=f"of {','.join(TITLES)} [delays,spikes; full: all]")
    parser.add_argument("--delay", type=int, help="F, in steps [20; full: 50]")
    parser.add_argument("--cells", help=f"rows, of {'; '.join(ROWS)} [quick: 7; full: all]")
    parser.add_argument("--seeds", type=int, help="runs a cell [10]")
    parser.add_argument("--seed", type=int, default=0, help="of the first run [0]")
    parser.add_argument("--steps", type=int, help="a run fails after these [3,000; full: 10,000]")
    parser.add_argument("--units", type=int, default=UNITS, help=f"of the layer [{UNITS}]")
    parser.add_argument("--learning-rate", type=float, help="of Adam [delays: 0.003, others: 0.01]")
    add_results(parser, "timing")
    options = parsed(parser, arguments)
    take_preset(options, PRESETS)
    check_counts(parser, options, "seeds", "units", "steps")
    if options.delay < 2:
        parser.error(f"--delay must be at least 2, got {options.delay}")
    take_names(parser, options, "tasks", TITLES)
    take_cells(parser, options, ROWS)
    return options


def runs_of(task: str, row: str, options: argparse.Namespace) -> tuple[int, list[Success]]:
    """The number of parameters, and a run a seed."""
    from .parts.experiments.networks import Network
    from .parts.experiments.timing import Delays, Generated, trained

    learned: Any
    learned = Delays(options.delay) if task == "delays" else Generated(task, options.delay)
    network = Network(row, options.units, learned.shape, learned.rows, remembered=options.delay)
    rate = options.learning_rate or LEARNING_RATES.get(task, LEARNING_RATES[""])
    runs = []
    for seed in range(options.seed, options.seed + options.seeds):
        network.start(seed, rate)
        runs.append(trained(learned, network, options.steps, np.random.default_rng(seed)))
    return network.parameters, runs


def verdict(runs_by_row: dict[str, list[Success]]) -> str:
    """Which cells learn, and whether peepholes matter, in a sentence."""
    counts = {row: sum(run.steps is not None for run in runs) for row, runs in runs_by_row.items()}
    always = [row for row, count in counts.items() if count == len(runs_by_row[row])]
    never = [row for row, count in counts.items() if count == 0]
    texts = [f"In all runs: {'; '.join(always)}." if always else "No cell learns it in all runs."]
    texts += [f"Not once: {'; '.join(never)}."] if never else []
    for ending in ("", ", linear"):
        names = [f"{cell}{ending}" for cell in PEEPHOLES]
        if all(name in counts for name in names):
            on, off = (f"{counts[name]} of {len(runs_by_row[name])}" for name in names)
            compared = "Without squashing, of runs" if ending else "Of runs"
            texts.append(f"{compared} with peepholes {on} learn, without {off}.")
    return " ".join(texts)


def run(options: argparse.Namespace) -> dict[str, dict[str, list[Success]]]:
    """Trains every cell on every task; prints and writes the tables."""
    output = RunFolder(options.output)
    output.write_json("config", vars(options))
    import_quietly()
    report = Report("Time", options.command, ABOUT)
    runs_by_task: dict[str, dict[str, list[Success]]] = {}
    for task in options.tasks:
        of_task = runs_by_task.setdefault(task, {})
        columns = ("cell", "parameters", "learned", "steps of training", "most", "wrong")
        table = report.table(TITLES[task], *columns)
        for row in options.cells:
            parameters, runs = runs_of(task, row, options)
            of_task[row] = runs
            wrong = [run.wrong for run in runs]
            table.add(row, parameters, *until_learned([run.steps for run in runs], wrong))
        table.note(
            f"F = {options.delay}, {options.units} units; a run fails after {options.steps:,} "
            f"steps. {verdict(of_task)} {PUBLISHED.get(task, PUBLISHED[''])}"
        )
    panels = [
        Panel(
            TITLES[task],
            "steps of training until learned",
            {row: [run.steps for run in runs] for row, runs in rows.items()},
        )
        for task, rows in runs_by_task.items()
    ]
    report.finish(output, runs_by_task, panels, options.report)
    return runs_by_task


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(recorded(run), parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
