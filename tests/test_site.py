"""The documentation: links, a page for every package, docstrings as they are read."""

from __future__ import annotations

import ast
import importlib.util
import re
import types
from pathlib import Path

import pytest

import seqkit

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path
    for folder in ("", "docs", "docs/results", "saved_models")
    for path in (ROOT / folder).glob("*.md")
)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    """Those to other sites are followed by `make links`."""
    for target in re.findall(r"\]\(([^)\s]+)[^)]*\)", without_code(path)):
        name, _, heading = target.partition("#")
        if "://" in target:
            continue
        led_to = path.parent / name if name else path
        assert led_to.exists(), f"{path.name} links to {target}"
        if heading and led_to.suffix == ".md":
            assert heading in headings(led_to), f"{path.name} links to {target}"


def without_code(path: Path) -> str:
    return re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def headings(path: Path) -> set[str]:
    """The names of a document's headings in links, as the site and code hosts make them."""
    found = re.findall(r"^#+ +(.+)$", without_code(path), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in found}


def test_every_public_package_has_a_page():
    tree = ast.parse((ROOT / "docs" / "conf.py").read_text(encoding="utf-8"))
    (packages,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PACKAGES"
    )
    public = {
        f"seqkit.{name}"
        for name in seqkit.__all__
        if isinstance(getattr(seqkit, name), types.ModuleType)
    }
    # The estimators are on the page of seqkit itself.
    assert {*packages} == {"seqkit", *public - {"seqkit.estimators"}}


@pytest.fixture(scope="module")
def escaped():
    path = ROOT / "docs" / "plain_docstrings.py"
    spec = importlib.util.spec_from_file_location("plain_docstrings", path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    assert spec.loader is not None
    spec.loader.exec_module(module)
    return module.escaped


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("The mean of |y|, *args too.", r"The mean of \|y\|, \*args too."),
        ("those with keras_ are Keras's", r"those with keras\_ are Keras's"),
        ("`a_ | b` is code; c_ is none", r"`a_ | b` is code; c\_ is none"),
        ("classes_ : array (K,)", "classes_ : array (K,)"),
    ],
)
def test_marks_of_docstrings_are_no_marks(escaped, given, expected):
    assert escaped([given]) == [expected]


def test_equations_and_examples_stay(escaped):
    lines = ["Steps.", "", "    h = |x| * w_", "", "Example:", "    >>> f(*x_)", "    'a|b'"]
    assert escaped(lines) == ["Steps.", "", "::", "", *lines[2:]]


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.py")), ids=lambda p: p.stem)
def test_examples_have_a_title(path):
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    title, line, *_ = text.splitlines()
    assert line == "=" * len(title)
    assert path.name.startswith("plot_")
