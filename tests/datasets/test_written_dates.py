"""Generated dates."""

from __future__ import annotations

import datetime
import re
import sys
import unicodedata

import pytest

from seqkit.data import make_dates
from seqkit.datasets import written_dates as dates
from seqkit.datasets.splits import part_of

babel = pytest.importorskip("babel")


def test_no_text_means_two_dates():
    """Every form of every language, for the days of a year: no two dates are written alike."""
    year = [datetime.date(2020, 1, 1) + datetime.timedelta(day) for day in range(366)]
    meant: dict[str, datetime.date] = {}
    for locale in map(babel.Locale.parse, dates.LOCALES):
        for pattern in dates.patterns(locale):
            for day in year:
                text = dates.written(day, pattern, locale)
                assert meant.setdefault(text, day) == day, (text, pattern, str(locale))


def test_day_and_year_are_in_the_text():
    texts, isos = make_dates(2000, seed=0)
    assert len(texts) == len(isos) == 2000
    for text, iso in zip(texts, isos, strict=True):
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        day = datetime.date.fromisoformat(iso)
        assert dates.FIRST <= day <= dates.LAST
        assert {day.day, day.year} <= set(numbers)


def test_every_language_is_drawn_and_digits_are_its_own():
    texts, _ = make_dates(2000, seed=0)
    text = "".join(texts)
    scripts = {unicodedata.name(letter).split()[0] for letter in text if letter.isalpha()}
    assert {"ARABIC", "BENGALI", "CYRILLIC", "GREEK", "HANGUL", "LATIN"} < scripts
    assert {"٢", "۲", "২", "2"} <= set(text)
    arabic, _ = make_dates(50, seed=0, locales=["ar_EG"])
    assert not re.search("[0-9]", "".join(arabic))


def test_seed():
    assert make_dates(50, seed=1) == make_dates(50, seed=1)
    assert make_dates(50, seed=1) != make_dates(50, seed=2)


def test_parts_have_no_text_in_common():
    found = {part: make_dates(3000, 0, part=part) for part in ("train", "valid", "test")}
    for part, (_, isos) in found.items():
        assert {part_of(iso) for iso in isos} == {part}
    assert set(found["train"][0]).isdisjoint(found["test"][0])


@pytest.mark.parametrize(
    "name, kept, left_out",
    [
        ("en", "MMM d, y", "M/d/y"),
        ("fr", "dd/MM/y", None),
        ("de", "dd.MM.y", "dd.MM.yy"),
        ("ja", "y/MM/dd", None),
        ("sv", "y-MM-dd", None),
    ],
)
def test_patterns(name, kept, left_out):
    patterns = dates.patterns(babel.Locale.parse(name))
    assert kept in patterns
    assert left_out not in patterns
    assert len(set(patterns)) == len(patterns)


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"n": 0}, ValueError, "n must be an integer of at least 1, got 0"),
        ({"part": "dev"}, ValueError, "part must be one of 'train', 'valid', 'test', or None"),
        ({"locales": ["xx_YY"]}, ValueError, "names that Babel knows, .* got 'xx_YY'"),
        ({"locales": [3]}, ValueError, "names that Babel knows, .* got 3"),
        ({"locales": []}, ValueError, "locales must name at least one language, got none"),
        ({"locales": "de"}, TypeError, r"got 'de'\. Pass \['de'\]"),
    ],
)
def test_options(options, error, message):
    with pytest.raises(error, match=message):
        make_dates(**{"n": 1, "seed": 0} | options)


def test_babel_is_optional(monkeypatch):
    monkeypatch.setitem(sys.modules, "babel", None)
    with pytest.raises(
        ImportError, match=r"make_dates needs babel: .*pip install 'seqkit\[recipes\]'"
    ):
        make_dates(1, 0)
