"""Files that were saved before are loaded, and predict what they did when they were written.

`python -m tools.compatibility_files` wrote them; those of a released version stay as they are.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import seqkit
from seqkit.estimators.exports.facts import fit_of
from seqkit.estimators.plans.training_plan import taken_when_going_on
from seqkit.estimators.saved_estimators import ESTIMATORS
from seqkit.saving.saved_file import FORMAT_VERSION
from tools import compatibility_files

FILES = sorted(Path(__file__).parent.glob("format_*/*.seqkit"))
# Sums of float32 in another order, as another processor or release of TensorFlow takes them.
TOLERANCE = {"rtol": 1e-4, "atol": 1e-5}


def named(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def check(answer, expected) -> None:
    """Numbers up to the tolerance, all else exactly."""
    if isinstance(expected, dict):
        assert answer.keys() == expected.keys()
        for name in expected:
            check(answer[name], expected[name])
    elif isinstance(expected, list):
        assert len(answer) == len(expected)
        for one, other in zip(answer, expected, strict=True):
            check(one, other)
    elif isinstance(expected, float):
        np.testing.assert_allclose(answer, expected, **TOLERANCE)
    else:
        assert answer == expected


def check_answers(path: Path, model) -> None:
    """A model says what the record beside its file has."""
    record = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert type(model).__name__ == record["class"]
    for asked in record["answers"]:
        said = compatibility_files.answer(
            model, record["form"], record["inputs"], asked["method"], asked["options"]
        )
        check(said, asked["answer"])


@pytest.mark.parametrize("path", FILES, ids=named)
def test_a_file_says_what_it_said(path):
    if path.parent.name == f"format_{FORMAT_VERSION}":
        check_answers(path, seqkit.load(path))
        return
    # Before 1.0 a format may go; what is not read is refused, never misread.
    try:
        model = seqkit.load(path)
    except ValueError as error:
        refused = str(error)
    else:
        check_answers(path, model)
        return
    assert "no longer reads" in refused


def test_a_parameter_that_there_was_not_yet_has_its_default():
    """As texts were read in normal form C before there was a choice."""
    (path,) = (path for path in FILES if named(path) == "format_3-text_classifier")
    model = seqkit.load(path)
    model._fitted_with.pop("normalization", None)  # should the file be written anew
    vars(model._input).pop("normalization", None)
    np.testing.assert_array_equal(*model.predict_proba(["caf\u00e9", "cafe\u0301"]))
    assert fit_of(model).parameters["normalization"] == "NFC"
    taken_when_going_on(model)  # which warns of what has changed
    with pytest.warns(UserWarning, match="does not take normalization=None"):
        taken_when_going_on(model.set_params(normalization=None))


def test_the_current_format_has_a_file_of_every_case_and_estimator():
    present = {path.stem for path in FILES if path.parent.name == f"format_{FORMAT_VERSION}"}
    assert present == set(compatibility_files.CASES)
    cases = compatibility_files.CASES.values()
    assert {case.estimator for case in cases} == set(ESTIMATORS)


def test_files_are_small():
    for path in FILES:
        assert path.stat().st_size < 30_000, path


def test_files_that_are_there_are_not_written_again(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(compatibility_files, "FOLDER", tmp_path)
    case = compatibility_files.CASES["classifier"]
    monkeypatch.setattr(compatibility_files, "CASES", {"classifier": case})
    written = tmp_path / f"format_{FORMAT_VERSION}" / "classifier.seqkit"
    written.parent.mkdir()
    written.write_text("of a release")
    assert compatibility_files.main([]) == 0
    assert written.read_text() == "of a release"
    assert compatibility_files.main(["--overwrite"]) == 0
    check_answers(written, seqkit.load(written))
