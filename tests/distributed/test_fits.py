"""Several workers train what one process trains."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import seqkit
from tests.distributed import fits
from tests.distributed.running import run

pytestmark = pytest.mark.always
# Each takes seconds to be compiled by each worker: of two that are alike one is slow.
ESTIMATORS = [
    "classifier",
    pytest.param("regressor", marks=pytest.mark.slow),
    "tagger",
    pytest.param("texts", marks=pytest.mark.slow),
    "translator",
    "forecaster",
]


@pytest.fixture(scope="module")
def folders(request, tmp_path_factory):
    """What one process has written, and what two have."""
    alone, both = tmp_path_factory.mktemp("alone"), tmp_path_factory.mktemp("both")
    script = Path(fits.__file__)
    here = [item for item in request.session.items if item.path == request.path]
    names = [item.callspec.params["name"] for item in here if hasattr(item, "callspec")]
    # The last is the one that is exported, whatever else is asked for.
    names = [*(name for name in names if name != "forecaster"), "forecaster"]
    launcher = ["-m", "seqkit.distributed", "--workers", 2]
    for command in ([script, alone], [*launcher, script, both]):
        ended = run(*command, *names)
        assert ended.returncode == 0, ended.stderr
    return alone, both


def arrays_of(path, name):
    with np.load(path) as arrays:
        return {k: arrays[k] for k in arrays.files if k.startswith(f"{name}/")}


@pytest.mark.parametrize("name", ESTIMATORS)
def test_two_workers_fit_what_one_fits(folders, name):
    """But for the order of sums in float32, of some hundred terms a step."""
    alone, both = folders
    expected = arrays_of(alone / "fits.0.npz", name)
    of_each = [arrays_of(both / f"fits.{k}.npz", name) for k in range(2)]
    assert expected.keys() == of_each[0].keys()
    for key, value in expected.items():
        np.testing.assert_array_equal(of_each[0][key], of_each[1][key])  # bit for bit
        largest = np.abs(value).max() + 1e-9
        np.testing.assert_allclose(of_each[0][key] / largest, value / largest, atol=1e-5)


def test_the_first_worker_writes(folders):
    _, both = folders
    assert [p.name for p in (both / "export").iterdir()] == ["1"]
    told = [(both / f"version.{k}.txt").read_text(encoding="utf-8") for k in range(2)]
    assert told == [str(both / "export" / "1")] * 2
    assert seqkit.load(both / "model.seqkit").predict().shape == (3,)
