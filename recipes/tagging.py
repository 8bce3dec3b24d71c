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

The model is the estimator without arguments, but for what the command names. The baseline is a
linear classifier (logistic loss) of a word as it is written, its two neighbours on either side, and
the pairs that they form; where it is ahead it is written to baseline.joblib beside the results.
The confusion matrix leaves out what rightly has no mark, or the label O: it would hide all else.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from seqkit.cli.command_line import check_counts, exit_code, recipe_parser
from seqkit.cli.fitting import fit_whole
from seqkit.cli.model_options import PREFIX
from seqkit.cli.run_folder import RunFolder, add_output, recorded

from .parts.models import add_estimator_options, check_runs, config_of, new_model, with_parameters
from .parts.tagging.capitals_and_marks import restored
from .parts.tagging.results import print_results, title, write_confusion, write_predictions
from .parts.tagging.scores import score_labels, score_writing
from .parts.tagging.sentences import load


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.tagging", __doc__)
    data = parser.add_argument_group("data")
    data.add_argument("--conll", metavar="FILE", help="own data instead of the Bible")
    data.add_argument("--test-conll", metavar="FILE", help="its test part; needs --conll")
    data.add_argument("--column", type=int, default=-1, help="of labels, from 0; -1 is the last")
    data.add_argument("--token-column", type=int, default=0, help="of tokens")
    data.add_argument("--cased", action="store_true", help="as --no-lowercase")
    data.add_argument(
        "--sentences",
        type=int,
        metavar="N",
        help="training sequences, drawn at random; default all",
    )
    run = parser.add_argument_group("run")
    run.add_argument("--one-way", action="store_true", help="as --no-bidirectional")
    run.add_argument(
        "--compare",
        action="store_true",
        help="train four: one-way, with twice the units, and bidirectional, each without and with "
        "a CRF; predictions, curve and export are those of the last",
    )
    run.add_argument("--seed", type=int, default=0, help="of the first run")
    run.add_argument("--seeds", type=int, default=1, help="number of runs, for mean and spread")
    add_output(run, "runs/tagging")
    run.add_argument("--export", metavar="DIR", help="folder for a SavedModel of the first run")
    add_estimator_options(parser, "SequenceTagger")
    options = parser.parse_args(arguments)
    if options.test_conll and not options.conll:
        parser.error("--test-conll needs --conll, a file to train on")
    if options.compare and (options.one_way or getattr(options, f"{PREFIX}crf", False)):
        parser.error("--compare trains models with and without: leave out --one-way and --crf")
    check_counts(parser, options, "sentences")
    check_runs(parser, options)
    return options


def estimator(options: argparse.Namespace, seed: int) -> Any:
    own = {"bidirectional": False} if options.one_way else {}
    own |= {"lowercase": False} if options.cased else {}
    return new_model(options, "SequenceTagger", seed, **own)


def variants(options: argparse.Namespace) -> dict[str, argparse.Namespace]:
    """The models to train, by name."""
    chosen = [options]
    if options.compare:
        wide = {"bidirectional": False, "units": 2 * estimator(options, options.seed).units}
        chosen = [
            with_parameters(options, **direction, crf=crf)
            for direction in (wide, {})
            for crf in (False, True)
        ]
    return {_name_of(estimator(of_model, options.seed)): of_model for of_model in chosen}


def _name_of(model: Any) -> str:
    direction = "bidirectional" if model.bidirectional else "one-way"
    crf = " + CRF" if model.crf else ""
    return f"{direction} {model.cell}{crf}, {model.units} units x {model.layers}"


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Trains, compares with the baseline, prints tables, writes all; returns the metrics."""
    from .parts.tagging.linear_tagger import LinearTagger

    chosen = variants(options)  # checks what was given, before anything takes its time
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
    baseline = LinearTagger().fit(*train)
    figures, of_each = score(y_test, baseline.predict(X_test))
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
    print_results(output, baseline, results, support)
    show = restored if options.conll is None else _pairs
    print(
        "The first sequence of the test part, as the model reads it, as it should be, and as the "
        f"model makes it:\n  {' '.join(X_test[0])}\n  {show(X_test[0], y_test[0])}\n"
        f"  {show(X_test[0], predicted[0])}"
    )
    base, *_ = results.pop("linear baseline")
    metrics = {"data": name, "support": dict(support), "baseline": base, "models": results}
    output.write_json("config", config_of(options, model))
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
    return exit_code(recorded(run), parse(arguments))


if __name__ == "__main__":
    sys.exit(main())
