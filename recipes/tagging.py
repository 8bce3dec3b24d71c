"""Tag running text: restore its capitals and punctuation, or learn the labels of your own data.

    python -m recipes.tagging
    python -m recipes.tagging --compare --seeds 3
    python -m recipes.tagging --conll train.conll --test-conll test.conll --crf

By default: the King James Version of the Bible (1769) in lower case, without its marks. A word's
label says how it is written, as x, Xx or XX, and which of the marks , . ; : ? ! follows: "Xx," is
the label of "Paul,". A book's verses are joined and cut into windows of 48 words, so that the end
of a sequence says nothing about marks; but every verse begins with a capital, also one within a
sentence. Five whole books are for testing and five for early stopping, none of which retells
another: 0.5 % of their runs of eight words stand in the training part too, where it would be 5 % of
those of chapters drawn at random.

Own data: files with a token and its labels a line, and empty lines between sentences. Labels such
as B-PER, I-PER, O are scored as spans, others one by one. Without --test-conll the last fifth of
the sentences is the test part. The last tenth of the training part is for early stopping.

The baseline is a linear classifier (logistic loss) of a word as it is written, its two neighbours
on either side, and the pairs that they form. The confusion matrix leaves out what rightly has no
mark, or the label O: it would hide all else.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from seqkit.cells import CELLS
from seqkit.cli.command_line import check_counts, check_runs_and_cell, exit_code, recipe_parser
from seqkit.cli.fitting import fit_whole
from seqkit.cli.model_options import add_settings, settings
from seqkit.cli.run_folder import RunFolder
from seqkit.cli.tensorflow_log import import_quietly

from .parts.tagging.capitals_and_marks import restored
from .parts.tagging.results import print_results, title, write_confusion, write_predictions
from .parts.tagging.scores import score_labels, score_writing
from .parts.tagging.sentences import Rows, load

PATIENCE = 2  # epochs without a lower held-out loss


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.tagging", __doc__)
    data = parser.add_argument_group("data")
    data.add_argument("--conll", metavar="FILE", help="own data instead of the Bible")
    data.add_argument("--test-conll", metavar="FILE", help="its test part; needs --conll")
    data.add_argument("--column", type=int, default=-1, help="of labels, from 0; -1 is the last")
    data.add_argument("--token-column", type=int, default=0, help="of tokens")
    data.add_argument("--cased", action="store_true", help="tell upper from lower case in tokens")
    data.add_argument(
        "--sentences",
        type=int,
        metavar="N",
        help="training sequences, drawn at random; default all",
    )
    model = parser.add_argument_group("model")
    model.add_argument("--cell", default="lstm", help=f"one of {', '.join(CELLS)}")
    model.add_argument("--units", type=int, default=64, help="units a layer and direction")
    model.add_argument("--layers", type=int, default=1, help="recurrent layers")
    model.add_argument("--one-way", action="store_true", help="do not read from the end as well")
    model.add_argument("--crf", action="store_true", help="score labels with their predecessors")
    model.add_argument("--dropout", type=float, default=0.2, help="fraction dropped in training")
    model.add_argument("--epochs", type=int, default=6, help="passes over the data, at most")
    model.add_argument("--batch-size", type=int, default=64, help="sequences a step")
    model.add_argument("--learning-rate", type=float, default=0.003, help="of Adam")
    run = parser.add_argument_group("run")
    add_settings(run)
    run.add_argument(
        "--compare",
        action="store_true",
        help="train four: one-way, with twice the units, and bidirectional, each without and with "
        "a CRF; predictions, curve and export are those of the last",
    )
    run.add_argument("--seed", type=int, default=0, help="of the first run")
    run.add_argument("--seeds", type=int, default=1, help="number of runs, for mean and spread")
    run.add_argument("--output", default="runs/tagging", help="folder for results")
    run.add_argument("--export", metavar="DIR", help="folder for a SavedModel of the first run")
    options = parser.parse_args(arguments)
    if options.test_conll and not options.conll:
        parser.error("--test-conll needs --conll, a file to train on")
    if options.compare and (options.one_way or options.crf):
        parser.error("--compare trains models with and without: leave out --one-way and --crf")
    check_counts(parser, options, "sentences")
    check_runs_and_cell(parser, options)
    return options


def baseline(X: Rows, y: Rows, X_test: Rows) -> Rows:
    """Labels from a linear classifier of each word and its neighbours."""
    from sklearn.feature_extraction import FeatureHasher
    from sklearn.linear_model import SGDClassifier

    def features(rows: Rows) -> Iterator[list[str]]:
        for row in rows:
            padded = ["", "", *row, "", ""]
            for a, b, word, c, d in zip(*(padded[k:] for k in range(5)), strict=False):
                pairs = (f"1 {a} {b}", f"2 {b} {word}", f"3 {word} {c}", f"4 {c} {d}")
                yield [f"5{a}", f"6{b}", f"7{word}", f"8{c}", f"9{d}", *pairs]

    hasher = FeatureHasher(2**20, input_type="string", alternate_sign=False)
    labels = [label for row in y for label in row]
    passes = int(np.clip(2_000_000 // len(labels), 3, 50))
    options = {"max_iter": passes, "tol": None, "average": True, "n_jobs": 2, "random_state": 0}
    model = SGDClassifier(loss="log_loss", alpha=1e-6, **options)
    model.fit(hasher.transform(features(X)), labels)
    found = iter(model.predict(hasher.transform(features(X_test))).tolist())
    return [[next(found) for _ in row] for row in X_test]


def estimator(options: argparse.Namespace, seed: int) -> Any:
    import_quietly()
    from seqkit import SequenceTagger

    model = SequenceTagger(
        cell=options.cell,
        units=options.units,
        layers=options.layers,
        bidirectional=not options.one_way,
        crf=options.crf,
        dropout=options.dropout,
        epochs=options.epochs,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        learning_rate_schedule="constant",  # until early stopping says that it is enough
        embedding_dim=128,
        lowercase=not options.cased,
        max_length=None,
        early_stopping=True,
        n_iter_no_change=PATIENCE,
        random_state=seed,
    )
    return model.set_params(**settings(options, "SequenceTagger"))


def variants(options: argparse.Namespace) -> dict[str, argparse.Namespace]:
    """The models to train, by name."""
    chosen = [vars(options)]
    if options.compare:
        wide = {"one_way": True, "units": 2 * options.units}
        chosen = [
            {**vars(options), **direction, "crf": crf}
            for direction in (wide, {})
            for crf in (False, True)
        ]
    found = {}
    for values in (argparse.Namespace(**v) for v in chosen):
        direction = "one-way" if values.one_way else "bidirectional"
        crf = " + CRF" if values.crf else ""
        found[f"{direction} {values.cell}{crf}, {values.units} units x {values.layers}"] = values
    return found


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Trains, compares with the baseline, prints tables, writes all; returns the metrics."""
    chosen = variants(options)
    for values in chosen.values():
        estimator(values, options.seed).check_parameters()  # before anything takes its time
    name, (train, held_out, (X_test, y_test)) = load(options)
    score = score_writing if options.conll is None else score_labels
    output = RunFolder(options.output)
    lengths = [len(x) for x in [*train[0], *X_test]]
    print(
        f"{name}: {len(train[0])} training, {len(held_out[0])} held-out and {len(X_test)} test "
        f"sequences, length {min(lengths)}-{max(lengths)}, "
        f"{len({label for row in train[1] for label in row})} labels",
        flush=True,
    )

    started = time.perf_counter()
    figures, of_each = score(y_test, baseline(*train, X_test))
    print(f"linear baseline: {_listed(figures)}, {time.perf_counter() - started:.1f} s", flush=True)
    results = {"linear baseline": [{**figures, "f1": _f1(of_each)}]}
    for model_name, values in chosen.items():
        first = None
        for seed in range(options.seed, options.seed + options.seeds):
            model = estimator(values, seed)
            started = time.perf_counter()
            validation = held_out if held_out[0] else None
            fit_whole(model, *train, validation_data=validation)
            predicted = [row.tolist() for row in model.predict(X_test)]
            seconds = time.perf_counter() - started
            figures, of_each = score(y_test, predicted)
            of_run = {"seed": seed, "epoch": model.best_epoch_, "seconds": seconds}
            result = {**of_run, **figures, "f1": _f1(of_each)}
            results.setdefault(model_name, []).append(result)
            print(f"{model_name}, seed {seed}: {_listed(figures)}, {seconds:.1f} s", flush=True)
            if first is None:
                first = model, predicted

    assert first is not None
    model, predicted = first
    support = Counter({label: n for label, (_, n) in score(y_test, y_test)[1].items()})
    print_results(results, support)
    show = restored if options.conll is None else _pairs
    print(
        "The first sequence of the test part, as the model reads it, as it should be, and as the "
        f"model makes it:\n  {' '.join(X_test[0])}\n  {show(X_test[0], y_test[0])}\n"
        f"  {show(X_test[0], predicted[0])}"
    )
    base, *_ = results.pop("linear baseline")
    metrics = {"data": name, "support": dict(support), "baseline": base, "models": results}
    output.write_json("config", vars(options))
    output.write_json("metrics", metrics)
    output.write_training(model)
    write_predictions(output, model, X_test, y_test, predicted)
    write_confusion(output, options.conll is None, y_test, predicted)
    # The body of a request as TensorFlow Serving's REST interface takes it.
    examples = X_test[:: max(1, len(X_test) // 5)][:5]
    instances = [{"inputs": " ".join(tokens)} for tokens in examples]
    output.write_json("request", {"signature_name": "serving_default", "instances": instances})
    print(f"Results are in {output.folder}/")
    if options.export:
        print(f"Exported {model.export(options.export)}")
    return metrics


def _pairs(tokens: Sequence[str], labels: Sequence[str]) -> str:
    return " ".join(f"{token}/{label}" for token, label in zip(tokens, labels, strict=True))


def _f1(of_each: dict[str, tuple[float, int]]) -> dict[str, float]:
    return {label: f1 for label, (f1, _) in of_each.items()}


def _listed(figures: dict[str, float]) -> str:
    return ", ".join(f"{title(key)} {value:.4f}" for key, value in figures.items())


def main(arguments: Sequence[str] | None = None) -> int:
    return exit_code(run, parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
