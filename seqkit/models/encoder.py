"""A stack of recurrent layers that turns a sequence into one vector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

from seqkit.layers.registry import recurrent_layer
from seqkit.models.pooling import MaskedPooling


def encode_sequence(
    x: Any,
    mask: Any,
    *,
    cell: Any = "lstm",
    units: int = 64,
    layers: int = 1,
    bidirectional: bool = True,
    dropout: float = 0.0,
    recurrent_dropout: float = 0.0,
    pooling: str = "last",
    draw_seed: Callable[[], int] | None = None,
) -> Any:
    """One vector from the outputs of a stack of recurrent layers.

    Args:
        x: (B, T, D), a tensor of a functional model.
        mask: valid steps, boolean (B, T), or None.
        cell: a name, class or cell as `seqkit.layers.recurrent_layer` takes it.
        units: units of each layer and direction.
        layers: number of layers.
        bidirectional: whether each layer also reads from the end; outputs are concatenated.
        dropout: fraction of each layer's outputs dropped in training.
        recurrent_dropout: fraction of the state dropped inside each layer.
        pooling: "last", the last output of each direction; or "mean" or "max" over the steps.
        draw_seed: gives the seed of each random part; None leaves them to Keras's global seed.

    Returns:
        (B, units), or (B, 2 units) where bidirectional.
    """
    options: dict[str, Any] = {"recurrent_dropout": recurrent_dropout} if recurrent_dropout else {}
    for k in range(layers):
        options["return_sequences"] = pooling != "last" or k < layers - 1

        def direction(
            name: str, options: dict[str, Any] = options, **more: Any
        ) -> keras.layers.RNN:
            made = recurrent_layer(cell, units, name=name, **options, **more)
            if draw_seed is not None:
                seed_weights(made, draw_seed)
            return made

        layer = direction(f"recurrent_{k + 1}")
        if bidirectional:
            backward = direction(f"recurrent_{k + 1}_backward", go_backwards=True)
            layer = keras.layers.Bidirectional(
                layer, backward_layer=backward, name=f"bidirectional_{k + 1}"
            )
        x = layer(x, mask=mask)
        if dropout:
            seed = draw_seed() if draw_seed else None
            x = keras.layers.Dropout(dropout, seed=seed, name=f"dropout_{k + 1}")(x)
    return x if pooling == "last" else MaskedPooling(pooling, name="pooling")(x, mask=mask)


def seed_weights(layer: keras.layers.RNN, draw_seed: Callable[[], int]) -> None:
    """Gives a layer's random initialisers and its dropout seeds of their own.

    Cells that do not name their initialisers as Keras does keep what they have.
    """
    cell = layer.cell
    for name in ("kernel_initializer", "recurrent_initializer", "vector_initializer"):
        initializer = getattr(cell, name, None)
        if isinstance(initializer, keras.initializers.Initializer):
            config = initializer.get_config()
            if "seed" in config:
                setattr(cell, name, type(initializer).from_config({**config, "seed": draw_seed()}))
    if hasattr(cell, "seed_generator"):
        cell.seed = draw_seed()
        cell.seed_generator = keras.random.SeedGenerator(cell.seed)
