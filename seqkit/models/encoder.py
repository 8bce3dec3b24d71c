"""A stack of recurrent layers: from a sequence to a vector for each step, or to one in all."""

from __future__ import annotations

from typing import Any

import keras

from seqkit.layers.registry import recurrent_layer
from seqkit.models.attention_pooling import AttentionPooling
from seqkit.models.pooling import LastStep, MaskedPooling
from seqkit.models.seeding import Seeds
from seqkit.types import DrawSeed, Tensor

POOLINGS = ("last", "mean", "max", "attention")


def encode_steps(
    x: Tensor,
    mask: Tensor | None,
    *,
    cell: Any = "lstm",
    units: int = 64,
    layers: int = 1,
    bidirectional: bool = True,
    dropout: float = 0.0,
    recurrent_dropout: float = 0.0,
    tbptt_steps: int | None = None,
    return_sequences: bool = True,
    return_state: bool = False,
    draw_seed: DrawSeed | None = None,
) -> Any:
    """The outputs of a stack of recurrent layers.

    Args:
        x: (B, T, D), a tensor of a functional model.
        mask: valid steps, boolean (B, T), or None.
        cell: a name, class or cell as `seqkit.layers.recurrent_layer` takes it.
        units: units of each layer and direction.
        layers: number of layers.
        bidirectional: whether each layer also reads from the end; outputs are concatenated.
        dropout: fraction of each layer's outputs dropped in training.
        recurrent_dropout: fraction of the state dropped inside each layer.
        tbptt_steps: steps through which gradients reach back, of layers of ours; None for all.
        return_sequences: whether to give the outputs of all steps, or each direction's last.
        return_state: whether to give the final states as well.
        draw_seed: gives the seed of each random part; None leaves them to Keras's global seed.

    Returns:
        (B, T, H) or, without `return_sequences`, (B, H); H is units, or 2 units if bidirectional.
        With `return_state` also a list of each layer's final states, each (B, H).
    """
    options: dict[str, Any] = {"recurrent_dropout": recurrent_dropout} if recurrent_dropout else {}
    options |= {} if tbptt_steps is None else {"tbptt_steps": tbptt_steps}
    options |= {"return_state": True} if return_state else {}
    seeds = Seeds(draw_seed)
    states: list[list[Tensor]] = []
    for k in range(layers):
        options["return_sequences"] = return_sequences or k < layers - 1

        def direction(
            name: str, options: dict[str, Any] = options, **more: Any
        ) -> keras.layers.RNN:
            return seeds.seed_layer(recurrent_layer(cell, units, name=name, **options, **more))

        layer = direction(f"recurrent_{k + 1}")
        if bidirectional:
            backward = direction(f"recurrent_{k + 1}_backward", go_backwards=True)
            layer = keras.layers.Bidirectional(
                layer, backward_layer=backward, name=f"bidirectional_{k + 1}"
            )
        outputs = layer(x, mask=mask)
        x, *state = outputs if return_state else [outputs]
        if return_state:
            if bidirectional:  # the forward states, then the backward ones
                half = len(state) // 2
                concatenate = keras.layers.Concatenate
                state = [
                    concatenate()(pair) for pair in zip(state[:half], state[half:], strict=True)
                ]
            states.append(state)
        if dropout:
            x = keras.layers.Dropout(dropout, seed=seeds(), name=f"dropout_{k + 1}")(x)
    return (x, states) if return_state else x


def encode_sequence(
    x: Tensor,
    mask: Tensor | None,
    *,
    pooling: str | tuple[str, ...] = "last",
    bidirectional: bool = True,
    draw_seed: DrawSeed | None = None,
    **encoder: Any,
) -> Tensor:
    """One vector from the outputs of a stack of recurrent layers.

    Args:
        x: (B, T, D), a tensor of a functional model.
        mask: valid steps, boolean (B, T), or None.
        pooling: "last", the last output of each direction; "mean" or "max" over the steps;
            "attention", a learned weighted mean; or a tuple of some, which are concatenated.
        bidirectional, draw_seed, encoder: as of `encode_steps`.

    Returns:
        (B, H), or (B, P H) with P poolings; H is units, or 2 units if bidirectional.
    """
    encoder |= {"bidirectional": bidirectional, "draw_seed": draw_seed}
    if pooling in ("last", ("last",)):
        return encode_steps(x, mask, return_sequences=False, **encoder)
    steps = encode_steps(x, mask, **encoder)
    seeds = Seeds(draw_seed)

    def pool(how: str) -> Tensor:
        name = f"pooling_{how}"
        if how == "last":
            return LastStep(2 if bidirectional else 1, name=name)(steps, mask=mask)
        if how == "attention":
            initializers = {
                "kernel_initializer": seeds.glorot(),
                "query_initializer": seeds.glorot(),
            }
            return AttentionPooling(name=name, **initializers)(steps, mask=mask)
        return MaskedPooling(how, name=name)(steps, mask=mask)

    pooled = [pool(how) for how in ((pooling,) if isinstance(pooling, str) else pooling)]
    return pooled[0] if len(pooled) == 1 else keras.layers.Concatenate(name="pooling")(pooled)
