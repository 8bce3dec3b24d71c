"""Models that train for others of their kind, so that each kind is traced once in a process.

Building and tracing a training step takes longer than a small training. A search, the folds of a
validation, or a notebook fits the same architecture again and again; what differs from one to the
next is in variables: weights, optimiser, and the seeds of dropout. So a twin, which nobody else
has, takes them over, is trained, and gives them back.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Iterator

import keras

from seqkit.saving.model_state import restore, state_of
from seqkit.training.programs.recently_used import RecentlyUsed

# Each keeps the graph of its training step, of some ten megabytes, and its weights.
KEPT = 8
LARGEST_MODEL = 1_000_000  # weights; larger ones take longer to train than to trace


class Twins:
    """Twins that are idle, by kind; of more than `kept` those go that were used the longest ago.

    Example:
        >>> def build():
        ...     model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        ...     model.compile("adam", "mse")
        ...     model.optimizer.build(model.trainable_variables)
        ...     return model
        >>> model, twins = build(), Twins()
        >>> with twins.trained_for(model, "kind", build) as twin:
        ...     _ = twin.fit(keras.ops.ones((4, 2)), keras.ops.ones((4, 1)), verbose=0)
        >>> int(model.optimizer.iterations), len(twins)
        (1, 1)
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._idle: RecentlyUsed[keras.Model] = RecentlyUsed(kept)

    def __len__(self) -> int:
        return len(self._idle)

    @contextlib.contextmanager
    def trained_for(
        self, model: keras.Model, kind: Hashable, build: Callable[[], keras.Model]
    ) -> Iterator[keras.Model]:
        """A twin with the model's state, which the model takes over at the end.

        Where what is within fails, the model stays as it was, and the twin goes.

        Args:
            model: compiled, its optimiser built.
            kind: the same for models whose training steps are the same but for variables; None for
                a model that is trained itself.
            build: makes such a model.
        """
        if kind is None or model.count_params() > LARGEST_MODEL:
            yield model
            return
        twin = self._idle.take(kind)
        if twin is None:
            twin = build()
        restore(twin, state_of(model))
        yield twin
        restore(model, state_of(twin))
        twin.stop_training = False
        self._idle.put(kind, twin)

    def clear(self) -> None:
        """Lets all idle twins go."""
        self._idle.clear()


TWINS = Twins()
