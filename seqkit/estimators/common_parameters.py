"""The parameters that all estimators share."""

from __future__ import annotations

from collections.abc import Sequence

import keras

from seqkit import checks
from seqkit.cells import CELLS, check_cell
from seqkit.estimators.parameters import estimator, parameter
from seqkit.estimators.plans.presets import PRESETS, check_preset
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
    "preset",
    "epochs",
    "max_steps",
    "batch_size",
    "optimizer",
    "learning_rate",
    "learning_rate_schedule",
    "clipnorm",
    "weight_decay",
    "use_ema",
    "ema_momentum",
    "early_stopping",
    "validation_fraction",
    "n_iter_no_change",
    "callbacks",
    "random_state",
    "verbose",
    "warm_start",
)

# What every encoder is made with.
OF_ENCODERS = (
    "cell",
    "units",
    "layers",
    "bidirectional",
    "dropout",
    "recurrent_dropout",
    "tbptt_steps",
)

LABEL_SMOOTHING = parameter(
    checks.fraction,
    "float",
    "Share of each label's probability that is spread over all classes in the loss (Szegedy et al. "
    "2016).",
    default=0.0,
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

    # scikit-learn's tables of parameters in notebooks show the text of each where its class has an
    # address. Until the documentation is published that is a place on the page itself.
    _doc_link_module = "seqkit"
    _doc_link_template = "#seqkit.{estimator_name}"

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
    tbptt_steps: int | None = parameter(
        checks.optional(checks.count),
        "int or None",
        "Truncated back-propagation through time: the steps through which a gradient reaches back, "
        "in windows of so many, each of which goes on from the state in which that before ended. "
        "What recurrent layers keep for it grows with the window, not with the sequence. Cells of "
        "seqkit alone; of models with a decoder the encoder's. None: through all steps.",
        default=None,
    )
    preset: str = parameter(
        check_preset,
        '{"fast", "balanced", "best"}',
        "What is chosen for epochs, max_steps and ensemble_size where they are None. "
        + "; ".join(f'"{name}": {preset}' for name, preset in PRESETS.items())
        + ".",
        default="balanced",
    )
    ensemble_size: int | None = parameter(
        checks.optional(checks.count),
        "int or None",
        "Models that are trained from different first weights, and whose answers are averaged: "
        "probabilities, values, forecasts, quantiles. None: as preset says.",
        default=None,
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
        "Training steps, batches, at most. None: where epochs is None as well, 500 in whole "
        "passes, at least four, times what preset says.",
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
    weight_decay: float | None = parameter(
        checks.optional(checks.nonnegative),
        "float or None",
        "Part of each weight but biases that is taken off at each step, times the learning rate "
        "(decoupled, Loshchilov & Hutter 2019), with an optimiser given by name. None: what the "
        "optimiser has, which is none but of adamw.",
        default=None,
    )
    use_ema: bool = parameter(
        checks.flag,
        "bool",
        "Whether the model has moving averages of the weights (Polyak & Juditsky 1992), with an "
        "optimiser given by name. They are what is evaluated, kept and exported; a training that "
        "goes on goes on from the weights themselves.",
        default=False,
    )
    ema_momentum: float = parameter(
        checks.fraction,
        "float",
        "Of the averages: the part that stays at each step.",
        default=0.99,
    )
    early_stopping: bool | str = parameter(
        checks.flag_or_auto,
        '{"auto", True, False}',
        "Whether to stop when the loss of validation data no longer falls, and keep the best "
        'weights. The data are fit\'s validation_data, or else held out. "auto": where '
        "validation_data are given, or there are more than 10,000 examples in memory.",
        default="auto",
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
