"""The configuration of the documentation site, which `make docs` builds."""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from gallery_figures import scraper  # noqa: E402
from plain_docstrings import escape, skip  # noqa: E402
from sklearn.experimental import enable_halving_search_cv  # noqa: E402, F401 - an example has it

from seqkit.version import VERSION  # noqa: E402

project = "seqkit"
author = "The seqkit developers"
release = VERSION
version = ".".join(VERSION.split(".")[:2])

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",  # reads numpydoc's sections and Google's
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["_build", "_templates"]
templates_path = ["_templates"]
smartquotes = False  # names stand between quotation marks
suppress_warnings = ["config.cache"]  # the gallery's configuration holds functions
default_role = "code"  # what docstrings have between backticks
html_theme = "pydata_sphinx_theme"
html_theme_options = {
    "navbar_align": "left",
    "show_prev_next": False,
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
}
html_title = f"seqkit {version}"
html_show_sourcelink = False
html_static_path = ["_static"]
html_css_files = ["site.css"]

myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3

autodoc_inherit_docstrings = False  # those of Keras are not ours to repeat
autosummary_generate = True
autodoc_typehints = "none"  # the docstrings say it
autodoc_class_signature = "mixed"
napoleon_custom_sections = [("Call arguments", "params_style")]
napoleon_use_rtype = False
napoleon_use_ivar = True
# A docstring begins with a verb or the thing itself, and its Args are of the constructor.
autoclass_content = "class"
toc_object_entries_show_parents = "hide"

sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"/",
    "abort_on_example_error": True,
    "image_scrapers": (scraper,),
    "capture_repr": (),
    "download_all_examples": False,
    "show_memory": False,
    "min_reported_time": 1e9,
    "reset_modules": (),
}

# Servers of examples, which are on the reader's machine.
linkcheck_ignore = [r"https?://(127\.0\.0\.1|localhost)"]
linkcheck_timeout = 20

# Pages of public names, a package each, written anew by each build.
PACKAGES = {
    "seqkit": "Estimators, and the way in",
    "seqkit.data": "Data sets and readers",
    "seqkit.layers": "Layers and cells",
    "seqkit.models": "Keras models",
    "seqkit.decoding": "Search, and inference in a chain",
    "seqkit.text": "Tokenizers and codecs",
    "seqkit.metrics": "Scores",
    "seqkit.inspection": "Pictures and diagnoses",
    "seqkit.serving": "Exports",
    "seqkit.distributed": "Distributed training",
    "seqkit.scale": "Tables that are larger than memory",
}


def api_page(package: str, title: str) -> str:
    """The page of a package: its docstring, and its public names with a line on each."""
    module = importlib.import_module(package)
    named = {name: getattr(module, name) for name in sorted(module.__all__)}
    kinds = {
        "Classes": [n for n, v in named.items() if inspect.isclass(v)],
        "Functions": [n for n, v in named.items() if inspect.isroutine(v)],
    }
    heading = f"{package}: {title}"
    lines = [heading, "=" * len(heading), "", (module.__doc__ or "").strip(), ""]
    lines += [f".. currentmodule:: {package}", ""]
    for kind, names in kinds.items():
        if names:
            lines += [kind, "-" * len(kind), "", ".. autosummary::", "   :toctree: generated", ""]
            lines += [f"   {name}" for name in names] + [""]
    return "\n".join(lines)


def write_api_pages() -> None:
    """Writes docs/api: a page a package, and their list."""
    folder = HERE / "api"
    folder.mkdir(exist_ok=True)
    for package, title in PACKAGES.items():
        (folder / f"{package}.rst").write_text(api_page(package, title), encoding="utf-8")
    lines = ["API reference", "=============", "", ".. toctree::", "   :maxdepth: 2", ""]
    lines += [f"   {package}" for package in PACKAGES]
    (folder / "index.rst").write_text("\n".join(lines) + "\n", encoding="utf-8")


write_api_pages()


def setup(app: Any) -> None:
    """Connects what reads docstrings; before napoleon, whose priority is 500."""
    app.connect("autodoc-process-docstring", escape, priority=400)
    app.connect("autodoc-skip-member", skip)
