"""Exports that were damaged on their way: `verify` refuses each that answers differently."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from seqkit.serving import verify
from seqkit.serving.json_rows import columns_of
from seqkit.serving.versions import digest_of_card, digests
from tests.serving import c_program
from tests.serving.exported import card, exported

MODEL = ("saved_model.pb", "variables/variables.data-00000-of-00001", "variables/variables.index")


def damage(version: Path, files: list[Path], rng: np.random.Generator) -> str:
    """Changes one of the files, or two, and says how."""
    path = files[rng.integers(len(files))]
    other = files[rng.integers(len(files))]
    data = bytearray(path.read_bytes())
    place = int(rng.integers(len(data)))
    how = str(rng.choice(["flip", "flip", "cut", "zeros", "more", "remove", "swap", "elsewhere"]))
    if how == "flip":
        data[place] ^= 1 << int(rng.integers(8))
    elif how == "cut":
        del data[place:]
    elif how == "zeros":
        data[place : place + 16] = bytes(len(data[place : place + 16]))
    elif how == "more":
        data[place:place] = rng.bytes(8)
    elif how == "remove":
        path.unlink()
        return f"{path.name} removed"
    elif how == "swap":
        data, exchanged = bytearray(other.read_bytes()), bytes(data)
        other.write_bytes(exchanged)
    else:  # the file of another model
        data = bytearray((exported("regressor") / path.relative_to(version)).read_bytes())
    path.write_bytes(data)
    return f"{path.name}: {how} at {place}"


def damaged(folder: Path, seed: int, names: tuple[str, ...] | None = None) -> tuple[Path, str]:
    """A copy of an export that is not as it was, and what was done to it."""
    rng = np.random.default_rng(seed)
    version = Path(shutil.copytree(exported("classifier"), folder / "1"))
    whole = (digests(version), (version / "model_card.json").read_bytes())
    files = sorted(p for p in version.rglob("*") if p.is_file())
    # The labels are of that model alone.
    files = [p for p in files if p.name != "labels.json"]
    if names is not None:
        files = [version / name for name in names]
    while True:
        done = damage(version, files, rng)
        card_now = version / "model_card.json"
        if (digests(version), card_now.exists() and card_now.read_bytes()) != whole:
            return version, done


def as_the_card(version: Path, told: dict) -> bool:
    """Whether a program in C gets the answers of a card."""
    signature = told["signatures"]["serving_default"]
    rows = signature["example"]["request"]["instances"]
    inputs = {k: np.float32(v) for k, v in columns_of(rows, list(signature["inputs"])).items()}
    try:
        found = c_program.ask(version, "serving_default", inputs)
    except Exception:  # of TensorFlow, or of a graph that is none
        return False
    expected = columns_of(signature["example"]["answer"]["predictions"], list(found))
    near = np.allclose(found["probabilities"], expected["probabilities"], rtol=1e-5, atol=1e-5)
    return near and found["label"].tolist() == expected["label"]


@pytest.mark.parametrize(
    "seed", [*range(30), *(pytest.param(s, marks=pytest.mark.slow) for s in range(30, 530))]
)
def test_damage_is_seen(seed, tmp_path):
    version, done = damaged(tmp_path, seed)
    found = verify(version, seconds=0)
    assert not found.ok, done
    assert found.compared == 0  # it was not even loaded


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(s, marks=pytest.mark.slow) for s in range(4, 60))]
)
def test_damage_that_the_card_was_told_of_is_seen_by_the_answers(seed, tmp_path):
    """As where an export was changed, and signed anew: then the answers must tell."""
    c_program.needed()
    version, done = damaged(tmp_path, seed, MODEL)
    told = card(version) | {"files": digests(version)}
    told["sha256"] = digest_of_card(told)
    (version / "model_card.json").write_text(json.dumps(told))
    before = sorted(tmp_path.rglob("*"))
    found = verify(version, seconds=0, timeout=120)
    assert sorted(tmp_path.rglob("*")) == before
    if not as_the_card(version, told):
        assert not found.ok, done


def test_what_is_not_damaged_is_good_by_both():
    c_program.needed()
    assert as_the_card(exported("classifier"), card(exported("classifier")))
    assert verify(exported("classifier"), seconds=0).ok
