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
from typing import Any, NamedTuple

import numpy as np

from recipes.classification import fit_whole
from recipes.written_text import labelled, parts, restored
from seqkit.cells import CELLS, check_cell

WINDOW = 48  # words of running text that are read at once
# Of different kinds: history, poetry, prophecy, gospel or acts, letter; and none of those that
# repeat another, as Chronicles repeats Kings, and Matthew Mark.
TEST_BOOKS = {"Judges": 7, "Job": 18, "Daniel": 27, "John": 43, "Romans": 45}
HELD_OUT_BOOKS = {"Esther": 17, "Proverbs": 20, "Hosea": 28, "Acts": 44, "Galatians": 48}
PATIENCE = 2  # epochs without a lower held-out loss
MOST_LABELS = 15  # in a printed table or a picture

Rows = list[list[str]]
Labelled = tuple[Rows, Rows]  # tokens, and their labels


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m recipes.tagging",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
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
    for name in ("seeds", "sentences"):
        value = getattr(options, name)
        if value is not None and value < 1:
            parser.error(f"--{name} must be at least 1, got {value}")
    try:
        check_cell(options.cell)
    except ValueError as error:
        parser.error(f"--{error}")
    return options


# The data: what is learned from, what stops the training, and what is scored.


class Parts(NamedTuple):
    """Tokens and labels: for training, held out of it for early stopping, and for testing."""

    train: Labelled
    held_out: Labelled
    test: Labelled


def load(options: argparse.Namespace) -> tuple[str, Parts]:
    """Name of the data, and its parts."""
    name, whole = bible() if options.conll is None else own(options)
    X, y = whole.train
    if options.sentences is not None and options.sentences < len(X):
        chosen = np.random.default_rng(0).permutation(len(X))[: options.sentences]
        X, y = [X[k] for k in chosen], [y[k] for k in chosen]
    # A label that training does not know has no loss.
    known = {label for row in y for label in row}
    held_out = [pair for pair in zip(*whole.held_out, strict=True) if known.issuperset(pair[1])]
    return name, Parts((X, y), ([x for x, _ in held_out], [y for _, y in held_out]), whole.test)


def bible() -> tuple[str, Parts]:
    """The King James Version. Of the free translations it is the one that has words in capitals."""
    from seqkit import data

    verses = data.load_bible("king_james")
    found = Parts(([], []), ([], []), ([], []))
    for book in np.unique(verses.books):
        part = found.train
        if book in TEST_BOOKS.values():
            part = found.test
        elif book in HELD_OUT_BOOKS.values():
            part = found.held_out
        tokens, labels = labelled(" ".join(verses.texts[verses.books == book]))
        for start in range(0, len(tokens), WINDOW):
            part[0].append(tokens[start : start + WINDOW])
            part[1].append(labels[start : start + WINDOW])
    return "King James Version", found


def own(options: argparse.Namespace) -> tuple[str, Parts]:
    """The user's files."""
    from seqkit import data

    def read(path: str) -> Labelled:
        X, y = data.read_conll(path, options.column, options.token_column)
        # CoNLL-U has words such as "10 000"; a tagger's tokens hold no blanks.
        return [["_".join(token.split()) for token in tokens] for tokens in X], y

    train, name = read(options.conll), options.conll
    if options.test_conll:
        test, name = read(options.test_conll), f"{name} / {options.test_conll}"
    else:
        train, test = last_apart(train, 5, name)
    train, held_out = last_apart(train, 10, name)
    return name, Parts(train, held_out, test)


def last_apart(pair: Labelled, divisor: int, name: str) -> tuple[Labelled, Labelled]:
    """All but the last sentences, and those: 1 / divisor of them."""
    X, y = pair
    n = max(1, len(X) // divisor)
    if n >= len(X):
        raise ValueError(f"{name}: expected enough sentences to hold some out, got {len(X)}.")
    return (X[:-n], y[:-n]), (X[-n:], y[-n:])


# The scores: figures of all labels together; and F1 of each, with its number in the test part.

Scores = tuple[dict[str, float], dict[str, tuple[float, int]]]


def score_writing(true: Rows, predicted: Rows) -> Scores:
    """Scores of marks, and of words with capitals."""
    from seqkit.metrics import token_accuracy, token_f1

    (shapes, marks), (shapes_found, marks_found) = map(_halves, (true, predicted))
    figures = {
        "accuracy": token_accuracy(true, predicted),
        "marks_f1_micro": token_f1(marks, marks_found, "micro", ignore=("",)),
        "marks_f1_macro": token_f1(marks, marks_found, "macro", ignore=("",)),
        "capitals_f1": token_f1(shapes, shapes_found, "micro", ignore=("x",)),
    }
    each = _each(marks, marks_found, "") | _each(shapes, shapes_found, "x")
    return figures, each


def score_labels(true: Rows, predicted: Rows) -> Scores:
    """Scores of spans where the labels are of such a scheme, else of labels one by one."""
    from seqkit.metrics import span_report, token_accuracy, token_f1

    figures = {"accuracy": token_accuracy(true, predicted)}
    letters = {label[:2] for rows in (true, predicted) for row in rows for label in row}
    if not letters <= {"O", "B-", "I-", "E-", "S-"}:
        figures["f1_micro"] = token_f1(true, predicted, "micro")
        figures["f1_macro"] = token_f1(true, predicted, "macro")
        return figures, _each(true, predicted, "O")
    scheme = "BIOES" if letters & {"E-", "S-"} else "BIO"
    report = span_report(true, predicted, scheme)
    for average in ("micro", "macro"):
        figures[f"span_f1_{average}"] = report.pop(f"{average} avg")["f1"]
    return figures, {kind: (of["f1"], int(of["support"])) for kind, of in report.items()}


def _halves(rows: Rows) -> tuple[Rows, Rows]:
    """How words are written, and the marks after them."""
    pairs = [[parts(label) for label in row] for row in rows]
    return [[shape for shape, _ in row] for row in pairs], [[m for _, m in row] for row in pairs]


def _each(true: Rows, predicted: Rows, ignored: str) -> dict[str, tuple[float, int]]:
    from seqkit.metrics import token_f1

    support = Counter(label for row in true for label in row)
    f1 = token_f1(true, predicted, None, ignore=(ignored,))
    return {label: (value, support[label]) for label, value in f1.items()}


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
    from seqkit import SequenceTagger

    return SequenceTagger(
        cell=options.cell,
        units=options.units,
        layers=options.layers,
        bidirectional=not options.one_way,
        crf=options.crf,
        dropout=options.dropout,
        epochs=options.epochs,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        embedding_dim=128,
        lowercase=not options.cased,
        max_length=None,
        early_stopping=True,
        n_iter_no_change=PATIENCE,
        random_state=seed,
    )


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
    from recipes.reporting import Run
    from seqkit.estimators.parameters import check_parameters

    chosen = variants(options)
    for values in chosen.values():
        check_parameters(estimator(values, options.seed))  # before anything takes its time
    name, (train, held_out, (X_test, y_test)) = load(options)
    score = score_writing if options.conll is None else score_labels
    output = Run(options.output)
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
    output.write_history(model.history_)
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


def print_results(results: dict[str, list[dict[str, Any]]], support: Counter[str]) -> None:
    """Prints the tables, where models are behind the baseline, and what the comparison shows."""
    from recipes.reporting import print_table, spread

    base = results["linear baseline"][0]
    figures = [key for key in base if key != "f1"]
    labels = [label for label, _ in support.most_common(MOST_LABELS)]
    means = {
        name: {key: float(np.mean([r[key] for r in runs])) for key in figures}
        for name, runs in results.items()
    }

    def seconds(runs: list[dict[str, Any]]) -> str:
        return f"{np.mean([r['seconds'] for r in runs]):.1f}" if "seconds" in runs[0] else ""

    def f1(runs: list[dict[str, Any]], label: str) -> list[float]:
        return [r["f1"].get(label, 0.0) for r in runs]

    print_table(
        ["model", *map(_title, figures), "seconds"],
        [
            [name, *(spread([r[key] for r in runs]) for key in figures), seconds(runs)]
            for name, runs in results.items()
        ],
    )
    print()
    print_table(
        ["F1 of", "in the test part", *(name.partition(",")[0] for name in results)],
        [
            [label, support[label], *(spread(f1(runs, label)) for runs in results.values())]
            for label in labels
        ],
    )
    print()
    for name, runs in results.items():
        behind = [_title(key) for key in figures if means[name][key] < base[key]]
        behind += [
            f"F1 of {label!r}"
            for label in labels
            if np.mean(f1(runs, label)) < base["f1"].get(label, 0.0)
        ]
        if behind:
            print(f"{name} is behind its baseline in {', '.join(behind)}.")
    if len(results) == 5:  # --compare
        _, one_way, _, both, with_crf = means.values()
        key = figures[1]
        print(
            f"{_title(key)}: what follows a word is worth {100 * (both[key] - one_way[key]):+.2f} "
            "points (bidirectional less one-way); a CRF on the bidirectional model "
            f"{100 * (with_crf[key] - both[key]):+.2f}."
        )


def write_predictions(output: Any, model: Any, X: Rows, y: Rows, predicted: Rows) -> None:
    """Writes predictions.csv, a row a token."""
    column = {label: k for k, label in enumerate(model.classes_.tolist())}
    probabilities = [
        float(of_step[column[label]])
        for of_row, labels in zip(model.predict_proba(X), predicted, strict=True)
        for of_step, label in zip(of_row, labels, strict=True)
    ]
    flat = {"token": X, "label": y, "predicted": predicted}
    columns = {name: [value for row in rows for value in row] for name, rows in flat.items()}
    sequence = [k for k, row in enumerate(X) for _ in row]
    output.write_csv("predictions", {"sequence": sequence, **columns, "probability": probabilities})


def write_confusion(output: Any, is_text: bool, y: Rows, predicted: Rows) -> None:
    """Writes confusion_matrix.png, of marks, or of the most frequent labels."""

    def kinds(rows: Rows) -> list[str]:
        return [(parts(v)[1] or "none") if is_text else v for row in rows for v in row]

    pairs = list(zip(kinds(y), kinds(predicted), strict=True))
    pairs = [pair for pair in pairs if pair not in (("none", "none"), ("O", "O"))] or pairs
    counts = Counter(kind for kind, _ in pairs)
    shown = {kind for kind, _ in counts.most_common(MOST_LABELS)}
    truth, found = zip(
        *([k if k in shown else "other" for k in pair] for pair in pairs), strict=True
    )
    output.write_confusion(list(truth), list(found))


def _pairs(tokens: Sequence[str], labels: Sequence[str]) -> str:
    return " ".join(f"{token}/{label}" for token, label in zip(tokens, labels, strict=True))


def _title(key: str) -> str:
    """The name of a figure, for tables."""
    return key.replace("_", " ").replace("f1", "F1")


def _f1(of_each: dict[str, tuple[float, int]]) -> dict[str, float]:
    return {label: f1 for label, (f1, _) in of_each.items()}


def _listed(figures: dict[str, float]) -> str:
    return ", ".join(f"{_title(key)} {value:.4f}" for key, value in figures.items())


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    try:
        run(options)
    except KeyboardInterrupt:
        print("\nInterrupted; no results were written.", file=sys.stderr)
        return 130
    except (ValueError, TypeError, OSError, RuntimeError, FloatingPointError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
