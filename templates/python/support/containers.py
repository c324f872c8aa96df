"""Kinds of lists, sets, tuples, maps and free JSON, and of values that may be none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

from .canonical import MAX_INT, Json, JsonObject
from .errors import MAX_ERRORS, Faults, Key, Place, type_fault
from .kinds import Kind, OnWire
from .text import MAX_DEPTH, SURROGATE

T = TypeVar("T")
K = TypeVar("K")


def inside(faults: Faults, at: Place, key: Key) -> Place | None:
    """The place of the members of a container; none, and a fault, where it stands too deep."""
    depth = at[2] + 1
    if depth > MAX_DEPTH:
        faults.add(at, key, "too_deep")
        return None
    return (at, key, depth)


def as_array(value: Any, faults: Faults, at: Place, key: Key) -> Sequence[Any] | None:
    """The items of an array; none, and a fault, where it is another value."""
    if isinstance(value, (list, tuple)):
        return cast(Sequence[Any], value)
    type_fault(faults, at, key, "array", value)
    return None


def as_object(value: Any, faults: Faults, at: Place, key: Key) -> Mapping[str, Any] | None:
    """The members of an object; none, and a fault, where it is another value. Every key is a string."""
    if type(value) is dict and faults.from_text:
        return cast(Mapping[str, Any], value)
    if isinstance(value, OnWire):
        return value.to_wire()
    if not isinstance(value, Mapping):
        type_fault(faults, at, key, "object", value)
        return None
    if not faults.from_text and not all(isinstance(name, str) for name in cast(Iterable[object], value)):
        faults.add(at, key, "type", {"expected": "object", "got": "other"})
        return None
    return cast(Mapping[str, Any], value)


def optional(of: Kind[T]) -> Kind[T | None]:
    """The kind, or none: null, or an absent key."""
    check_value, to_wire = of.check, of.wire

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        return None if value is None else check_value(value, faults, at, key)

    def wire(value: Any) -> Any:
        return None if value is None or to_wire is None else to_wire(value)

    return Kind(check, *of.holds, type(None), wire=to_wire and wire, optional=True)


def list_of(item: Kind[T], *, min_items: int = 0, max_items: int | None = None) -> Kind[tuple[T, ...]]:
    """Any number of values, in order."""
    check_item, to_wire = item.check, item.to_wire

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        members = as_array(value, faults, at, key)
        here = None if members is None else inside(faults, at, key)
        if members is None or here is None:
            return None
        _count(len(members), min_items, max_items, faults, at, key)
        full = len(faults) + MAX_ERRORS
        items: list[Any] = []
        for index, member in enumerate(members):
            items.append(check_item(member, faults, here, index))
            if len(faults) >= full:
                break
        return tuple(items)

    def wire(value: Any) -> Any:
        return [to_wire(member) for member in value]

    return Kind(check, tuple, wire=wire)


def set_of(item: Kind[T], *, min_items: int = 0, max_items: int | None = None) -> Kind[tuple[T, ...]]:
    """Values that differ in canonical form, in the order of their canonical texts."""
    check_item, to_json = item.check, item.to_json

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        members = as_array(value, faults, at, key)
        here = None if members is None else inside(faults, at, key)
        if members is None or here is None:
            return None
        _count(len(members), min_items, max_items, faults, at, key)
        full = len(faults) + MAX_ERRORS
        unique: dict[str, Any] = {}
        for index, member in enumerate(members):
            before = len(faults)
            judged = check_item(member, faults, here, index)
            if len(faults) == before:
                text = to_json(judged)
                if text in unique:
                    faults.add(here, index, "unique_items")
                unique[text] = judged
            if len(faults) >= full:
                break
        return tuple(unique[text] for text in sorted(unique))

    return Kind(check, tuple, wire=list_of(item).wire)


def tuple_of(*items: Kind[Any]) -> Kind[tuple[Any, ...]]:
    """Exactly these, in order."""

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        members = as_array(value, faults, at, key)
        here = None if members is None else inside(faults, at, key)
        if members is None or here is None:
            return None
        if len(members) != len(items):
            return faults.add(at, key, "tuple_length", {"limit": len(items)})
        pairs = zip(items, members, strict=True)
        return tuple(kind.check(member, faults, here, index) for index, (kind, member) in enumerate(pairs))

    def wire(value: Any) -> Any:
        return [kind.to_wire(member) for kind, member in zip(items, value, strict=True)]

    return Kind(check, tuple, wire=wire)


def map_of(keys: Kind[K], values: Kind[T], *, min_items: int = 0, max_items: int | None = None) -> Kind[Mapping[K, T]]:
    """Typed keys to values. The value of a bad key is not judged."""
    check_key, check_value = keys.check, values.check

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        members = as_object(value, faults, at, key)
        here = None if members is None else inside(faults, at, key)
        if members is None or here is None:
            return None
        _count(len(members), min_items, max_items, faults, at, key)
        full = len(faults) + MAX_ERRORS
        judged: dict[Any, Any] = {}
        for name in sorted(members):
            key_faults = faults.fresh()
            canonical_key = check_key(name, key_faults, here, name)
            if key_faults:
                faults.add(here, name, "map_key", {"reason": key_faults[0][2]})
            elif canonical_key in judged:
                faults.add(here, name, "map_key", {"reason": "unique_items"})
            else:
                judged[canonical_key] = check_value(members[name], faults, here, name)
            if len(faults) >= full:
                break
        return judged

    def wire(value: Any) -> Any:
        return {keys.to_wire(name): values.to_wire(member) for name, member in value.items()}

    return Kind(check, dict, wire=wire)


def json() -> Kind[Json]:
    """Any JSON value, kept as received."""
    return Kind(_check_json, object, wire=_copy)


def json_object() -> Kind[JsonObject]:
    """Any JSON object, kept as received."""

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        members = as_object(value, faults, at, key)
        return None if members is None else _check_json(members, faults, at, key)

    return Kind(check, dict, wire=_copy)


def _check_json(value: Any, faults: Faults, at: Place, key: Key) -> Any:
    """A value out of a text is whole; of a host value a copy is kept, in which every number is a binary64."""
    if faults.from_text or value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        text = str.__str__(value)
        return faults.add(at, key, "lone_surrogate") if SURROGATE.search(text) else text
    if isinstance(value, (int, float)):
        return _check_number(value, faults, at, key)
    if isinstance(value, (list, tuple)):
        return _check_json_items(cast(Sequence[Any], value), faults, at, key)
    if isinstance(value, (Mapping, OnWire)):
        return _check_json_members(value, faults, at, key)
    return type_fault(faults, at, key, "json", value)


def _check_json_items(value: Sequence[Any], faults: Faults, at: Place, key: Key) -> Any:
    here = inside(faults, at, key)
    return here and [_check_json(member, faults, here, index) for index, member in enumerate(value)]


def _check_json_members(value: Any, faults: Faults, at: Place, key: Key) -> Any:
    members = as_object(value, faults, at, key)
    here = None if members is None else inside(faults, at, key)
    if members is None or here is None:
        return None
    for name in members:
        if SURROGATE.search(name):
            faults.add(here, name, "lone_surrogate")
    return {str.__str__(name): _check_json(member, faults, here, name) for name, member in members.items()}


def _check_number(value: float, faults: Faults, at: Place, key: Key) -> Any:
    try:
        number = float(value)
    except OverflowError:
        return faults.add(at, key, "number_not_finite")
    if number - number != 0.0:
        return faults.add(at, key, "number_not_finite")
    return int(value) if isinstance(value, int) and -MAX_INT <= value <= MAX_INT else number + 0.0


def _copy(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {name: _copy(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_copy(member) for member in value]
    return value


def _count(size: int, least: int, most: int | None, faults: Faults, at: Place, key: Key) -> None:
    if size < least:
        faults.add(at, key, "min_items", {"limit": least})
    elif most is not None and size > most:
        faults.add(at, key, "max_items", {"limit": most})
