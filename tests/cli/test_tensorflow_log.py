"""What TensorFlow says while it is imported is no output of a recipe."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import recipes

IMPORT = "from seqkit.cli.tensorflow_log import import_quietly; import_quietly()"


def said(code: str, level: str | None = None) -> str:
    """What a fresh process says on stderr."""
    environment = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    if level is not None:
        environment["TF_CPP_MIN_LOG_LEVEL"] = level
    root = os.path.dirname(os.path.dirname(recipes.__file__))
    environment["PYTHONPATH"] = root
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True).stderr


def test_nothing_is_said_of_what_is_below_the_level():
    lines = said(IMPORT, "2").splitlines()
    assert [line for line in lines if not line.startswith("E")] == []  # TensorFlow 2.18 has such


def test_the_users_level_counts():
    assert "tensorflow" in said(IMPORT, "0").lower()


@pytest.mark.parametrize("level", [None, "0"])
def test_what_is_wrong_is_said(level, tmp_path):
    (tmp_path / "tensorflow.py").write_text(
        "import os\n"
        "os.write(2, b'I0000 00:00:1.2 3 a.cc:4] ready\\nE0000 00:00:1.2 3 b.cc:4] broken\\n')\n"
        "raise ImportError('no library')\n"
    )
    printed = said(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {IMPORT}", level)
    assert "broken" in printed
    assert "ImportError: no library" in printed


def test_severity(tmp_path):
    (tmp_path / "tensorflow.py").write_text(
        "import os\n"
        "for letter in 'IWEF':\n"
        "    os.write(2, f'{letter}0000 00:00:1.2 3 a.cc:4] of {letter}\\n'.encode())\n"
        "os.write(2, b'of Python\\n')\n"
    )
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {IMPORT}"
    for level, letters in (("1", "WEF"), ("2", "EF"), ("3", "F")):
        shown = [line.rpartition("of ")[2] for line in said(code, level).splitlines()]
        assert shown == [*letters, "Python"]


@pytest.mark.parametrize("recipe", ["forecasting", "query_export"])
def test_recipes_are_quiet(recipe, tmp_path):
    rows = "\n".join(f"{k},{k % 3}" for k in range(20))
    (tmp_path / "one.csv").write_text(f"ds,y\n{rows}\n")
    (tmp_path / "1").mkdir()
    (tmp_path / "request.json").write_text('{"instances": [1]}')
    arguments = {
        "forecasting": f"--csv {tmp_path}/one.csv --horizon 2 --season 1 --quick --epochs 1 "
        f"--units 2 --baselines naive --output {tmp_path}/run",
        "query_export": f"{tmp_path} --request {tmp_path}/request.json",
    }[recipe]
    code = f"from recipes.{recipe} import main; main({arguments.split()})"
    printed = said(code)
    if recipe == "forecasting":
        assert printed == ""
    else:  # there is no model in that folder
        assert printed.count("\n") == 1
        assert printed.startswith("error: ")
