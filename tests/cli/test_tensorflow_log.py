"""What TensorFlow says while it is imported is no output of a recipe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import recipes

IMPORT = "from seqkit.cli.tensorflow_log import import_quietly; import_quietly()"


def said(code: str, level: str | None = None) -> str:
    """What a fresh process says on stderr."""
    return ran(code, level).stderr


def ran(code: str, level: str | None = None) -> subprocess.CompletedProcess[str]:
    """A fresh process that has ended."""
    environment = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    if level is not None:
        environment["TF_CPP_MIN_LOG_LEVEL"] = level
    root = os.path.dirname(os.path.dirname(recipes.__file__))
    environment["PYTHONPATH"] = root
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


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


# What ends a recipe soon after it has imported TensorFlow, whose log is then shown or held back.
SHORT = {
    "cell_comparison": "--sets vowels --cells gru --seeds 1 --epochs 1",
    "counting": "--seeds 1 --training 0.01 --languages ab --cells gru",
    "dates": "--dates 64 --epochs 1 --units 2",
    "forecasting": "--csv one.csv --horizon 2 --season 1 --quick --epochs 1 --baselines naive",
    "gradient_flow": "--lag 5 --epochs 1 --cells gru",
    "long_lags": "--seeds 1 --tasks reber --cells gru --patience 0.01",
    "pronunciation": "--epochs 1 --units 2",
    "query_export": "model --request request.json",
    "series_classification": "--train long.csv --test long.csv --instance id --time ds --label who",
    "tagging": "--conll tags.conll --test-conll tags.conll --epochs 1",
    "text_classification": "--csv texts.csv --text text --label who --epochs 1",
    "timing": "--seeds 1 --steps 32 --delay 4 --tasks spikes --cells gru",
    "translation": "--tsv pairs.tsv --tokens word --units 2 --epochs 1",
}
RECIPES = sorted({p.stem for p in Path(recipes.__file__).parent.glob("*.py")} - {"__init__"})
# The dictionary of the package index, which a test has none of.
WORDS = """
import numpy as np
from seqkit import data
words = np.array(["bat", "dab", "tab"] * 9, object)
data.load_cmudict = lambda: data.Pronunciations(*[words, [list(w.upper()) for w in words]] * 3)
"""
TENSORFLOW = """
import os, sys
os.write(1, b"imported\\n")
os.write(2, b"I0000 00:00:1.2 3 a.cc:4] ready\\n")
def __getattr__(name):  # what comes next is no matter of the log
    sys.stderr.flush()
    os._exit(0)
"""


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_imports_tensorflow_quietly(recipe, tmp_path):
    """By whatever way it comes to it first."""
    (tmp_path / "double").mkdir()
    (tmp_path / "double/tensorflow.py").write_text(TENSORFLOW)
    numbers = "".join(f"{k},{k % 3}\n" for k in range(20))
    (tmp_path / "one.csv").write_text(f"ds,y\n{numbers}")
    rows = "".join(f"{i},{k},{k}.5,{'ab'[i % 2]}\n" for i in range(20) for k in range(5))
    (tmp_path / "long.csv").write_text(f"id,ds,x,who\n{rows}")
    (tmp_path / "tags.conll").write_text("Anna B-PER\nleaves O\n\nBo B-PER\nstays O\n\n" * 20)
    (tmp_path / "texts.csv").write_text("text,who\n" + "good film,a\nbad film,b\n" * 20)
    words = "".join(f"un {a} {b}\tone {a} {b}\n" for a in "abcdefgh" for b in "abcdefgh")
    (tmp_path / "pairs.tsv").write_text(words)
    (tmp_path / "model/1").mkdir(parents=True)
    (tmp_path / "request.json").write_text('{"instances": [1]}')
    arguments = SHORT[recipe].split()
    if recipe != "query_export":
        arguments += ["--output", "run"]
    code = f"import os, sys; sys.path.insert(0, {str(tmp_path / 'double')!r})\n"
    code += WORDS if recipe == "pronunciation" else ""
    code += f"os.chdir({str(tmp_path)!r})\nfrom recipes.{recipe} import main\n"
    code += f"sys.exit(main({arguments}))"
    found = ran(code)
    assert "imported" in found.stdout, found.stderr
    assert found.stderr == ""
