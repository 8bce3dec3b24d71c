"""How a process becomes one of several workers."""

from __future__ import annotations

import contextlib
import json
import os
import random
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import numpy as np

from seqkit import checks

TIMEOUT = 300.0  # seconds


def join(timeout: float = TIMEOUT) -> None:
    """Makes this process one of the workers that the variable TF_CONFIG lists.

    To be called before anything of TensorFlow is used, by each worker; scripts that
    `python -m seqkit.distributed` runs have joined. From then on `fit` of every estimator trains
    one model with all workers, each of which computes its share of the rows of every batch; all
    must fit the same estimator to the same data. Only the first worker writes files.

    Parameters
    ----------
    timeout : float
        Seconds to wait for the other workers, default 300. Where they have not come by then the
        process is killed, with a message: TensorFlow would wait for ever.

    Raises
    ------
    ValueError
        Where TF_CONFIG does not list workers, or this process is none of them.
    RuntimeError
        Where TensorFlow has been used before, or another join has gone before.

    Example
    -------
    >>> os.environ.pop("TF_CONFIG", None)
    >>> join()
    Traceback (most recent call last):
    ValueError: TF_CONFIG must list the workers, such as ..., got nothing. ...
    """
    checks.positive("timeout", timeout)
    index, count = _task_of(os.environ.get("TF_CONFIG"))
    from seqkit.distributed import workers

    if workers.workers() is not None:
        raise RuntimeError("join was called before: a process joins once.")
    import tensorflow as tf

    before = signal.getsignal(signal.SIGTERM)
    try:
        with _no_longer_than(timeout, index, count):
            strategy = tf.distribute.MultiWorkerMirroredStrategy()
            joined = workers.Workers(strategy, index, count)
            joined.check_alike(_versions())
        if before == signal.SIG_DFL and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, signal.SIG_DFL)  # which TensorFlow has taken
    except RuntimeError as error:
        if "program startup" not in str(error):
            raise
        raise RuntimeError(
            "join must be called before anything of TensorFlow is used: at the start of the script."
        ) from error
    workers.set_workers(joined)
    # Scripts that draw without a seed, to split data say, draw alike; so does Keras.
    seed = joined.of_chief(secrets.randbits(32))
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002, which others draw from


def _task_of(text: str | None) -> tuple[int, int]:
    """The number of this worker, and how many there are."""
    expected = (
        'TF_CONFIG must list the workers, such as {"cluster": {"worker": ["host1:7000", '
        '"host2:7000"]}, "task": {"type": "worker", "index": 0}}'
    )
    if not text:
        raise ValueError(
            f"{expected}, got nothing. On one machine start the script by "
            "python -m seqkit.distributed --workers 2 script.py."
        )
    try:
        told = json.loads(text)
        hosts, task = told["cluster"]["worker"], told["task"]
        index, kind = int(task["index"]), task["type"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{expected}, got {text!r}.") from error
    others = set(told["cluster"]) - {"worker"}
    if others or kind != "worker" or not 0 <= index < len(hosts):
        raise ValueError(f"{expected}: workers alone, of which this is one; got {text!r}.")
    return index, len(hosts)


def _versions() -> dict[str, str]:
    import keras
    import tensorflow as tf

    from seqkit.version import VERSION

    return {"seqkit": VERSION, "tensorflow": tf.__version__, "keras": keras.__version__}


# Reads what nobody writes, and so sees when the worker is done with waiting, or gone.
_WATCH = """
import os, sys, threading
waited_for = threading.Thread(target=sys.stdin.buffer.read, daemon=True)
waited_for.start()
waited_for.join(float(sys.argv[1]))
if waited_for.is_alive():
    print(sys.argv[3], file=sys.stderr, flush=True)
    os.kill(int(sys.argv[2]), 9)
os._exit(0)
"""


@contextlib.contextmanager
def _no_longer_than(timeout: float, index: int, count: int) -> Iterator[None]:
    """Ends this process where what is within takes longer: by another one, as TensorFlow, which
    waits, lets no thread and no handler of Python's run."""
    message = (
        f"error: worker {index} of {count} has waited {timeout:g} s for the others. See that all "
        "are started, with the same list of workers, and reach each other's ports."
    )
    command = [sys.executable, "-c", _WATCH, str(timeout), str(os.getpid()), message]
    with subprocess.Popen(command, stdin=subprocess.PIPE):  # its end closes the pipe
        yield
