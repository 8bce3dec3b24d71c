"""Translate: French into English, or your own pairs of sentences.

    python -m recipes.translation
    python -m recipes.translation --preset standard --seeds 3 --compare
    python -m recipes.translation --tsv mine.tsv --export saved_models/mine

By default: the Bible's short verses, Louis Segond (1910) into Basic English, divided by
chapter. Own data: a file of two columns between tabs, divided by a rule over the source unless
there is a --test-tsv; or a set of TensorFlow Datasets, such as ted_hrlr_translate/pt_to_en.

Baselines: the commonest target, and the target of the training source that is most like the
source. Where there is none like it (cosine below .5), memory does not help: these are the hard
pairs, which have columns of their own. BLEU and chrF are sacreBLEU's.
"""

from __future__ import annotations

import argparse
import functools
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from seqkit.cli.command_line import check_counts, exit_code, recipe_parser
from seqkit.cli.run_folder import recorded
from seqkit.extras import require

from .parts.translation.options import add_model_options, add_run_options, estimator, settle
from .parts.translation.pairs import FORMS, load
from .parts.translation.runs import FINAL, Figure, Outcome, Scores, run_models
from .parts.translation.sentence_baselines import HARD_COSINE, NearestNeighbour, most_frequent

_COMMON: dict[str, Any] = {
    "max_words": 20,  # of the Bible's verses alone
    "tokens": "subword",
    "vocabulary": 4000,
    "cell": "gru",
    "units": 256,
    "encoder_units": 128,
    "layers": 1,
    "attention": "luong",
    "embedding_dim": 256,
    "dropout": 0.3,
    "embedding_dropout": 0.3,
    "label_smoothing": 0.1,
    "batch_size": 64,
    "learning_rate": 0.002,
    "warm_up": 0.1,
}
PRESETS: dict[str, dict[str, Any]] = {
    "quick": {**_COMMON, "epochs": 7},  # three minutes on two cores
    "standard": {**_COMMON, "epochs": 20},  # twelve minutes
    # Verses of up to 30 words; 47 minutes on one core.
    "full": {**_COMMON, "max_words": 30, "epochs": 20},
}
COMPARED = ("luong", "none")
TOKENIZATIONS = ("13a", "intl", "zh", "char", "none")
FIGURES = {
    "bleu": Figure("BLEU", rate=False),
    "chrf": Figure("chrF", rate=False),
    "hard_bleu": Figure("BLEU, hard", rate=False),
    "hard_chrf": Figure("chrF, hard", rate=False),
}


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.translation", __doc__)
    parser.add_argument("--preset", choices=PRESETS, default="quick", help="[quick]")
    data = parser.add_argument_group("data")
    source = data.add_mutually_exclusive_group()
    source.add_argument("--tsv", metavar="FILE", help="own pairs, two columns between tabs")
    source.add_argument("--tfds", metavar="NAME", help="a data set of TensorFlow Datasets")
    data.add_argument("--test-tsv", metavar="FILE", help="a file like --tsv to test on")
    data.add_argument("--data-dir", metavar="DIR", help="where prepared sets of --tfds are")
    data.add_argument(
        "--source", metavar="NAME", help="a translation of the Bible, or a feature of --tfds"
    )
    data.add_argument("--target", metavar="NAME", help="the same of what is written")
    data.add_argument("--max-words", type=int, help="of a side; longer pairs are left out")
    model = add_model_options(parser)
    model.add_argument("--tokens", choices=FORMS, help="what texts are read and written by")
    model.add_argument("--vocabulary", type=int, help="tokens a side, at most")
    add_run_options(parser, "translation", "train with attention and without")
    parser.add_argument(
        "--bleu-tokenize", choices=TOKENIZATIONS, default="13a", help="sacreBLEU's [13a]"
    )
    options = parser.parse_args(arguments)
    for name, needed in (("test_tsv", "tsv"), ("data_dir", "tfds")):
        if getattr(options, name) and not getattr(options, needed):
            parser.error(f"--{name.replace('_', '-')} needs --{needed}")
    if options.tsv and (options.source or options.target):
        parser.error("--source and --target do not go with --tsv: its columns are those")
    if options.compare and (options.attention or options.export):
        parser.error("--compare trains several models: leave out --attention and --export")
    check_counts(parser, options, "max_words")
    preset = dict(PRESETS[options.preset])
    if options.tsv or options.tfds:
        preset["max_words"] = None
    return settle(parser, options, preset)


def judge(
    references: list[str], hard: np.ndarray, tokenize: str, predicted: Sequence[str]
) -> Scores:
    """BLEU and chrF of all pairs, and of the hard ones where there are any."""
    from seqkit.metrics import bleu, chrf

    rows = np.flatnonzero(hard).tolist()
    scores = {
        "bleu": bleu(references, predicted, tokenize).value,
        "chrf": chrf(references, predicted).value,
    }
    if rows:
        right, written = ([texts[row] for row in rows] for texts in (references, predicted))
        scores["hard_bleu"] = bleu(right, written, tokenize).value
        scores["hard_chrf"] = chrf(right, written).value
    return scores


def translator(options: argparse.Namespace, pairs: int, seed: int) -> Any:
    more = {"tokens": options.tokens, "max_tokens": options.vocabulary}
    return estimator(options, pairs, seed, **more)


def variants(options: argparse.Namespace) -> dict[str, argparse.Namespace]:
    """The models to train: folder, options."""
    if not options.compare:
        return {"": options}
    return {
        f"attention_{attention}": argparse.Namespace(**{**vars(options), "attention": attention})
        for attention in COMPARED
    }


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Trains, compares with the baselines, prints a table, writes all; returns the metrics."""
    from seqkit.metrics import bleu, chrf

    require("sacrebleu", "the translation recipe")
    translator(options, 1, options.seed).check_parameters()  # before minutes go by
    task = load(options)
    nearest = NearestNeighbour().fit(task.X, task.y)
    neighbours, cosines = nearest.predict(task.X_test), nearest.cosines(task.X_test)
    hard = cosines < HARD_COSINE
    print(f"{task.sizes()}, {hard.sum()} of them hard", flush=True)
    score: Callable[[Sequence[str]], Scores] = functools.partial(
        judge, task.y_test, hard, options.bleu_tokenize
    )
    baselines = {
        "most frequent target": score(most_frequent(task.y, len(task.y_test))),
        "nearest neighbour": score(neighbours),
    }
    figures = {key: FIGURES[key] for key in baselines["nearest neighbour"]}

    def comment(outcomes: list[Outcome]) -> None:
        print(f"BLEU is {bleu(task.y_test, neighbours, options.bleu_tokenize).signature}")
        print(f"chrF is {chrf(task.y_test, neighbours).signature}")
        if options.compare:
            with_it, without = (np.mean(o.values(FINAL, "bleu")) for o in outcomes)
            print(f"Attention is worth {with_it - without:+.2f} BLEU ({FINAL}).")

    return run_models(
        options,
        task,
        variants(options),
        translator,
        baselines,
        score,
        figures,
        comment,
        offered={"nearest neighbour": nearest},
        cosine=cosines,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(recorded(run), parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
