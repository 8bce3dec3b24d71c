"""The metadata of the distribution: all that is imported is declared, and floors are tested."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from seqkit.extras import EXTRAS

tomllib = pytest.importorskip("tomllib", reason="Python 3.10 reads no TOML")
ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

# Where the name that is imported is not that of the distribution.
DISTRIBUTIONS = {
    "google": "protobuf",
    "grpc": "grpcio",
    "mlflow": "mlflow-skinny",
    "sklearn": "scikit-learn",
    "tensorflow_serving": "tensorflow-serving-api",
}
# Required, and imported by others alone.
OF_OTHERS = {
    "importlib-resources": "tensorflow-datasets needs it and does not ask for it",
}
OURS = {"seqkit", "recipes"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: list[str]) -> set[str]:
    return {normal(re.match(r"[\w.-]+", text)[0]) for text in requirements}


def imported(tree: ast.AST, *, at_once: bool) -> set[str]:
    """Top-level modules that are imported: by importing the module, or whenever."""
    found: set[str] = set()
    for node in ast.iter_child_nodes(tree):
        later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
        elif not (at_once and (later or _for_types(node))):
            found |= imported(node, at_once=at_once)
    return found


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def of_package(room: str, *, at_once: bool) -> dict[str, set[str]]:
    """The distributions that a folder's modules import, by module."""
    found = {}
    for path in (ROOT / room).rglob("*.py"):
        modules = imported(ast.parse(path.read_text(encoding="utf-8")), at_once=at_once)
        others = modules - {*sys.stdlib_module_names} - OURS - {"tomllib"}
        found[str(path.relative_to(ROOT))] = {normal(DISTRIBUTIONS.get(m, m)) for m in others}
    return found


HARD = names(PROJECT["dependencies"])
# Modules that are subclasses of an extra's classes, each imported by functions that `require` it.
OF_AN_EXTRA = {"seqkit/inspection/drawing/layout.py": {"matplotlib"}}


@pytest.mark.parametrize("room", ["seqkit", "recipes"])
def test_what_is_imported_is_declared(room):
    extras = {normal(DISTRIBUTIONS.get(package, package)) for package in EXTRAS}
    assert not extras & HARD
    for path, needed in of_package(room, at_once=False).items():
        assert needed <= HARD | extras, f"{path} imports what pyproject.toml does not ask for"


@pytest.mark.parametrize("room", ["seqkit", "recipes"])
def test_what_an_extra_brings_is_not_imported_at_once(room):
    for path, needed in of_package(room, at_once=True).items():
        brought = OF_AN_EXTRA.get(path, set())
        assert needed <= HARD | brought, f"{path} cannot be imported without an extra"


def test_what_is_required_is_imported():
    used = set().union(*of_package("seqkit", at_once=False).values())
    assert HARD - used == {*OF_OTHERS}


def test_every_extra_is_one_of_the_project():
    optional = PROJECT["optional-dependencies"]
    for package, extra in EXTRAS.items():
        distribution = normal(DISTRIBUTIONS.get(package, package))
        assert distribution in names(optional[extra]), package


def floors() -> dict[str, str]:
    """The lowest versions that users' installations may have."""
    optional = PROJECT["optional-dependencies"]
    groups = [PROJECT["dependencies"], *(optional[name] for name in {*EXTRAS.values()})]
    found = {}
    for text in (requirement for group in groups for requirement in group):
        version = re.match(r"([\w.-]+)>=([\d.]+)$", text)
        if version:
            found[normal(version[1])] = version[2]
    return found


def test_the_floors_are_those_of_the_constraints():
    pinned = {}
    for line in (ROOT / "tests" / "constraints-oldest.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, version = line.split("==")
            pinned[normal(name)] = version
    lowest = floors()
    assert {*lowest} == {*pinned}
    for name, version in pinned.items():
        parts = [int(part) for part in lowest[name].split(".")]
        assert [int(part) for part in version.split(".")][: len(parts)] == parts, name


def test_pythons_are_told_apart():
    minors = re.findall(r"Python :: 3\.(\d+)", "\n".join(PROJECT["classifiers"]))
    assert minors == sorted(minors)
    assert PROJECT["requires-python"] == f">=3.{minors[0]}"
    assert str(sys.version_info.minor) in minors or sys.version_info.minor > int(minors[-1])
