"""Stems: what stands between long numeric sequences and the recurrent layers, to shorten them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import keras

from seqkit.models.seeding import Seeds
from seqkit.types import DrawSeed, Shape, Tensor

KINDS = ("segments", "convolution")
SHORT = 64  # steps of sequences that are read one by one
SHORTEST_STRIDE = 4
FILTER_STEPS = 5  # that a filter of a convolution reads


@keras.saving.register_keras_serializable("seqkit")
class Segments(keras.layers.Layer):
    """Cuts sequences into overlapping segments: each two strides long, one stride after the last.

    A recurrent layer on segments takes a stride's steps at once (Lin et al. 2023,
    arXiv:2308.11200). A row of n valid steps gives ceil(n / stride) segments, whatever it is padded
    to; steps past its end are zeros in the last of them.

    Args:
        stride: steps from one segment to the next, s.

    Call arguments:
        inputs: (B, T, D).
        mask: valid steps, boolean (B, T), all at the beginning of a row; or None for all.

    Returns:
        The segments (B, S, 2 s D), S = ceil(T / s); and which of them begin with a valid step,
        boolean (B, S).

    Example:
        >>> import numpy as np
        >>> segments, mask = Segments(2)(np.arange(1.0, 6)[None, :, None].astype("float32"))
        >>> segments.numpy().astype(int).tolist()
        [[[1, 2, 3, 4], [3, 4, 5, 0], [5, 0, 0, 0]]]
        >>> mask.numpy().tolist()
        [[True, True, True]]
    """

    def __init__(self, stride: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stride = stride

    def call(self, inputs: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        ops, stride = keras.ops, self.stride
        steps, features = ops.shape(inputs)[1], inputs.shape[-1]
        inputs = ops.cast(inputs, self.compute_dtype)  # Keras casts floating point alone
        valid = ops.ones(ops.shape(inputs)[:2], "bool") if mask is None else ops.cast(mask, "bool")
        x = ops.where(valid[..., None], inputs, ops.zeros_like(inputs))
        # To whole strides. Of a negative number converters to other formats take another remainder.
        more = (stride - steps % stride) % stride
        x = ops.pad(x, [[0, 0], [0, more + stride], [0, 0]])
        valid = ops.pad(valid, [[0, 0], [0, more]])
        strides = ops.reshape(x, (ops.shape(x)[0], -1, stride * features))
        segments = ops.concatenate([strides[:, :-1], strides[:, 1:]], axis=-1)
        return segments, ops.any(ops.reshape(valid, (ops.shape(valid)[0], -1, stride)), axis=-1)

    def compute_mask(self, inputs: Tensor, previous_mask: Tensor | None = None) -> None:
        return None

    def compute_output_spec(
        self, inputs: keras.KerasTensor, mask: keras.KerasTensor | None = None
    ) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        batch, steps, features = inputs.shape
        segments = None if steps is None else -(-steps // self.stride)
        return (
            keras.KerasTensor(
                (batch, segments, 2 * self.stride * features), dtype=self.compute_dtype
            ),
            keras.KerasTensor((batch, segments), dtype="bool"),
        )

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "stride": self.stride}


@keras.saving.register_keras_serializable("seqkit")
class ZeroPadding(keras.layers.Layer):
    """Sets the steps of padding to zero, as a convolution finds them before and after a sequence.

    Call arguments:
        inputs: (B, T, D).
        mask: valid steps, boolean (B, T), or None for all.
    """

    def call(self, inputs: Tensor, mask: Tensor | None = None) -> Tensor:
        if mask is None:
            return inputs
        valid = keras.ops.cast(mask, "bool")[..., None]
        return keras.ops.where(valid, inputs, keras.ops.zeros_like(inputs))

    def compute_mask(self, inputs: Tensor, previous_mask: Tensor | None = None) -> None:
        return None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return input_shape


@keras.saving.register_keras_serializable("seqkit")
class StepsOfSegments(keras.layers.Layer):
    """Lays what each segment says of the steps of its first stride end to end.

    Args:
        stride: steps from one segment to the next, s.

    Call arguments:
        segments: (B, S, s U), U numbers for each step of a stride.
        steps: (B, T, D), the sequences that the segments were cut from.

    Returns:
        (B, T, U).

    Example:
        >>> import numpy as np
        >>> segments = np.arange(1.0, 7)[None].reshape(1, 3, 2)
        >>> StepsOfSegments(2)(segments, np.zeros((1, 5, 7))).numpy()[0, :, 0].tolist()
        [1.0, 2.0, 3.0, 4.0, 5.0]
    """

    def __init__(self, stride: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stride = stride

    def call(self, segments: Tensor, steps: Tensor) -> Tensor:
        ops = keras.ops
        units = segments.shape[-1] // self.stride
        of_steps = ops.reshape(segments, (ops.shape(segments)[0], -1, units))
        return of_steps[:, : ops.shape(steps)[1]]

    def compute_mask(self, segments: Tensor, previous_mask: Tensor | None = None) -> None:
        return None

    def compute_output_spec(
        self, segments: keras.KerasTensor, steps: keras.KerasTensor
    ) -> keras.KerasTensor:
        batch, time, _ = steps.shape
        shape = (batch, time, segments.shape[-1] // self.stride)
        return keras.KerasTensor(shape, dtype=self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "stride": self.stride}


@dataclass(frozen=True)
class Stem:
    """Segments of a sequence, each embedded linearly; or segments of what convolutions make of it.

    Args:
        kind: "segments"; or "convolution", two layers of filters over five steps each before them
            (after DeepConvLSTM, Ordóñez & Roggen 2016).
        stride: steps from one segment to the next, of which each has two strides.
        units: size of a segment's vector, and the number of filters.

    Example:
        >>> import numpy as np
        >>> x, mask = keras.Input((None, 3)), None
        >>> vectors, mask = Stem("convolution", stride=4, units=8)(x, mask)
        >>> vectors.shape, mask.shape
        ((None, None, 8), (None, None))
    """

    kind: str
    stride: int
    units: int

    def __call__(
        self, x: Tensor, mask: Tensor | None, draw_seed: DrawSeed | None = None
    ) -> tuple[Tensor, Tensor]:
        """Vectors of the segments (B, S, units), and which of them count (B, S).

        Args:
            x: (B, T, D), a tensor of a functional model.
            mask: valid steps, boolean (B, T), or None.
            draw_seed: gives the seed of each random part; None leaves them to Keras's global seed.
        """
        return self.cut(self.filtered(x, mask, draw_seed), mask, draw_seed)

    def filtered(self, x: Tensor, mask: Tensor | None, draw_seed: DrawSeed | None = None) -> Tensor:
        """The sequences that are cut: as they are, (B, T, D), or convolutions (B, T, units)."""
        seeds = Seeds(draw_seed)
        if self.kind == "convolution":
            for k in (1, 2):
                layer = keras.layers.Conv1D(
                    self.units,
                    FILTER_STEPS,
                    padding="same",
                    activation="relu",
                    kernel_initializer=seeds.glorot(),
                    name=f"convolution_{k}",
                )
                x = ZeroPadding(name=f"valid_{k}")(x, mask=mask)
                x = layer(x)
        return x

    def cut(
        self, x: Tensor, mask: Tensor | None, draw_seed: DrawSeed | None = None
    ) -> tuple[Tensor, Tensor]:
        """Vectors of the segments of what was filtered, and which of them count."""
        seeds = Seeds(draw_seed)
        segments, mask = Segments(self.stride, name="segments")(x, mask=mask)
        embed = keras.layers.Dense(
            self.units, kernel_initializer=seeds.glorot(), name="segment_embedding"
        )
        return embed(segments), mask

    def back_to_steps(
        self, encoded: Tensor, x: Tensor, draw_seed: DrawSeed | None = None
    ) -> Tensor:
        """A vector for each step, (B, T, units + D): what the step's segment says of it, and what
        was filtered, of the step itself.

        Args:
            encoded: outputs of the segments, (B, S, H).
            x: what the segments were cut from, (B, T, D).
            draw_seed: as of a call.
        """
        of_segments = keras.layers.Dense(
            self.stride * self.units,
            kernel_initializer=Seeds(draw_seed).glorot(),
            name="steps_of_segments",
        )(encoded)
        of_steps = StepsOfSegments(self.stride, name="steps")(of_segments, x)
        return keras.layers.Concatenate(name="steps_and_inputs")([of_steps, x])


def stride_for(steps: float) -> int | None:
    """The stride of segments for sequences of about so many steps; None: as they are.

    A recurrence of a few dozen steps is quick and learns well: short sequences are read a step at
    a time, long ones by segments so long that it has at most about 200 of them.

    Example:
        >>> [stride_for(n) for n in (30, 100, 250, 1500, 9000)]
        [None, 4, 8, 16, 64]
    """
    if steps < SHORT:
        return None
    if steps < 4 * SHORT:
        return SHORTEST_STRIDE if steps < 2 * SHORT else 8
    return max(16, 2 ** math.ceil(math.log2(steps / 200)))
