"""Parameters of every estimator: cloned whatever they are, and refused by name where wrong."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from sklearn.base import clone

from tests.conformance.estimators import data, each_class


@each_class
def test_every_kind_of_parameter_is_cloned(kind):
    schedule = keras.optimizers.schedules.CosineDecay(0.01, 100)
    options = {
        "cell": keras.layers.GRU,
        "learning_rate": schedule,
        "optimizer": keras.optimizers.SGD(schedule, momentum=0.9),
        "callbacks": [keras.callbacks.EarlyStopping("loss", patience=3)],
        "random_state": np.random.default_rng(0),
    }
    copied = clone(kind.new(**options))
    assert copied.cell is keras.layers.GRU
    assert copied.learning_rate.get_config() == schedule.get_config()
    assert copied.optimizer.get_config() == options["optimizer"].get_config()
    assert copied.callbacks[0].patience == 3
    assert copied.callbacks[0] is not options["callbacks"][0]


@each_class
@pytest.mark.parametrize(
    ("parameter", "value", "error", "message"),
    [
        ("units", True, TypeError, "units must be an integer .*got True"),
        ("bidirectional", "yes", TypeError, "bidirectional must be True or False, got 'yes'"),
        ("batch_size", "32", TypeError, "batch_size .*got '32'"),
        ("learning_rate", float("nan"), ValueError, "learning_rate .*got nan"),
        ("learning_rate", "fast", TypeError, "learning_rate .*LearningRateSchedule, got 'fast'"),
        ("optimizer", "adamm", ValueError, "optimizer .*got 'adamm'. Did you mean 'adam'"),
        ("optimizer", keras.optimizers.SGD, TypeError, "optimizer must be the name"),
        ("clipnorm", -1, ValueError, "clipnorm .*, or None, got -1"),
        (
            "early_stopping",
            None,
            TypeError,
            "early_stopping must be .* or 'auto', got None",
        ),
        ("validation_fraction", 1, ValueError, r"validation_fraction .* in \(0, 1\), got 1"),
        ("n_iter_no_change", 0, ValueError, "n_iter_no_change .*got 0"),
        ("callbacks", keras.callbacks.History(), TypeError, "callbacks must be a list"),
        ("callbacks", [keras.callbacks.History], TypeError, r"callbacks\[0\] must be"),
        ("random_state", -1, ValueError, "random_state .*-1"),
        ("verbose", 5, ValueError, r"verbose must be one of \(0, 1, 2\), got 5"),
        ("warm_start", 2, TypeError, "warm_start must be True or False, got 2"),
    ],
)
def test_a_wrong_value_is_named(kind, parameter, value, error, message):
    model = kind.new(**{parameter: value})
    with pytest.raises(error, match=message):
        model.fit(*data(kind))
    assert not hasattr(model, "model_")


@each_class
def test_no_parameter_takes_what_makes_no_sense(kind):
    said = {}
    for parameter in kind.new().get_params():
        with pytest.raises((TypeError, ValueError)) as error:
            kind.new(**{parameter: object()}).fit(*data(kind))
        said[parameter] = str(error.value)
    assert {k: text for k, text in said.items() if k not in text} == {}
