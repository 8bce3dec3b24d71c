"""Properties have no deadline, as on a busy machine any example may take long; a test file leaves
no model behind, so that the suite takes no more memory than its largest file; every test draws the
same random numbers each time; and the tests of slow_tests.txt, which `make test-times` writes, are
slow."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("seqkit", deadline=None)
settings.load_profile("seqkit")


# Rooms whose tests ask the same fitted models and their exports, which one worker makes once.
OF_ONE_WORKER = ("tests/conformance/", "tests/serving/")
SLOW_TESTS = Path(__file__).with_name("slow_tests.txt")
TIMES = os.environ.get("SEQKIT_TEST_TIMES")  # a file to which the time of each test is written


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Leaves the tests of a file to one worker: what they fit, compile or fetch is made once."""
    from xdist.scheduler import LoadFileScheduling

    class ByFileAndRoom(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            shared = nodeid.startswith(OF_ONE_WORKER)
            return "one worker" if shared else super()._split_scope(nodeid)

    return ByFileAndRoom(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    listed = set(SLOW_TESTS.read_text(encoding="utf-8").splitlines())
    for item in items:
        if item.nodeid in listed and not item.get_closest_marker("always"):
            item.add_marker("slow")
            item.add_marker("listed")


def pytest_collection_finish() -> None:
    """Leaves what was imported out of each later collection of garbage: it lives until the end, and
    to walk through it takes most of a second each time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Draws the same numbers in a test and its fixtures, whatever ran before it: Keras takes the
    seeds of its layers from `random`. A seed of TensorFlow's own would cost half a second a test,
    as setting it lets go of all compiled kernels."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002, which others draw from


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Writes the time of a test by itself: fixtures are set up for others too."""
    begun = sum(os.times()[:4])  # of this process and of those it has started
    result = yield
    if TIMES and isinstance(item, pytest.Function) and not item.get_closest_marker("always"):
        with Path(TIMES).open("a", encoding="utf-8") as times:
            times.write(f"{sum(os.times()[:4]) - begun:.2f} {item.nodeid}\n")
    return result


@pytest.fixture(autouse=True, scope="module")
def _models_end_with_their_file(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "tensorflow" not in sys.modules:
        return
    import keras

    from seqkit.training.programs.graph_lifetimes import tie_gradients_to_graphs

    forget_traced_programs()
    own = getattr(request.node, "obj", None)
    for value in list(vars(own).values()) if own else ():
        if hasattr(value, "cache_clear") and value.__module__ == own.__name__:
            value.cache_clear()
    tie_gradients_to_graphs()
    keras.utils.clear_session(free_memory=False)  # which would collect garbage as well
    gc.collect()
    gc.freeze()  # what other files share, which lives on
    with contextlib.suppress(OSError, AttributeError):  # glibc's, which keeps what was freed
        ctypes.CDLL(None).malloc_trim(0)


@pytest.fixture(autouse=True)
def _programs_end_with_a_patch(request: pytest.FixtureRequest) -> Iterator[None]:
    """What is traced while something is patched is for that test alone."""
    patched = "monkeypatch" in request.fixturenames
    if patched:
        request.getfixturevalue("monkeypatch")  # so that it is undone after this
        forget_traced_programs()
    yield
    if patched:
        forget_traced_programs()


def forget_traced_programs() -> None:
    """Lets go of what one fit leaves traced for the next one of its kind."""
    if "seqkit.training" in sys.modules:
        from seqkit.training.programs.shared_functions import SHARED
        from seqkit.training.programs.twins import TWINS

        TWINS.clear()
        SHARED.clear()
