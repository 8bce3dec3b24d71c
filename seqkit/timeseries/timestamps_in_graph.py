"""Timestamps as strings, read within the graph, so that an exported model takes them raw."""

from __future__ import annotations

import tensorflow as tf

from seqkit.types import Tensor

# 2024-05, 2024-05-31, 2024-05-31T13, 13:30, 13:30:15, 13:30:15.25+02:00; or nothing.
_DATE, _REST = r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])", r"(\.\d*)?(Z|[+-]\d\d(:?\d\d)*)?"
_FORM = rf"({_DATE}([T ]([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d{_REST})?)?)?)?)?"
SHOWN = 5  # of what is wrong


def read_timestamps(text: Tensor) -> dict[str, Tensor]:
    """The parts of timestamps that the calendar names.

    Args:
        text: strings (n, ...), as ISO 8601 writes local time: 2024-05-31T13:30:15, from the
            right as much left out as down to 2024-05. What follows the seconds, fractions and an
            offset from UTC, is not read.

    Returns:
        int32 (n, ...) by name: "second", "minute", "hour", "day_of_week" (Monday 0),
        "day_of_month", "day_of_year", "week" (ISO 8601), "month" and "quarter" (from 1), and
        "given": bool, False where a string is empty, whose other parts mean nothing.

    Raises:
        tf.errors.InvalidArgumentError: for a string of another form, and for a day or a time that
            there is not, when it is run; the message has their places.

    Example:
        >>> parts = read_timestamps(tf.constant(["2024-12-31T13:30", "2024-02", ""]))
        >>> parts["day_of_year"].numpy()[:2].tolist(), parts["week"].numpy()[:2].tolist()
        ([366, 32], [1, 5])
        >>> parts["hour"].numpy()[:2].tolist(), parts["given"].numpy().tolist()
        ([13, 0], [True, True, False])
    """
    written = text = _checked(text, tf.strings.regex_full_match(text, _FORM))
    length = tf.strings.length(text)
    given = length > 0
    text = tf.where(length == 7, tf.strings.join([text, "-01"]), text)
    text = tf.where(given, text, "0001-01-01")
    text = tf.strings.join([text, "T00:00:00"])  # beyond the end of the given text

    def number(start: int, size: int) -> Tensor:
        return tf.strings.to_number(tf.strings.substr(text, start, size), tf.int32)

    year, month, day = number(0, 4), number(5, 2), number(8, 2)
    one = tf.ones_like(year)
    days = _days(year, month, day)
    next_month = _days(year + month // 12, month % 12 + 1, one)
    with tf.control_dependencies([_checked(written, days < next_month)]):
        days = tf.identity(days)
    new_year = _days(year, one, one)
    weekday = (days + 3) % 7  # day 0 was a Thursday
    # A week is of the year that its Thursday is in.
    thursday = days - weekday + 3
    before, after = _days(year - 1, one, one), _days(year + 1, one, one)
    first = tf.where(thursday < new_year, before, tf.where(thursday >= after, after, new_year))
    return {
        "second": number(17, 2),
        "minute": number(14, 2),
        "hour": number(11, 2),
        "day_of_week": weekday,
        "day_of_month": day,
        "day_of_year": days - new_year + 1,
        "week": (thursday - first) // 7 + 1,
        "month": month,
        "quarter": (month + 2) // 3,
        "given": given,
    }


def _checked(text: Tensor, right: Tensor) -> Tensor:
    """The text, once all of it is right."""
    wrong = tf.where(tf.logical_not(right))[:SHOWN]
    message = [
        "timestamps must be strings such as 2024-05-31 or 2024-05-31T13:30, or empty; got ",
        tf.strings.reduce_join(tf.gather_nd(text, wrong), separator=", "),
        " at ",
        tf.strings.format("{}", wrong, summarize=SHOWN),
    ]
    assertion = tf.debugging.Assert(tf.reduce_all(right), [tf.strings.join(message)])
    with tf.control_dependencies([] if assertion is None else [assertion]):
        return tf.identity(text)


def _days(year: Tensor, month: Tensor, day: Tensor) -> Tensor:
    """Days since 1970-01-01, in the Gregorian calendar.

    Years are counted from March, so that the leap day is the last of one.
    """
    year = tf.where(month <= 2, year - 1, year)
    days = 365 * year + year // 4 - year // 100 + year // 400
    return days + (153 * ((month + 9) % 12) + 2) // 5 + day - 719469
