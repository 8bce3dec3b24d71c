"""Names that are imported when they are first used: the same for Python and for type checkers."""

from __future__ import annotations

import ast
import importlib
import inspect

import pytest

PACKAGES = ["seqkit", "seqkit.data", "seqkit.inspection", "seqkit.metrics"]


def names_for_type_checkers(package) -> dict[str, str]:
    """The names under TYPE_CHECKING -> the modules they are from; each is re-exported."""
    (block,) = [
        statement
        for statement in ast.parse(inspect.getsource(package)).body
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"
    ]
    names = {}
    for statement in block.body:
        assert isinstance(statement, ast.ImportFrom)
        for alias in statement.names:
            assert alias.asname == alias.name
            names[alias.name] = statement.module or ""
    return names


@pytest.mark.parametrize("name", PACKAGES)
def test_names_are_those_that_type_checkers_see(name):
    package = importlib.import_module(name)
    names = names_for_type_checkers(package)
    assert sorted(names) == package.__all__ == dir(package)
    for public, module in names.items():
        assert getattr(package, public) is getattr(importlib.import_module(module), public)


@pytest.mark.parametrize("name", PACKAGES)
def test_an_unknown_name_is_an_attribute_error(name):
    package = importlib.import_module(name)
    with pytest.raises(AttributeError, match=f"module '{name}' has no attribute 'nothing'"):
        _ = package.nothing
