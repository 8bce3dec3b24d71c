"""Names that go warn of it, at the user's line, and go when they said they would."""

from __future__ import annotations

import warnings

import pytest

import seqkit  # noqa: F401  whose modules deprecate
from seqkit.deprecation import DEPRECATIONS, deprecated, renamed_arguments
from seqkit.version import VERSION


@pytest.fixture(autouse=True)
def _made_here_only():
    before = [*DEPRECATIONS]
    yield
    DEPRECATIONS[:] = before


def test_a_call_warns_and_answers():
    @deprecated("0.2", "0.4", instead="Use that.")
    def this(x, *, y=1):
        """Adds.

        More.
        """
        return x + y

    told = "this is deprecated since seqkit 0.2 and gone in 0.4"
    with pytest.warns(FutureWarning, match=told) as warned:
        assert this(1, y=2) == 3
    assert warned[0].filename == __file__
    assert this.__doc__ == "Adds.\n\nDeprecated since 0.2, gone in 0.4. Use that.\n\nMore."
    assert this.__name__ == "this"


def test_a_class_stays_one():
    @deprecated("0.2", "0.4", instead="Use That.")
    class This:
        """A thing."""

        def __init__(self, x):
            self.x = x

    with pytest.warns(FutureWarning, match="This is deprecated.* Use That"):
        thing = This(3)
    assert isinstance(thing, This)
    assert thing.x == 3
    assert "Deprecated since 0.2" in (This.__doc__ or "")


def test_arguments_may_have_their_old_names():
    @renamed_arguments("0.2", "0.4", n="count")
    def repeat(text, count=1):
        return text * count

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert repeat("a", 2) == repeat("a", count=2) == "aa"
    with pytest.warns(FutureWarning, match=r"repeat\(n=\.\.\.\) is deprecated.*It is called count"):
        assert repeat("a", n=3) == "aaa"
    with pytest.raises(TypeError, match="must be given count or n, its name before"):
        repeat("a", n=3, count=3)


def test_what_is_deprecated_is_known():
    @deprecated("0.2", "0.4", instead="Use that.")
    def this():
        """Does."""

    assert DEPRECATIONS[-1][1:] == ("0.2", "0.4")


def numbers(version):
    return [int(part) for part in version.split(".")[:2]]


def test_nothing_outstays_its_time():
    for deprecation in DEPRECATIONS:
        assert numbers(deprecation.gone_in) > numbers(VERSION), f"remove {deprecation.name}"
        since, gone_in = numbers(deprecation.since), numbers(deprecation.gone_in)
        assert gone_in[0] > since[0] or gone_in[1] >= since[1] + 2, deprecation


@pytest.mark.parametrize("category", [DeprecationWarning, FutureWarning])
def test_a_test_fails_where_we_use_what_goes(category):
    def use(module: str) -> None:
        warnings.warn_explicit("It goes.", category, f"{module}.py", 1, module=module)

    with pytest.raises(category):
        use("seqkit.training.loop")
    with pytest.raises(category):
        use("tests.kerastest")
    use("keras.src.backend")  # what packages use of each other
    use("pandas")
