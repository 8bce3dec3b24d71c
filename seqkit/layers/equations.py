"""A cell as the engine sees it: names of gates and states, and one elementwise `update`.

Shapes: B batch, D features, H units. A cell with gates g_1 .. g_n has, as in Keras,

    kernel            W  (D, n H)      gate blocks side by side, in the order of `gates`
    recurrent_kernel  U  (H, n H)
    bias              b  (n H,), or (2, n H) where some gate keeps its recurrent product apart
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, ClassVar, TypeAlias

import keras

from seqkit.layers.options import ACTIVATION
from seqkit.types import Tensor

Activation = Callable[[Tensor], Tensor]
State = tuple[Tensor, ...]
ByName: TypeAlias = Any  # tensors as attributes whose names a cell's equations choose


@dataclass(frozen=True)
class Product:
    """One product of a step: some gates' blocks of the kernels times the tensors that feed them.

    Attributes:
        names: attribute names under which `update` finds the pre-activations, one a block.
        blocks: indices of the gates' blocks in the stacked weights.
        reads_input: whether x_t takes part.
        reads_state: what multiplies the recurrent kernel: None, "output" (h_{t-1}) or
            "gated" (`recurrent_input`, known only after the other products of the step).
        bias_row: row of a two-row bias, None where the bias has one row.
    """

    names: tuple[str, ...]
    blocks: tuple[int, ...]
    reads_input: bool
    reads_state: str | None
    bias_row: int | None = None


@dataclass(frozen=True)
class CellEquations:
    """Base of all cells' equations. Subclasses are frozen dataclasses whose fields are the cell's
    own options (one that is a function has the metadata `ACTIVATION`); equal equations share one
    compilation.

    A subclass names its `gates` and its `state` (the first state is the output h) and writes
    `update`. Everything else has a default.
    """

    activation: Activation = field(default=keras.activations.tanh, metadata=ACTIVATION)

    gates: ClassVar[tuple[str, ...]]
    state: ClassVar[tuple[str, ...]] = ("h",)

    @property
    def vectors(self) -> tuple[str, ...]:
        """Names of weights of shape (H,) that `update` uses elementwise, such as peepholes."""
        return ()

    @property
    def separate(self) -> tuple[str, ...]:
        """Gates whose recurrent product is handed to `update` apart, as `a.recurrent_<gate>`."""
        return ()

    @property
    def gated(self) -> tuple[str, ...]:
        """Gates whose recurrent kernel multiplies `recurrent_input` instead of h_{t-1}."""
        return ()

    @property
    def unit_bias_gates(self) -> tuple[str, ...]:
        """Gates whose bias starts at one."""
        return ()

    def update(self, a: ByName, state: State, w: ByName) -> State:
        """The new state, elementwise.

        Args:
            a: pre-activations by gate name, each (B, H).
            state: the previous state, in the order of `state`, each (B, H).
            w: the `vectors` by name, each (H,) or (B, H).

        Returns:
            The new state, in the order of `state`, each (B, H).
        """
        raise NotImplementedError

    def recurrent_input(self, a: ByName, state: State) -> Tensor:
        """The operand of the `gated` gates' recurrent kernel, elementwise, (B, H)."""
        raise NotImplementedError

    @property
    def products(self) -> tuple[Product, ...]:
        """The products of a step, in the order in which they can be formed."""
        plain = tuple(g for g in self.gates if g not in self.separate + self.gated)
        index = self.gates.index
        products = []
        if plain:
            products.append(Product(plain, tuple(map(index, plain)), True, "output"))
        for gate in self.separate:
            products.append(Product((gate,), (index(gate),), True, None, 0))
            products.append(Product((f"recurrent_{gate}",), (index(gate),), False, "output", 1))
        for gate in self.gated:
            products.append(Product((gate,), (index(gate),), True, "gated"))
        return tuple(products)

    @property
    def bias_rows(self) -> int:
        """1, or 2 where input and recurrent products have a bias each (Keras's GRU)."""
        return 2 if self.separate else 1

    @property
    def names(self) -> tuple[str, ...]:
        """All pre-activations' names, in the order of `products`."""
        return tuple(name for product in self.products for name in product.names)

    def named(self, pre_activations: Sequence[Tensor]) -> SimpleNamespace:
        """The first pre-activations of `names`, addressed by name."""
        return SimpleNamespace(**dict(zip(self.names, pre_activations, strict=False)))

    def named_vectors(self, vectors: Sequence[Tensor]) -> SimpleNamespace:
        """The elementwise weights, addressed by name."""
        return SimpleNamespace(**dict(zip(self.vectors, vectors, strict=True)))
