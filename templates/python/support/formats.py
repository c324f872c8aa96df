"""The string profiles: each is one regular expression over ASCII, matched in full, and a cap on its length."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, Literal, NamedTuple, TypeAlias

FormatName: TypeAlias = Literal["date-time", "http-url", "semver", "ulid", "uuid"]
"""The names of the profiles."""


class Format(NamedTuple):
    """A profile."""

    regex: str
    max_length: int
    canonical: Callable[[str], str] | None = None
    """Gives the one spelling that is stored, where several are accepted."""


@cache
def matcher(regex: str) -> Callable[[str], object]:
    """A function that says whether a text matches in full; compiled when it is first used."""
    return re.compile(regex, re.ASCII).fullmatch


# Years 0001 to 9999 with real days, February 29 in leap years only; offset or Z; no leap second.
_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_LEAP_YEAR = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_DAY = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
_ZONE = "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
_DATE_TIME = f"(?:{_YEAR}-{_DAY}|{_LEAP_YEAR}-02-29)T{_CLOCK}{_ZONE}"

# Labels have no hyphen at their ends and none in both third and fourth place.
_LETTER_OR_DIGIT = "[A-Za-z0-9]"
_INNER = "[A-Za-z0-9-]"
_LABEL_REST = (
    f"(?:{_INNER}?{_LETTER_OR_DIGIT}|{_INNER}(?:{_INNER}{_LETTER_OR_DIGIT}"
    f"|(?:{_LETTER_OR_DIGIT}{_INNER}|-{_LETTER_OR_DIGIT}){_INNER}{{0,58}}{_LETTER_OR_DIGIT}))?"
)
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_HOST = rf"(?:(?:{_OCTET}\.){{3}}{_OCTET}|(?:{_LETTER_OR_DIGIT}{_LABEL_REST}\.)*[A-Za-z]{_LABEL_REST})"
_PORT = "(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_PATH = "(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*"
_QUERY = "(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*"
_HTTP_URL = rf"https?://{_HOST}(?::{_PORT})?(?:/{_PATH})?(?:\?{_QUERY})?(?:#{_QUERY})?"

_NUMBER = "(?:0|[1-9][0-9]{0,14})"
_PRE_RELEASE = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = (
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_PRE_RELEASE}(?:\.{_PRE_RELEASE})*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)

FORMATS: Final[Mapping[FormatName, Format]] = {
    "date-time": Format(_DATE_TIME, 35),
    "http-url": Format(_HTTP_URL, 2048),
    "semver": Format(_SEMVER, 256),
    "ulid": Format("[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}", 26, str.upper),
    "uuid": Format("[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}", 36, str.lower),
}
