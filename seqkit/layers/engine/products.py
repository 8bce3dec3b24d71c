"""The tensors of a recurrence, and the weights of each matrix product of a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import tensorflow as tf

from seqkit.layers.equations import CellEquations, Product
from seqkit.types import Tensor

if TYPE_CHECKING:
    from typing_extensions import Self


class Weights(NamedTuple):
    """A cell's weights as tensors: kernel (D, nH), recurrent_kernel (H, nH), bias (nH,), (2, nH) or
    None, and the elementwise vectors, each (H,)."""

    kernel: Tensor
    recurrent_kernel: Tensor
    bias: Tensor | None
    vectors: tuple[Tensor, ...] = ()


class Sequences(NamedTuple):
    """Inputs of a recurrence: x (B, T, D), the initial state, each (B, H), a boolean mask (B, T) or
    None, and a dropout mask (B, H) for h_{t-1} inside products, or None."""

    x: Tensor
    initial_state: tuple[Tensor, ...]
    mask: Tensor | None = None
    recurrent_mask: Tensor | None = None


class Saved(NamedTuple):
    """Kept for the backward program: states by step, each (B, T, H); pre-activations by time, one
    (B, T, blocks * H) a product, or none where they are to be formed again."""

    states: tuple[Tensor, ...]
    pre_activations: tuple[Tensor, ...]


@dataclass(frozen=True)
class ProductWeights:
    """The blocks of the weights that one product of a step uses.

    Attributes:
        product: which gates, and what feeds them.
        input_blocks: of the kernel, each (D, H); empty where x takes no part.
        recurrent_blocks: of the recurrent kernel, each (H, H); empty where h takes no part.
        kernel: all of them as one matrix, (D + H, blocks * H) or what there is of it.
        bias: (blocks * H,), or None.
    """

    product: Product
    input_blocks: tuple[Tensor, ...]
    recurrent_blocks: tuple[Tensor, ...]
    kernel: Tensor
    bias: Tensor | None

    @classmethod
    def of(cls, product: Product, weights: Weights) -> Self:
        units = weights.recurrent_kernel.shape[0]

        def blocks(tensor: Tensor) -> tuple[Tensor, ...]:
            return tuple(tensor[..., k * units : (k + 1) * units] for k in product.blocks)

        input_blocks = blocks(weights.kernel) if product.reads_input else ()
        recurrent_blocks = blocks(weights.recurrent_kernel) if product.reads_state else ()
        rows = [tf.concat(b, 1) for b in (input_blocks, recurrent_blocks) if b]
        bias = weights.bias
        if bias is not None and bias.shape.rank == 2:
            bias = bias[product.bias_row] if product.bias_row is not None else bias[0] + bias[1]
        if bias is not None:
            bias = tf.concat(blocks(bias), 0)
        return cls(product, input_blocks, recurrent_blocks, tf.concat(rows, 0), bias)

    def joined(self) -> tuple[Tensor | None, Tensor | None]:
        """Input blocks (D, blocks * H) and recurrent blocks (H, blocks * H), each side by side."""
        inputs, states = (
            tf.concat(b, 1) if b else None for b in (self.input_blocks, self.recurrent_blocks)
        )
        return inputs, states

    @property
    def hoisted(self) -> bool:
        """Whether the product needs no state, so that all steps are formed at once."""
        return self.product.reads_state is None

    @property
    def width(self) -> int:
        """Columns of the product: blocks * H."""
        return int(self.kernel.shape[1])

    def __call__(self, operand: Tensor) -> Tensor:
        """operand (N, D + H) times the weights, plus bias: (N, blocks * H)."""
        z = tf.matmul(operand, self.kernel)
        return z if self.bias is None else z + self.bias


def product_weights(equations: CellEquations, weights: Weights) -> list[ProductWeights]:
    """The weights of each of the cell's products, in the order in which they are formed."""
    return [ProductWeights.of(product, weights) for product in equations.products]
