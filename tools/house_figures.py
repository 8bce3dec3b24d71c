"""Prints how large the rooms of the house are, beside those of an earlier commit.

    python -m tools.house_figures [--commit REVISION] [--report PAGE]

Folders, files, ancestors, untyped annotations and names of tests are counted, and the files in
which code runs while three small estimators are fitted and predict. The commit is taken out of git
into a temporary folder, and counted in the same way.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
RUNS = Path(__file__).with_name("house_runs.py")
# The last commit before folders were limited, and files moved: estimators had 39 modules, data 34.
BEFORE = "08e5cbb0cc969a646fcc498b76b664a58a0dfe74"
PAGE = """\
# The house in figures

How much one has to read: the sizes of files and folders, and through how many of them a fit passes.
`tests/test_house.py` holds the limits. The fullest folder holds less than half of what it did, and
an estimator has half as many ancestors; a fit, which does more, passes through nearly twice as many
lines.

Printed by `python -m tools.house_figures --commit {commit} --report docs/results/house.md`, in two
minutes of one core. "Before" is the last commit before folders were limited. Lines are those of
whole files.

"""


class Folder(NamedTuple):
    """The lines of each module in a folder, `__init__.py` aside."""

    lines: list[int]

    def __str__(self) -> str:
        return f"{len(self.lines)} | {median(self.lines):.0f} | {max(self.lines)}"


def folders(tree: Path) -> dict[str, Folder]:
    """The folders of seqkit that hold modules, by path."""
    lines: dict[str, list[int]] = {}
    for path in modules(tree):
        if path.name != "__init__.py":
            name = path.parent.relative_to(tree).as_posix()
            lines.setdefault(name, []).append(count_lines(path))
    return {name: Folder(counts) for name, counts in sorted(lines.items())}


def modules(tree: Path) -> list[Path]:
    """The files of seqkit in a tree."""
    return sorted((tree / "seqkit").rglob("*.py"))


def count_lines(path: Path) -> int:
    """The lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def annotations_of(path: Path) -> Iterator[ast.expr]:
    """The annotations of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            yield node.returns


def holds_any(annotation: ast.expr) -> bool:
    """Whether an annotation says `Any`, alone or within."""
    names = (node for node in ast.walk(annotation) if isinstance(node, ast.Name))
    return any(node.id == "Any" for node in names)


def names_of_tests(tree: Path) -> list[str]:
    """The names of the test functions."""
    return [
        node.name
        for path in sorted((tree / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def counted(tree: Path) -> dict[str, str]:
    """The figures of a tree that need no run, by what they are of."""
    rooms, lines = folders(tree), [count_lines(path) for path in modules(tree)]
    fullest = max(rooms, key=lambda name: len(rooms[name].lines))
    typed = [annotation for path in modules(tree) for annotation in annotations_of(path)]
    untyped = sum(map(holds_any, typed))
    tests = names_of_tests(tree)
    return {
        "Folders with modules": str(len(rooms)),
        "Modules in a folder, median": f"{median(len(room.lines) for room in rooms.values()):.0f}",
        "Modules in the fullest folder": f"{len(rooms[fullest].lines)} ({fullest})",
        "Files": str(len(lines)),
        "Lines of a file, median": f"{median(lines):.0f}",
        "Lines of the longest file": str(max(lines)),
        "Annotations with `Any`": f"{untyped:,} of {len(typed):,} ({untyped / len(typed):.0%})",
        "Tests, and letters of a name, median": f"{len(tests):,}, {median(map(len, tests)):.0f}",
    }


def seen_running(tree: Path) -> dict[str, str]:
    """The figures of a tree that need a run, by what they are of."""
    with tempfile.TemporaryDirectory() as elsewhere:  # nothing of this folder is imported
        result = subprocess.run(
            [sys.executable, RUNS],
            cwd=elsewhere,
            env={**os.environ, "PYTHONPATH": str(tree)},
            capture_output=True,
            text=True,
        )
    if result.returncode:
        raise RuntimeError(f"{RUNS.name} failed in {tree}:\n{result.stderr}")
    seen: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    deepest = max(seen["ancestors"], key=seen["ancestors"].get)
    figures = {"Classes of ours in an estimator, most": f"{seen['ancestors'][deepest]} ({deepest})"}
    for estimator, names in seen["files"].items():
        paths = [tree / "seqkit" / name for name in names]
        lines = sum(map(count_lines, paths))
        figures[f"Files that a fit and a prediction run, {estimator}"] = (
            f"{len(paths)} of {lines:,} lines"
        )
    return figures


def extracted(commit: str, folder: str) -> Path:
    """The tree of a commit, written into a folder."""
    archive = subprocess.run(
        ["git", "archive", commit, "seqkit", "tests"], cwd=ROOT, capture_output=True, check=True
    )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return Path(folder)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def report(trees: dict[str, Path]) -> str:
    """The figures of trees beside each other, and their folders, by what the trees are called."""
    figures = [counted(tree) | seen_running(tree) for tree in trees.values()]
    rooms = [folders(tree) for tree in trees.values()]
    names = sorted({name for of_tree in rooms for name in of_tree})
    heads = [f"{figure}, {tree}" for tree in trees for figure in ("modules", "median", "longest")]
    return "\n".join(
        [
            table(["", *trees], ([row, *(f[row] for f in figures)] for row in figures[0])),
            "Modules of each folder, and their lines:\n",
            table(
                ["folder", *heads],
                (
                    [f"`{name}`", *(str(of_tree.get(name, " |  | ")) for of_tree in rooms)]
                    for name in names
                ),
            ),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--commit", help=f"also count this one, such as {BEFORE[:7]}")
    parser.add_argument("--report", type=Path, help="write the page too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        before = {"before": extracted(options.commit, folder)} if options.commit else {}
        text = report({**before, "now": ROOT})
    print(text)
    if options.report:
        page = PAGE.format(commit=options.commit or BEFORE[:7])
        options.report.write_text(page + text, encoding="utf-8")


if __name__ == "__main__":
    main()
