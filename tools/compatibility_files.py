"""Writes the files of `save` by which later versions are held to read what this one wrote.

    python -m tools.compatibility_files

Each stands in tests/compatibility/format_N, N being the version of their format, beside what was
asked of the model and what it answered. Once a version is released its files stay as they are: a
file that is there is not written again, unless --overwrite is given.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parents[1] / "tests" / "compatibility"
SMALL = {"units": 3, "epochs": 2, "batch_size": 4, "random_state": 0}
OF_TEXTS = {**SMALL, "embedding_dim": 3}


@dataclass(frozen=True)
class Case:
    """A model of a file.

    Attributes:
        estimator: the name of its class.
        form: of the inputs: "arrays", "texts" or "series", which `as_given` reads.
        inputs: as JSON has them.
        targets: of `fit`; None for a forecaster.
        options: of the estimator.
        asked: methods and their options.
    """

    estimator: str
    form: str
    inputs: Any
    targets: Any
    options: dict[str, Any] = field(default_factory=dict)
    asked: tuple[tuple[str, dict[str, Any]], ...] = (("predict", {}),)


def _numbers(sequences: int = 8, steps: int = 4) -> list[Any]:
    """Sequences of two features, of so many steps and up to three more."""
    rng = np.random.default_rng(0)
    rows = [rng.normal(size=(steps + k % 4, 2)).round(3) for k in range(sequences)]
    return [row.tolist() for row in rows]


def _months() -> dict[str, Any]:
    t = np.arange(48)
    season = np.sin(t * np.pi / 6)
    values = {"a": (10 + season).round(3).tolist(), "b": (200 + 9 * season + t).round(3).tolist()}
    return {"start": "2000-01", "freq": "M", "values": values}


TEXTS = ["a good film", "not good", "bad", "not a bad film", "so good", "film"]
TOKENS = [["ann", "saw", "rome"], ["bob", "saw", "ann"], ["rome"], ["saw", "bob"]] * 2
TAGS = [["B-P", "O", "B-L"], ["B-P", "O", "B-P"], ["B-L"], ["O", "B-P"]] * 2
STEPS = [["up" if row[0] > 0 else "down" for row in x] for x in _numbers()]
PROBABLE: Any = (("predict", {}), ("predict_proba", {}))
SCORED: Any = (("predict", {"return_scores": True}),)
OF_PAIRS = {**OF_TEXTS, "units": 6, "epochs": 120, "learning_rate": 0.05, "dropout": 0.0}

CASES = {
    "classifier": Case(
        "SequenceClassifier",
        "arrays",
        _numbers(),
        list("aabbaabb"),
        {**SMALL, "cell": "gru"},
        PROBABLE,
    ),
    "classifier_of_several_labels": Case(
        "SequenceClassifier",
        "arrays",
        _numbers(),
        [["x"], ["x", "y"], [], ["y"]] * 2,
        {**SMALL, "cell": "simple_rnn", "ensemble_size": 2},
        PROBABLE,
    ),
    "classifier_with_segments": Case(
        "SequenceClassifier",
        "arrays",
        _numbers(steps=9),
        [3, 5, 7, 3] * 2,
        {**SMALL, "cell": "lstm", "stem": "segments", "stride": 2, "pooling": ("mean", "max")},
        PROBABLE,
    ),
    "regressor": Case(
        "SequenceRegressor",
        "arrays",
        _numbers(),
        [[k, 100 - k] for k in range(8)],
        {**SMALL, "cell": "peephole_lstm", "pooling": "attention"},
    ),
    "text_classifier": Case(
        "TextClassifier",
        "texts",
        TEXTS,
        ["yes", "no", "no", "yes", "yes", "no"],
        {**OF_TEXTS, "cell": "lstm", "layers": 2},
        PROBABLE,
    ),
    "text_classifier_of_characters": Case(
        "TextClassifier",
        "texts",
        TEXTS,
        [1, 0, 0, 1, 1, 0],
        {**OF_TEXTS, "cell": "carousel_lstm", "tokens": "char"},
        PROBABLE,
    ),
    "tagger": Case("SequenceTagger", "texts", TOKENS, TAGS, {**OF_TEXTS, "cell": "gru"}, PROBABLE),
    "tagger_with_crf": Case(
        "SequenceTagger", "texts", TOKENS, TAGS, {**OF_TEXTS, "crf": True}, PROBABLE
    ),
    "tagger_of_numbers": Case(
        "SequenceTagger", "arrays", _numbers(), STEPS, {**SMALL, "bidirectional": False}, PROBABLE
    ),
    "translator": Case(
        "Seq2SeqTranslator",
        "texts",
        ["one two", "two one", "one", "two two one"],
        ["1 2", "2 1", "1", "2 2 1"],
        {**OF_PAIRS, "cell": "gru", "tokens": "word", "attention": "luong"},
        SCORED,
    ),
    "translator_without_attention": Case(
        "Seq2SeqTranslator",
        "texts",
        ["one two", "two one", "one", "two two one"],
        ["1 2", "2 1", "1", "2 2 1"],
        {**OF_PAIRS, "cell": "lstm", "tokens": "char", "attention": None},
        SCORED,
    ),
    "forecaster": Case(
        "Seq2SeqForecaster",
        "series",
        _months(),
        None,
        {**SMALL, "cell": "gru", "horizon": 3, "lookback": 6},
        (("predict", {}), ("predict_quantiles", {})),
    ),
}


def as_given(form: str, inputs: Any) -> Any:
    """Inputs as an estimator takes them, of what JSON has.

    Example:
        >>> as_given("arrays", [[[1.0], [2.0]]])[0].shape
        (2, 1)
    """
    if form == "arrays":
        return [np.array(x) for x in inputs]
    if form == "texts":
        return inputs
    values = inputs["values"]
    steps = len(next(iter(values.values())))
    times = pd.period_range(inputs["start"], periods=steps, freq=inputs["freq"])
    return pd.DataFrame(values, times)


def plain(answer: Any) -> Any:
    """An answer as JSON has it.

    Example:
        >>> plain([np.array(["a"]), np.array(["b", "c"])])
        [['a'], ['b', 'c']]
    """
    if isinstance(answer, pd.DataFrame):
        names = {"columns": [*map(str, answer.columns)], "index": [*map(str, answer.index)]}
        return {**names, "values": plain(answer.to_numpy())}
    if isinstance(answer, list | tuple):
        return [plain(one) for one in answer]
    return answer.tolist() if isinstance(answer, np.ndarray) else answer


def answer(model: Any, form: str, inputs: Any, method: str, options: dict[str, Any]) -> Any:
    """What a method of a model says of inputs, as JSON has it."""
    ask = getattr(model, method)
    given = as_given(form, inputs)
    return plain(ask(y=given, **options) if form == "series" else ask(given, **options))


def write(folder: Path, name: str, case: Case) -> None:
    """Writes name.seqkit and name.json."""
    import seqkit

    estimator_class: Callable[..., Any] = getattr(seqkit, case.estimator)
    model = estimator_class(**case.options)
    given = as_given(case.form, case.inputs)
    model.fit(given) if case.targets is None else model.fit(given, case.targets)
    model.save(folder / f"{name}.seqkit")
    record = {
        "class": case.estimator,
        "seqkit_version": seqkit.__version__,
        "form": case.form,
        "inputs": case.inputs,
        "answers": [
            {
                "method": method,
                "options": options,
                "answer": answer(model, case.form, case.inputs, method, options),
            }
            for method, options in case.asked
        ],
    }
    (folder / f"{name}.json").write_text(json.dumps(record) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the files that are not there; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.compatibility_files")
    parser.add_argument("--overwrite", action="store_true", help="write those that are there anew")
    options = parser.parse_args(arguments)
    from seqkit.saving.saved_file import FORMAT_VERSION

    folder = FOLDER / f"format_{FORMAT_VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, case in CASES.items():
        if options.overwrite or not (folder / f"{name}.seqkit").exists():
            write(folder, name, case)
            print(folder / f"{name}.seqkit")
    return 0


if __name__ == "__main__":
    sys.exit(main())
