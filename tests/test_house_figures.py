"""The figures of the house, of a tree that is made up."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from tools import house_figures, house_runs

LAZY = """\
from typing import Any

import made_up.late


def kept(x: Any) -> list[Any]:
    return [x]


started = kept(1)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for path, text in {
        "seqkit/__init__.py": "",
        "seqkit/a.py": LAZY,
        "seqkit/room/b.py": "x: int = 1\n" * 4,
        "seqkit/room/c.py": "def f(x, *, y: str) -> None: ...\n",
        "tests/test_a.py": "def test_one(): ...\nclass Cases:\n    def test_three(self): ...\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def test_what_is_counted_of_a_tree(tree):
    assert house_figures.counted(tree) == {
        "Folders with modules": "2",
        "Modules in a folder, median": "2",
        "Modules in the fullest folder": "2 (seqkit/room)",
        "Files": "4",
        "Lines of a file, median": "2",
        "Lines of the longest file": "10",
        "Annotations with `Any`": "2 of 8 (25%)",
        "Tests, and letters of a name, median": "2, 9",
    }


def test_a_report_has_a_column_a_tree(tree, monkeypatch):
    monkeypatch.setattr(house_figures, "seen_running", lambda tree: {"Files run": "3"})
    text = house_figures.report({"before": tree, "now": tree})
    assert "| Files run | 3 | 3 |" in text
    assert "| `seqkit/room` | 2 | 2 | 4 | 2 | 2 | 4 |" in text
    assert len({line.count("|") for line in text.splitlines() if "room`" in line}) == 1


def test_what_an_import_calls_is_not_seen(tmp_path, monkeypatch):
    package = tmp_path / "made_up"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "late.py").write_text("def made(): ...\n\nmade()\n")
    (package / "lazy.py").write_text(LAZY)
    monkeypatch.syspath_prepend(tmp_path)
    with house_runs.files_run(package) as files:
        module = importlib.import_module("made_up.lazy")
    assert files == set()
    with house_runs.files_run(package) as files:
        module.kept(1)
    assert files == {str(package / "lazy.py")}
    for name in [name for name in sys.modules if name.startswith("made_up")]:
        del sys.modules[name]


def test_a_commit_is_taken_out_of_git(tmp_path):
    if not (house_figures.ROOT / ".git").exists():
        pytest.skip("outside of a repository")
    tree = house_figures.extracted("HEAD", str(tmp_path))
    assert (tree / "seqkit/__init__.py").exists()
