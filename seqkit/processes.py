"""The process that fits or predicts: whether it can, and how many threads it takes.

In a forked one what TensorFlow's threads had to do waits for ever. Processes beside others, those
of joblib, Dask and Spark, are told their share of the processors by OMP_NUM_THREADS, which
TensorFlow does not read.
"""

from __future__ import annotations

import os

from seqkit.keras_internals import tensorflow_has_run

_threads_are_lost = False


def _after_fork() -> None:
    global _threads_are_lost
    _threads_are_lost = _threads_are_lost or tensorflow_has_run()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def prepare_process() -> None:
    """Has TensorFlow take as many threads as OMP_NUM_THREADS says, unless it runs already, or
    TF_NUM_INTRAOP_THREADS says otherwise.

    Raises:
        RuntimeError: in a process that was forked after TensorFlow had run.
    """
    if _threads_are_lost:
        raise RuntimeError(
            "fit and predict cannot run in this process: it was forked from one in which "
            "TensorFlow had run, whose threads it lacks, and would wait for ever. Start processes "
            "by multiprocessing.get_context('spawn'), or by joblib's default, 'loky'; or fork "
            "before anything is fitted or predicted."
        )
    threads = os.environ.get("OMP_NUM_THREADS", "")
    if threads.isdecimal() and int(threads) and not tensorflow_has_run():
        _limit_threads(int(threads))


def _limit_threads(count: int) -> None:
    import tensorflow as tf

    threading = tf.config.threading
    given = os.environ
    # A getter gives 0 where no program has said how many.
    if "TF_NUM_INTRAOP_THREADS" not in given and not threading.get_intra_op_parallelism_threads():
        threading.set_intra_op_parallelism_threads(count)
    if "TF_NUM_INTEROP_THREADS" not in given and not threading.get_inter_op_parallelism_threads():
        threading.set_inter_op_parallelism_threads(count)
