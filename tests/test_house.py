"""The rules of the house that no linter knows: small rooms, and few ancestors."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import seqkit
from seqkit.estimators.saved_estimators import ESTIMATORS

ROOT = Path(__file__).parents[1]
FILES = sorted(
    p for room in ("seqkit", "recipes", "benchmarks") for p in (ROOT / room).rglob("*.py")
)
BEGINS_BADLY = ("What ", "Of ")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_folder_holds_more_than_16_modules():
    folders: dict[Path, int] = {}
    for path in FILES:
        if path.name != "__init__.py":
            folders[path.parent] = folders.get(path.parent, 0) + 1
    assert {name(folder): n for folder, n in folders.items() if n > 16} == {}


def test_no_file_is_longer_than_500_lines():
    lengths = {name(path): len(path.read_text().splitlines()) for path in FILES}
    assert {path: n for path, n in lengths.items() if n > 500} == {}
    assert sorted(lengths.values())[len(lengths) // 2] < 200


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_an_estimator_has_at_most_six_classes_of_ours(estimator):
    ours = [
        c for c in inspect.getmro(getattr(seqkit, estimator)) if c.__module__.startswith("seqkit")
    ]
    assert len(ours) <= 6


def test_the_answers_of_the_architecture_page_are_there():
    lines = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").splitlines()
    rows = [re.findall(r"`([^`]+)`", line) for line in lines if line.count("?") and "`" in line]
    answers = [(file, symbol) for file, symbol in rows]
    assert len(answers) == 12
    for file, symbol in answers:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        defined = {getattr(node, "name", getattr(node, "id", None)) for node in ast.walk(tree)}
        assert symbol in defined, (file, symbol)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_docstrings_begin_with_a_verb_or_the_thing_itself(path):
    bad = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            text = ast.get_docstring(node) or ""
            if text.startswith(BEGINS_BADLY):
                bad.append(f"{getattr(node, 'name', 'module')}: {text.splitlines()[0]}")
    assert bad == []


def test_listed_slow_tests_are_there():
    """An id that no test has lists nothing: `make test-times` writes the list anew."""
    gone = []
    for test in (ROOT / "tests/slow_tests.txt").read_text("utf-8").splitlines():
        file, name = test.split("::")[:2]
        path = ROOT / file
        if not path.exists() or f"def {name.partition('[')[0]}(" not in path.read_text("utf-8"):
            gone.append(test)
    assert not gone
