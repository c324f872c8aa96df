"""Events in order enter, one at a time; the state they add up to leaves, and the anomalies on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from .anomalies import Found, message
from .canonical import JsonObject
from .cells import Draft, Undo
from .errors import ROOT, Error, TextFaults
from .kinds import Kind
from .order import Event, Profile, SortKey
from .records import RecordBase, contained

E = TypeVar("E", bound=Event)
S = TypeVar("S", bound=Draft)
R = TypeVar("R", bound=RecordBase)
A = TypeVar("A", bound=RecordBase)
P = TypeVar("P")


class Slot(NamedTuple):
    """A slot of a reducer in a saved state."""

    name: str
    kind: Kind[Any]
    """Decides the frozen value."""
    thaw: Callable[[Any], Any] | None = None
    """Makes of a value what changes in place; none where nothing does."""
    attribute: str | None = None
    """The name in Python where the slot's cannot be it."""
    in_order: bool = False
    """A map is written as keys with values, in the order in which the keys came in."""


class Place(NamedTuple):
    """Where an event stands among those that happened together."""

    group: tuple[Any, ...]
    """Events with equal groups are judged together."""
    goes_last: bool = False
    then_by: SortKey = ()


@dataclass(frozen=True, slots=True)
class Reaction:
    """Who takes the events of a type."""

    payload: Kind[Any]
    fold: Callable[..., bool]
    """A method: takes the event, and its payload where all are parsed first; says whether it was applied."""
    place: Callable[..., Place] | None = None
    """A method: takes event and payload."""


@dataclass(frozen=True, slots=True)
class Delegate:
    """A reducer that takes part of the log."""

    name: str
    fold: Fold[Any, Any, Any]
    anomaly: str
    """The kind under which its anomalies are recorded."""


@dataclass(slots=True)
class Divergent:
    """Contents that came under one id."""

    event_id: str
    kept: str
    dropped: set[str]

    def found(self) -> Found:
        """What is recorded of it."""
        params: JsonObject = {"dropped": sorted(self.dropped), "kept": self.kept}
        text = f"event {self.event_id} came with {len(self.dropped) + 1} contents"
        return Found("divergent_duplicate", self.event_id, params, text)


class Pending(NamedTuple):
    """An event that waits for the end of its group."""

    event: Any
    payload: Any
    """None where it is parsed when the event is folded."""
    reaction: Reaction
    place: Place


class Fold(Generic[E, S, R]):
    """One state that grows. What each event does is said by the reducer that is made of it."""

    PROFILE: ClassVar[Profile[Any]]
    SLOTS: ClassVar[Sequence[Slot]]
    """What of the state is saved."""
    REACTIONS: ClassVar[Mapping[str, Reaction]]
    TEXTS: ClassVar[Mapping[str, str]]
    PARSES_FIRST: ClassVar[bool] = False
    """Payloads are parsed as events come in, so that what is wrong with them stands before all else."""
    OVERRIDING: ClassVar[frozenset[str]] = frozenset()
    OVERRIDDEN: ClassVar[frozenset[str]] = frozenset()
    """Events that a group is folded without where one of `OVERRIDING` is applied in it."""

    def __init__(
        self, slots: Callable[[], S], delegates: Sequence[Delegate] = (), *, has_snapshot: bool = False
    ) -> None:
        self.s = slots()
        """The state as it is."""
        self.snap = slots() if has_snapshot else self.s
        """The state at the start of the group, where guards read it."""
        self.delegates = delegates
        self.deduped = 0
        self.consumed = 0
        self.last_deduped: str | None = None
        self.last_consumed: str | None = None
        self.divergent: dict[int, Divergent] = {}
        self.unknown_found: list[Found] = []
        self.refused_found: list[Found] = []
        self.folded_found: list[Found] = []
        self.open: list[Pending] = []
        self._open_clock: Any = None
        self._unseen: list[Callable[[S], None]] = []
        self._undo: Undo = []
        self._delegate_of = {event: each.fold for each in delegates for event in each.fold.consumed_types()}
        if self.OVERRIDING:
            self.s.__adopt__(self._undo)

    def state(self) -> R:
        """The state as programs see it."""
        raise NotImplementedError

    def unknown(self, e: E) -> Found | None:
        """What is recorded of an event that nobody takes."""
        return None

    def malformed(self, e: E, error: Error) -> Found | None:
        """What is recorded of a payload that its contract refuses."""
        return None

    def overridden(self, e: E) -> Found | None:
        """What is recorded of an event that was left out of its group."""
        return None

    def anomaly_fields(self, e: E) -> JsonObject:
        """Parameters that every anomaly carries."""
        return {}

    def consumed_types(self) -> Iterable[str]:
        """The types of events that are folded here or by a delegate."""
        return [*self.REACTIONS, *self._delegate_of]

    def consumes(self, event_type: str) -> bool:
        """Whether events of this type are folded here or by a delegate."""
        return event_type in self.REACTIONS or event_type in self._delegate_of

    def take(self, e: E, event_id: str, clock: Any) -> None:
        """Takes the next event of the order; `clock` is the first part of its sort key."""
        self.deduped += 1
        self.last_deduped = event_id
        if self.open and clock != self._open_clock:
            self.close_groups()
        event_type = e.event_type
        reaction = self.REACTIONS.get(event_type)
        if reaction is not None:
            self.consumed += 1
            self.last_consumed = event_id
            self._take(e, reaction, clock)
        elif event_type in self._delegate_of:
            self._delegate_of[event_type].take(e, event_id, clock)
        else:
            found = self.unknown(e)
            if found is not None:
                self.unknown_found.append(found)

    def in_groups(self) -> Iterable[Pending]:
        """The events that wait, in the order of the log."""
        return self.open

    def wait(self, e: E) -> None:
        """Puts an event that was taken before into its group again. Raises `KeyError` where no such event waits."""
        reaction = self.REACTIONS[e.event_type]
        if reaction.place is None:
            raise KeyError(e.event_type)
        payload = reaction.payload.judge(e.payload, TextFaults()) if self.PARSES_FIRST else None
        self._enqueue(e, payload, reaction, self.PROFILE.order(e)[0])

    def close_groups(self) -> None:
        """Folds all groups, in the order of their first events."""
        groups: dict[tuple[Any, ...], list[Pending]] = {}
        for pending in self.open:
            groups.setdefault(pending.place.group, []).append(pending)
        self.open = []
        for group in groups.values():
            self._fold_group(group)
            self.settle()

    def finish(self) -> R:
        """The state when the log has ended."""
        self.end()
        return self.state()

    def end(self) -> None:
        """Folds what still waits, here and in the delegates."""
        self.close_groups()
        for delegate in self.delegates:
            delegate.fold.end()

    def parse(self, e: E, kind: Kind[P]) -> P | None:
        """The payload of an event; none where it is refused, which is recorded."""
        faults = TextFaults()
        payload: P = kind.check(e.payload, faults, ROOT, None)
        if not faults:
            return payload
        found = self.malformed(e, faults.errors()[0])
        if found is not None:
            self.folded_found.append(found)
        return None

    def found(self, e: E, kind: str, params: JsonObject) -> Found:
        """An anomaly of a kind, with the values of its holes."""
        all_params: JsonObject = {**params, **self.anomaly_fields(e)}
        return Found(kind, self.PROFILE.event_id(e), all_params, message(self.TEXTS[kind], all_params))

    def warn(self, e: E, kind: str, params: JsonObject) -> None:
        """Records an anomaly; the event goes on."""
        self.folded_found.append(self.found(e, kind, params))

    def reject(self, e: E, kind: str, params: JsonObject) -> bool:
        """Records an anomaly; the event was not applied."""
        self.folded_found.append(self.found(e, kind, params))
        return False

    def change(self, effects: Callable[[S], None]) -> None:
        """Changes the state; what guards read sees it when the group ends."""
        effects(self.s)
        self._unseen.append(effects)

    def anomalies(self, of: type[A], kinds: type[StrEnum]) -> tuple[A, ...]:
        """All anomalies as programs see them."""
        return tuple([contained(of, {**found._asdict(), "kind": kinds(found.kind)}) for found in self.all_found()])

    def all_found(self) -> list[Found]:
        """All anomalies in their order, each once."""
        ordered = [self.divergent[ordinal].found() for ordinal in sorted(self.divergent)]
        ordered += self.unknown_found + self.refused_found + self.folded_found
        for delegate in self.delegates:
            for inner in delegate.fold.all_found():
                params: JsonObject = {"kind": inner.kind, "params": inner.params}
                text = message(self.TEXTS[delegate.anomaly], inner.inner())
                ordered.append(Found(delegate.anomaly, inner.event_id, params, text))
        unique: dict[str, Found] = {}
        for found in ordered:
            unique.setdefault(found.identity(), found)
        return list(unique.values())

    def settle(self) -> None:
        """What was done stays: the next event, or group, starts from here."""
        self._undo.clear()
        for effects in self._unseen:
            effects(self.snap)
        self._unseen.clear()

    def _take(self, e: E, reaction: Reaction, clock: Any) -> None:
        payload = None
        if self.PARSES_FIRST:
            faults = TextFaults()
            payload = reaction.payload.check(e.payload, faults, ROOT, None)
            if faults:
                found = self.malformed(e, faults.errors()[0])
                if found is not None:
                    self.refused_found.append(found)
                return
        if reaction.place is not None:
            self._enqueue(e, payload, reaction, clock)
            return
        self._fold(e, payload, reaction)
        if self._undo or self._unseen:
            self.settle()

    def _enqueue(self, e: E, payload: Any, reaction: Reaction, clock: Any) -> None:
        place = Place(()) if reaction.place is None else reaction.place(self, e, payload)
        self.open.append(Pending(e, payload, reaction, place))
        self._open_clock = clock

    def _fold(self, e: E, payload: Any, reaction: Reaction) -> bool:
        return reaction.fold(self, e, payload) if self.PARSES_FIRST else reaction.fold(self, e)

    def _fold_all(self, group: Iterable[Pending]) -> None:
        for pending in group:
            self._fold(pending.event, pending.payload, pending.reaction)

    def _fold_group(self, group: list[Pending]) -> None:
        group.sort(key=_in_group)
        overridden = [pending for pending in group if pending.event.event_type in self.OVERRIDDEN]
        if not overridden or not any(pending.event.event_type in self.OVERRIDING for pending in group):
            self._fold_all(group)
            return
        recorded = len(self.folded_found)
        has_won = False
        for pending in group:
            event_type = pending.event.event_type
            if event_type not in self.OVERRIDDEN:
                was_applied = self._fold(pending.event, pending.payload, pending.reaction)
                has_won = has_won or (was_applied and event_type in self.OVERRIDING)
        if has_won:
            reports = (self.overridden(pending.event) for pending in overridden)
            self.folded_found += [found for found in reports if found is not None]
            return
        # What was refused overrides nothing: the group is folded again, whole.
        while self._undo:
            self._undo.pop()()
        self._unseen.clear()
        del self.folded_found[recorded:]
        self._fold_all(group)


_in_group = attrgetter("place.goes_last", "place.then_by")
