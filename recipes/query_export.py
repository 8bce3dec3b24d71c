"""Ask an exported model, with TensorFlow alone: seqkit is not imported here.

    python -m recipes.query_export saved_models/japanese_vowels --request runs/demo/request.json

The request is the JSON body that TensorFlow Serving's REST interface takes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m recipes.query_export",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", type=Path, help="folder of an exported model's versions")
    parser.add_argument("--request", type=Path, required=True, help="JSON with instances to ask")
    options = parser.parse_args(arguments)
    if not options.request.is_file():
        parser.error(f"--request must be a JSON file, and {options.request} is none")
    found = [p for p in options.model.glob("*") if p.name.isdigit()]
    if not found:
        parser.error(f"{options.model} holds no version of a model; export one into it first")
    options.version = max(found, key=lambda p: int(p.name))
    return options


def asked_of(path: Path) -> tuple[str, list[Any]]:
    """The signature that a request names, by default serving_default; and its instances, each a
    value, or an object with that of `inputs`.

    Raises:
        ValueError: for a file that is not such a request.
    """
    try:
        request = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"is no JSON ({error})") from error
    instances = request.get("instances") if isinstance(request, dict) else None
    if not isinstance(instances, list) or not instances:
        raise ValueError('must be an object with a list of "instances"')
    given = [i.get("inputs") if isinstance(i, dict) else i for i in instances]
    if None in given:
        raise ValueError('must have the key "inputs" in each object of "instances"')
    return request.get("signature_name", "serving_default"), given


def read(answer: dict[str, Any]) -> str:
    """The answer to one instance, in words: a text, a label, or one for each step, or numbers."""
    if "outputs" in answer:
        outputs = answer["outputs"].numpy()[0]  # one text, or the best ones
        return " | ".join(text.decode() for text in np.ravel(outputs))
    if "label" in answer:
        (label,) = answer["label"].numpy().tolist()
        return f"{shown(label)} (probability {answer['probabilities'].numpy().max():.3f})"
    name = "labels" if "labels" in answer else "values"
    values = answer[name].numpy()
    if name == "labels" and values.ndim == 1:  # any number of them may apply
        return " ".join(map(shown, values[answer["probabilities"].numpy()[0] > 0.5].tolist()))
    return " ".join(map(shown, values[0].tolist()))


def shown(value: Any) -> str:
    """A string of TensorFlow, or a number: classes that were integers stay so."""
    return (
        value.decode()
        if isinstance(value, bytes)
        else f"{value:.4g}"
        if isinstance(value, float)
        else str(value)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    try:
        name, instances = asked_of(options.request)
    except ValueError as error:
        print(f"error: --request: {options.request} {error}", file=sys.stderr)
        return 2
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    signatures = tf.saved_model.load(str(options.version)).signatures
    if name not in signatures:
        known = ", ".join(signatures)
        print(f"error: {options.version} has no signature {name!r}, but {known}", file=sys.stderr)
        return 2
    signature = signatures[name]
    dtype = signature.structured_input_signature[1]["inputs"].dtype
    print(f"{options.version} answers:")
    for asked in instances:
        answer = signature(inputs=tf.constant([asked], dtype))
        of = textwrap.shorten(asked, 60) if isinstance(asked, str) else f"{len(asked)} steps"
        print(f"  {of} -> {read(answer)}")
    print(f"seqkit imported: {'yes' if 'seqkit' in sys.modules else 'no'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
