"""Versions of a record: an older value is judged by the shape that its version had, and brought up to the current one.

What a step makes of a value is judged as if it had come so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .containers import as_object, inside
from .errors import Faults, Key, Place
from .kinds import Check, Kind
from .scalars import integer


@dataclass(frozen=True, slots=True)
class Upcast:
    """How one version becomes the next."""

    shape: Callable[[], Kind[Any]]
    """What this version was; asked for late, when every class exists."""
    change: Callable[[Any], Mapping[str, Any]]
    """Takes a value of this version; gives the members of the next, but for the version."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of a record."""

    member: str
    """The key that holds the version of a value."""
    current: int
    absent: int | None
    """The version of a value that does not say one."""
    upcasts: tuple[Upcast, ...]
    """How each older version becomes the next, from version 1."""


def versions(member: str, current: int, absent: int | None, *upcasts: Upcast) -> Versions:
    """The versions of a record, up to the one that its class shows."""
    return Versions(member, current, absent, upcasts)


def of_any_version(versions: Versions, check_current: Check) -> Check:
    """The check of a record whose older versions are accepted as well."""
    known = integer(min=1, max=versions.current)
    member = versions.member

    def said(members: Mapping[str, Any], faults: Faults, here: Place) -> int | None:
        version: int | None = versions.absent
        if member in members:
            version = known.check(members[member], faults, here, member)
        elif version is None:
            faults.add(here, member, "required")
        return version

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        members = as_object(value, faults, at, key)
        here = None if members is None else inside(faults, at, key)
        if members is None or here is None:
            return None
        before = len(faults)
        version = said(members, faults, here)
        if version is None or len(faults) > before:
            return None
        if version == versions.current:
            return check_current(members, faults, at, key)
        upcast = versions.upcasts[version - 1]
        rest = {name: each for name, each in members.items() if name != member}
        older = upcast.shape().check(rest, faults, at, key)
        if len(faults) > before:
            return None
        # What a step makes is no text any more.
        found = Faults()
        raised = check({**upcast.change(older), member: version + 1}, found, at, key)
        faults.extend(found)
        return raised

    return check
