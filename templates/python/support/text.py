"""Bytes of JSON enter, a value leaves, or the one error of highest rank that the text as a whole has.

The standard library parses; what it would let through is caught around it: size, UTF-8, depth, `NaN`, keys that stand
twice, halves of surrogate pairs, and numbers beyond binary64.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from .canonical import MAX_INT, Json
from .errors import RANK, Code, ContractError, Error

MAX_BYTES: Final = 1_048_576
"""A text may have so many bytes."""

MAX_DEPTH: Final = 64
"""So many arrays and objects may stand inside each other."""

SURROGATE: Final = re.compile("[\ud800-\udfff]")

_SURROGATE_ESCAPE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_STRING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKET: Final = re.compile(r"[][{}]")


def read(data: bytes | bytearray | memoryview | str, limit: int = MAX_BYTES, deepest: int = MAX_DEPTH) -> Json:
    """The value of a JSON text; a `str` counts as its UTF-8 bytes."""
    text = _decoded(data, limit)
    if _is_too_deep(text, deepest):
        raise _refusal("too_deep")
    found: set[Code] = set()
    try:
        value: Json = _parsed(text)
    except _Suspect:
        value = _parse_and_note(text, found)
    except ValueError:
        raise _refusal("bad_json") from None
    if "\\u" in text and _SURROGATE_ESCAPE.search(text) and _has_surrogate(value):
        found.add("lone_surrogate")
    if found:
        raise _refusal(min(found, key=RANK.__getitem__))
    return value


def _decoded(data: bytes | bytearray | memoryview | str, limit: int) -> str:
    if isinstance(data, str):
        try:
            size = len(data) if data.isascii() else len(data.encode())
        except UnicodeEncodeError:
            raise _refusal("too_large" if len(data) > limit else "bad_utf8") from None
        if size > limit:
            raise _refusal("too_large")
        return data
    content = bytes(data)
    if len(content) > limit:
        raise _refusal("too_large")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise _refusal("bad_utf8") from None


def _is_too_deep(text: str, deepest: int) -> bool:
    if text.count("[") + text.count("{") <= deepest:
        return False
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        if bracket in "[{":
            depth += 1
            if depth > deepest:
                return True
        elif depth:
            depth -= 1
    return False


class _Suspect(Exception):
    """The text has a fault that ranks below `bad_json`: only a full parse can tell which error to report."""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _float(digits: str) -> float:
    number = float(digits)
    if number - number != 0.0:
        raise _Suspect
    return number + 0.0  # minus zero is read as zero


def _int(digits: str) -> int | float:
    if len(digits) <= 15:
        return int(digits)
    number = _float(digits)
    return int(number) if -MAX_INT <= number <= MAX_INT else number


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(members)
    if len(value) != len(members):
        raise _Suspect
    return value


_PARSER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_float, parse_int=_int, parse_constant=_refuse_constant
)


def _parsed(text: str) -> Any:
    """The value of a text. Few have white space around them: it is looked for where the value alone is not all."""
    try:
        value, end = _PARSER.raw_decode(text)
    except ValueError:
        return _PARSER.decode(text)
    return value if end == len(text) or not text[end:].strip("\t\n\r ") else _PARSER.decode(text)


def _parse_and_note(text: str, found: set[Code]) -> Json:
    """Parses a suspect text to its end; notes what it has besides bad syntax."""

    def note_float(digits: str) -> int | float:
        try:
            return _float(digits)
        except _Suspect:
            found.add("number_not_finite")
            return 0

    def note_int(digits: str) -> int | float:
        return int(digits) if len(digits) <= 15 else note_float(digits)

    def note_object(members: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(members)
        if len(value) != len(members):
            found.add("duplicate_key")
        return value

    parser = json.JSONDecoder(
        object_pairs_hook=note_object, parse_float=note_float, parse_int=note_int, parse_constant=_refuse_constant
    )
    try:
        value: Json = parser.decode(text)
    except ValueError:
        raise _refusal("bad_json") from None
    return value


def _has_surrogate(value: Json) -> bool:
    if isinstance(value, str):
        return not value.isascii() and SURROGATE.search(value) is not None
    if isinstance(value, Mapping):
        return any(_has_surrogate(key) or _has_surrogate(item) for key, item in value.items())
    if isinstance(value, list):
        return any(_has_surrogate(item) for item in value)
    return False


def _refusal(code: Code) -> ContractError:
    return ContractError([Error(code, "", {})])
