"""The optimiser of a fit, from what users give."""

from __future__ import annotations

import numbers

import keras

from seqkit.checks import did_you_mean, positive
from seqkit.saving.keras_names import known_optimizers


def check_optimizer(name: str, value: object) -> None:
    """A name of one of Keras's optimisers, or an optimiser."""
    if isinstance(value, keras.optimizers.Optimizer):
        return
    if not isinstance(value, str):
        raise TypeError(
            f"{name} must be the name of a Keras optimiser, or an instance, got {value!r}."
        )
    if value.lower() not in known_optimizers():
        hint = did_you_mean(value, known_optimizers(), cutoff=0.4)
        raise ValueError(
            f"{name} must be one of {', '.join(sorted(known_optimizers()))}, "
            f"or an instance of a Keras optimiser, got {value!r}.{hint}"
        )


def check_learning_rate(name: str, value: object) -> None:
    """A number above 0, or a schedule of Keras."""
    if not isinstance(value, keras.optimizers.schedules.LearningRateSchedule):
        if not isinstance(value, numbers.Real):
            raise TypeError(
                f"{name} must be a number above 0, or a "
                f"keras.optimizers.schedules.LearningRateSchedule, got {value!r}."
            )
        positive(name, value)


def new_optimizer(
    optimizer: str | keras.optimizers.Optimizer,
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule,
    *,
    clipnorm: float | None,
    weight_decay: float | None = None,
    ema_momentum: float | None = None,
) -> keras.optimizers.Optimizer:
    """A fresh optimiser: each fit has its own state.

    Args:
        optimizer: a name; or an instance, which is taken as it is configured.
        learning_rate, clipnorm, weight_decay: of an optimiser given by name. None as weight_decay
            leaves it to the optimiser. Biases do not decay.
        ema_momentum: of the averages of weights that it keeps, or None for none.
    """
    if isinstance(optimizer, keras.optimizers.Optimizer):
        return type(optimizer).from_config(optimizer.get_config())
    if isinstance(learning_rate, numbers.Real):
        learning_rate = float(learning_rate)
    options: dict[str, float | bool | None] = {"clipnorm": clipnorm}
    if weight_decay is not None:
        options["weight_decay"] = float(weight_decay)
    if ema_momentum is not None:
        options |= {"use_ema": True, "ema_momentum": ema_momentum}
    made = known_optimizers()[optimizer.lower()](learning_rate, **options)
    if weight_decay is not None:
        made.exclude_from_weight_decay(var_names=["bias"])
    return made


def rate_of(optimizer: keras.optimizers.Optimizer) -> float | None:
    """The learning rate; None where a schedule gives it."""
    given = optimizer.get_config()["learning_rate"]
    return float(given) if isinstance(given, numbers.Real) else None
