"""Names that a package imports when they are first used, so that importing it stays light."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any


def lazy_names(
    package: str, names: Mapping[str, tuple[str, ...]]
) -> tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]:
    """`__all__`, `__getattr__` and `__dir__` (PEP 562) of a package.

    Tools that check types do not see what happens here: beside the call the package imports the
    same names under TYPE_CHECKING, as `from module import name as name`, which re-exports them.

    Args:
        package: its `__name__`.
        names: module -> the public names that it holds. Submodules are names that the package
            itself holds.
    """
    module_of = {name: module for module, held in names.items() for name in held}

    def get(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        if module_of[name] == package:
            return importlib.import_module(f"{package}.{name}")
        return getattr(importlib.import_module(module_of[name]), name)

    public = sorted(module_of)
    return public, get, lambda: public
