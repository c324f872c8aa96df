"""Kinds of values that are one of several."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from .containers import as_object
from .errors import Faults, Key, Place, type_fault
from .kinds import Kind


def tagged(
    tag: str, tags: Kind[Any], variants: Mapping[StrEnum, Kind[Any]], default: StrEnum | None = None
) -> Kind[Any]:
    """One of several records, told apart by the member `tag`; each variant accepts that member."""

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        members = as_object(value, faults, at, key)
        if members is None:
            return None
        here = (at, key, at[2] + 1)
        if tag in members:
            member = members[tag]
            if not isinstance(member, str):
                return type_fault(faults, here, tag, "string", member)
            tag_faults = faults.fresh()
            chosen = tags.check(member, tag_faults, here, tag)
            if tag_faults:
                return faults.add(here, tag, "union_tag")
        elif default is not None:
            chosen = default
        else:
            return faults.add(here, tag, "required")
        return variants[chosen].check(members, faults, at, key)

    def wire(value: Any) -> Any:
        return value.to_wire()

    return Kind(check, *(kind for variant in variants.values() for kind in variant.holds), wire=wire)


def untagged(*variants: Kind[Any]) -> Kind[Any]:
    """The first of several kinds that accepts."""

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        for variant in variants:
            attempt = faults.fresh()
            judged = variant.check(value, attempt, at, key)
            if not attempt:
                return judged
        return faults.add(at, key, "union_none")

    def wire(value: Any) -> Any:
        fitting = [variant for variant in variants if isinstance(value, variant.holds)]
        for variant in fitting[:-1]:
            written = variant.to_wire(value)
            if not variant.errors(written):
                return written
        return fitting[-1].to_wire(value)

    return Kind(check, *(kind for variant in variants for kind in variant.holds), wire=wire)
