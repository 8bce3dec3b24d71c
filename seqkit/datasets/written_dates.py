"""Dates as thirty languages write them, and as ISO 8601 does: a task of any size.

The languages' patterns are those of Unicode's CLDR, which Babel brings; its version decides what is
generated. A date can be told from the text alone:

- Years are written in full: "5.2.20" becomes "5.2.2020".
- Of the forms that are all numbers those are left out that have the month before the day but after
  no year: where Americans write 2/5/2020, most others write 5/2/2020.
- No text of the default languages means two dates. Croatian's October, "listopada", is Polish's
  November; but Croatian has a dot behind the year.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from seqkit.checks import count
from seqkit.datasets.splits import PARTS, part_of
from seqkit.extras import require

if TYPE_CHECKING:
    from babel import Locale

LOCALES: tuple[str, ...] = (
    *("ar_EG", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "hi"),
    *("hr", "hu", "id", "it", "ja", "ko", "lt", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "sw"),
)
FIRST, LAST = datetime.date(1950, 1, 1), datetime.date(2049, 12, 31)
_FORMATS = ("short", "medium", "long", "full")
_SKELETONS = ("yMd", "yMMMd", "yMMMEd", "yMEd")
# The letters of a pattern, without the text in it that is not one.
_QUOTED = re.compile("'[^']*'")
# Zero in the digits that languages use by default; one to nine follow it.
_ZEROS = {"arab": "٠", "arabext": "۰", "beng": "০", "deva": "०", "mymr": "၀"}


def make_dates(
    n: int, seed: int, locales: Sequence[str] | None = None, part: str | None = None
) -> tuple[list[str], list[str]]:
    """Makes dates of the years 1950 to 2049, drawn at random, as text and in ISO 8601.

    A text may be drawn twice; there are five million.

    Args:
        n: how many.
        seed: of the generator of random numbers: the same seed, the same dates.
        locales: names of languages, such as "de" or "pt_BR". Default: thirty of them, LOCALES.
            Among others a text may mean two dates.
        part: "train", "valid" or "test": only dates of this part, so that no text is in two. The
            part of a date is `seqkit.datasets.splits.part_of` of its ISO form. None: all dates.

    Returns:
        The dates as the languages write them, and as "2020-02-05".

    Raises:
        MissingExtraError: without Babel.
        ValueError: for n below 1, an unknown part, or a locale that Babel does not know.
        TypeError: for n that is no integer, or one name in the place of a list of them.

    Example:
        >>> texts, dates = make_dates(3, seed=2)
        >>> texts[1], dates[1]
        ('sunnuntai 29. helmikuuta 1976', '1976-02-29')
    """
    count("n", n)
    if part not in (*PARTS, None):
        known = ", ".join(map(repr, PARTS))
        raise ValueError(f"part must be one of {known}, or None for all dates, got {part!r}.")
    if isinstance(locales, str):
        raise TypeError(f"locales must be a list of names, got {locales!r}. Pass [{locales!r}].")
    forms = [
        (pattern, locale)
        for locale in map(_locale, LOCALES if locales is None else locales)
        for pattern in patterns(locale)
    ]
    if not forms:
        raise ValueError("locales must name at least one language, got none.")
    days = [FIRST + datetime.timedelta(day) for day in range((LAST - FIRST).days + 1)]
    if part is not None:
        days = [day for day in days if part_of(day.isoformat()) == part]
    rng = np.random.default_rng(seed)
    chosen = [days[k] for k in rng.integers(len(days), size=n)]
    drawn = rng.integers(len(forms), size=n)
    texts = [written(day, *forms[k]) for day, k in zip(chosen, drawn, strict=True)]
    return texts, [day.isoformat() for day in chosen]


def patterns(locale: Locale) -> list[str]:
    """The distinct patterns in which a language writes a date, those left out that mislead.

    Example:
        >>> from babel import Locale
        >>> patterns(Locale.parse("en"))
        ['MMM d, y', 'MMMM d, y', 'EEEE, MMMM d, y', 'E, MMM d, y']
    """
    all_patterns = [locale.date_formats[name].pattern for name in _FORMATS]
    skeletons = locale.datetime_skeletons
    all_patterns += [skeletons[name].pattern for name in _SKELETONS if name in skeletons]
    in_full = [re.sub(r"(?<!y)yy(?!y)", "y", pattern) for pattern in all_patterns]
    return [pattern for pattern in dict.fromkeys(in_full) if not _misleads(pattern)]


def written(day: datetime.date, pattern: str, locale: Locale) -> str:
    """A date in a pattern of CLDR, in the language's own digits.

    Example:
        >>> from babel import Locale
        >>> written(datetime.date(2020, 2, 5), "d. MMMM y", Locale.parse("de"))
        '5. Februar 2020'
    """
    from babel.dates import format_date

    text = format_date(day, pattern, locale)
    zero = _ZEROS.get(locale.default_numbering_system)
    if zero is None:
        return text
    return text.translate({ord("0") + digit: chr(ord(zero) + digit) for digit in range(10)})


def _misleads(pattern: str) -> bool:
    """Whether the month is a number, before the day, and not after the year."""
    letters = _QUOTED.sub("", pattern)
    if "MMM" in letters or "LLL" in letters:
        return False
    order = sorted("yMd", key=letters.replace("L", "M").find)
    return order not in (["d", "M", "y"], ["y", "M", "d"])


def _locale(name: Any) -> Locale:
    require("babel", "make_dates")
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise ValueError(
            f"locales must be names that Babel knows, such as 'de' or 'pt_BR', got {name!r}."
        ) from error
