"""A program in C that asks a SavedModel over TensorFlow's C API, compiled where there is a cc."""

from __future__ import annotations

import functools
import shutil
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import saved_model_pb2

SOURCE = Path(__file__).with_name("ask.c")
NAMES = {types_pb2.DT_FLOAT: "float", types_pb2.DT_INT64: "int64", types_pb2.DT_STRING: "string"}


class Refused(Exception):
    """The program's error: TensorFlow's message."""


@functools.cache
def compiled() -> tuple[Path | None, Any]:
    """The program, and the folder that it is in; or None, and why there is none."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None, "there is no C compiler: neither cc nor gcc nor clang"
    libraries = Path(tf.sysconfig.get_lib())
    found = [next(libraries.glob(f"libtensorflow_{n}.so*"), None) for n in ("cc", "framework")]
    if None in found or not Path(tf.sysconfig.get_include(), "tensorflow/c/c_api.h").exists():
        return None, f"TensorFlow's wheel in {libraries} has no C API"
    folder = tempfile.TemporaryDirectory(prefix="seqkit-ask-")
    program = Path(folder.name, "ask")
    options = ["-O1", "-Wall", "-Werror", f"-I{tf.sysconfig.get_include()}"]
    command: list[str] = [compiler, *options, str(SOURCE), "-o", str(program)]
    command += [*map(str, found), f"-Wl,-rpath,{libraries}"]
    subprocess.run(command, check=True, timeout=300)
    return program, folder


def needed() -> Path:
    """The program; where there is none the test is skipped, and a warning says why."""
    program, reason = compiled()
    if program is None:
        message = f"THE C API IS NOT TESTED: {reason}"
        warnings.warn(message, stacklevel=2)
        pytest.skip(message)
    return program


def ask(version: Path, signature: str, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The outputs of a signature, as the program has them.

    Raises:
        Refused: with TensorFlow's message.
    """
    program = needed()
    saved = saved_model_pb2.SavedModel.FromString((version / "saved_model.pb").read_bytes())
    described = saved.meta_graphs[0].signature_def[signature]
    words: list[Any] = [len(inputs)]
    for name, values in inputs.items():
        info = described.inputs[name]
        words += [*_place(info.name), NAMES[info.dtype], values.ndim, *values.shape]
        words += [_written(value) for value in values.ravel().tolist()]
    words += [len(described.outputs)]
    for info in described.outputs.values():
        words += _place(info.name)
    ended = subprocess.run(
        [program, version],
        input=" ".join(map(str, words)).encode(),
        env={"TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        timeout=300,
        check=False,
    )
    if ended.returncode:
        raise Refused(f"{ended.returncode}: {ended.stderr.decode(errors='replace')}")
    answer = iter(ended.stdout.decode().split())
    return {name: _tensor(answer) for name in described.outputs}


def _place(tensor: str) -> list[Any]:
    operation, _, index = tensor.partition(":")
    return [operation, index]


def _written(value: Any) -> str:
    return f"x{value.encode().hex()}" if isinstance(value, str) else repr(value)


def _tensor(words: Any) -> np.ndarray:
    kind, axes = next(words), int(next(words))
    shape = [int(next(words)) for _ in range(axes)]
    values = [next(words) for _ in range(int(np.prod(shape)))]
    if kind == "string":
        return np.array([bytes.fromhex(v[1:]).decode() for v in values], object).reshape(shape)
    return np.array(values, "float32" if kind == "float" else "int64").reshape(shape)
