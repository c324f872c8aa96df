"""A date-time text enters, the moment it names leaves as whole seconds since 1970 and nanoseconds."""

from __future__ import annotations

from functools import lru_cache

_DAYS_TO_1970 = 719_468


def instant(text: str) -> tuple[int, int]:
    """Two texts of one moment give one instant; instants order as moments do. The text must be valid.

    `datetime` is not used: it holds no nanoseconds.
    """
    seconds = _days(text[:10]) * 86_400
    seconds += int(text[11:13]) * 3_600 + int(text[14:16]) * 60 + int(text[17:19])
    zone = 1 if text.endswith("Z") else 6
    fraction = text[20:-zone]
    if zone == 6:
        offset = int(text[-5:-3]) * 3_600 + int(text[-2:]) * 60
        seconds += offset if text[-6] == "-" else -offset
    return seconds, int(fraction.ljust(9, "0")) if fraction else 0


def instant_or_none(text: str | None) -> tuple[int, int] | None:
    """The same where the text may be none."""
    return None if text is None else instant(text)


@lru_cache(maxsize=64)  # the events of a log happen on few days
def _days(date: str) -> int:
    """Days since 1970-01-01 in the Gregorian calendar; years are counted from March, so that leap days end them."""
    year, month, day = int(date[:4]), int(date[5:7]), int(date[8:])
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - _DAYS_TO_1970
