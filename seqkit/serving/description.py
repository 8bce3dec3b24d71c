"""Files by which operations serve an exported model, and requests with the answers to expect."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqkit.serving.json_rows import columns_of
from seqkit.serving.verification import read_card
from seqkit.serving.versions import FILES, format_of, newest_version

REST, GRPC = 8501, 8500


@dataclass(frozen=True)
class Description:
    """The files that serve a model; printed, it is all of them.

    Attributes:
        files: text by name of the file.
    """

    files: Mapping[str, str]

    def write(self, folder: str | os.PathLike[str]) -> list[str]:
        """Writes the files into a folder, and returns their paths."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        paths = [Path(folder, name) for name in self.files]
        for path, text in zip(paths, self.files.values(), strict=True):
            path.write_text(text, encoding="utf-8", newline="\n")
        return list(map(str, paths))

    def __str__(self) -> str:
        return "\n".join(f"==> {name} <==\n{text}" for name, text in self.files.items())


def describe(directory: str | os.PathLike[str], *, name: str | None = None) -> Description:
    """Tells how TensorFlow Serving serves a model, or how a program asks one of another format.

    - `models.config` names the model and its folder.
    - `batching.config` has the server put requests together, where it can: only those of one shape,
      so not where an input has steps.
    - `compose.yaml` starts the official container, reached from this machine alone.
    - `requests.md` has requests over REST and gRPC, with the answers that the version gives.

    Of ONNX and LiteRT, which no such server has, it is `requests.md` alone: the signature, and a
    program that asks ONNX Runtime, or LiteRT's interpreter.

    Args:
        directory: a model's folder, or a version's.
        name: of the model, for clients; default: that of its folder.

    Raises:
        FileNotFoundError: where there is no version.
        ValueError: for a name that an address cannot have; where a version has no card, or no
            example.
    """
    version = newest_version(directory).resolve()
    format = format_of(version)
    card = read_card(version)
    name = name or version.parent.name
    if not re.fullmatch(r"[\w.-]+", name, re.ASCII):
        raise ValueError(
            f"name must be of letters, digits, '_', '-' and '.', got {name!r}. Give another name."
        )
    if not any("example" in signature for signature in card["signatures"].values()):
        raise ValueError(
            f"directory must hold a version with examples, and {str(version)!r} has none. Export "
            "with include_example=True."
        )
    if format != "saved_model":
        return Description({"requests.md": "\n".join(_programs(name, version, card, format))})
    files = {"models.config": _models(name)}
    batches = _can_batch(card)
    if batches:
        files["batching.config"] = _BATCHING
    files["compose.yaml"] = _compose(name, version.parent, card, batches=batches)
    files["requests.md"] = "\n".join(_requests(name, card))
    return Description(files)


_BATCHING = """\
# Requests that come within a millisecond are answered together.
max_batch_size { value: 32 }
batch_timeout_micros { value: 1000 }
max_enqueued_batches { value: 100 }
num_batch_threads { value: 2 }
"""


def _models(name: str) -> str:
    return f"""\
model_config_list {{
  config {{
    name: {json.dumps(name)}
    base_path: {json.dumps(f"/models/{name}")}
    model_platform: "tensorflow"
  }}
}}
"""


def _can_batch(card: Mapping[str, Any]) -> bool:
    """Whether rows of any two requests are of one shape."""
    return all(
        None not in tensor["shape"][1:]
        for signature in card["signatures"].values()
        for tensor in signature["inputs"].values()
    )


def _compose(name: str, folder: Path, card: Mapping[str, Any], *, batches: bool) -> str:
    """A compose file; strings are those of JSON, and a dollar is written twice."""
    command = ["--model_config_file=/config/models.config"]
    files = ["models.config"]
    if batches:
        command += ["--enable_batching=true", "--batching_parameters_file=/config/batching.config"]
        files.append("batching.config")
    volumes = [
        f"{folder}:/models/{name}:ro",
        *(f"./{file}:/config/{file}:ro" for file in files),
    ]
    ports = [f"127.0.0.1:{port}:{port}" for port in (REST, GRPC)]

    def listed(values: list[str]) -> str:
        return "\n".join(f"      - {json.dumps(value).replace('$', '$$')}" for value in values)

    return f"""\
# The version was exported with TensorFlow {card["versions"]["tensorflow"]}; take a release of the \
server that is no older.
# It listens on this machine alone: TensorFlow Serving asks nobody for a password.
services:
  serving:
    image: ${{TF_SERVING_IMAGE:-tensorflow/serving}}
    command:
{listed(command)}
    ports:
{listed(ports)}
    volumes:
{listed(volumes)}
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    restart: unless-stopped
"""


def _requests(name: str, card: Mapping[str, Any]) -> Iterator[str]:
    """The lines of requests.md."""
    about = card["model"]
    yield f"# {name}\n\n{about['estimator']}: {about['description']}\n"
    yield "    docker compose up --detach"
    yield f"    curl http://127.0.0.1:{REST}/v1/models/{name}\n"
    for signature, parts in card["signatures"].items():
        if "example" in parts:
            yield from _of_signature(name, signature, parts)


def _of_signature(name: str, signature: str, parts: Mapping[str, Any]) -> Iterator[str]:
    yield from _schema(signature, parts)
    request, answer = parts["example"]["request"], parts["example"]["answer"]
    url = f"http://127.0.0.1:{REST}/v1/models/{name}:predict"
    yield "REST, a row each:\n"
    yield _block("sh", f"curl -d {shlex.quote(_short(request))} {url}")
    yield _block("json", _short(answer))
    inputs = columns_of(request["instances"], list(parts["inputs"]))
    outputs: Any = columns_of(answer["predictions"], list(parts["outputs"]))
    if len(outputs) == 1:
        (outputs,) = outputs.values()
    yield "REST, a column each:\n"
    columns = {"signature_name": signature, "inputs": inputs}
    yield _block("sh", f"curl -d {shlex.quote(_short(columns))} {url}")
    yield _block("json", _short({"outputs": outputs}))
    yield "gRPC, with the stubs of `pip install tensorflow-serving-api`:\n"
    yield _block("python", _grpc(name, signature, parts, inputs))


_PACKAGES = {"onnx": "onnxruntime", "litert": "ai-edge-litert"}
_ONNX = """\
import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession({file!r})
inputs = {{
{inputs}
}}
names = [output.name for output in session.get_outputs()]
answer = dict(zip(names, session.run(names, inputs)))
print({{name: values.tolist() for name, values in answer.items()}})"""
_LITERT = """\
import numpy as np
from ai_edge_litert.interpreter import Interpreter

interpreter = Interpreter(model_path={file!r})
run = interpreter.get_signature_runner()
inputs = {{
{inputs}
}}
count = len(next(iter(inputs.values())))
rows = [{{name: values[k : k + 1] for name, values in inputs.items()}} for k in range(count)]
answers = [run(**row) for row in rows]  # the file takes one row
print({{name: np.concatenate([a[name] for a in answers]).tolist() for name in answers[0]}})"""


def _programs(name: str, version: Path, card: Mapping[str, Any], format: str) -> Iterator[str]:
    """The lines of requests.md for formats that a program of its own asks."""
    about = card["model"]
    yield f"# {name}\n\n{about['estimator']}: {about['description']}\n"
    program = {"onnx": _ONNX, "litert": _LITERT}[format]
    for signature, parts in card["signatures"].items():
        if "example" not in parts:
            continue
        yield from _schema(signature, parts)
        columns = columns_of(parts["example"]["request"]["instances"], list(parts["inputs"]))
        inputs = "\n".join(
            f"    {key!r}: np.array({_python(values)}, np.{parts['inputs'][key]['dtype']}),"
            for key, values in columns.items()
        )
        yield f"Python, with `pip install {_PACKAGES[format]}`:\n"
        file = str(version / FILES[format])
        yield _block("python", program.format(file=file, inputs=inputs))
        yield _block("json", _short(parts["example"]["answer"]))


def _schema(signature: str, parts: Mapping[str, Any]) -> Iterator[str]:
    """The tables of a signature's inputs and outputs."""
    yield f"## Signature {signature}\n"
    for side in ("inputs", "outputs"):
        yield f"| {side} | dtype | shape | meaning |\n|---|---|---|---|"
        for key, tensor in parts[side].items():
            batch, *rest = tensor["shape"]
            sizes = ["batch" if batch is None else str(batch)]
            sizes += ["any" if n is None else str(n) for n in rest]
            shape = f"({', '.join(sizes)})"
            yield f"| `{key}` | {tensor['dtype']} | {shape} | {tensor['meaning']} |"
        yield ""


def _grpc(
    name: str, signature: str, parts: Mapping[str, Any], inputs: Mapping[str, list[Any]]
) -> str:
    lines = [
        "import grpc",
        "import tensorflow as tf",
        "from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc",
        "",
        f'channel = grpc.insecure_channel("127.0.0.1:{GRPC}")',
        "request = predict_pb2.PredictRequest()",
        f"request.model_spec.name = {name!r}",
        f"request.model_spec.signature_name = {signature!r}",
    ]
    lines += [
        f"request.inputs[{key!r}].CopyFrom(tf.make_tensor_proto({_python(values)}, "
        f"tf.{parts['inputs'][key]['dtype']}))"
        for key, values in inputs.items()
    ]
    lines += [
        "answer = prediction_service_pb2_grpc.PredictionServiceStub(channel).Predict(request, 10)",
        "print({name: tf.make_ndarray(value).tolist() for name, value in answer.outputs.items()})",
    ]
    return "\n".join(lines)


def _python(values: Any) -> str:
    """Nested lists as Python reads them."""
    return repr(values).replace("nan", 'float("nan")') if _numbers(values) else repr(values)


def _numbers(values: Any) -> bool:
    return _numbers(values[0]) if isinstance(values, list) else not isinstance(values, str)


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _block(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```\n"
