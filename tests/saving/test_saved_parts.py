"""What fitting found is in a file as fit leaves it, or the file is refused."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import seqkit
from seqkit.saving.declared import check_declared
from tests.conformance.estimators import every_kind, fitted, kinds, named
from tests.estimators.toy import untrained
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


@untrained()
def test_what_a_user_may_give_is_not_refused(tmp_path):
    """Of other types than usual: names that are numbers or tuples, fractions that are integers."""
    steps = {"ds": [*range(20)] * 2, "shop": 1, "item": [1] * 20 + [2] * 20, "y": 1.0}
    names: dict = {"id": ("shop", "item"), "levels": (0.1, 0.5), "past_covariates": ("price",)}
    rows = pd.DataFrame(steps)
    forecaster = seqkit.Seq2SeqForecaster(2, lookback=4, units=2, minimum=0, **names)
    forecaster.fit(rows, rows.rename(columns={"y": "price"}))
    assert seqkit.load(forecaster.save(tmp_path / "m")).predict().equals(forecaster.predict())
    frame = pd.DataFrame({0: [1, 1, 2, 2], 1: [1, 2, 1, 2], "x": 1.0})
    model = seqkit.SequenceClassifier(
        "gru", units=2, id=0, time=1, label_smoothing=0, class_weight={"a": 1, "b": 2}
    ).fit(frame, np.array(["a", "b"]))
    model.set_params(dropout=np.float64(0.5), epochs=np.int64(2))
    again = seqkit.load(model.save(tmp_path / "m"))
    assert again.predict(frame).tolist() == model.predict(frame).tolist()


@dataclasses.dataclass
class Sizes:
    of_any_number: tuple[int, ...] = ()
    two: tuple[int, str] = (1, "a")


def test_tuples_of_any_number():
    for right in (Sizes(), Sizes((1, 2, 3))):
        check_declared(right)
    for wrong in (Sizes(of_any_number=(1, "b")), Sizes(two=(1,))):  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="Sizes must be tuple"):
            check_declared(wrong)
