"""The verb copy: a recipe as a file of one's own, to change."""

from __future__ import annotations

import argparse
import ast
import importlib.util
import re
from collections.abc import Sequence
from pathlib import Path

from seqkit.checks import did_you_mean
from seqkit.cli.command_line import Parser

TEXT = "a recipe as a file of one's own, to change"


def parser(prog: str, arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of its options."""
    made = Parser(
        prog=prog,
        description="Copy a recipe, the whole of a task in one script, to change it. What it "
        "shares with others is imported from where seqkit is installed.",
    )
    made.add_argument("recipe", metavar="RECIPE", help=f"one of {', '.join(recipe_files())}")
    made.add_argument(
        "target", nargs="?", metavar="TARGET", help="a file, or a folder that is there [RECIPE.py]"
    )
    made.add_argument("--overwrite", action="store_true", help="replace a file that is there")
    return made


def run(options: argparse.Namespace) -> None:
    """Writes the file, and says how it is run."""
    files = recipe_files()
    name = options.recipe.replace("-", "_")
    if name not in files:
        raise ValueError(
            f"RECIPE must be one of {', '.join(files)}, got {options.recipe!r}."
            f"{did_you_mean(name, files)}"
        )
    target = Path(options.target or f"{name}.py")
    if target.is_dir():
        target = target / f"{name}.py"
    if not target.parent.is_dir():
        raise FileNotFoundError(f"TARGET: the folder {target.parent} does not exist")
    if target.exists() and not options.overwrite:
        raise ValueError(f"TARGET: {target} is there already. Name another, or give --overwrite.")
    target.write_text(on_its_own(files[name]), encoding="utf-8")
    print(f"Copied to {target}. Run it: python {target} --help")


def recipe_files() -> dict[str, Path]:
    """The scripts, by name."""
    return {p.stem: p for p in sorted(_folder().glob("*.py")) if p.stem != "__init__"}


def docstring(path: Path) -> str:
    """That of a script, which is not imported."""
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def on_its_own(recipe: Path) -> str:
    """The text of a script that runs outside of its package.

    Args:
        recipe: the script. Its imports of the package's parts become absolute.
    """
    text = recipe.read_text(encoding="utf-8")
    # In a checkout that is not installed they are a package of their own.
    package = "seqkit.recipes" if importlib.util.find_spec("seqkit.recipes") else "recipes"
    return re.sub(r"^from \.(?=\w)", f"from {package}.", text, flags=re.MULTILINE)


def _folder() -> Path:
    """Where the recipes are: within the package that is installed, or beside it in a checkout."""
    package = Path(__file__).parents[2]
    within = package / "recipes"
    return within if within.is_dir() else package.parent / "recipes"
