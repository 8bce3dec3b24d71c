"""Timestamps as strings, read within the graph, so that an exported model takes them raw."""

from __future__ import annotations

import tensorflow as tf

# 2024-05, 2024-05-31, 2024-05-31T13, 13:30, 13:30:15, with what may follow; or nothing.
_FORM = r"(\d{4}-\d{2}(-\d{2}([T ]\d{2}(:\d{2}(:\d{2}.*)?)?)?)?)?"


def read_timestamps(text: tf.Tensor) -> dict[str, tf.Tensor]:
    """The parts of timestamps that the calendar names.

    Args:
        text: strings of any shape, as ISO 8601 writes local time: 2024-05-31T13:30:15, from the
            right as much left out as down to 2024-05. What follows the seconds, fractions and an
            offset from UTC, is not read.

    Returns:
        int32 of that shape by name: "second", "minute", "hour", "day_of_week" (Monday 0),
        "day_of_month", "day_of_year", "week" (ISO 8601), "month" and "quarter" (from 1), and
        "given": bool, False where a string is empty, whose other parts mean nothing.

    Raises:
        tf.errors.InvalidArgumentError: for a string of another form, when it is run.

    Example:
        >>> parts = read_timestamps(tf.constant(["2024-12-31T13:30", "2024-02", ""]))
        >>> parts["day_of_year"].numpy()[:2].tolist(), parts["week"].numpy()[:2].tolist()
        ([366, 32], [1, 5])
        >>> parts["hour"].numpy()[:2].tolist(), parts["given"].numpy().tolist()
        ([13, 0], [True, True, False])
    """
    checked = tf.debugging.Assert(
        tf.reduce_all(tf.strings.regex_full_match(text, _FORM)),
        ["timestamps must be strings such as 2024-05-31 or 2024-05-31T13:30, or empty; got", text],
    )
    with tf.control_dependencies([checked] if checked is not None else []):
        length = tf.strings.length(text)
    given = length > 0
    text = tf.where(length == 7, tf.strings.join([text, "-01"]), text)
    text = tf.where(given, text, "0001-01-01")
    text = tf.strings.join([text, "T00:00:00"])  # beyond the end of the given text

    def number(start: int, size: int) -> tf.Tensor:
        return tf.strings.to_number(tf.strings.substr(text, start, size), tf.int32)

    year, month, day = number(0, 4), number(5, 2), number(8, 2)
    one = tf.ones_like(year)
    days = _days(year, month, day)
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


def _days(year: tf.Tensor, month: tf.Tensor, day: tf.Tensor) -> tf.Tensor:
    """Days since 1970-01-01, in the Gregorian calendar.

    Years are counted from March, so that the leap day is the last of one.
    """
    year = tf.where(month <= 2, year - 1, year)
    days = 365 * year + year // 4 - year // 100 + year // 400
    return days + (153 * ((month + 9) % 12) + 2) // 5 + day - 719469
