"""Counting: how far cells count that have seen no more than ten of a kind.

    python -m recipes.counting
    python -m recipes.counting --languages ab --cells lstm,gru --seeds 3
    python -m recipes.counting --preset full --report docs/results/counting.md

The languages a^n b^n and a^n b^n c^n of Gers & Schmidhuber (2001, IEEE Transactions on Neural
Networks 12): at each step the symbols are to be foreseen that may come next. Trained on n from 1 to
10; measured is the largest N of which all strings with n up to N are accepted, at every step, of
1,000. The baseline is the paper's LSTM with forget gates and peepholes, and without squashing.
Settings were found on other seeds than those reported.

Weiss, Goldberg & Yahav (2018, arXiv:1805.04908) say why cells differ: a state that adds can count,
that of a GRU is an average and cannot. "open" is a cell whose forget gate, or a GRU's update gate,
starts with a bias that lets a state last; "linear" one without squashing, as in the paper.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from seqkit.cli.command_line import check_counts, exit_code, recipe_parser
from seqkit.cli.run_folder import RunFolder, recorded
from seqkit.cli.tensorflow_log import import_quietly

from .parts.experiments.options import add_results, parsed, take_cells, take_names, take_preset
from .parts.experiments.reports import Panel, Report, mean_and_spread
from .parts.experiments.rows import ROWS


class Published(NamedTuple):
    """The paper's figures for n from 1 to 10: mean and best N, sequences trained on."""

    title: str
    mean: int
    best: int
    sequences: int


LANGUAGES = {
    "ab": Published("a^n b^n", 118, 1000, 22_000),
    "abc": Published("a^n b^n c^n", 28, 52, 54_000),
}
UNITS, REMEMBERED, LEARNING_RATE = 4, 10, 0.02
# Strings trained on, by the published number.
PRESETS: dict[str, dict[str, Any]] = {
    "quick": {
        "seeds": 10,
        "training": 0.5,
        "cells": "simple_rnn,carousel_lstm,lstm,lstm, open,peephole_lstm, open,gru",
    },
    "full": {"seeds": 20, "training": 2.0, "cells": ",".join(ROWS)},
}
ABOUT = """\
The largest N of which all strings with n up to N are accepted, of 1,000, after training on n from 1
to 10 (Gers & Schmidhuber 2001). Means and standard deviations over runs; "learned" is an N of at
least 10, "beyond" one of more. "open" is a cell whose forget gate, or a GRU's update gate, starts
with a bias that lets a state last; "linear" one without squashing, as in the paper, whose networks
had one or two cells and learned after each string by gradient descent. Here Adam learns; settings
were found on other seeds."""


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.counting", __doc__)
    parser.add_argument("--preset", choices=PRESETS, default="quick", help="[quick]")
    parser.add_argument("--languages", default="ab,abc", help="[ab,abc]")
    parser.add_argument("--cells", help=f"rows of the tables, of {'; '.join(ROWS)} [quick: 6]")
    parser.add_argument("--seeds", type=int, help="runs a cell [10; full: 20]")
    parser.add_argument("--seed", type=int, default=0, help="of the first run [0]")
    parser.add_argument(
        "--training",
        type=float,
        help="strings trained on, by the published number [0.5; full: 2]",
    )
    parser.add_argument("--units", type=int, default=UNITS, help=f"of the layer [{UNITS}]")
    parser.add_argument(
        "--learning-rate", type=float, default=LEARNING_RATE, help=f"of Adam [{LEARNING_RATE}]"
    )
    add_results(parser, "counting")
    options = parsed(parser, arguments)
    take_preset(options, PRESETS)
    check_counts(parser, options, "seeds", "units")
    if options.training <= 0:
        parser.error(f"--training must be above 0, got {options.training}")
    take_names(parser, options, "languages", LANGUAGES)
    take_cells(parser, options, ROWS)
    return options


def ranges(language: str, row: str, options: argparse.Namespace) -> tuple[int, list[int]]:
    """The number of parameters, and the range N of a run a seed."""
    from .parts.experiments.counting import Counting
    from .parts.experiments.networks import Network

    task = Counting(language)
    network = Network(row, options.units, task.shape, task.rows, remembered=REMEMBERED)
    sequences = int(options.training * LANGUAGES[language].sequences)
    largest = []
    for seed in range(options.seed, options.seed + options.seeds):
        network.start(seed, options.learning_rate)
        largest.append(task.train(network, sequences, options.learning_rate))
    return network.parameters, largest


def verdict(largest: dict[str, list[int]], published: Published) -> str:
    """Which cells count beyond what they were shown, and which as far as the paper's."""
    means = {row: float(np.mean(values)) for row, values in largest.items()}
    best = max(means, key=lambda row: means[row])
    ahead = [row for row, mean in means.items() if mean >= published.mean]
    never = [row for row, values in largest.items() if max(values) <= 10]
    behind = f"none reaches the paper's mean of {published.mean}"
    texts = [
        f"Farthest counts {best}, to {means[best]:.0f} in the mean and {max(largest[best])} at "
        "most; "
        + (f"as far as the paper's mean or farther: {'; '.join(ahead)}." if ahead else f"{behind}.")
    ]
    texts += [f"Never beyond the ten trained on: {'; '.join(never)}."] if never else []
    return " ".join(texts)


def run(options: argparse.Namespace) -> dict[str, dict[str, list[int]]]:
    """Trains every cell on both languages; prints and writes the tables."""
    output = RunFolder(options.output)
    output.write_json("config", vars(options))
    import_quietly()
    report = Report("Counting", options.command, ABOUT)
    ranges_by_language: dict[str, dict[str, list[int]]] = {}
    for language in options.languages:
        published, of_language = LANGUAGES[language], ranges_by_language.setdefault(language, {})
        columns = ("cell", "parameters", "learned", "beyond", "N", "least", "most")
        table = report.table(published.title, *columns)
        for row in options.cells:
            parameters, values = ranges(language, row, options)
            of_language[row] = values
            counts = [sum(n >= least for n in values) for least in (10, 11)]
            shares = [f"{count} of {len(values)}" for count in counts]
            of_runs = (mean_and_spread(values), min(values), max(values))
            table.add(row, parameters, *shares, *of_runs)
        table.add("published", "-", "all", "-", published.mean, "-", published.best)
        table.note(
            f"{options.units} units; {int(options.training * published.sequences):,} strings "
            f"trained on, in the paper {published.sequences:,}. {verdict(of_language, published)}"
        )
    panels = [
        Panel(LANGUAGES[language].title, "largest N accepted", rows, LANGUAGES[language].mean)
        for language, rows in ranges_by_language.items()
    ]
    report.finish(output, ranges_by_language, panels, options.report)
    return ranges_by_language


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(recorded(run), parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
