"""Events enter, in any order or one at a time in theirs; the state that a reducer makes of them leaves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Generic, Self, TypeVar

from .canonical import Json, canonical
from .fold import Fold
from .log import Log, Partitioned, PartitionedLog
from .order import Event, Placed, Profile, SortKey
from .records import RecordBase
from .saved import decoded, opened, restore_log, saved_log

E = TypeVar("E", bound=Event)
R = TypeVar("R", bound=RecordBase)


class EventOrderError(ValueError):
    """An event was given to a reducer that sorts before the last one it took."""

    def __init__(self, event_id: str) -> None:
        self.event_id = event_id
        super().__init__(f"the event {event_id} sorts before the last one that was taken")


class Reducer(Generic[E, R]):
    """Takes events in their order, one at a time."""

    NAME: ClassVar[str]
    VERSION: ClassVar[str]
    """The version of the contract that declares it."""
    PROFILE: ClassVar[Profile[Any]]
    HAS_PARTITIONS: ClassVar[bool] = False
    """Something tells the entities of a log apart."""

    def __init__(self) -> None:
        self._log = Log[R](self.PROFILE, self.fold)
        self._last: tuple[SortKey, str, E] | None = None
        self._is_finished = False

    @classmethod
    def new(cls) -> Self:
        """A reducer that has seen nothing."""
        return cls()

    def apply(self, event: E) -> None:
        """Takes the next event; a copy of an earlier one changes nothing. Raises `EventOrderError`."""
        if self._is_finished:
            raise RuntimeError("nothing can be applied behind the end of a log")
        key, digest = self.PROFILE.order(event), self.PROFILE.digest(event)
        if self._last is not None and (key, digest) < self._last[:2]:
            raise EventOrderError(self.PROFILE.event_id(event))
        if self._log.take(Placed(key, event, digest)):
            self._last = key, digest, event

    def finish(self) -> R:
        """The state when the log has ended; nothing can be applied behind it."""
        self._is_finished = True
        return self._log.whole.finish()

    def save(self) -> str:
        """All that is known so far, as the canonical JSON text that every language can resume from."""
        saved: dict[str, Json] = {"reducer": self.NAME, "version": self.VERSION, **saved_log(self._log)}
        if self._last is not None:
            saved["last"] = self._last[2].to_wire()
        return canonical(saved)

    @classmethod
    def resume(cls, data: bytes | bytearray | memoryview | str) -> Self:
        """A reducer that goes on where another stopped. Raises `SavedStateError`."""
        saved = opened(data, cls.NAME, cls.VERSION)
        reducer = cls()
        if "last" in saved:
            event = decoded(cls.PROFILE.kind, saved["last"])
            reducer._last = cls.PROFILE.order(event), cls.PROFILE.digest(event), event
        restore_log(reducer._log, saved)
        return reducer

    @classmethod
    def of(cls, events: Iterable[E]) -> R:
        """The state of events in any order."""
        log = Log[R](cls.PROFILE, cls.fold)
        for placed in cls.PROFILE.in_order(events):
            log.take(placed)
        return log.whole.finish()

    @classmethod
    def of_parts(cls, events: Iterable[E]) -> Partitioned[R]:
        """The states of events in any order, by what tells their entities apart."""
        log = PartitionedLog[R](cls.PROFILE, cls.fold, cls.partition)
        for placed in cls.PROFILE.in_order(events):
            log.take(placed)
        return log.finish()

    @classmethod
    def fold(cls) -> Fold[Any, Any, R]:
        """A state that has seen nothing."""
        raise NotImplementedError

    @classmethod
    def partition(cls, e: E) -> str | None:
        """What tells the entity apart that a consumed event is about."""
        return None
