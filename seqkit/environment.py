"""Versions, and how recurrences run on this machine: all that a report of a fault should say."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

import seqkit.backend  # noqa: F401  (refuses another one than TensorFlow)
from seqkit.keras_internals import missing_for_speed
from seqkit.layers.engine.dispatch import can_compile, paths
from seqkit.version import VERSION

PACKAGES = ("tensorflow", "keras", "numpy", "scikit-learn", "pandas")


def show_versions() -> None:
    """Prints versions, whether recurrent layers can be compiled, and the path they take where.

    Example:
        >>> import seqkit
        >>> seqkit.show_versions()
        seqkit: 0...
        python: 3...
    """
    for name, value in versions().items():
        print(f"{name}: {value}")


def versions() -> dict[str, str]:
    """The lines of `show_versions`, by what they are of."""
    lines = {"seqkit": VERSION, "python": platform.python_version()}
    lines.update({name: _version(name) for name in PACKAGES})
    lines["system"] = platform.platform()
    moved = ", ".join(missing_for_speed())
    compiles = can_compile() and not moved
    lines["compiled engine"] = "available" if compiles else f"missing {moved}".strip()
    return {**lines, **paths()}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # tensorflow-cpu, say
        return "under another name, or missing"
