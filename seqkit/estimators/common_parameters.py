"""The parameters that all estimators share."""

from __future__ import annotations

from collections.abc import Sequence

import keras

from seqkit import checks
from seqkit.cells import CELLS, check_cell
from seqkit.estimators.parameters import estimator, parameter
from seqkit.models.encoder import POOLINGS
from seqkit.training.optimizers import check_learning_rate, check_optimizer
from seqkit.training.plan import SCHEDULES
from seqkit.types import RandomState

POOLING = parameter(
    checks.some_of(*POOLINGS),
    "str or tuple of str",
    'How the outputs of all steps become one vector: "last", the last of each direction; "mean" or '
    '"max" over the steps; "attention", a learned weighted mean; or a tuple of some, which are '
    "concatenated.",
    default=("last", "mean", "max"),
)

# Those of the training: a fit that goes on takes them as they are then.
OF_TRAINING = (
    "epochs",
    "max_steps",
    "batch_size",
    "optimizer",
    "learning_rate",
    "learning_rate_schedule",
    "clipnorm",
    "early_stopping",
    "validation_fraction",
    "n_iter_no_change",
    "callbacks",
    "random_state",
    "verbose",
    "warm_start",
)

CLASS_WEIGHT = parameter(
    checks.anything,
    'dict, "balanced" or None',
    "Weight of each class, as in scikit-learn.",
    default=None,
)


def check_callbacks(name: str, value: object) -> None:
    """None, or a list of callbacks of Keras."""
    if value is None:
        return
    if not isinstance(value, list | tuple):
        raise TypeError(
            f"{name} must be a list of keras.callbacks.Callback or None, got {value!r}."
        )
    for i, callback in enumerate(value):
        if not isinstance(callback, keras.callbacks.Callback):
            raise TypeError(f"{name}[{i}] must be a keras.callbacks.Callback, got {callback!r}.")


@estimator
class CommonParameters:
    """Parameters of the recurrent layers, and of their training."""

    cell: str | type[keras.layers.Layer] = parameter(
        lambda name, value: check_cell(value),
        "str or class",
        f"{', '.join(map(repr, CELLS))} (those with keras_ are Keras's own); a Keras RNN layer "
        "class; or a cell class.",
        default="lstm",
        kw_only=False,
    )
    units: int = parameter(
        checks.count,
        "int",
        "Units of each layer and direction.",
        default=64,
    )
    layers: int = parameter(
        checks.count,
        "int",
        "Recurrent layers, one upon the other.",
        default=1,
    )
    bidirectional: bool = parameter(
        checks.flag,
        "bool",
        "Whether each layer also reads sequences from their end.",
        default=True,
    )
    dropout: float = parameter(
        checks.fraction,
        "float",
        "Fraction of each recurrent layer's outputs dropped in training.",
        default=0.2,
    )
    recurrent_dropout: float = parameter(
        checks.fraction,
        "float",
        "Fraction of the state dropped inside each layer in training.",
        default=0.0,
    )
    epochs: int | None = parameter(
        checks.optional(checks.count),
        "int or None",
        "Passes over the data, at most. None: as many as max_steps gives.",
        default=None,
    )
    max_steps: int | None = parameter(
        checks.optional(checks.count),
        "int or None",
        "Training steps, batches, at most. None: where epochs is None as well, a number that was "
        "found good for the estimator, in whole passes, at least four.",
        default=None,
    )
    batch_size: int | None = parameter(
        checks.optional(checks.count),
        "int or None",
        "Sequences a step. None: 16 of up to 512 sequences, 32 of more.",
        default=None,
    )
    optimizer: str | keras.optimizers.Optimizer = parameter(
        check_optimizer,
        "str or keras.optimizers.Optimizer",
        "A name of Keras; or an instance, which is used as it is configured.",
        default="adam",
    )
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule = parameter(
        check_learning_rate,
        "float or keras.optimizers.schedules.LearningRateSchedule",
        "Step size of an optimiser given by name.",
        default=0.005,
    )
    learning_rate_schedule: str = parameter(
        checks.one_of(*SCHEDULES),
        '{"cosine", "constant"}',
        'Of a learning_rate that is a number: "cosine" raises it over the first tenth of the steps '
        "to learning_rate, then lets it fall to 0 along half a cosine (Loshchilov & Hutter 2017). "
        "Constant in partial_fit, and where callbacks set the rate.",
        default="cosine",
    )
    clipnorm: float | None = parameter(
        checks.optional(checks.positive),
        "float or None",
        "Norm to which each weight's gradient is clipped, with an optimiser given by name.",
        default=1.0,
    )
    early_stopping: bool = parameter(
        checks.flag,
        "bool",
        "Whether to stop when the loss of validation data no longer falls, and keep the best "
        "weights. The data are fit's validation_data, or else held out.",
        default=False,
    )
    validation_fraction: float = parameter(
        checks.inner_fraction,
        "float",
        "Fraction held out for early stopping.",
        default=0.1,
    )
    n_iter_no_change: int = parameter(
        checks.count,
        "int",
        "Epochs without a better validation loss after which training stops.",
        default=10,
    )
    callbacks: Sequence[keras.callbacks.Callback] | None = parameter(
        check_callbacks,
        "list of keras.callbacks.Callback or None",
        "Callbacks passed to Keras's fit.",
        default=None,
    )
    random_state: RandomState = parameter(
        checks.anything,
        "int, numpy RandomState or Generator, or None",
        "An int gives the same model again on the same machine.",
        default=None,
    )
    verbose: int = parameter(
        checks.one_of_integers(0, 1, 2),
        "int",
        "1 shows a progress bar, 2 a line an epoch.",
        default=0,
    )
    warm_start: bool = parameter(
        checks.flag,
        "bool",
        "Whether fit goes on from the fitted model. Parameters of the training are then taken as "
        "they are; what the model was made with stays, and a warning names what has changed of it.",
        default=False,
    )
