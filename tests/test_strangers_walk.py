"""A stranger's first minutes, with nothing but the wheel in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.strangers_walk import walk

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
# What lies on the path of this process would be taken for installed.
ALONE = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def pip(python: str | Path, *arguments: str | Path) -> None:
    command = [str(python), "-m", "pip", *map(str, arguments), "--disable-pip-version-check"]
    ran = subprocess.run(command, env=ALONE, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def fresh(tmp_path_factory) -> str:
    """The Python of an environment that has the bare wheel."""
    folder = tmp_path_factory.mktemp("fresh")
    pip(sys.executable, "wheel", ROOT, "--no-deps", "-w", folder / "dist")
    (wheel,) = (folder / "dist").glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    scripts = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    python = scripts / "python"
    pip(python, "install", wheel)
    return str(python)


def test_from_a_table_to_an_export(fresh, tmp_path):
    seconds = walk(fresh, tmp_path)
    assert list(seconds) == ["--help", "train", "predict", "evaluate", "export", "verify"]
    written = {path.name for path in (tmp_path / "run").iterdir()}
    assert {"model.seqkit", "config.json", "metrics.json", "predictions.csv"} <= written
    assert "learning_curve.png" not in written  # without matplotlib
    assert "pip install 'seqkit[plots]'" in (tmp_path / "run" / "log.txt").read_text()


def test_the_command_has_a_name_of_its_own(fresh):
    command = Path(fresh).with_name("seqkit-keras")
    ran = subprocess.run([command, "ls", "tasks"], env=ALONE, capture_output=True, text=True)
    assert ran.stdout.startswith("series-classification"), ran.stderr


@pytest.mark.parametrize("extra", ["texts", "plots", "parquet", "forecasting"])
def test_an_extra_brings_what_it_is_for(fresh, extra):
    from seqkit.extras import EXTRAS

    packages = [package for package, of in EXTRAS.items() if of == extra]
    dist = next(Path(fresh).parents[2].glob("dist/*.whl"))
    pip(fresh, "install", f"seqkit[{extra}] @ {dist.as_uri()}")
    code = "from seqkit.extras import require\n" + "\n".join(
        f"require({package!r}, 'this')" for package in packages
    )
    ran = subprocess.run([fresh, "-c", code], env=ALONE, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
