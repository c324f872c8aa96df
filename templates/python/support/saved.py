"""A reducer's log enters, a state that can be resumed from leaves as JSON; and the way back, with all checks.

Every language writes the same text and reads that of any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from sys import maxsize
from typing import Any, Final, Literal, TypeAlias, TypeVar

from .anomalies import Found
from .canonical import Json, JsonObject
from .cells import frozen
from .containers import json_object, list_of, map_of, tuple_of
from .errors import ContractError, TextFaults
from .fold import Divergent, Fold
from .kinds import Kind
from .log import Log, Seen
from .scalars import integer, string
from .text import MAX_DEPTH, read

T = TypeVar("T")

Reason: TypeAlias = Literal["not_a_saved_state", "other_reducer", "other_version"]


class SavedStateError(ValueError):
    """A text is no state that the reducer can resume from."""

    def __init__(self, reason: Reason, about: str) -> None:
        self.reason: Reason = reason
        super().__init__(about)


_DEEPEST: Final = 4 * MAX_DEPTH
"""A saved state holds envelopes, and stands itself around them."""

_OBJECT: Final = json_object()
_OBJECTS: Final = list_of(_OBJECT)
_COUNT: Final = integer(min=0)
_TEXT: Final = string()
_DIGEST: Final = string(pattern=("[0-9a-f]{64}", "[0-9a-f]{64}"))
_SEEN: Final = list_of(tuple_of(_TEXT, _DIGEST))
_DIVERGENT: Final = list_of(tuple_of(_COUNT, list_of(_DIGEST)))
_ANOMALIES: Final = map_of(_TEXT, _OBJECTS)
_DELEGATES: Final = map_of(_TEXT, _OBJECT)
_MEMBERS: Final = frozenset({"divergent", "fold", "last", "reducer", "seen", "version"})


def saved_log(log: Log[Any]) -> dict[str, Json]:
    """What a log came to so far."""
    seen = list(log.seen.items())
    divergent = log.whole.divergent
    return {
        "divergent": [[ordinal, sorted(divergent[ordinal].dropped)] for ordinal in sorted(divergent)],
        "fold": _saved_fold(log.whole),
        "seen": [[event_id, log.digest_of(each)] for event_id, each in seen],
    }


def _saved_fold(fold: Fold[Any, Any, Any]) -> dict[str, Json]:
    last = {"consumed": fold.last_consumed, "deduped": fold.last_deduped}
    return {
        "anomalies": {
            "fold": [found.to_wire() for found in fold.folded_found],
            "parse": [found.to_wire() for found in fold.refused_found],
            "unknown": [found.to_wire() for found in fold.unknown_found],
        },
        "counts": {"consumed": fold.consumed, "deduped": fold.deduped},
        "delegates": {each.name: _saved_fold(each.fold) for each in fold.delegates},
        "last": {name: event_id for name, event_id in last.items() if event_id is not None},
        "open": [pending.event.to_wire() for pending in fold.in_groups()],
        "slots": _saved_slots(fold),
    }


def _saved_slots(fold: Fold[Any, Any, Any]) -> dict[str, Json]:
    slots: dict[str, Json] = {}
    for slot in fold.SLOTS:
        value: Any = getattr(fold.s, slot.attribute or slot.name)
        settled: Any = value.pairs() if slot.in_order else frozen(value)
        wire: Json = slot.kind.to_wire(settled)
        if wire is not None:
            slots[slot.name] = wire
    return slots


def opened(data: bytes | bytearray | memoryview | str, name: str, version: str) -> JsonObject:
    """What a text says of a reducer's log."""
    try:
        saved = _OBJECT.judge(read(data, maxsize, _DEEPEST), TextFaults())
    except ContractError as refusal:
        raise SavedStateError("not_a_saved_state", f"the text is no saved state: {refusal}") from None
    for member, expected in (("reducer", name), ("version", version)):
        said = decoded(_TEXT, saved.get(member))
        if said != expected:
            reason: Reason = "other_reducer" if member == "reducer" else "other_version"
            raise SavedStateError(reason, f"the state is of the {member} `{said}`, not `{expected}`")
    if not saved.keys() <= _MEMBERS or ("last" in saved) != bool(saved.get("seen")):
        raise SavedStateError("not_a_saved_state", "the state has other members than a saved one")
    return saved


def decoded(kind: Kind[T], value: object) -> T:
    """A part of a saved state, checked."""
    try:
        return kind.judge(value, TextFaults())
    except ContractError as refusal:
        raise SavedStateError("not_a_saved_state", f"a part of the state is not what it should be: {refusal}") from None


def restore_log(log: Log[Any], saved: JsonObject) -> None:
    """Puts a log back to where it was saved."""
    seen_in_order = decoded(_SEEN, saved.get("seen"))
    for event_id, digest in seen_in_order:
        log.seen[event_id] = Seen(len(log.seen), None, digest, log.whole)
    kept = list(log.seen.items())
    if len(kept) != len(seen_in_order):
        raise SavedStateError("not_a_saved_state", "an id was seen twice")
    divergent: tuple[tuple[int, tuple[str, ...]], ...] = decoded(_DIVERGENT, saved.get("divergent"))
    for ordinal, dropped in divergent:
        if ordinal >= len(kept):
            raise SavedStateError("not_a_saved_state", f"there is no event {ordinal} that others could differ from")
        event_id, seen = kept[ordinal]
        log.whole.divergent[ordinal] = Divergent(event_id, log.digest_of(seen), set(dropped))
    _restore_fold(log.whole, decoded(_OBJECT, saved.get("fold")))


def _restore_fold(fold: Fold[Any, Any, Any], saved: JsonObject) -> None:
    slots = decoded(_OBJECT, saved.get("slots"))
    for slot in fold.SLOTS:
        value: Any = decoded(slot.kind, slots.get(slot.name))
        value = dict(value) if slot.in_order else value
        for state in {id(state): state for state in (fold.s, fold.snap)}.values():
            thawed = value if value is None or slot.thaw is None else slot.thaw(value)
            setattr(state, slot.attribute or slot.name, thawed)
    fold.settle()
    counts, last = decoded(_OBJECT, saved.get("counts")), decoded(_OBJECT, saved.get("last"))
    fold.consumed = decoded(_COUNT, counts.get("consumed"))
    fold.deduped = decoded(_COUNT, counts.get("deduped"))
    fold.last_consumed = decoded(_TEXT, last["consumed"]) if "consumed" in last else None
    fold.last_deduped = decoded(_TEXT, last["deduped"]) if "deduped" in last else None
    anomalies = decoded(_ANOMALIES, saved.get("anomalies"))
    fold.unknown_found = [_found(each) for each in anomalies.get("unknown", ())]
    fold.refused_found = [_found(each) for each in anomalies.get("parse", ())]
    fold.folded_found = [_found(each) for each in anomalies.get("fold", ())]
    for event in decoded(_OBJECTS, saved.get("open")):
        _restore_open(fold, event)
    delegates = decoded(_DELEGATES, saved.get("delegates"))
    for delegate in fold.delegates:
        _restore_fold(delegate.fold, decoded(_OBJECT, delegates.get(delegate.name)))


def _restore_open(fold: Fold[Any, Any, Any], envelope: JsonObject) -> None:
    try:
        fold.wait(decoded(fold.PROFILE.kind, envelope))
    except (ContractError, KeyError) as refusal:
        raise SavedStateError("not_a_saved_state", f"an event cannot wait to be folded: {refusal}") from None


def _found(printed: Mapping[str, Any]) -> Found:
    kind, event_id, text = (decoded(_TEXT, printed.get(name)) for name in ("kind", "event_id", "message"))
    return Found(kind, event_id, decoded(_OBJECT, printed.get("params")), text)
