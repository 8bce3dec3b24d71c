"""Probes of `verify` in processes that are forked of one which has TensorFlow imported: half a
second each in place of five. What a process does is `probe.py`'s, as it is."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import seqkit.serving.probe as probe

PARENT = """
import json, os, signal, sys, time

for name in ("seqkit", "keras"):
    sys.modules[name] = None
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow.python.framework import op_def_registry

program = compile(open(sys.argv[1], encoding="utf-8").read(), "probe", "exec")
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child == 0:
        sys.argv = ["probe", asked["out"]]
        sys.stdin = open(asked["in"], encoding="utf-8")
        sys.stderr = open(os.devnull, "w")
        os.dup2(sys.stderr.fileno(), 2)
        exec(program, {"__name__": "__main__"})
        os._exit(0)
    until = time.monotonic() + asked["timeout"]
    ended, status = 0, 0
    while not ended and time.monotonic() < until:
        time.sleep(0.01)
        ended, status = os.waitpid(child, os.WNOHANG)
    if not ended:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    print(json.dumps(os.waitstatus_to_exitcode(status) if ended else None), flush=True)
"""


class Probes:
    """Takes the place of `verification._probed`.

    Attributes:
        reports: of all probes, as `verify` was given them.
    """

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self.reports: list[dict[str, Any]] = []
        self._process = process
        self._folder = folder

    def __call__(self, asked: Mapping[str, Any], timeout: float) -> dict[str, Any]:
        into, out = self._folder / "in.json", self._folder / "out.json"
        out.unlink(missing_ok=True)
        into.write_text(json.dumps(asked), encoding="utf-8")
        order = {"in": str(into), "out": str(out), "timeout": timeout}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        ended = json.loads(self._process.stdout.readline())
        if ended is None:
            report = {"error": f"no answer within {timeout:g} seconds"}
        elif not out.exists():
            report = {"error": f"the process that loads it ended with {ended}"}
        else:
            report = json.loads(out.read_text(encoding="utf-8"))
        self.reports.append(report)
        return report


@contextlib.contextmanager
def quick_probes() -> Iterator[Probes]:
    """Starts the process that is forked, and ends it."""
    with tempfile.TemporaryDirectory(prefix="seqkit-probes-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-c", PARENT, str(probe.__file__)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            text=True,
        )
        try:
            yield Probes(process, Path(folder))
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(60)
            assert process.stdout is not None
            process.stdout.close()
