"""What is wrong with a value: faults are noted on the way through it and leave as an ordered list of errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final, Literal, NamedTuple, TypeAlias, get_args

from .canonical import Json, canonical

Code: TypeAlias = Literal[
    "too_large",
    "bad_utf8",
    "too_deep",
    "bad_json",
    "duplicate_key",
    "lone_surrogate",
    "number_not_finite",
    "type",
    "int_range",
    "minimum",
    "maximum",
    "min_length",
    "max_length",
    "blank",
    "format",
    "pattern",
    "enum",
    "required",
    "unknown_key",
    "map_key",
    "min_items",
    "max_items",
    "tuple_length",
    "unique_items",
    "union_tag",
    "union_none",
    "rule",
]
"""Every way in which a value can be wrong, in the order in which errors at one place are listed."""

RANK: Final[Mapping[str, int]] = {code: rank for rank, code in enumerate(get_args(Code))}

MAX_ERRORS: Final = 100
"""So many errors of one value are listed; a container may stop looking when it holds that many of its own."""

Key: TypeAlias = str | int | None
"""A member's key, an item's index, or none for the value that came in through the door."""

Place: TypeAlias = tuple[Any, Key, int]
"""Where a container stands: the place of its parent, its key in it, and how many containers stand around it.

Places are linked rather than written out, so that a value without faults never pays for a path.
"""

ROOT: Final[Place] = (None, None, 0)

NO_PARAMS: Final[Mapping[str, Json]] = {}


class Error(NamedTuple):
    """One thing that is wrong."""

    code: Code
    path: str
    """JSON Pointer to the value at fault; a missing or unknown member is named itself."""
    params: Mapping[str, Json]
    """Limits and names, typed; never prose."""

    @property
    def loc(self) -> tuple[str, ...]:
        """The path as plain keys."""
        return tuple(part.replace("~1", "/").replace("~0", "~") for part in self.path.split("/")[1:])

    def to_wire(self) -> dict[str, Json]:
        """The error as JSON."""
        return {"code": self.code, "path": self.path, "params": self.params}


class ContractError(ValueError):
    """A value is not what its contract says; `errors` lists all that is wrong, in order."""

    def __init__(self, errors: Iterable[Error]) -> None:
        self.errors: tuple[Error, ...] = tuple(errors)
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "; ".join(f"{error.code} at {error.path or 'the value itself'}" for error in self.errors)


class Faults(list[tuple[Place, Key, Code, Mapping[str, Json]]]):
    """Faults found so far, in any order, and by its class how the value came in: through the host door."""

    __slots__ = ()

    from_text: ClassVar[bool] = False
    """The value came out of `text.read`: what a host value could break is whole."""
    typed: ClassVar[bool] = False
    """The value has the types of the generated classes: 64-bit integers are `int`."""

    def add(self, at: Place, key: Key, code: Code, params: Mapping[str, Json] = NO_PARAMS) -> None:
        """Notes a fault of the member `key` of the container at `at`."""
        self.append((at, key, code, params))

    def fresh(self) -> Faults:
        """An empty list for an attempt that may be thrown away."""
        return type(self)()

    def errors(self) -> tuple[Error, ...]:
        """By path, then by place in the list of codes, then by canonical params; the first hundred."""
        listed = sorted(self, key=_sort_key)[:MAX_ERRORS]
        return tuple(Error(code, _pointer(_segments(at, key)), params) for at, key, code, params in listed)


class TextFaults(Faults):
    """Faults of a value that came in through the text door."""

    __slots__ = ()

    from_text = True


class TypedFaults(Faults):
    """Faults of a value that a class was called with."""

    __slots__ = ()

    typed = True


def type_fault(faults: Faults, at: Place, key: Key, expected: str, value: object) -> None:
    """Notes that a value has another JSON type than its contract says."""
    faults.add(at, key, "type", {"expected": expected, "got": json_type(value)})


def json_type(value: object) -> str:
    """The JSON type of a host value, `other` where it has none."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    if isinstance(value, (list, tuple)):
        return "array"
    if isinstance(value, Mapping):
        return "object"
    return "other"


def _sort_key(fault: tuple[Place, Key, Code, Mapping[str, Json]]) -> tuple[list[tuple[int, int, str]], int, str]:
    at, key, code, params = fault
    return [_in_order(segment) for segment in _segments(at, key)], RANK[code], canonical(params)


def _segments(at: Place, key: Key) -> list[str | int]:
    segments: list[str | int] = []
    while key is not None:
        segments.append(key)
        at, key, _ = at
    segments.reverse()
    return segments


def _in_order(segment: str | int) -> tuple[int, int, str]:
    """Indices as numbers, keys by code point."""
    return (0, segment, "") if isinstance(segment, int) else (1, 0, segment)


def _pointer(path: list[str | int]) -> str:
    return "".join("/" + str(segment).replace("~", "~0").replace("/", "~1") for segment in path)
