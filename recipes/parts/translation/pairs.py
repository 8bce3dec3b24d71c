"""Pairs of texts for the translation recipe: of the Bible, the user's file, or a TFDS set."""

from __future__ import annotations

import argparse
from typing import Any

from ..tfds_splits import load_splits
from .runs import Task

FORMS = ("subword", "word", "char")
Pairs = tuple[list[str], list[str]]


def load(options: argparse.Namespace) -> Task:
    """The pairs that the options name, in three parts.

    Raises:
        ValueError: where a part that is needed is empty.
    """
    if options.tsv:
        name, parts = _tsv(options)
    elif options.tfds:
        name, parts = _tfds(options)
    else:
        name, parts = _bible(options)
    for part in ("train", "test"):
        if not parts[part][0]:
            raise ValueError(
                f"{name}: expected pairs in the part {part!r}, got none. Give more pairs, raise "
                "--max-words, or with --tsv name a --test-tsv."
            )
    return Task(name, *parts["train"], *parts["valid"], *parts["test"])


def _bible(options: argparse.Namespace) -> tuple[str, dict[str, Pairs]]:
    from seqkit import data

    source, target = options.source or "louis_segond", options.target or "basic_english"
    pairs = data.bible_pairs(source, target, options.max_words)
    parts = {
        part: (
            getattr(pairs, f"sources_{part}").tolist(),
            getattr(pairs, f"targets_{part}").tolist(),
        )
        for part in ("train", "valid", "test")
    }
    return f"Bible, {source} to {target}, up to {options.max_words} words", parts


def _tsv(options: argparse.Namespace) -> tuple[str, dict[str, Pairs]]:
    """The pairs of --tsv. A source that occurs twice is in one part."""
    from seqkit import data
    from seqkit.datasets.splits import PARTS, rows_of_parts

    def read(path: str) -> Pairs:
        return _short(data.read_tsv_pairs(path), options.max_words)

    if options.test_tsv:
        test = read(options.test_tsv)  # first, so that an error in it comes first
    sources, targets = read(options.tsv)
    rows = rows_of_parts(sources)
    parts = {
        part: ([sources[k] for k in rows[part]], [targets[k] for k in rows[part]]) for part in PARTS
    }
    if not options.test_tsv:
        return options.tsv, parts
    more, targets_of_more = parts["test"]
    parts["train"] = parts["train"][0] + more, parts["train"][1] + targets_of_more
    return f"{options.tsv} / {options.test_tsv}", {**parts, "test": test}


def _tfds(options: argparse.Namespace) -> tuple[str, dict[str, Pairs]]:
    """The pairs of a set's splits train, validation, and test."""
    name, splits, info = load_splits(options)
    supervised = info.supervised_keys or (None, None)
    keys = {"source": options.source or supervised[0], "target": options.target or supervised[1]}
    for argument, key in keys.items():
        if key not in info.features:
            wanted = f"no feature {key!r}, but" if key else "no pair of its own. It has"
            raise ValueError(f"--{argument}: {name} has {wanted} {', '.join(info.features)}.")

    def read(split: str) -> Pairs:
        if split not in splits:
            return [], []
        columns: tuple[list[str], list[str]] = ([], [])
        for example in splits[split].as_numpy_iterator():
            for column, key in zip(columns, keys.values(), strict=True):
                column.append(_text(example[key], str(key), name))
        return _short(columns, options.max_words)

    names = {"train": "train", "valid": "validation", "test": "test"}
    if "test" not in splits:
        names |= {"valid": "", "test": "validation"}
    if not {"train", names["test"]} <= set(splits):
        raise ValueError(
            f"{name} must have the splits train and test, or train and validation, got "
            f"{', '.join(splits)}."
        )
    return name, {part: read(split) for part, split in names.items()}


def _text(value: Any, key: str, name: str) -> str:
    if not isinstance(value, bytes):
        raise ValueError(f"{key!r} of {name} is not text, but {type(value).__name__}.")
    return value.decode("utf-8", "replace").strip()


def _short(pairs: Pairs, max_words: int | None) -> Pairs:
    """Those pairs that have words on both sides, and not more than max_words."""
    kept = [
        pair
        for pair in zip(*pairs, strict=True)
        if all(1 <= len(side.split()) <= (max_words or len(side)) for side in pair)
    ]
    return [source for source, _ in kept], [target for _, target in kept]
