"""Long time lags: after how many sequences each cell has learned what the paper of the LSTM asked.

    python -m recipes.long_lags
    python -m recipes.long_lags --tasks reber --cells lstm,gru --seeds 3
    python -m recipes.long_lags --preset full --report docs/results/long_lags.md

Three tasks of Hochreiter & Schmidhuber (1997, Neural Computation 9): the embedded Reber grammar,
whose last symbol but one repeats the second; adding two marked numbers of a hundred steps; and the
order of two symbols among a hundred. Each is learned when the paper's criterion says so: all
strings of a training and a test set of 256 each are predicted rightly; or the last 2,000 sequences
were, when they were shown. The baseline is the paper: its best figure of which all trials
succeeded. Its networks learned after each sequence by gradient descent, and had other numbers of
weights; here Adam learns, with the rates below, found on other seeds than those reported.

carousel_lstm is the LSTM of 1997, without a forget gate. "open" is a cell whose forget gate, or a
GRU's update gate, starts with a bias that lets a state last for the lag, as Tallec & Ollivier
(2018) have it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seqkit.cli.command_line import check_counts, exit_code, recipe_parser
from seqkit.cli.run_folder import RunFolder, recorded
from seqkit.cli.tensorflow_log import import_quietly

from .parts.experiments.options import add_results, parsed, take_cells, take_names
from .parts.experiments.reports import Panel, Report, until_learned
from .parts.experiments.rows import ROWS

if TYPE_CHECKING:
    from .parts.experiments.long_lags import Success


class Setting(NamedTuple):
    """How a task is trained, and what was published.

    Attributes:
        title: in tables.
        remembered: steps that an open gate is to remember.
        units: of the recurrent layer.
        batch: sequences a step.
        published: sequences to success in the paper, where all trials succeeded.
        weights: of the paper's network.
        learning_rates: by row; others take that of "".
    """

    title: str
    remembered: float
    units: int
    batch: int
    published: int
    weights: int
    learning_rates: dict[str, float]


SETTINGS = {
    "reber": Setting(
        "embedded Reber grammar", 8, 8, 1, 8_440, 276, {"": 0.01, "carousel_lstm": 0.03}
    ),
    "adding": Setting("adding, T = 100", 100, 8, 16, 74_000, 93, {"": 0.01}),
    "order": Setting("temporal order 6a", 100, 16, 8, 31_390, 156, {"": 0.006}),
}
ABOUT = """\
Sequences until each cell has learned three tasks of Hochreiter & Schmidhuber (1997), by the
paper's criterion: all strings of the embedded Reber grammar, 256 trained on and 256 others, are
predicted rightly at every step; the last 2,000 sequences of the other two were answered rightly
when they were shown. Means and standard deviations over the runs that learned. The paper's
networks learned after each sequence by gradient descent; here Adam learns, with rates found on
other seeds. The cell of that paper is carousel_lstm; there it began with small weights and gates
nearly closed, here as the others do. "open" is a cell whose forget gate, or a GRU's update gate,
starts with a bias that lets a state last for the lag (Tallec & Ollivier 2018)."""
# By task: runs a cell; and the sequences after which a run has failed, by the published number.
PRESETS: dict[str, dict[str, Any]] = {
    "quick": {
        "seeds": {"reber": 10, "adding": 5, "order": 5},
        "patience": {"reber": 1.0, "adding": 0.5, "order": 0.5},
        "cells": "simple_rnn,carousel_lstm,lstm,lstm, open,peephole_lstm,gru,gru, open",
    },
    "full": {
        "seeds": dict.fromkeys(SETTINGS, 20),
        "patience": dict.fromkeys(SETTINGS, 1.0),
        "cells": ",".join(ROWS),
    },
}


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.long_lags", __doc__)
    parser.add_argument("--preset", choices=PRESETS, default="quick", help="[quick]")
    parser.add_argument("--tasks", default=",".join(SETTINGS), help="[reber,adding,order]")
    parser.add_argument("--cells", help=f"rows of the tables, of {'; '.join(ROWS)} [quick: 7]")
    parser.add_argument("--seeds", type=int, help="runs a cell [by task: 10 or 5; full: 20]")
    parser.add_argument("--seed", type=int, default=0, help="of the first run [0]")
    parser.add_argument(
        "--patience",
        type=float,
        help="a run fails after so many times the published number of sequences [Reber: 1; others "
        "0.5, full: 1]",
    )
    parser.add_argument("--units", type=int, help="of the recurrent layer [8; order: 16]")
    parser.add_argument("--learning-rate", type=float, help="of Adam [found on other seeds]")
    add_results(parser, "long_lags")
    options = parsed(parser, arguments)
    check_counts(parser, options, "seeds", "units")
    if options.patience is not None and options.patience <= 0:
        parser.error(f"--patience must be above 0, got {options.patience}")
    for name, value in PRESETS[options.preset].items():
        given = getattr(options, name)
        if given is None:
            setattr(options, name, value)
        elif name != "cells":
            setattr(options, name, dict.fromkeys(SETTINGS, given))
    take_names(parser, options, "tasks", SETTINGS)
    take_cells(parser, options, ROWS)
    return options


def runs_of(task: str, row: str, options: argparse.Namespace) -> tuple[int, list[Success]]:
    """The number of parameters, and a run a seed."""
    from .parts.experiments.long_lags import TASKS
    from .parts.experiments.networks import Network

    setting, learned = SETTINGS[task], TASKS[task]()
    network = Network(
        row,
        options.units or setting.units,
        learned.shape,
        setting.batch,
        remembered=setting.remembered,
    )
    rates = setting.learning_rates
    rate = options.learning_rate or rates.get(row, rates[""])
    limit = int(options.patience[task] * setting.published)
    runs = []
    for seed in range(options.seed, options.seed + options.seeds[task]):
        network.start(seed, rate)
        runs.append(learned.train(network, limit, np.random.default_rng(seed)))
    return network.parameters, runs


def verdict(runs_by_row: dict[str, list[Success]], setting: Setting) -> str:
    """Which cells learn as the paper's did, in a sentence."""
    always = {
        row: np.mean([run.sequences for run in runs])
        for row, runs in runs_by_row.items()
        if all(run.sequences is not None for run in runs)
    }
    never = [row for row, runs in runs_by_row.items() if all(run.sequences is None for run in runs)]
    sooner = [row for row, mean in always.items() if mean < setting.published]
    published = f"the paper's {setting.published:,} sequences"
    texts = [
        f"In fewer than {published}, in all runs: {'; '.join(sooner)}."
        if sooner
        else f"No cell learned it in all runs in fewer than {published}."
    ]
    sometimes = [row for row in runs_by_row if row not in always and row not in never]
    texts += [f"Not in all runs: {'; '.join(sometimes)}."] if sometimes else []
    texts += [f"Not once: {'; '.join(never)}."] if never else []
    return " ".join(texts)


def run(options: argparse.Namespace) -> dict[str, dict[str, list[Success]]]:
    """Trains every cell on every task; prints and writes the tables."""
    output = RunFolder(options.output)
    output.write_json("config", vars(options))
    import_quietly()
    report = Report("Long time lags", options.command, ABOUT)
    runs_by_task: dict[str, dict[str, list[Success]]] = {}
    for task in options.tasks:
        setting, of_task = SETTINGS[task], runs_by_task.setdefault(task, {})
        limit = int(options.patience[task] * setting.published)
        table = report.table(
            f"{setting.title[0].upper()}{setting.title[1:]}",
            *("cell", "parameters", "learned", "sequences", "most", "wrong of new ones"),
        )
        for row in options.cells:
            parameters, runs = runs_of(task, row, options)
            of_task[row] = runs
            wrong = [run.wrong for run in runs]
            table.add(row, parameters, *until_learned([run.sequences for run in runs], wrong))
        table.add(
            "published, LSTM of 1997", setting.weights, "all", f"{setting.published:,}", *"--"
        )
        units = options.units or setting.units
        table.note(
            f"{units} units, batches of {setting.batch}; a run fails after {limit:,} sequences. "
            f"{verdict(of_task, setting)}"
        )
    panels = [
        Panel(
            SETTINGS[task].title,
            "sequences until learned",
            {row: [run.sequences for run in runs] for row, runs in rows.items()},
            SETTINGS[task].published,
        )
        for task, rows in runs_by_task.items()
    ]
    report.finish(output, runs_by_task, panels, options.report)
    return runs_by_task


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(recorded(run), parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
