"""The arguments of a fit, and the trainings that it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import Field, dataclass
from typing import Any, ClassVar, NamedTuple, Protocol

import keras
import tensorflow as tf

from seqkit.estimators.plans.choices import Choice
from seqkit.readers.batches import Batches
from seqkit.training.loop import TrainingData
from seqkit.types import Inputs, Targets


class Arguments(Protocol):
    """The arguments of any estimator's fit, in a dataclass.

    Attributes:
        X, y, sample_weight: the data.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def X(self) -> Any: ...

    @property
    def y(self) -> Any: ...

    @property
    def sample_weight(self) -> Any: ...


@dataclass(frozen=True)
class Given:
    """The arguments of a fit.

    Attributes:
        X, y, sample_weight: the data; X alone where it is a stream.
        validation_data: as `fit` takes it.
        classes: all classes that later data may bring, or None for those of these data.
        steps_per_epoch: batches of an epoch of a stream, or None for all of it.
    """

    X: Inputs
    y: Targets = None
    sample_weight: Targets = None
    validation_data: Sequence[Inputs] | tf.data.Dataset | Batches | None = None
    classes: Targets = None
    steps_per_epoch: int | None = None


class Stage(NamedTuple):
    """One training of a fit; nearly every fit has one alone.

    Attributes:
        examples: what the model is trained on.
        validation: what early stopping watches, or None.
        stops_early: whether it does, and why.
        callbacks: of the stage itself.
        last: whether no stage follows; callbacks see that one.
        passes: as many as an earlier stage has found best; None: as the parameters say.
    """

    examples: TrainingData
    validation: TrainingData | None
    stops_early: Choice
    callbacks: Sequence[keras.callbacks.Callback] = ()
    last: bool = True
    passes: int | None = None
