"""Badges enter; what their letters say leaves."""

from ..labels import Badge, Kind, Visitor


def has_check_digit(badge: Badge) -> bool:
    first, second = (ord(letter) - ord("A") for letter in badge[:2])
    return int(badge[-1]) == (first + 9 * second) % 10


def visitor_kind(visitor: Visitor, note: str | None) -> Kind:
    if note is not None and note.startswith("guest"):
        return Kind.GUEST
    if note == "staff" or (isinstance(visitor, str) and visitor < "N"):
        return Kind.STAFF
    return Kind.GUEST
