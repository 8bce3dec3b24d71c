"""The configuration of a run, as it is written beside its results, and read back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from seqkit.checks import did_you_mean
from seqkit.readers.user_files import existing_file

PARTS = ("seqkit", "task", "options", "parameters")


class Configuration(NamedTuple):
    """The task, the options of the run and of its data, and the parameters of the estimator."""

    task: str | None
    options: dict[str, Any]
    parameters: dict[str, Any]


def read_configuration(path: str) -> Configuration:
    """The configuration in a file, .json as a run writes it, or .toml of the same parts.

    Raises:
        FileNotFoundError: for a missing file.
        ValueError: for one that is not such a file; the message has the name that is wrong.
    """
    file = existing_file(path)
    if file.suffix not in (".json", ".toml"):
        raise ValueError(f"--config must end in .json or .toml, got {path}")
    text = file.read_text(encoding="utf-8")
    try:
        content = json.loads(text) if file.suffix == ".json" else _toml(text)
    except ValueError as error:
        raise ValueError(f"--config: {path} is no {file.suffix[1:].upper()}: {error}") from error
    if not isinstance(content, dict):
        raise ValueError(f"--config: {path} must be an object with {', '.join(PARTS)}.")
    _check_names(path, content, PARTS)
    for part in ("options", "parameters"):
        if not isinstance(content.get(part, {}), dict):
            raise ValueError(f"--config: {part} of {path} must be names and values.")
    return Configuration(
        content.get("task"), dict(content.get("options", {})), dict(content.get("parameters", {}))
    )


def check_options(path: str, options: Mapping[str, Any], known: Collection[str]) -> None:
    """Raises ValueError for an option in a configuration that the command does not have."""
    _check_names(f"options of {path}", options, known)


def _check_names(source: str, given: Mapping[str, Any], known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            raise ValueError(
                f"--config: {source} has {name!r}, which is none of {', '.join(known)}."
                f"{did_you_mean(name, known)}"
            )


def _toml(text: str) -> Any:
    try:
        import tomllib
    except ModuleNotFoundError:  # of Python 3.10
        raise ValueError(
            "reading TOML needs Python 3.11. Write the configuration as .json."
        ) from None
    return tomllib.loads(text)
