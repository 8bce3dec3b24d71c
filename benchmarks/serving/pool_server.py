"""A server of SavedModels within this process: a folder of versions, of which it serves the newest
as TensorFlow Serving does, TensorFlow's own loader, and a pool of threads."""

from __future__ import annotations

import gc
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from seqkit.serving.versions import newest_version
from seqkit.serving.warmup import FILE, read_warmup

POLL = 0.1  # seconds between two looks at the folder


class Refused(Exception):
    """The model refuses a request; the message is TensorFlow's."""


class PoolServer:
    """Answers requests by the newest version in a folder; use it in a `with`.

    A version is loaded beside the one that answers, asked its warm-up requests, and then takes the
    place: requests that are being answered end with the version that they began with.

    Args:
        folder: of the model; a version is to appear in it complete, as `export` has it.
        threads: that answer.

    Attributes:
        swaps: how often a version took the place of another.
        error: of a version that could not be loaded, or None.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        self.swaps = 0
        self.error: Exception | None = None
        self._folder = folder
        self._current = _Version(newest_version(folder))
        self._pool = ThreadPoolExecutor(threads)
        self._ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PoolServer:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watcher.join()
        self._pool.shutdown()

    def ask(
        self, inputs: Mapping[str, Any], signature: str = "serving_default"
    ) -> tuple[int, dict[str, np.ndarray]]:
        """The number of the version that answered, and the outputs by name.

        Raises:
            Refused: for a request that is not one of the model's.
        """
        return self._pool.submit(self._answer, inputs, signature).result()

    def _answer(
        self, inputs: Mapping[str, Any], signature: str
    ) -> tuple[int, dict[str, np.ndarray]]:
        version = self._current
        return version.number, version.answer(inputs, signature)

    def _watch(self) -> None:
        while not self._ended.wait(POLL):
            newest = newest_version(self._folder)
            if int(newest.name) <= self._current.number:
                continue
            try:
                self._current = _Version(newest)
            except Exception as error:  # the version before goes on answering
                self.error = error
                return
            self.swaps += 1
            gc.collect()  # a loaded graph is one with cycles


class _Version:
    """A version, loaded and warm."""

    def __init__(self, folder: Path) -> None:
        self.number = int(folder.name)
        self._loaded = tf.saved_model.load(str(folder))  # it holds the weights
        warmup = folder / FILE
        for signature, inputs in read_warmup(warmup) if warmup.exists() else ():
            self.answer(inputs, signature)

    def answer(self, inputs: Mapping[str, Any], signature: str) -> dict[str, np.ndarray]:
        try:
            function = self._loaded.signatures[signature]
            specs = function.structured_input_signature[1]
            tensors = {name: tf.constant(v, specs[name].dtype) for name, v in inputs.items()}
            return {name: value.numpy() for name, value in function(**tensors).items()}
        except (KeyError, TypeError, ValueError, tf.errors.InvalidArgumentError) as error:
            raise Refused(str(error)) from error
