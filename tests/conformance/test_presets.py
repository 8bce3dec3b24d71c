"""Presets of every estimator: what they stand for, and what a fit says that it chose."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import seqkit
from seqkit.estimators.plans.presets import PRESETS
from seqkit.models.ensemble import members_of
from seqkit.training.plan import plan_of
from tests.conformance.estimators import data, each_class, every_kind, kinds, named
from tests.conformance.test_warm_starts import without_training

BUDGETS = {"translator": (0, 20)}  # steps, and passes at least; of all others 500 and 4


@kinds("classifier", "forecaster", slow=["regressor", "text", "tagger", "translator"])
@pytest.mark.parametrize("preset", PRESETS)
def test_what_a_preset_stands_for(kind, preset, monkeypatch):
    options = without_training(monkeypatch)
    model = kind.new(preset=preset, epochs=None).fit(*data(kind))
    effort = {"fast": 0.4, "balanced": 1, "best": 2}[preset]
    steps, passes = BUDGETS.get(kind.name, (500, 4))
    plan = options["plan"]
    least = max(np.ceil(effort * passes), np.ceil(effort * steps / plan.steps_a_pass))
    assert plan.epochs == least
    assert plan.steps == least * plan.steps_a_pass
    assert len(members_of(model.model_)) == (5 if preset == "best" else 1)
    chosen = {name: choice.value for name, choice in model.chosen_.items()}
    expected = {"ensemble_size": len(members_of(model.model_))}
    expected |= {"epochs": plan.epochs, "max_steps": plan.steps}
    assert {name: chosen[name] for name in expected} == expected
    assert all(preset in model.chosen_[name].reason for name in expected)


@kinds("text", "tagger", slow=["classifier", "regressor", "forecaster", "translator"])
def test_what_is_given_wins(kind, monkeypatch):
    options = without_training(monkeypatch)
    given = {"epochs": 3, "max_steps": 2, "ensemble_size": 2, "batch_size": 7}
    model = kind.new(preset="best", **given).fit(*data(kind))
    assert (options["plan"].steps, options["batch_size"]) == (2, 7)
    assert len(members_of(model.model_)) == 2
    assert not given.keys() & model.chosen_.keys()


@every_kind
def test_what_was_chosen_is_what_was_trained(kind, monkeypatch):
    options = without_training(monkeypatch)
    model = kind.new(epochs=None, max_steps=3, batch_size=None).fit(*data(kind))
    assert model.chosen_["epochs"].value == options["plan"].epochs
    assert "max_steps=3" in model.chosen_["epochs"].reason
    sizes = model._batches
    assert model.chosen_["batch_size"].value == options["batch_size"] == sizes.small
    assert str(sizes.until) in model.chosen_["batch_size"].reason


def test_files_and_copies_tell_it_too(tmp_path):
    kind = named("classifier")
    model = kind.new(epochs=None, max_steps=3).fit(*data(kind))
    assert model.chosen_["epochs"].value == model.n_iter_
    assert pickle.loads(pickle.dumps(model)).chosen_ == model.chosen_
    assert seqkit.load(model.save(tmp_path / "model.seqkit")).chosen_ == model.chosen_


@kinds("classifier", "regressor")
def test_the_stem_that_was_chosen(kind, monkeypatch):
    without_training(monkeypatch)
    _, y = data(kind)
    rng = np.random.default_rng(0)
    for steps, stem in ((20, None), (70, "segments")):
        X = rng.normal(size=(len(y), steps, 2))
        model = kind.new(epochs=1).fit(X, y)
        assert model.chosen_["stem"].value == stem
        assert str(steps) in model.chosen_["stem"].reason
        assert ("stride" in model.chosen_) == (stem is not None)
    assert not {"stem", "stride"} & kind.new(epochs=1, stem=None).fit(X, y).chosen_.keys()


def test_what_a_forecaster_chose(monkeypatch):
    without_training(monkeypatch)
    kind = named("forecaster")
    model = kind.new(lookback=None).fit(*data(kind))
    chosen = {name: choice.value for name, choice in model.chosen_.items()}
    assert chosen["lookback"] == model.lookback_
    assert chosen["season"] == model.season_
    assert chosen["scaling"] == "standard"
    assert chosen["seasonal_residual"] is (model.season_ is not None)
    given = kind.new(season=None, scaling=None, seasonal_residual=False).fit(*data(kind))
    assert not {"lookback", "season", "scaling", "seasonal_residual"} & given.chosen_.keys()


def test_what_a_translator_chose(monkeypatch):
    kind = named("translator")
    without_training(monkeypatch)
    model = kind.new(units=6).fit(*data(kind))
    assert model.chosen_["encoder_units"].value == 6
    assert model.chosen_["target_tokens"].value == "word"


def test_the_first_vectors_that_a_text_classifier_chose(monkeypatch):
    without_training(monkeypatch)
    kind = named("text")
    for dim, vectors in ((2, "cooccurrence"), (64, None)):
        model = kind.new(embedding_dim=dim, epochs=1).fit(*data(kind))
        assert model.chosen_["embeddings"].value == vectors
    assert "embeddings" not in kind.new(embeddings=None, epochs=1).fit(*data(kind)).chosen_


@each_class
def test_a_preset_that_is_none(kind):
    with pytest.raises(ValueError, match="preset must be one of 'fast', 'balanced', 'best'.*'bst'"):
        kind.new(preset="bst").fit(*data(kind))
    with pytest.raises(ValueError, match="Did you mean 'best'"):
        kind.new(preset="bset").check_parameters()
    with pytest.raises(TypeError, match="preset"):
        kind.new(preset=None).check_parameters()


def test_a_stream_of_unknown_size_takes_the_passes():
    for preset, passes in (("fast", 2), ("best", 8)):
        budget = seqkit.SequenceClassifier._budget.times(PRESETS[preset].effort)
        parts = {"epochs": None, "max_steps": None, "rate": 0.1, "schedule": "cosine"}
        assert plan_of(None, budget=budget, **parts).epochs == passes
