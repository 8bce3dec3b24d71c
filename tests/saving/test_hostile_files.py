"""Files that claim more than they hold: refused before memory is taken for it."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tracemalloc
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import seqkit
from tests.conformance.estimators import fitted, kinds
from tests.estimators.toy import first_event, small
from tests.saving.test_saved_file import architecture, rewritten, weights_of

X, Y = first_event(24)
ZEROS = 2 * 10**7  # float32, of which a zip archive makes 80 kB


@pytest.fixture(scope="module")
def model():
    return small(epochs=1).fit(X, Y)


@pytest.fixture
def path(model, tmp_path):
    return model.save(tmp_path / "model.seqkit")


def with_zeros(path, index: int, count: int = ZEROS, level: int = 9) -> None:
    """Makes one of the arrays zeros, count of them."""
    content = io.BytesIO()
    np.lib.format.write_array(content, np.zeros(count, np.float32))
    with zipfile.ZipFile(path) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    members[f"arrays/{index}.npy"] = content.getvalue()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, member in members.items():
            archive.writestr(name, member)


def peak(path) -> int:
    """The most memory of Python and NumPy while a file is read, in bytes."""
    tracemalloc.start()
    with contextlib.suppress(ValueError):
        seqkit.load(path)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


class Work(NamedTuple):
    """What it took to read a file: calls of functions, bytes that were read, models built."""

    calls: int
    read: int
    built: int


def work(path) -> Work:
    """The work of reading a file, which for a refused one is that of refusing it."""
    calls = read = built = 0
    read_member, build = zipfile.ZipExtFile.read, seqkit.SequenceClassifier._build

    def counted(frame, event, argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    def counted_read(self, n=-1):
        nonlocal read
        data = read_member(self, n)
        read += len(data)
        return data

    def counted_build(self, *arguments):
        nonlocal built
        built += 1
        return build(self, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zipfile.ZipExtFile, "read", counted_read)
        patch.setattr(seqkit.SequenceClassifier, "_build", counted_build)
        sys.setprofile(counted)
        try:
            with contextlib.suppress(ValueError):
                seqkit.load(path)
        finally:
            sys.setprofile(None)
    return Work(calls, read, built)


def description_of(path) -> dict:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("estimator.json"))


def indices(value) -> list[int]:
    """The arrays that a part of a description refers to."""
    if isinstance(value, dict) and value.get("kind") == "array":
        return [value["index"]]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [index for part in parts for index in indices(part)]


def state_of(description, name: str):
    return dict(description["fitted"]["_model_state"]["items"])[name]


PLACES = {
    "a weight": lambda d: weights_of(d)[0],
    "a moment of the optimiser": lambda d: state_of(d, "optimizer")[-1],
    "a seed": lambda d: state_of(d, "seeds")[0],
    "classes": lambda d: d["fitted"]["_target"],
    "means": lambda d: d["fitted"]["_input"],
    "the architecture": lambda d: d["fitted"]["_architecture_"],
}


@pytest.mark.parametrize("place", PLACES)
def test_an_array_of_zeros_takes_no_memory(path, place):
    good = peak(path)
    index = indices(PLACES[place](description_of(path)))[0]
    with_zeros(path, index)
    moment = place == "a moment of the optimiser"
    with pytest.warns(match="starts the optimiser anew") if moment else contextlib.nullcontext():
        assert peak(path) < 2 * good
    if not moment:
        with pytest.raises(ValueError, match=r"model\.seqkit"):
            seqkit.load(path)


def test_a_description_of_blanks_takes_no_memory(path):
    good = peak(path)
    with zipfile.ZipFile(path) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, member in members.items():
            archive.writestr(name, b" " * ZEROS + member if name == "estimator.json" else member)
    assert peak(path) < 2 * good
    with pytest.raises(ValueError, match=r"model\.seqkit.*estimator\.json would be 20,"):
        seqkit.load(path)


def nested(description, depth=900):
    lists: list = []
    for _ in range(depth):
        lists = [lists]
    description["fitted"]["x"] = lists


def many(description):
    description["fitted"]["x"] = [list(range(100))] * 1000


LONG = {
    "lists in lists": nested,
    "numbers without end": many,
    "parameters without end": lambda d: d["parameters"].update({f"x{k}": 1 for k in range(10**4)}),
}


def test_refusing_a_file_takes_no_more_work_than_reading_a_good_one(path):
    """Nor more than by its size: a fraction of a second is enough, whatever the file claims."""
    path = Path(path)
    seqkit.load(path)  # what a process does once
    good = work(path)
    assert (good.built, good.read > 1000, good.calls > 1000) == (1, True, True)
    content = path.read_bytes()

    def check(what: str) -> None:
        found = work(path)
        assert found.built <= 1, what
        assert found.read <= 2 * good.read + 2**20, (what, found, good)
        assert found.calls <= 2 * good.calls + 2 * found.read, (what, found, good)

    for place, change in {**HUGE, **LONG}.items():
        rewritten(path, change)
        check(place)
        path.write_bytes(content)
    for place in PLACES.keys() - {"a moment of the optimiser"}:
        with_zeros(path, indices(PLACES[place](description_of(path)))[0])
        check(place)
        path.write_bytes(content)
    for length in (0, 1, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        check(f"cut at {length}")
        path.write_bytes(content)


def test_an_array_is_not_referred_to_twice(path):
    def twice(description):
        mean = dict(description["fitted"]["_input"]["fields"])["mean"]
        description["fitted"]["x"] = [mean] * 1000

    rewritten(path, twice)
    with pytest.raises(ValueError, match="referred to twice"):
        seqkit.load(path)


def source(**changes):
    def change(description):
        items = dict(description["fitted"]["_architecture_"]["items"])
        items["source"]["fields"].update(changes)

    return change


HUGE = {
    "units": lambda d: architecture(d, units=2**31),
    "classes": lambda d: architecture(d, classes=2**40),
    "features": source(features=2**31),
}


@pytest.mark.parametrize("size", HUGE)
@pytest.mark.parametrize("claimed", [False, True], ids=["alone", "claimed by a weight"])
def test_a_huge_architecture_is_refused(path, size, claimed):
    rewritten(path, HUGE[size])
    if claimed:  # by one that has the size and no values
        content = io.BytesIO()
        np.lib.format.write_array(content, np.zeros((2**40, 0), np.float32))
        index = indices(weights_of(description_of(path)))[0]
        with zipfile.ZipFile(path) as archive:
            members = {n: archive.read(n) for n in archive.namelist()}
        members[f"arrays/{index}.npy"] = content.getvalue()
        with zipfile.ZipFile(path, "w") as archive:
            for name, member in members.items():
                archive.writestr(name, member)
    with pytest.raises(ValueError, match=r"model\.seqkit"):
        seqkit.load(path)


@kinds("text", "translator", "forecaster")
@pytest.mark.parametrize("size", ["tokens", "source_tokens", "horizon", "embedding_dim", "known"])
def test_sizes_of_every_architecture_are_compared(kind, size, tmp_path):
    path = fitted(kind).save(tmp_path / "model.seqkit")
    changed = []

    def change(description):
        for item in description["fitted"]["_architecture_"]["items"]:
            if item[0] == size:
                changed.append(item)
                item[1] = 2**31
            if item[0] == "source" and size in item[1]["fields"]:
                changed.append(item)
                item[1]["fields"][size] = 2**31

    rewritten(path, change)
    if changed:
        with pytest.raises(ValueError, match=f"{size}=2147483648, which its weights do not show"):
            seqkit.load(path)


@pytest.mark.parametrize("error", [MemoryError, "ResourceExhaustedError"])
def test_no_memory_for_a_model_is_a_fault_of_the_file(path, monkeypatch, error):
    import tensorflow as tf

    def build(*arguments):
        if error is MemoryError:
            raise MemoryError
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating")

    monkeypatch.setattr(seqkit.SequenceClassifier, "_build", build)
    with pytest.raises(ValueError, match=r"model\.seqkit.*(MemoryError|ResourceExhausted)"):
        seqkit.load(path)


def test_what_is_alike_is_saved_and_read(tmp_path):
    """Series without end of one value, as a file of zeros has them."""
    import pandas as pd

    y = pd.Series(np.zeros(10**6), pd.RangeIndex(10**6))
    model = seqkit.Seq2SeqForecaster(
        2, lookback=4, units=2, max_steps=1, season=None, random_state=0, batch_size=2
    )
    model.fit(y)
    loaded = seqkit.load(model.save(tmp_path / "model.seqkit"))
    pd.testing.assert_series_equal(loaded.predict(), model.predict())
