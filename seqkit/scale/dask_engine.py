"""Partitions on the processes of a Dask cluster, which is started here or is there already."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from typing import Any

from seqkit.scale.arrow_predictor import ArrowPredictor
from seqkit.scale.partitions import Answered, Partition, answer

TIMEOUT = "20s"  # for a scheduler to answer


def on_cluster(
    predictor: ArrowPredictor, partitions: Sequence[Partition], workers: int, address: str | None
) -> Generator[tuple[Partition, Answered | Exception]]:
    """Answers partitions, in the order in which they are finished.

    Args:
        predictor: whose model each process reads once.
        partitions: what to answer.
        workers: processes, where a cluster is started: never more than partitions.
        address: of a scheduler; None: a cluster is started.

    Raises:
        ConnectionError: where no scheduler answers at the address.
    """
    from distributed import Client, as_completed

    if not partitions:
        return
    try:
        client = Client(address or _started(min(workers, len(partitions))), timeout=TIMEOUT)
    except (OSError, TimeoutError) as error:
        raise ConnectionError(
            f"address must be that of a Dask scheduler, got {address!r}, where none answers: "
            f"{error}"
        ) from None
    with client:
        try:
            # One partition a task, and a process that dies is replaced: its task is tried again.
            futures = {
                client.submit(answer, predictor, partition, pure=False): partition
                for partition in partitions
            }
            for future in as_completed(futures):
                error = future.exception()
                yield futures[future], future.result() if error is None else _plain(error)
                future.release()
        finally:
            if address is None:
                client.cluster.close()


def _started(workers: int) -> Any:
    """A cluster of processes on this machine, which no other can reach."""
    from distributed import LocalCluster

    threads = str(max(1, (os.cpu_count() or 1) // workers))
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=40,  # logging.ERROR
        # TensorFlow's threads are counted before its first operation, in the environment alone.
        env={
            "TF_NUM_INTRAOP_THREADS": threads,
            "TF_NUM_INTEROP_THREADS": "1",
            "TF_CPP_MIN_LOG_LEVEL": os.environ.get("TF_CPP_MIN_LOG_LEVEL", "3"),
        },
    )


def _plain(error: BaseException) -> Exception:
    """The error of a task; of a process that died again and again, in words."""
    from distributed.scheduler import KilledWorker

    if isinstance(error, KilledWorker):
        return RuntimeError("each process that tried it died, for want of memory say")
    return error if isinstance(error, Exception) else RuntimeError(str(error))
