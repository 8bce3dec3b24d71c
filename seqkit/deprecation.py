"""Names that go, told for a while before: at least two minor versions, as docs/versions.md says."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from seqkit.warning import warn

Named = TypeVar("Named", bound=Callable[..., Any])


class Deprecation(NamedTuple):
    """A name that goes: since which version that is told, and in which it is gone."""

    name: str
    since: str
    gone_in: str


# All there are: a test fails for one whose time has come.
DEPRECATIONS: list[Deprecation] = []


def deprecated(since: str, gone_in: str, instead: str) -> Callable[[Named], Named]:
    """Marks a function, a method or a class as one that goes: each call warns.

    Args:
        since: the version that tells it first, such as "0.2".
        gone_in: the version that no longer has it.
        instead: what to do, as a sentence.

    Returns:
        A decorator. It adds a note to the docstring.

    Example:
        >>> @deprecated("0.2", "0.4", instead="Use scores.")
        ... def accuracy(y):
        ...     return 1.0
        >>> import warnings
        >>> with warnings.catch_warnings(record=True) as caught:
        ...     warnings.simplefilter("always")
        ...     _ = accuracy([])
        >>> print(caught[0].message)
        accuracy is deprecated since seqkit 0.2 and gone in 0.4. Use scores.
    """

    def mark(named: Named) -> Named:
        text = _told(named.__qualname__, since, gone_in, instead)
        if inspect.isclass(named):
            cls: Any = named
            cls.__init__ = _warning(cls.__init__, text)
            cls.__doc__ = _noted(cls.__doc__, since, gone_in, instead)
            return cls
        warning: Any = _warning(named, text)
        warning.__doc__ = _noted(named.__doc__, since, gone_in, instead)
        return warning

    return mark


def renamed_arguments(since: str, gone_in: str, **renamed: str) -> Callable[[Named], Named]:
    """Lets a function take arguments by the names that they had before, with a warning.

    Args:
        since, gone_in: as of `deprecated`.
        renamed: the new name, by the old one.

    Raises:
        TypeError: in a call that gives both names.

    Example:
        >>> @renamed_arguments("0.2", "0.4", n="count")
        ... def repeat(text, count):
        ...     return text * count
        >>> repeat("a", count=2)
        'aa'
    """

    def mark(named: Named) -> Named:
        texts = {
            old: _told(f"{named.__qualname__}({old}=...)", since, gone_in, f"It is called {new}.")
            for old, new in renamed.items()
        }

        @functools.wraps(named)
        def call(*args: Any, **given: Any) -> Any:
            for old in [name for name in given if name in renamed]:
                if renamed[old] in given:
                    raise TypeError(
                        f"{named.__qualname__} must be given {renamed[old]} or {old}, its name "
                        "before, got both."
                    )
                warn(texts[old], FutureWarning)
                given[renamed[old]] = given.pop(old)
            return named(*args, **given)

        result: Any = call
        return result

    return mark


def _told(name: str, since: str, gone_in: str, instead: str) -> str:
    DEPRECATIONS.append(Deprecation(name, since, gone_in))
    return f"{name} is deprecated since seqkit {since} and gone in {gone_in}. {instead}"


def _warning(named: Callable[..., Any], text: str) -> Callable[..., Any]:
    @functools.wraps(named)
    def call(*args: Any, **given: Any) -> Any:
        warn(text, FutureWarning)  # which Python shows by default
        return named(*args, **given)

    return call


def _noted(docstring: str | None, since: str, gone_in: str, instead: str) -> str:
    note = f"Deprecated since {since}, gone in {gone_in}. {instead}"
    first, _, rest = inspect.cleandoc(docstring or "").partition("\n")
    return "\n\n".join(part for part in (first, note, rest.lstrip("\n")) if part)
