"""The verb ls: the names that other verbs, and estimators, take."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from seqkit.cli.command_line import Parser

TEXT = "the names of tasks, data sets, cells, presets and recipes"


def parser(prog: str, arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of its options."""
    made = Parser(prog=prog, description="List names, with a word on each.")
    made.add_argument(
        "kind", nargs="?", choices=tuple(LISTS), metavar="KIND", help=f"{', '.join(LISTS)} [all]"
    )
    return made


def run(options: argparse.Namespace) -> None:
    """Prints the lists."""
    kinds = [options.kind] if options.kind else list(LISTS)
    for kind in kinds:
        if not options.kind:
            print(f"{kind}:")
        entries = LISTS[kind]()
        width = max(map(len, entries)) + 2
        for name, text in entries.items():
            indent = "" if options.kind else "  "
            print(f"{indent}{name.ljust(width)}{text}".rstrip())
        if not options.kind and kind != kinds[-1]:
            print()


def tasks() -> dict[str, str]:
    """Those of the verb train."""
    from seqkit.cli.tasks import TASKS

    return {name: task.text for name, task in TASKS.items()}


def datasets() -> dict[str, str]:
    """Those of `seqkit.data.load`."""
    from seqkit.datasets.catalogue import LOADERS

    summaries = {}
    for name, loader in LOADERS.items():
        loading = getattr(loader, "func", loader)
        summaries[name] = (loading.__doc__ or "").strip().splitlines()[0]
    return summaries


def cells() -> dict[str, str]:
    """Those of the parameter cell."""
    from seqkit.cells import CELLS

    return {name: f"{module}.{layer}" for name, (module, layer, _) in CELLS.items()}


def presets() -> dict[str, str]:
    """Those of the parameter preset."""
    from seqkit.estimators.plans.presets import PRESETS

    return {name: str(preset) for name, preset in PRESETS.items()}


def recipes() -> dict[str, str]:
    """Those of the verb copy."""
    from seqkit.cli.verbs.copying import docstring, recipe_files

    return {name: docstring(path).splitlines()[0] for name, path in recipe_files().items()}


LISTS: dict[str, Callable[[], dict[str, str]]] = {
    "tasks": tasks,
    "datasets": datasets,
    "cells": cells,
    "presets": presets,
    "recipes": recipes,
}
