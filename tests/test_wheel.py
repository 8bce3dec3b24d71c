"""The wheel: what is installed, and whether recipes answer from there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Building in the checkout itself would leave build/ and egg-info there.
BUILT_FROM = ("pyproject.toml", "README.md", "LICENSE", "seqkit", "recipes", "tools", "tests")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    pytest.importorskip("setuptools", "77", reason="setuptools 77 or later builds the wheel")
    pytest.importorskip("pip", reason="pip builds the wheel")
    tree, folder = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    for name in BUILT_FROM:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(ROOT / name, tree / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, tree)
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    command = [sys.executable, "-m", "pip", "wheel", str(tree), *options, "-w", str(folder)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def members(wheel) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_all_that_is_installed_lies_in_seqkit(members):
    assert {name.split("/")[0] for name in members if ".dist-info/" not in name} == {"seqkit"}


def test_every_module_and_stub_is_installed(members):
    ours = [
        path.relative_to(ROOT).as_posix()
        for room in ("seqkit", "recipes")
        for suffix in ("py", "pyi")
        for path in (ROOT / room).rglob(f"*.{suffix}")
    ]
    expected = {name if name.startswith("seqkit/") else f"seqkit/{name}" for name in ours}
    assert {"seqkit/recipes/forecasting.py", "seqkit/layers/__init__.pyi"} <= expected
    missing = sorted(expected - set(members))
    assert missing == [], "list their packages in pyproject.toml, under tool.setuptools"
    assert "seqkit/py.typed" in members


# An installation has no other copy of seqkit: neither the working folder's nor an editable one's.
ASK = """
import runpy, sys
finders = [f for f in sys.meta_path if "editable" not in getattr(f, "__module__", "")]
sys.meta_path[:] = finders
import seqkit
assert seqkit.__file__.startswith(sys.argv[1]), seqkit.__file__
module = sys.argv[2]
sys.argv[1:] = ["--help"]
try:
    runpy.run_module(module, run_name="__main__", alter_sys=True)
except SystemExit as end:
    assert end.code == 0, end.code
assert "tensorflow" not in sys.modules
"""


def test_recipes_answer_from_where_they_are_installed(wheel, tmp_path):
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-m", "seqkit.recipes.forecasting", "--help"]
    asked = subprocess.run(command, cwd=elsewhere, env=environment, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.startswith("usage: python -m seqkit.recipes.forecasting")
    assert "python -m seqkit.recipes.forecasting --dataset m3" in asked.stdout


@pytest.mark.parametrize(
    "recipe", sorted(p.stem for p in (ROOT / "recipes").glob("*.py") if p.stem != "__init__")
)
def test_the_help_of_an_installed_recipe_needs_no_tensorflow(recipe, wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    asked = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path), f"seqkit.recipes.{recipe}"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert asked.returncode == 0, asked.stderr
    assert f"usage: python -m seqkit.recipes.{recipe}" in asked.stdout


def test_a_recipe_is_copied_from_where_it_is_installed(wheel, tmp_path):
    installed, own = tmp_path / "installed", tmp_path / "own"
    own.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    for command in (["-m", "seqkit", "copy", "tagging"], ["tagging.py", "--help"]):
        ran = subprocess.run(
            [sys.executable, *command],
            cwd=own,
            env={**os.environ, "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stderr
    assert "from seqkit.recipes.parts." in (own / "tagging.py").read_text()
    assert ran.stdout.startswith("usage: python tagging.py")
