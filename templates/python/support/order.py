"""Events in any order enter, the same events in the one order that all languages agree on leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from operator import itemgetter
from typing import Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from .canonical import Json, JsonObject, canonical
from .records import RecordKind


class Event(Protocol):
    """What every envelope has."""

    @property
    def event_type(self) -> str:
        """Its type, as written."""
        ...

    @property
    def payload(self) -> JsonObject:
        """Its payload, as received."""
        ...

    def to_wire(self) -> dict[str, Json]:
        """The envelope as JSON."""
        ...


E = TypeVar("E", bound=Event)

SortKey: TypeAlias = tuple[Any, ...]
"""Sorts events: clocks as numbers, date-times as instants, texts by code point."""


class Placed(NamedTuple, Generic[E]):
    """An event with its place in the order."""

    key: SortKey
    event: E
    digest: str | None
    """Its content, where the order had to ask for it."""


class Profile(Generic[E]):
    """How the events of a log are read, ordered and told from each other."""

    def __init__(self, kind: RecordKind[Any], order: Callable[[E], SortKey], event_id: Callable[[E], str]) -> None:
        self.kind = kind
        """Reads envelopes."""
        self.order = order
        self.event_id = event_id

    def digest(self, event: E) -> str:
        """The digest of an event's content: its declared fields with the payload as received."""
        return sha256(canonical(event.to_wire()).encode()).hexdigest()

    def in_order(self, events: Iterable[E]) -> Iterator[Placed[E]]:
        """The events by key; where keys are equal, content decides."""
        order = self.order
        keyed = [(order(event), event) for event in events]
        keyed.sort(key=itemgetter(0))
        start, count = 0, len(keyed)
        while start < count:
            key, event = keyed[start]
            end = start + 1
            while end < count and keyed[end][0] == key:
                end += 1
            if end == start + 1:
                yield Placed(key, event, None)
            else:
                alike = [(self.digest(event), event) for _, event in keyed[start:end]]
                alike.sort(key=itemgetter(0))
                for digest, event in alike:
                    yield Placed(key, event, digest)
            start = end
