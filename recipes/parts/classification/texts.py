"""Texts for the text classification recipe: packaged, of a table, or of TensorFlow Datasets."""

from __future__ import annotations

import argparse
from typing import Any, NamedTuple

import numpy as np

from seqkit.cli.csv_form import form_of, told_as_options
from seqkit.cli.held_out import held_out as rows_held_out

from ..tfds_splits import load_splits
from .runs import Task, of_one_kind


class Texts(NamedTuple):
    """A task, and the groups of its training texts, or None: what must not be in two folds."""

    task: Task
    groups: Any = None


def load_snippets() -> Texts:
    from seqkit import data

    X, y, films, X_test, y_test, _ = data.load_critics_snippets()
    return Texts(Task("Critics' snippets", X, y, X_test, y_test), films)


def load_r8() -> Texts:
    from seqkit import data

    return Texts(Task("Reuters R8", *data.load_reuters(8)))


LOADERS = {"snippets": load_snippets, "r8": load_r8}


def load(options: argparse.Namespace) -> Texts:
    if options.csv:
        return load_tables(options)
    return load_tfds(options) if options.tfds else LOADERS[options.dataset]()


def load_tables(options: argparse.Namespace) -> Texts:
    """The texts of --csv, and of --test-csv or held out."""
    from seqkit.readers.tables import check_column, read_table

    named = {"text": options.text or "text", "label": options.label or "label"}
    if options.group:
        named["group"] = options.group

    form = form_of(options)

    def read(path: str, columns: dict[str, str]) -> Any:
        with told_as_options():
            frame = read_table(path, columns.values(), **form)
        for argument, column in columns.items():
            check_column(frame, f"--{argument}", column, path)
        return complete(frame[list(columns.values())].set_axis(list(columns), axis=1), path)

    frame = read(options.csv, named)
    groups = frame["group"].to_numpy() if options.group else None
    if options.test_csv is None:
        return held_out(options, options.csv, frame, groups)
    test = read(options.test_csv, {name: named[name] for name in ("text", "label")})
    (X, y), (X_test, y_test) = columns_of(frame), columns_of(test)
    y, y_test = of_one_kind(y, y_test)
    return Texts(Task(f"{options.csv} / {options.test_csv}", X, y, X_test, y_test), groups)


def load_tfds(options: argparse.Namespace) -> Texts:
    """The texts of a set of TensorFlow Datasets: its split train, and another or held out."""
    import pandas as pd

    name, splits, info = load_splits(options)
    supervised = info.supervised_keys or ("text", "label")
    keys = {"text": options.text or supervised[0], "label": options.label or supervised[1]}
    for argument, key in keys.items():
        if key not in info.features:
            raise ValueError(
                f"--{argument}: {name} has no feature {key!r}, but {', '.join(info.features)}."
            )

    def read(split: str) -> Any:
        if split not in splits:
            raise ValueError(f"{name} has no split {split!r}, but {', '.join(splits)}.")
        batches = list(splits[split].batch(1024).as_numpy_iterator())
        texts, labels = (np.concatenate([b[keys[k]] for b in batches]) for k in ("text", "label"))
        if texts.dtype != object:
            raise ValueError(f"--text: {keys['text']!r} of {name} is not text, but {texts.dtype}.")
        names = getattr(info.features[keys["label"]], "names", None)
        if names:
            if min(labels) < 0:
                raise ValueError(
                    f"{name} has no labels in its split {split!r}. Name another by --test-split."
                )
            labels = np.array(names)[labels]
        decoded = [text.decode("utf-8", "replace") for text in texts]
        return complete(pd.DataFrame({"text": decoded, "label": labels}), f"{name}, {split}")

    frame = read("train")
    split = options.test_split or next((s for s in ("test", "validation") if s in splits), None)
    if split is None:
        return held_out(options, name, frame)
    return Texts(Task(name, *columns_of(frame), *columns_of(read(split))))


def complete(frame: Any, name: str) -> Any:
    """The rows that have all: text, label, and group. It is said how many have not."""
    whole = frame.notna().all(axis=1) & frame["text"].astype(str).str.strip().ne("")
    if not whole.all():
        missing = " or ".join(frame.columns)
        print(f"{name}: left out {(~whole).sum()} of {len(frame)} rows, which have no {missing}")
    frame = frame[whole]
    if frame.empty:
        raise ValueError(f"{name}: expected rows with {' and '.join(frame.columns)}, got none.")
    number = next((text for text in frame["text"] if not isinstance(text, str)), None)
    if number is not None:
        raise ValueError(f"--text: expected texts in {name}, got {number!r}.")
    labels = frame["label"]
    if labels.dtype.kind == "f" and (labels % 1 == 0).all():  # integers, until some were missing
        frame = frame.assign(label=labels.astype(int))
    return frame


def columns_of(frame: Any) -> tuple[np.ndarray, np.ndarray]:
    return frame["text"].to_numpy(object), frame["label"].to_numpy()


def held_out(options: argparse.Namespace, name: str, frame: Any, groups: Any = None) -> Texts:
    """A task whose test part is taken from the training texts."""
    X, y = columns_of(frame)
    kept, test = rows_held_out(
        y,
        options.test_fraction,
        options.seed,
        name=name,
        column="--label",
        nouns="texts",
        groups=groups,
    )
    task = Task(name, X[kept], y[kept], X[test], y[test])
    return Texts(task, None if groups is None else groups[kept])
