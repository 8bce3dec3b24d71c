"""Workers on one machine: processes that run one script, and end together."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

GRACE = 10.0  # seconds in which the others may end by themselves, and say why
_LONGEST_WAIT = 5.0  # for a process that was asked to end


def launch(script: str, arguments: Sequence[str] = (), *, workers: int) -> int:
    """Runs a script in several processes of this machine, which train together.

    Each gets its share of the processors, and has joined the others before the script begins
    (`join`). Where one ends with an error the others are ended too.

    Parameters
    ----------
    script : path
        A file of Python.
    arguments : list of str
        Of the script.
    workers : int
        The number of processes.

    Returns
    -------
    The exit code: 0, or that of the first worker that failed.
    """
    ports = _free_ports(workers)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for index in range(workers):
            command = [sys.executable, "-m", "seqkit.distributed.script", script, *arguments]
            environment = worker_environment(os.environ, ports, index)
            processes.append(subprocess.Popen(command, env=environment))
        return _waited_for(processes)
    except KeyboardInterrupt:  # the terminal has interrupted them too
        return 130
    finally:
        _end(processes)


def worker_environment(
    environment: Mapping[str, str], ports: Sequence[int], index: int
) -> dict[str, str]:
    """The environment of a worker.

    Example:
        >>> told = worker_environment({"TF_USE_LEGACY_KERAS": "1"}, [7000, 7001], 1)
        >>> "TF_USE_LEGACY_KERAS" in told, json.loads(told["TF_CONFIG"])["task"]
        (False, {'type': 'worker', 'index': 1})
    """
    # Ray and others set it; Keras 3 has no place under it.
    kept = {k: v for k, v in environment.items() if k != "TF_USE_LEGACY_KERAS"}
    hosts = [f"127.0.0.1:{port}" for port in ports]
    task = {"type": "worker", "index": index}
    threads = str(max(1, (os.cpu_count() or 1) // len(ports)))
    shares = {"OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"}
    return {
        **dict.fromkeys(shares, threads),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **kept,
        "TF_CONFIG": json.dumps({"cluster": {"worker": hosts}, "task": task}),
        # The launcher's own process, whose end ends the worker.
        "SEQKIT_LAUNCHER": str(os.getpid()),
    }


def _waited_for(processes: Sequence[subprocess.Popen[bytes]]) -> int:
    """The exit code of the first that failed, when all have ended, or some time after that one."""
    failed: list[int] = []  # in the order of their ends
    until = float("inf")
    while True:
        codes = [process.poll() for process in processes]
        for index, code in enumerate(codes):
            if code and index not in failed:
                failed.append(index)
                until = min(until, time.monotonic() + GRACE)
                print(f"error: worker {index} {_ending(code)}.", file=sys.stderr, flush=True)
        if None not in codes or time.monotonic() > until:
            break
        time.sleep(0.05)
    code = (codes[failed[0]] if failed else 0) or 0
    return code if code >= 0 else 128 - code


def _ending(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ends what still runs: asked first, then killed."""
    for ask in (subprocess.Popen.terminate, subprocess.Popen.kill):
        running = [process for process in processes if process.poll() is None]
        for process in running:
            ask(process)
        until = time.monotonic() + _LONGEST_WAIT
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, until - time.monotonic()))


def _free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
