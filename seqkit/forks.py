"""Forked processes: what TensorFlow's threads had to do waits for ever in them."""

from __future__ import annotations

import os

from seqkit.keras_internals import tensorflow_has_run

_threads_are_lost = False


def _after_fork() -> None:
    global _threads_are_lost
    _threads_are_lost = _threads_are_lost or tensorflow_has_run()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def check_not_forked() -> None:
    """Raises RuntimeError in a process that was forked after TensorFlow had run."""
    if _threads_are_lost:
        raise RuntimeError(
            "fit and predict cannot run in this process: it was forked from one in which "
            "TensorFlow had run, whose threads it lacks, and would wait for ever. Start processes "
            "by multiprocessing.get_context('spawn'), or by joblib's default, 'loky'; or fork "
            "before anything is fitted or predicted."
        )
