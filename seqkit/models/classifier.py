"""Models from a whole sequence to class probabilities or numbers."""

from __future__ import annotations

from typing import Any

import keras

from seqkit.models.encoder import encode_sequence
from seqkit.models.seeding import Seeds
from seqkit.models.sources import Source, as_source
from seqkit.types import DrawSeed


def sequence_classifier(
    source: int | Source,
    classes: int,
    *,
    multilabel: bool = False,
    draw_seed: DrawSeed | None = None,
    **encoder: Any,
) -> keras.Model:
    """A Keras model from sequences to class probabilities.

    Args:
        source: what sequences are: `NumericSource` (or just its number of features) or
            `TokenSource`.
        classes: number of classes, K.
        multilabel: whether classes are independent of each other, or one of them is right.
        draw_seed: gives the seed of each random part; None leaves them to Keras's global seed.
        encoder: options of `seqkit.models.encode_sequence`.

    Returns:
        A model from what the source reads to probabilities (B, K).

    Example:
        >>> import numpy as np
        >>> model = sequence_classifier(3, 2, cell="gru", units=4)
        >>> model(np.zeros((5, 7, 3), "float32")).shape
        TensorShape([5, 2])
    """
    activation = "sigmoid" if multilabel else "softmax"
    return _vector_model(
        source, classes, activation, "probabilities", "sequence_classifier", draw_seed, encoder
    )


def sequence_regressor(
    source: int | Source,
    outputs: int = 1,
    *,
    draw_seed: DrawSeed | None = None,
    **encoder: Any,
) -> keras.Model:
    """A Keras model from sequences to numbers.

    Args:
        source, draw_seed, encoder: as of `sequence_classifier`.
        outputs: numbers a sequence, M.

    Returns:
        A model from what the source reads to (B, M).

    Example:
        >>> import numpy as np
        >>> model = sequence_regressor(3, 2, cell="lstm", units=4, pooling=("mean", "max"))
        >>> model(np.zeros((5, 7, 3), "float32")).shape
        TensorShape([5, 2])
    """
    return _vector_model(
        source, outputs, "linear", "values", "sequence_regressor", draw_seed, encoder
    )


def _vector_model(
    source: int | Source,
    size: int,
    activation: str,
    head: str,
    name: str,
    draw_seed: DrawSeed | None,
    encoder: dict[str, Any],
) -> keras.Model:
    inputs, x, mask = as_source(source).open(draw_seed)
    x = encode_sequence(x, mask, draw_seed=draw_seed, **encoder)
    outputs = output_layer(size, activation, head, draw_seed)(x)
    return keras.Model(inputs, outputs, name=name)


def output_layer(
    size: int, activation: str, name: str, draw_seed: DrawSeed | None
) -> keras.layers.Layer:
    """The dense layer on top of a model, in float32 whatever is below."""
    initializer = Seeds(draw_seed).glorot()
    return keras.layers.Dense(
        size, activation=activation, kernel_initializer=initializer, dtype="float32", name=name
    )
