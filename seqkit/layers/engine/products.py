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
        input_kernel: blocks of the kernel side by side, (D, blocks * H); None without x.
        recurrent_kernel: of the recurrent kernel, (H, blocks * H); None without h.
        recurrent_blocks: the same one by one, each (H, H).
        kernel: both as one matrix, (D + H, blocks * H), or what there is of it.
        bias: (blocks * H,), or None.
        width: blocks * H.
    """

    product: Product
    input_kernel: Tensor | None
    recurrent_kernel: Tensor | None
    recurrent_blocks: tuple[Tensor, ...]
    kernel: Tensor
    bias: Tensor | None
    width: int

    @classmethod
    def of(cls, product: Product, weights: Weights) -> Self:
        units = weights.recurrent_kernel.shape[0]

        def block(tensor: Tensor, first: int, count: int = 1) -> Tensor:
            return tensor[..., first * units : (first + count) * units]

        def side_by_side(tensor: Tensor) -> Tensor:
            first, count = product.blocks[0], len(product.blocks)
            if product.blocks != tuple(range(first, first + count)):
                return tf.concat([block(tensor, k) for k in product.blocks], -1)
            # A copy of the weights costs as much as some steps of a small batch.
            return tensor if count * units == tensor.shape[-1] else block(tensor, first, count)

        input_kernel = side_by_side(weights.kernel) if product.reads_input else None
        recurrent_kernel: Tensor | None = None
        recurrent_blocks: tuple[Tensor, ...] = ()
        if product.reads_state:
            recurrent_kernel = side_by_side(weights.recurrent_kernel)
            recurrent_blocks = tuple(block(weights.recurrent_kernel, k) for k in product.blocks)
        kernels = [k for k in (input_kernel, recurrent_kernel) if k is not None]
        kernel = kernels[0] if len(kernels) == 1 else tf.concat(kernels, 0)
        bias = weights.bias
        if bias is not None and bias.shape.rank == 2:
            bias = bias[product.bias_row] if product.bias_row is not None else bias[0] + bias[1]
        if bias is not None:
            bias = side_by_side(bias)
        width = len(product.blocks) * units
        return cls(product, input_kernel, recurrent_kernel, recurrent_blocks, kernel, bias, width)

    @property
    def hoisted(self) -> bool:
        """Whether the product needs no state, so that all steps are formed at once."""
        return self.product.reads_state is None

    def __call__(self, operand: Tensor) -> Tensor:
        """operand (N, D + H) times the weights, plus bias: (N, blocks * H)."""
        z = tf.matmul(operand, self.kernel)
        return z if self.bias is None else z + self.bias


def product_weights(equations: CellEquations, weights: Weights) -> list[ProductWeights]:
    """The weights of each of the cell's products, in the order in which they are formed."""
    return [ProductWeights.of(product, weights) for product in equations.products]
