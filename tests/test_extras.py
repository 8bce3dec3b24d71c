"""Packages that an installation may lack: what needs them says so, and nothing else does."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

import seqkit
from recipes.parts.forecasting.baselines import check_installed
from seqkit import data, metrics
from seqkit.cli.run_folder import RunFolder
from seqkit.extras import EXTRAS, MissingExtraError
from seqkit.inspection.drawing.panels import axes_for
from seqkit.text.vocabulary import learn_vocabulary

ROOT = Path(__file__).parents[1]


def translator(**options):
    return seqkit.Seq2SeqTranslator(**options).check_parameters()


@pytest.mark.parametrize(
    "package, feature, call",
    [
        ("babel", "make_dates", lambda: data.make_dates(1, 0)),
        ("matplotlib", "a picture of seqkit.inspection", lambda: axes_for(["a"], None)),
        ("matplotlib", "the learning curve of a recipe", lambda: RunFolder("runs/never")),
        ("sacrebleu", "metrics.bleu", lambda: metrics.bleu(["a"], ["a"])),
        ("sacrebleu", "metrics.chrf", lambda: metrics.chrf(["a"], ["a"])),
        ("statsmodels", "the baseline theta", lambda: check_installed(["naive", "theta"])),
        ("tokenizers", 'the mode "subword"', lambda: _subwords()),
        (
            "tokenizers",
            'TextClassifier(tokens="subword")',
            lambda: seqkit.TextClassifier(tokens="subword").fit(["a", "b"], [0, 1]),
        ),
        ("tokenizers", 'Seq2SeqTranslator(tokens="subword")', lambda: translator()),
        (
            "tokenizers",
            'Seq2SeqTranslator(target_tokens="subword")',
            lambda: translator(tokens="char", target_tokens="subword"),
        ),
    ],
)
def test_a_feature_names_the_extra_it_needs(package, feature, call, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError) as raised:
        call()
    command = f"python -m pip install 'seqkit[{EXTRAS[package]}]'"
    assert str(raised.value) == f"{feature} needs {package}: {command}"
    assert raised.value.name == package


def _subwords():
    learn_vocabulary(["low lower"], "subword", max_tokens=9)


def test_words_and_characters_need_no_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    translator(tokens="char")
    assert learn_vocabulary(["a b a"], "word", max_tokens=None) == ["▁a", "▁b"]


def test_the_extras_are_those_of_the_project():
    tomllib = pytest.importorskip("tomllib", reason="Python 3.10 reads no TOML")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for package, extra in EXTRAS.items():
        listed = project["optional-dependencies"][extra]
        assert any(requirement.startswith(package) for requirement in listed), (package, extra)
        assert not any(required.startswith(package) for required in project["dependencies"])


def test_what_tests_are_skipped_without_is_installed_for_them():
    """By `pip install .[test]`: a test that can only be skipped is none. Python 3.10 has no
    tomllib; newer ones have."""
    called = re.compile(r'(?:importorskip|find_spec)\(\s*"(\w+)')
    files = (ROOT / "tests").rglob("*.py")
    needed = {name for file in files for name in called.findall(file.read_text("utf-8"))}
    assert {"torch", "mlflow", "pyarrow"} <= needed
    assert [name for name in needed - {"tomllib"} if not importlib.util.find_spec(name)] == []


BARE = """
import sys
for name in sys.argv[1:]:
    sys.modules[name] = None
import numpy as np
import seqkit.layers, seqkit.models, seqkit.decoding
assert seqkit.layers.LSTM(3)(np.ones((2, 4, 5), "float32")).shape == (2, 3)
"""


@pytest.mark.always
def test_layers_run_without_scikit_learn_pandas_and_all_extras():
    absent = ("sklearn", "pandas", "tensorflow_datasets", *EXTRAS)
    ran = subprocess.run(
        [sys.executable, "-c", BARE, *absent], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
