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


def read(answer: dict[str, Any]) -> str:
    """The answer to one instance, in words: a text, a label, or one for each step, or numbers."""
    if "outputs" in answer:
        return answer["outputs"].numpy()[0].decode()
    if "label" in answer:
        probability = answer["probabilities"].numpy().max()
        return f"{answer['label'].numpy()[0].decode()} (probability {probability:.3f})"
    name = "labels" if "labels" in answer else "values"
    values = answer[name].numpy()[0].tolist()
    return " ".join(v.decode() if isinstance(v, bytes) else f"{v:.4g}" for v in values)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    request = json.loads(options.request.read_text(encoding="utf-8"))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    signature = tf.saved_model.load(str(options.version)).signatures[request["signature_name"]]
    dtype = signature.structured_input_signature[1]["inputs"].dtype
    print(f"{options.version} answers:")
    for instance in request["instances"]:
        asked = instance["inputs"]
        answer = signature(inputs=tf.constant([asked], dtype))
        shown = textwrap.shorten(asked, 60) if isinstance(asked, str) else f"{len(asked)} steps"
        print(f"  {shown} -> {read(answer)}")
    print(f"seqkit imported: {'yes' if 'seqkit' in sys.modules else 'no'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
