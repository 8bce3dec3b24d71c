"""Ensembles: models of one architecture, trained side by side, whose answers are averaged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from seqkit.types import Tensor


@keras.saving.register_keras_serializable("seqkit")
class Ensemble(keras.Model):
    """The mean of the outputs of several models (Lakshminarayanan et al. 2017, deep ensembles).

    They differ in their first weights and in what dropout draws. One training trains all: the
    gradient of each weight is that of its own member's loss, so an optimiser that steps each weight
    by that weight's gradients alone, as Keras's do, trains a member as it would by itself;
    `global_clipnorm` does not. The loss that is shown is the mean of the members' in training, and
    that of their mean in validation.

    Args:
        members: the models, of one architecture, built.

    Call arguments:
        inputs: as of a member.

    Returns:
        The mean of the members' outputs; in training a tuple of the outputs of each.

    Example:
        >>> import numpy as np
        >>> from seqkit.models import sequence_regressor
        >>> members = [sequence_regressor(1, units=2) for _ in range(3)]
        >>> x = np.ones((4, 5, 1), "float32")
        >>> mean = np.mean([member(x) for member in members], 0)
        >>> bool(np.allclose(Ensemble(members)(x), mean, atol=1e-6))
        True
    """

    members: list[Any]

    def __init__(self, members: Sequence[keras.Model], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.members = list(members)
        self.built = True

    @property
    def inputs(self) -> Any:
        """The inputs of a member."""
        return self.members[0].inputs

    def call(self, inputs: Any, training: bool = False) -> Any:
        outputs = tuple(member(inputs, training=training) for member in self.members)
        return outputs if training else self.combined(outputs)

    def combined(self, outputs: Sequence[Tensor]) -> Tensor:
        """The mean of the members' outputs."""
        return tf.add_n(list(outputs)) / len(outputs)

    def compile(self, optimizer: Any = "rmsprop", loss: Any = None, **options: Any) -> None:
        """As Keras's; the loss is that of each member."""
        super().compile(optimizer, loss=loss, **options)
        for member in self.members:
            member.compile(loss=loss)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Tensor:
        """The mean of the members' losses, with the gradient of their sum; or the loss of one
        answer."""
        if not isinstance(y_pred, tuple):
            return self.members[0].compute_loss(x, y, y_pred, sample_weight, training)
        losses = [
            member.compute_loss(x, y, outputs, sample_weight, training)
            for member, outputs in zip(self.members, y_pred, strict=True)
        ]
        return mean_for_each(losses)

    def compute_metrics(self, x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        if isinstance(y_pred, tuple):
            y_pred = self.combined(y_pred)
        return super().compute_metrics(x, y, y_pred, sample_weight)

    def get_config(self) -> dict[str, Any]:
        members = [keras.saving.serialize_keras_object(member) for member in self.members]
        return {**super().get_config(), "members": members}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Ensemble:
        config = dict(config)
        config["members"] = [
            keras.saving.deserialize_keras_object(member, custom_objects)
            for member in config["members"]
        ]
        return cls(**config)


def mean_for_each(losses: Sequence[Tensor]) -> Tensor:
    """The mean of losses, whose gradient is that of their sum: each member's is that of its own."""
    total = tf.add_n(list(losses))
    return total + tf.stop_gradient(total / len(losses) - total)


def members_of(model: keras.Model) -> list[Any]:
    """The models of an ensemble; of any other model itself.

    Example:
        >>> model = keras.Sequential()
        >>> members_of(model) == [model]
        True
    """
    return model.members if isinstance(model, Ensemble) else [model]
