"""Ask an exported model, with TensorFlow alone: seqkit is not imported here.

    python -m recipes.query_export saved_models/japanese_vowels --request runs/demo/request.json

The request is the JSON body that TensorFlow Serving's REST interface takes.
"""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from seqkit.cli.command_line import recipe_parser
from seqkit.cli.tensorflow_log import import_quietly


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = recipe_parser(f"{__package__}.query_export", __doc__)
    parser.add_argument("model", type=Path, help="folder of an exported model's versions")
    parser.add_argument("--request", type=Path, required=True, help="JSON with instances to ask")
    options = parser.parse_args(arguments)
    if not options.request.is_file():
        parser.error(f"--request must be a JSON file, and {options.request} is none")
    versions = [p for p in options.model.glob("*") if p.name.isdigit()]
    if not versions:
        parser.error(f"{options.model} holds no version of a model; export one into it first")
    options.version = max(versions, key=lambda p: int(p.name))
    return options


def asked_of(path: Path) -> tuple[str, list[dict[str, Any]]]:
    """The signature that a request names, by default serving_default; and its instances, each by
    the names of its inputs. One that is no object is the value of `inputs`.

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
    given = [i if isinstance(i, dict) else {"inputs": i} for i in instances]
    return request.get("signature_name", "serving_default"), given


def read(answer: dict[str, Any]) -> str:
    """The answer to one instance, in words: a text, a label, or one for each step, or numbers."""
    if "outputs" in answer:
        outputs = answer["outputs"].numpy()[0]  # one text, or the best ones
        return " | ".join(text.decode() for text in np.ravel(outputs))
    if "label" in answer:
        (label,) = answer["label"].numpy().tolist()
        return f"{shown(label)} (probability {answer['probabilities'].numpy().max():.3f})"
    name = next(name for name in ("labels", "forecast", "values") if name in answer)
    values = answer[name].numpy()[0]
    if name == "labels" and answer["probabilities"].shape.rank == 2:  # any number may apply
        values = values[answer["probabilities"].numpy()[0] > 0.5]
    return " ".join(map(shown, values.tolist()))


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
    import_quietly()
    import tensorflow as tf

    try:
        signatures = tf.saved_model.load(str(options.version)).signatures
    except (OSError, ValueError) as error:
        print(f"error: {options.version} is no whole SavedModel: {error}", file=sys.stderr)
        return 2
    if name not in signatures:
        known = ", ".join(signatures)
        print(f"error: {options.version} has no signature {name!r}, but {known}", file=sys.stderr)
        return 2
    signature = signatures[name]
    specs = signature.structured_input_signature[1]
    if any(set(asked) != set(specs) for asked in instances):
        given = next(asked for asked in instances if set(asked) != set(specs))
        print(
            f"error: --request: {options.request} must have the keys {', '.join(specs)} in each "
            f'object of "instances", got {", ".join(given) or "none"}',
            file=sys.stderr,
        )
        return 2
    print(f"{options.version} answers:")
    for asked in instances:
        answer = signature(
            **{key: tf.constant([value], specs[key].dtype) for key, value in asked.items()}
        )
        first = next(iter(asked.values()))
        request = textwrap.shorten(first, 60) if isinstance(first, str) else f"{len(first)} steps"
        print(f"  {request} -> {read(answer)}")
    # Where seqkit was installed, this script is part of its package: that none of its layers is
    # known to Keras is what counts.
    print(f"seqkit imported: {'yes' if 'seqkit.layers' in sys.modules else 'no'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
