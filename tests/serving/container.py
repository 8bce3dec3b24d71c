"""TensorFlow Serving's official container, where docker is at hand, and its stand-in on this
machine: both serve the same folder of models."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.serving import double as rest_double
from tests.serving import grpc_double
from tests.serving.double import Model

IMAGE = os.environ.get("TF_SERVING_IMAGE", "tensorflow/serving")
STARTS = 300  # seconds until all models are there


@dataclass
class Served:
    """A server of the models in a folder.

    Attributes:
        folder: of the models; `publish` adds versions.
        rest: address, such as http://127.0.0.1:8501.
        grpc: host and port.
        doubles: the stand-ins for it, or none.
    """

    folder: Path
    rest: str
    grpc: str
    doubles: list[Any] = field(default_factory=list)

    def publish(self, version: Path, name: str, number: int) -> None:
        """Has a version of a model appear, complete."""
        (self.folder / name).mkdir(exist_ok=True)
        incoming = shutil.copytree(version, self.folder / f"incoming_{name}")
        incoming.rename(self.folder / name / str(number))
        for double in self.doubles:
            double.models[name] = Model(self.folder / name / str(number))


@contextlib.contextmanager
def stand_in(folder: Path, names: list[str]) -> Iterator[Served]:
    """The stand-ins for both interfaces."""
    models = {name: Model(max((folder / name).iterdir())) for name in names}
    with rest_double.serving(dict(models)) as rest, grpc_double.serving(dict(models)) as grpc:
        yield Served(folder, rest.url, grpc.address, [rest, grpc])


@contextlib.contextmanager
def official(folder: Path, names: list[str], config: Path) -> Iterator[Served]:
    """The container; without docker a test is skipped."""
    docker = shutil.which("docker")
    if docker is None or _run(docker, "info", check=False).returncode:
        pytest.skip("TensorFlow Serving's container is not tested: there is no docker")
    grpc_double.stubs()
    listed = "".join(
        f'  config {{ name: "{name}" base_path: "/models/{name}" model_platform: "tensorflow" }}\n'
        for name in names
    )
    config.mkdir()
    (config / "models.config").write_text(f"model_config_list {{\n{listed}}}\n")
    options = ["--rm", "--detach", "--volume", f"{folder}:/models:ro"]
    options += ["--volume", f"{config}:/config:ro"]
    options += ["--publish", "127.0.0.1::8500", "--publish", "127.0.0.1::8501"]
    command = ["--model_config_file=/config/models.config", "--file_system_poll_wait_seconds=1"]
    container = _run(docker, "run", *options, IMAGE, *command).stdout.strip()
    try:
        ports = {p: _run(docker, "port", container, p).stdout.split()[0] for p in ("8500", "8501")}
        served = Served(folder, f"http://{ports['8501']}", ports["8500"])
        try:
            for name in names:
                _wait_for(served, name)
        except TimeoutError as error:
            raise TimeoutError(_run(docker, "logs", container, check=False).stderr) from error
        yield served
    finally:
        _run(docker, "stop", container, check=False)


def _run(*command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=check, timeout=600)


def _wait_for(served: Served, name: str) -> None:
    until = time.monotonic() + STARTS
    while time.monotonic() < until:
        with contextlib.suppress(urllib3.exceptions.HTTPError):
            url = f"{served.rest}/v1/models/{name}"
            answer = urllib3.request("GET", url, retries=False, timeout=5)
            if b'"AVAILABLE"' in answer.data:
                return
        time.sleep(1)
    raise TimeoutError(name)
