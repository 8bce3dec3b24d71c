"""The first layers of every model: from its input to a vector for each step, and a mask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import keras

from seqkit.models.padding import PaddingMask
from seqkit.models.seeding import Seeds
from seqkit.models.standardization import Standardization
from seqkit.models.stems import Stem
from seqkit.models.token_dropout import TokenDropout
from seqkit.text.reserved_ids import PADDING
from seqkit.types import DrawSeed, Tensor

# Of a field whose values a model has in variables: its graph does not depend on them.
IN_VARIABLES = {"in": "variables"}

Opened = tuple[Tensor, Tensor, Tensor]  # the input, its sequences (B, T, D), and their mask (B, T)


@dataclass(frozen=True)
class NumericSource:
    """Numeric sequences (B, T, D), rows shorter than T ending in NaN.

    Args:
        features: features a step, D.
        mean, variance: of each feature, (D,), to standardise with; None for values as they are.
        stem: shortens sequences before the model reads them, or None.

    Example:
        >>> inputs, x, mask = NumericSource(3).open()
        >>> inputs.shape, x.shape, mask.shape
        ((None, None, 3), (None, None, 3), (None, None))
    """

    features: int
    mean: Any = field(default=None, metadata=IN_VARIABLES)
    variance: Any = field(default=None, metadata=IN_VARIABLES)
    stem: Stem | None = None

    def open(self, draw_seed: DrawSeed | None = None) -> Opened:
        """The model's input, its sequences as numbers (B, T, D), and the mask of valid steps."""
        inputs, x, mask = self.open_steps()
        if self.stem is not None:
            x, mask = self.stem(x, mask, draw_seed)
        return inputs, x, mask

    def open_steps(self) -> Opened:
        """The same before a stem."""
        # As batches are, whatever Keras's floatx is; layers cast to their own precision.
        inputs = keras.Input((None, self.features), dtype="float32", name="inputs")
        # Scaled as they are: half precision ends at 65504.
        x, mask = PaddingMask(dtype="float32", name="padding")(inputs)
        if self.mean is not None:
            x = Standardization(self.mean, self.variance, dtype="float32", name="scaling")(x)
        return inputs, x, mask


@dataclass(frozen=True)
class TokenSource:
    """Token ids (B, T): 0 is padding, 1 an unknown token, the others are the vocabulary's.

    Or ids of the pieces of each token (B, T, P), whose mean vector is the token's, as Bojanowski et
    al. 2017 (arXiv:1607.04606) make a word's of its n-grams: so a token that is new has one too.

    Args:
        tokens: number of ids, padding and unknown included, V.
        embedding_dim: size of a token's vector.
        trainable: whether the vectors are trained.
        token_dropout: fraction of the tokens that training takes for unknown.
        embedding_dropout: fraction of the vectors' entries dropped in training, each for all steps
            of a sequence (Gal & Ghahramani 2016).
        pieces: of a token, at most, P; None where a token is one id.

    Example:
        >>> inputs, x, mask = TokenSource(100, 8).open()
        >>> inputs.shape, x.shape, mask.shape
        ((None, None), (None, None, 8), (None, None))
    """

    tokens: int
    embedding_dim: int = 64
    trainable: bool = True
    token_dropout: float = 0.0
    embedding_dropout: float = 0.0
    pieces: int | None = None

    def open(self, draw_seed: DrawSeed | None = None) -> Opened:
        """The model's input, its sequences as vectors (B, T, D), and the mask of valid steps."""
        seeds = Seeds(draw_seed)
        shape = (None,) if self.pieces is None else (None, self.pieces)
        inputs = ids = keras.Input(shape, dtype="int32", name="inputs")
        present = keras.ops.not_equal(ids, PADDING)
        mask = present if self.pieces is None else present[..., 0]
        if self.token_dropout:
            ids = TokenDropout(self.token_dropout, seed=seeds(), name="token_dropout")(ids)
        x = keras.layers.Embedding(
            self.tokens,
            self.embedding_dim,
            embeddings_initializer=seeds.normal(0.1),
            trainable=self.trainable,
            name="embedding",
        )(ids)
        if self.pieces is not None:  # (B, T, P, D)
            of_pieces = keras.ops.cast(present, x.dtype)[..., None]
            count = keras.ops.maximum(keras.ops.sum(of_pieces, axis=-2), 1)
            x = keras.ops.sum(x * of_pieces, axis=-2) / count
        if self.embedding_dropout:
            x = keras.layers.SpatialDropout1D(
                self.embedding_dropout, seed=seeds(), name="embedding_dropout"
            )(x)
        return inputs, x, mask


Source = NumericSource | TokenSource


def as_source(source: int | Source) -> Source:
    """An integer stands for that many numeric features."""
    return NumericSource(source) if isinstance(source, int) else source
