"""Read dates as thirty languages write them: "5. Februar 2020" is 2020-02-05.

    python -m recipes.dates
    python -m recipes.dates --locales de,fr,ja --export saved_models/dates

Dates from 1950 to 2049 are drawn at random and written by the patterns of Unicode's CLDR, which
Babel brings. A day's SHA-256 decides whether it is for training or for testing, so that no day of
the test part was seen in any language.

The baseline is a rule: a date of three numbers, one of them of four digits, in any script; the year
is the long one, and the month is in the middle.
"""

from __future__ import annotations

import argparse
import functools
import re
import sys
from collections.abc import Sequence
from typing import Any

from seqkit.cli.command_line import check_counts, exit_code, recipe_parser
from seqkit.cli.run_folder import recorded

from .parts.translation.options import add_model_options, add_run_options, estimator, settle
from .parts.translation.runs import Figure, Outcome, Scores, Task, run_models

PRESET: dict[str, Any] = {  # three minutes on one core, all in all
    "cell": "gru",
    "units": 128,
    "layers": 1,
    "attention": "luong",
    "embedding_dim": 64,
    "dropout": 0.1,
    "embedding_dropout": 0.0,
    "label_smoothing": 0.0,
    "batch_size": 64,
    "learning_rate": 0.003,
    "warm_up": 0.05,
    "epochs": 6,
}
VALIDATED, TESTED = 500, 2000
SEEDS = {"train": 1, "valid": 2, "test": 3}  # of what is drawn
FIGURES = {"exact": Figure("exact match")}


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.dates", __doc__)
    data = parser.add_argument_group("data")
    data.add_argument("--dates", type=int, default=20_000, help="to train on [20000]")
    data.add_argument("--locales", metavar="NAMES", help="such as de,pt_BR [thirty languages]")
    add_model_options(parser)
    add_run_options(parser, "dates")
    options = parser.parse_args(arguments)
    check_counts(parser, options, "dates")
    return settle(parser, options, PRESET)


def load(options: argparse.Namespace) -> Task:
    from seqkit import data
    from seqkit.datasets.written_dates import LOCALES

    locales = options.locales.split(",") if options.locales else list(LOCALES)
    sizes = {"train": options.dates, "valid": VALIDATED, "test": TESTED}
    sides = [
        side
        for part, size in sizes.items()
        for side in data.make_dates(size, SEEDS[part], locales, part)
    ]
    return Task(f"Dates in {len(locales)} languages", *sides)


def by_rule(text: str) -> str:
    """The date of three numbers, or nothing.

    Example:
        >>> by_rule("5.2.2020"), by_rule("٢٠٢٠/٢/٥"), by_rule("5. Februar 2020")
        ('2020-02-05', '2020-02-05', '')
    """
    numbers = re.findall(r"\d+", text)
    long = [k for k, number in enumerate(numbers) if len(number) == 4]
    if len(numbers) != 3 or long not in ([0], [2]):
        return ""
    year, month, day = map(int, numbers if long == [0] else reversed(numbers))
    return f"{year}-{month:02}-{day:02}"


def judge(dates: list[str], predicted: Sequence[str]) -> Scores:
    from seqkit.metrics import exact_match

    return {"exact": exact_match(dates, predicted)}


def translator(options: argparse.Namespace, pairs: int, seed: int) -> Any:
    return estimator(options, pairs, seed, tokens="char")


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Trains, compares with the baseline, prints a table, writes all; returns the metrics."""
    translator(options, 1, options.seed).check_parameters()  # before minutes go by
    task = load(options)
    print(task.sizes(), flush=True)
    score = functools.partial(judge, task.y_test)
    baselines = {"rule of three numbers": score([by_rule(text) for text in task.X_test])}

    def comment(outcomes: list[Outcome]) -> None:
        predicted = outcomes[0].predicted
        wrong = [k for k, date in enumerate(task.y_test) if predicted[k] != date]
        for k in wrong[:5]:
            print(f"wrong: {task.X_test[k]} is {task.y_test[k]}, not {predicted[k]}")

    return run_models(options, task, {"": options}, translator, baselines, score, FIGURES, comment)


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(recorded(run), parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
