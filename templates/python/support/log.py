"""Events in order enter, each once to its fold; copies are left out, and other contents under one id are noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .canonical import Json, canonical
from .errors import ROOT, Faults
from .fold import Divergent, Fold
from .kinds import Kind, OnWire
from .order import Placed, Profile
from .records import RecordBase

R = TypeVar("R", bound=RecordBase)


@dataclass(frozen=True, slots=True)
class Partitioned(OnWire, Generic[R]):
    """The states of a log that tells of many entities."""

    partitions: Mapping[str, R]
    """By key, in the order of code points."""
    rest: R | None
    """The state of events that belong to none of them; none where there are no such events."""

    def to_wire(self) -> dict[str, Json]:
        """The states as JSON."""
        parts: dict[str, Json] = {"partitions": {key: state.to_wire() for key, state in self.partitions.items()}}
        return parts if self.rest is None else {**parts, "rest": self.rest.to_wire()}

    def to_json(self) -> str:
        """The states as canonical JSON text."""
        return canonical(self.to_wire())


@dataclass(slots=True)
class Seen:
    """The copy of an event that was kept."""

    ordinal: int
    event: Any
    """Kept until its digest is known."""
    digest: str | None
    fold: Fold[Any, Any, Any]


class Log(Generic[R]):
    """A log that is folded as a whole."""

    def __init__(self, profile: Profile[Any], fold: Callable[[], Fold[Any, Any, R]]) -> None:
        self.profile = profile
        self.whole = fold()
        """All of it, or what belongs to no part."""
        self.seen: dict[str, Seen] = {}

    def take(self, placed: Placed[Any]) -> bool:
        """Takes the next event of the order; whether it was the first of its id."""
        key, event, digest = placed
        event_id = self.profile.event_id(event)
        seen = self.seen.get(event_id)
        if seen is not None:
            self._compare(seen, event_id, event, digest)
            return False
        fold = self.fold_of(event)
        self.seen[event_id] = Seen(len(self.seen), None if digest else event, digest, fold)
        fold.take(event, event_id, key[0])
        return True

    def fold_of(self, event: Any) -> Fold[Any, Any, R]:
        """Who folds an event."""
        return self.whole

    def digest_of(self, seen: Seen) -> str:
        """The content of an event that was taken."""
        if seen.digest is None:
            seen.digest, seen.event = self.profile.digest(seen.event), None
        return seen.digest

    def _compare(self, seen: Seen, event_id: str, event: Any, digest: str | None) -> None:
        kept, other = self.digest_of(seen), digest or self.profile.digest(event)
        if other != kept:
            divergent = seen.fold.divergent.setdefault(seen.ordinal, Divergent(event_id, kept, set()))
            divergent.dropped.add(other)


class PartitionedLog(Log[R]):
    """A log whose entities are folded each by itself."""

    def __init__(
        self,
        profile: Profile[Any],
        fold: Callable[[], Fold[Any, Any, R]],
        partition: Callable[[Any], str | None],
    ) -> None:
        super().__init__(profile, fold)
        self._new_fold = fold
        self._partition = partition
        self._parts: dict[str, Fold[Any, Any, R]] = {}
        self._has_rest = False

    def fold_of(self, event: Any) -> Fold[Any, Any, R]:
        """The part that an event belongs to; an event of no part belongs to the rest."""
        part = self._partition(event) if self.whole.consumes(event.event_type) else None
        if part is None:
            self._has_rest = True
            return self.whole
        if part not in self._parts:
            self._parts[part] = self._new_fold()
        return self._parts[part]

    def finish(self) -> Partitioned[R]:
        """The states of all parts."""
        parts = {key: self._parts[key].finish() for key in sorted(self._parts)}
        return Partitioned(parts, self.whole.finish() if self._has_rest else None)


def key_in(payload: Mapping[str, Json], name: str, kind: Kind[Any]) -> str | None:
    """The member of a payload as it was received, if it is a valid text of its kind."""
    if name not in payload:
        return None
    faults = Faults()
    value = kind.check(payload[name], faults, ROOT, None)
    key = None if faults else kind.to_wire(value)
    return key if isinstance(key, str) else None
