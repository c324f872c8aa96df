"""Kinds of single values. Each check stops at its first fault, in the order of the list of codes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from .canonical import MAX_INT, Json
from .errors import Faults, Key, Place, type_fault
from .formats import FORMATS, Format, FormatName, matcher
from .kinds import Check, Kind
from .text import SURROGATE

E = TypeVar("E", bound=StrEnum)

Bounded: TypeAlias = Callable[[Any, Faults, Place, Key], bool]
"""Says whether a number lies within bounds, and notes the first it breaks."""

_WHITE_SPACE = "\t\n\v\f\r "
_DECIMAL = "0|-?[1-9][0-9]*"
_INT_RANGE: Mapping[str, Json] = {"min": -MAX_INT, "max": MAX_INT}


def blank(value: object) -> bool:
    """None, or a string of nothing but ASCII white space. `str.isspace` knows more of it, other languages less."""
    return value is None or (isinstance(value, str) and not value.strip(_WHITE_SPACE))


def clamp(value: int) -> int:
    """The nearest `int` of the contract language."""
    return max(-MAX_INT, min(value, MAX_INT))


def string(
    *,
    min_length: int = 0,
    max_length: int | None = None,
    non_blank: bool = False,
    format: FormatName | None = None,
    pattern: tuple[str, str] | None = None,
) -> Kind[str]:
    """A string; `pattern` is the text in the contract and the regular expression made of it."""
    profile = FORMATS[format] if format is not None else None

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        if not isinstance(value, str):
            return type_fault(faults, at, key, "string", value)
        text = value if type(value) is str else str.__str__(value)
        if not text.isascii() and SURROGATE.search(text):
            return faults.add(at, key, "lone_surrogate")
        if len(text) < min_length:
            return faults.add(at, key, "min_length", {"limit": min_length})
        if max_length is not None and len(text) > max_length:
            return faults.add(at, key, "max_length", {"limit": max_length})
        if non_blank and blank(text):
            return faults.add(at, key, "blank")
        if profile is not None and (len(text) > profile.max_length or not matcher(profile.regex)(text)):
            return faults.add(at, key, "format", {"format": format})
        # The text as received, not its canonical spelling: so does every target, and so can JSON Schema say it.
        if pattern is not None and not matcher(pattern[1])(text):
            return faults.add(at, key, "pattern", {"pattern": pattern[0]})
        return text if profile is None or profile.canonical is None else profile.canonical(text)

    if max_length is None and not non_blank and pattern is None:
        return Kind(_quick(check, min_length) if profile is None else _formatted(check, min_length, profile), str)
    return Kind(check, str)


def _quick(check: Check, min_length: int) -> Check:
    """The same check with a short way for what most strings are: ASCII and long enough."""

    def quick(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        if type(value) is str and len(value) >= min_length and value.isascii():
            return value
        return check(value, faults, at, key)

    return quick


def _formatted(check: Check, min_length: int, profile: Format) -> Check:
    """The same check with a short way for texts of the format; none of them holds a surrogate."""
    matches: Callable[[str], object] | None = None
    canonical, max_length = profile.canonical, profile.max_length
    # Events one after the other often say the same: who wrote them, what they belong to.
    last: tuple[str | None, str] = None, ""

    def formatted(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        nonlocal matches, last
        if type(value) is not str:
            return check(value, faults, at, key)
        text, read = last
        if value == text:
            return read
        if matches is None:
            matches = matcher(profile.regex)
        if min_length <= len(value) <= max_length and matches(value):
            read = value if canonical is None else canonical(value)
            last = value, read
            return read
        return check(value, faults, at, key)

    return formatted


def integer(
    *,
    min: int | None = None,
    max: int | None = None,
    exclusive_min: int | None = None,
    exclusive_max: int | None = None,
) -> Kind[int]:
    """A number without a fraction within 2^53-1, however it was spelled; a bool is none."""
    bounded = _bounded(min, max, exclusive_min, exclusive_max)

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        if type(value) is not int:
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                return type_fault(faults, at, key, "int", value)
            if value - value != 0:
                return faults.add(at, key, "number_not_finite")
            if value != int(value):
                return type_fault(faults, at, key, "int", value)
            value = int(value)
        if not -MAX_INT <= value <= MAX_INT:
            if _is_beyond_float(value):
                return faults.add(at, key, "number_not_finite")
            return faults.add(at, key, "int_range", _INT_RANGE)
        return value if bounded(value, faults, at, key) else None

    return Kind(check, int)


def int64(
    *,
    min: int | None = None,
    max: int | None = None,
    exclusive_min: int | None = None,
    exclusive_max: int | None = None,
) -> Kind[int]:
    """A signed integer of 64 bits: decimal text on the wire, `int` in Python."""
    return _wide(-(2**63), 2**63 - 1, "int64", _bounded(min, max, exclusive_min, exclusive_max, told=str))


def uint64(
    *,
    min: int | None = None,
    max: int | None = None,
    exclusive_min: int | None = None,
    exclusive_max: int | None = None,
) -> Kind[int]:
    """An unsigned integer of 64 bits: decimal text on the wire, `int` in Python."""
    return _wide(0, 2**64 - 1, "uint64", _bounded(min, max, exclusive_min, exclusive_max, told=str))


def _wide(least: int, most: int, name: str, bounded: Bounded) -> Kind[int]:
    limits: Mapping[str, Json] = {"min": str(least), "max": str(most)}
    longest = max(len(str(least)), len(str(most)))  # `int` is slow where text is long, and refuses very long text

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        if faults.typed and isinstance(value, int) and not isinstance(value, bool):
            number = int(value)
        elif not isinstance(value, str):
            return type_fault(faults, at, key, "string", value)
        elif not value.isascii() and SURROGATE.search(value):
            return faults.add(at, key, "lone_surrogate")
        elif not matcher(_DECIMAL)(value):
            return faults.add(at, key, "format", {"format": name})
        else:
            number = int(value) if len(value) <= longest else most + 1
        if not least <= number <= most:
            return faults.add(at, key, "int_range", limits)
        return number if bounded(number, faults, at, key) else None

    return Kind(check, int, wire=str)


def number(
    *,
    min: float | None = None,
    max: float | None = None,
    exclusive_min: float | None = None,
    exclusive_max: float | None = None,
) -> Kind[float]:
    """A finite binary64; minus zero is read as zero."""
    bounded = _bounded(min, max, exclusive_min, exclusive_max)

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        if type(value) is not float:
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                return type_fault(faults, at, key, "number", value)
            if _is_beyond_float(value):
                return faults.add(at, key, "number_not_finite")
            value = float(value)
        if value - value != 0.0:
            return faults.add(at, key, "number_not_finite")
        return value + 0.0 if bounded(value, faults, at, key) else None

    return Kind(check, float)


def boolean() -> Kind[bool]:
    """`True` or `False`."""

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        return value if isinstance(value, bool) else type_fault(faults, at, key, "bool", value)

    return Kind(check, bool)


def enum(members: type[E], aliases: Mapping[str, E] | None = None, only: Collection[E] | None = None) -> Kind[E]:
    """A member by its text or by an alias; with `only`, some of the members."""
    accepted = {**{member.value: member for member in members}, **(aliases or {})}
    if only is not None:
        accepted = {text: member for text, member in accepted.items() if member in only}

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        if not isinstance(value, str):
            return type_fault(faults, at, key, "string", value)
        member = accepted.get(value)
        if member is None:
            return faults.add(at, key, "lone_surrogate" if SURROGATE.search(value) else "enum")
        return member

    return Kind(check, members, wire=_text_of)


def _text_of(member: StrEnum) -> str:
    return member.value


def _bounded(
    min: float | None,
    max: float | None,
    exclusive_min: float | None,
    exclusive_max: float | None,
    told: Callable[[Any], Json] = lambda limit: limit,
) -> Bounded:
    def bounded(value: Any, faults: Faults, at: Place, key: Key) -> bool:
        if min is not None and value < min:
            faults.add(at, key, "minimum", {"limit": told(min)})
        elif exclusive_min is not None and value <= exclusive_min:
            faults.add(at, key, "minimum", {"limit": told(exclusive_min), "exclusive": True})
        elif max is not None and value > max:
            faults.add(at, key, "maximum", {"limit": told(max)})
        elif exclusive_max is not None and value >= exclusive_max:
            faults.add(at, key, "maximum", {"limit": told(exclusive_max), "exclusive": True})
        else:
            return True
        return False

    if min is max is exclusive_min is exclusive_max is None:
        return _unbounded
    return bounded


def _unbounded(value: Any, faults: Faults, at: Place, key: Key) -> bool:
    return True


def _is_beyond_float(value: float) -> bool:
    try:
        float(value)
    except OverflowError:
        return True
    return False
