"""Seeds and seeded initialisers of a model's random parts, in the order in which it is built."""

from __future__ import annotations

import keras

from seqkit.types import DrawSeed


class Seeds:
    """Draws a seed for each random part of a model.

    Args:
        draw_seed: gives the next seed; None leaves all to Keras's global seed.

    Example:
        >>> seeds = Seeds(iter([3, 4]).__next__)
        >>> seeds(), seeds.glorot().seed
        (3, 4)
        >>> Seeds(None)() is None
        True
    """

    def __init__(self, draw_seed: DrawSeed | None) -> None:
        self._draw_seed = draw_seed

    def __call__(self) -> int | None:
        """The next seed, or None."""
        return None if self._draw_seed is None else self._draw_seed()

    def glorot(self) -> keras.initializers.Initializer:
        """The initialiser of matrices."""
        return keras.initializers.GlorotUniform(seed=self())

    def normal(self, stddev: float) -> keras.initializers.Initializer:
        """The initialiser of vectors of tokens, steps and the like."""
        return keras.initializers.RandomNormal(stddev=stddev, seed=self())

    def seed_layer(self, layer: keras.layers.RNN) -> keras.layers.RNN:
        """Gives a recurrent layer's random initialisers and its dropout seeds of their own.

        Cells that do not name their initialisers as Keras does keep what they have.

        Returns:
            The layer.
        """
        if self._draw_seed is None:
            return layer
        cell = layer.cell
        for name in ("kernel_initializer", "recurrent_initializer", "vector_initializer"):
            initializer = getattr(cell, name, None)
            if isinstance(initializer, keras.initializers.Initializer):
                config = initializer.get_config()
                if "seed" in config:
                    seeded = type(initializer).from_config({**config, "seed": self()})
                    setattr(cell, name, seeded)
        if hasattr(cell, "seed_generator"):
            cell.seed = self()
            cell.seed_generator = keras.random.SeedGenerator(cell.seed)
        return layer
