"""What fitting found is in a file as fit leaves it, or the file is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

import seqkit
from tests.conformance.estimators import every_kind, fitted, kinds, named
from tests.saving.test_saved_file import rewritten

# Fields that hold what a user gave, or what is looked at later.
OF_ANY_TYPE = {"id", "time", "target", "freq", "expected", "vectors", "class_weight"}
OF_NO_FIELD = {"kind": "tuple", "items": [{"kind": "tuple", "items": []}]}


@every_kind
def test_parts_that_are_not_as_fit_leaves_them_are_refused(kind, tmp_path):
    path = Path(fitted(kind).save(tmp_path / "model.seqkit"))
    content = path.read_bytes()

    def refused(change, message):
        rewritten(path, change)
        with pytest.raises(ValueError, match=message):
            seqkit.load(path)
        path.write_bytes(content)

    for part in ("_input", "_target"):

        def fields(description, part=part):
            return description["fitted"][part]["fields"]

        def without(description, name, fields=fields):
            del fields(description)[name]

        own = type(getattr(fitted(kind), part))
        for name in getattr(fitted(kind), part).__getstate__():
            if name not in OF_ANY_TYPE:
                refused(
                    lambda d, name=name, fields=fields: fields(d).update({name: OF_NO_FIELD}),
                    f"{name} of {own.__name__} must be|model.seqkit",
                )
            if not hasattr(own, name):
                refused(lambda d, name=name, without=without: without(d, name), name)
        # Nor may a field take the place of a method.
        refused(lambda d, fields=fields: fields(d).update(learn=None), "has no field learn")


@kinds("classifier", slow=("forecaster", "translator"))
@pytest.mark.parametrize(
    "name", ["n_iter_", "best_epoch_", "history_", "chosen_", "_fitted_with", "_input", "_target"]
)
def test_what_every_fit_leaves_must_be_there(kind, name, tmp_path):
    path = Path(fitted(kind).save(tmp_path / "model.seqkit"))
    content = path.read_bytes()
    for change in (
        lambda d: d["fitted"].pop(name),
        lambda d: d["fitted"].update({name: None}),
        lambda d: d["fitted"].update({name: ["x"]}),
    ):
        rewritten(path, change)
        with pytest.raises(ValueError, match=r"model.seqkit"):
            seqkit.load(path)
        path.write_bytes(content)


@pytest.mark.parametrize(("name", "value"), [("horizon", 5), ("season", 3), ("scaling", "mean")])
def test_a_forecast_of_another_form_than_the_models_is_refused(name, value, tmp_path):
    path = fitted(named("forecaster")).save(tmp_path / "model.seqkit")
    rewritten(path, lambda d: d["fitted"]["_target"]["fields"].update({name: value}))
    with pytest.raises(ValueError, match=f"its model is made for {name}=.*, not {value}"):
        seqkit.load(path)
