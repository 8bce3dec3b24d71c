"""The files beside an exported graph: a card that describes it, its words, its warm-up requests."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from seqkit.serving.json_rows import answer_of, request_of
from seqkit.serving.versions import CARD, digest_of_card, digests
from seqkit.serving.warmup import FILE, write_warmup
from seqkit.text.characters import utf8

EXTRA = "assets.extra"  # where a SavedModel keeps what is not TensorFlow's
FORMAT = 1
WARMED = (1, 32)  # rows of the batches that a server warms up with
MOST_ROWS = 4  # of an example


@dataclass(frozen=True)
class Contents:
    """All that the files beside a graph tell.

    Attributes:
        about: facts of the model, as JSON holds them.
        meanings: of inputs and outputs, by name.
        examples: by signature, its inputs by name, (B, ...) each; without one a signature has no
            example and no warm-up.
        words: lists to write as JSON, by the name of their file: labels, vocabularies.
        warms_up: whether a server reads requests to warm up with.
    """

    about: Mapping[str, Any]
    meanings: Mapping[str, str]
    examples: Mapping[str, Mapping[str, np.ndarray]]
    words: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    warms_up: bool = True


def write_beside(contents: Contents, folder: Path, functions: Mapping[str, Any]) -> None:
    """Writes the files into a version's folder.

    Args:
        contents: to write.
        folder: which has the graph.
        functions: of the signatures by name, traced.
    """
    signatures = {}
    warmup = []
    for name, concrete in functions.items():
        specs = {spec.name: spec for spec in concrete.structured_input_signature[0]}
        signatures[name] = {
            "inputs": _schema(specs, contents.meanings),
            "outputs": _schema(concrete.structured_outputs, contents.meanings),
        }
        if name not in contents.examples:
            continue
        rows = {k: values[:MOST_ROWS] for k, values in contents.examples[name].items()}
        answer = _ask(concrete, specs, rows)
        signatures[name]["example"] = {"request": request_of(name, rows), "answer": answer}
        if not contents.warms_up:
            continue
        warmup += [(name, _of_rows(rows, count)) for count in WARMED]
    for file, words in contents.words.items():
        _write_json(folder / EXTRA / file, list(words))
    if warmup:
        write_warmup(folder / FILE, warmup)
    card = {
        "format": FORMAT,
        **contents.about,
        "signatures": signatures,
        "files": digests(folder),
    }
    _write_json(folder / CARD, {**card, "sha256": digest_of_card(card)})


def _schema(specs: Mapping[str, Any], meanings: Mapping[str, str]) -> dict[str, Any]:
    """Dtype, shape and meaning of tensors by name; None at axes of any size."""
    return {
        name: {
            "dtype": spec.dtype.name,
            "shape": spec.shape.as_list(),
            "meaning": meanings.get(name, ""),
        }
        for name, spec in specs.items()
    }


def _ask(
    function: Callable[..., Any], specs: Mapping[str, tf.TensorSpec], rows: Mapping[str, Any]
) -> dict[str, Any]:
    tensors = [tf.constant(rows[name], spec.dtype) for name, spec in specs.items()]
    return answer_of({name: value.numpy() for name, value in function(*tensors).items()})


def _of_rows(inputs: Mapping[str, np.ndarray], count: int) -> dict[str, np.ndarray]:
    """A batch of so many rows, the rows given over and over."""
    return {name: values[np.arange(count) % len(values)] for name, values in inputs.items()}


def _write_json(path: Path, value: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    text = json.dumps(value, indent=1, ensure_ascii=False)
    path.write_bytes(utf8(text + "\n"))
    os.chmod(path, 0o644)
