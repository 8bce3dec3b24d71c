"""A few values by key, of which those go that were used the longest ago."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

Value = TypeVar("Value")


class RecentlyUsed(Generic[Value]):
    """Values by key, for several threads.

    Args:
        kept: how many there are at most.

    Example:
        >>> values = RecentlyUsed(kept=2)
        >>> for key in "abac":
        ...     _ = values.take(key)
        ...     values.put(key, key.upper())
        >>> list(values), values.take("b"), values.take("a"), len(values)
        (['a', 'c'], None, 'A', 1)
    """

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._values)

    def take(self, key: Hashable) -> Value | None:
        """The value of this key, which is here no longer; None where there is none."""
        with self._lock:
            return self._values.pop(key, None)

    def put(self, key: Hashable, value: Value) -> None:
        """Keeps a value as the one that was used last."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._kept:
                self._values.popitem(last=False)

    def clear(self) -> None:
        """Lets all values go."""
        with self._lock:
            self._values.clear()
