"""JSON values enter, their canonical text leaves: no spaces, members by code point, shortest numbers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

Json: TypeAlias = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
"""Any JSON value."""

JsonObject: TypeAlias = Mapping[str, Json]
"""Any JSON object."""

MAX_INT: Final = 9007199254740991
"""Up to here (and down to its negative) binary64 holds every integer."""

_text: Callable[[str], str] = json.JSONEncoder(ensure_ascii=False).encode


_quick_text: Callable[[Any], str] = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), sort_keys=True
).encode


def canonical(value: Any) -> str:
    """The one text of a JSON value. Lone surrogates pass through; numbers must be finite."""
    return _quick_text(value) if _is_quick(value) else _canonical(value)


def _is_quick(value: Any) -> bool:
    """Whether the standard library writes the value as it should: it lays out some numbers otherwise."""
    if value is None or isinstance(value, (str, bool)):
        return True
    if isinstance(value, int):
        return -MAX_INT <= value <= MAX_INT
    if isinstance(value, float):
        return 1e-4 <= abs(value) < 1e15 and value != int(value)
    if isinstance(value, dict):
        members = cast(Mapping[str, Any], value)
        return all(map(_is_quick, members.values()))
    return isinstance(value, (list, tuple)) and all(map(_is_quick, cast(Sequence[Any], value)))


def _canonical(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return _text(value if type(value) is str else str(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, Mapping):
        members = cast(Mapping[str, Any], value)
        return "{" + ",".join([f"{_text(key)}:{_canonical(members[key])}" for key in sorted(members)]) + "}"
    return "[" + ",".join([_canonical(item) for item in value]) + "]"


def number_text(value: float) -> str:
    """The shortest text that reads back as the same binary64, in the layout of ECMAScript."""
    if isinstance(value, int) and -MAX_INT <= value <= MAX_INT:
        return str(value)
    number = float(value)
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    mantissa, _, exponent = repr(number).partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.removeprefix("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    # The value is 0.DIGITS x 10^point.
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    return sign + _layout(digits.rstrip("0"), point)


def _layout(digits: str, point: int) -> str:
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{'+' if point > 0 else '-'}{abs(point - 1)}"
