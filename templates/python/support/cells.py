"""Values enter, parts of a state leave that change in place, in which items, members and keys are found at once.

Every part can note how to take back what is done to it, so that a group of events can be folded again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast

from .canonical import MAX_INT
from .kinds import Kind
from .records import RecordBase, contained

T = TypeVar("T")
K = TypeVar("K", bound=str)
V = TypeVar("V")
R = TypeVar("R", bound=RecordBase)
A = TypeVar("A")

Undo: TypeAlias = list[Callable[[], object]]
"""What takes changes back, to be called from the last to the first."""


class Cell:
    """A part of a state that changes in place. What it can do has names that no slot or field can have."""

    _undo: Undo | None = None

    def __adopt__(self, undo: Undo) -> None:
        """Notes from now on how to take back what is done to it, or to a part of it."""
        self.__dict__["_undo"] = undo
        for part in self.__parts__():
            if isinstance(part, Cell):
                part.__adopt__(undo)

    def __parts__(self) -> Iterable[object]:
        """What it is made of."""
        return ()

    def __freeze__(self) -> Any:
        """The value as programs see it, which does not change any more."""
        raise NotImplementedError


class Items(Cell, Generic[T]):
    """A list. Once somebody asks what is in it, it is known how often each item is there."""

    def __init__(self, items: Iterable[T] = ()) -> None:
        self._items = list(items)
        self._counts: dict[Hashable, int] | None = None

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, item: object) -> bool:
        return identity(item) in self._counted()

    def append(self, item: T) -> None:
        """Adds an item behind the others."""
        self._items.append(item)
        if self._counts is not None:
            key = identity(item)
            self._counts[key] = self._counts.get(key, 0) + 1
        if self._undo is not None:
            self._undo.append(partial(self._take, -1))

    def append_unique(self, item: T) -> None:
        """Adds an item behind the others unless it is among them."""
        if item not in self:
            self.append(item)

    def drop(self, item: T) -> None:
        """Takes the first equal item away."""
        if item not in self:
            return
        key = identity(item)
        at = next(at for at, other in enumerate(self._items) if identity(other) == key)
        self._take(at)
        if self._undo is not None:
            self._undo.append(partial(self._insert, at, item))

    def __freeze__(self) -> tuple[T, ...]:
        """The items, in order."""
        return tuple(self._items)

    def _counted(self) -> dict[Hashable, int]:
        if self._counts is None:
            self._counts = {}
            for item in self._items:
                key = identity(item)
                self._counts[key] = self._counts.get(key, 0) + 1
        return self._counts

    def _take(self, at: int) -> None:
        item = self._items.pop(at)
        if self._counts is not None:
            key = identity(item)
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]

    def _insert(self, at: int, item: T) -> None:
        self._items.insert(at, item)
        if self._counts is not None:
            key = identity(item)
            self._counts[key] = self._counts.get(key, 0) + 1


class Members(Cell, Generic[T]):
    """A set of values of a kind."""

    def __init__(self, kind: Kind[Any], members: Iterable[T] = ()) -> None:
        self._kind = kind
        self._members = {identity(member): member for member in members}

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, member: object) -> bool:
        return identity(member) in self._members

    def add(self, member: T) -> None:
        """Puts a member in."""
        key = identity(member)
        if key not in self._members:
            self._members[key] = member
            if self._undo is not None:
                self._undo.append(partial(self._members.pop, key))

    def drop(self, member: T) -> None:
        """Takes a member out; nothing happens where it is not there."""
        key = identity(member)
        if key in self._members:
            kept = self._members.pop(key)
            if self._undo is not None:
                self._undo.append(partial(self._members.__setitem__, key, kept))

    def __freeze__(self) -> tuple[T, ...]:
        """The members in the order of their canonical texts."""
        return tuple(sorted(self._members.values(), key=self._kind.to_json))


class Entries(Cell, Generic[K, V]):
    """A map that knows in which order its keys came in; a key that is dropped and put again goes last."""

    def __init__(self, values: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:
        self._values = dict(values)
        self._arrivals = {key: arrival for arrival, key in enumerate(self._values)}
        self._next = len(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def __getitem__(self, key: K) -> V:
        return self._values[key]

    def get(self, key: K) -> V | None:
        """The value under a key; none where there is no such key."""
        return self._values.get(key)

    def __parts__(self) -> Iterable[object]:
        """The values."""
        return self._values.values()

    def at(self, key: K, start: Callable[[], V]) -> V:
        """The value under a key, which is put there where the key is missing."""
        if key not in self._values:
            self.put(key, start())
        return self._values[key]

    def put(self, key: K, value: V) -> None:
        """Puts a value under a key; one that is there keeps its place."""
        if self._undo is not None:
            if isinstance(value, Cell):
                value.__adopt__(self._undo)
            if key in self._values:
                self._undo.append(partial(self._values.__setitem__, key, self._values[key]))
            else:
                self._undo.append(partial(self._remove, key))
        if key not in self._values:
            self._arrivals[key] = self._next
            self._next += 1
        self._values[key] = value

    def drop(self, key: K) -> None:
        """Takes a key and its value away; nothing happens where it is not there."""
        if key in self._values:
            value, arrival = self._values[key], self._arrivals[key]
            self._remove(key)
            if self._undo is not None:
                self._undo.append(partial(self._restore, key, value, arrival))

    def __freeze__(self) -> dict[K, Any]:
        """The values by key."""
        return {key: frozen(value) for key, value in self._values.items()}

    def by_key(self) -> tuple[Any, ...]:
        """The values in the order of their keys."""
        return tuple(frozen(self._values[key]) for key in sorted(self._values))

    def by_arrival(self) -> tuple[Any, ...]:
        """The values in the order in which their keys came in."""
        return tuple(value for _, value in self.pairs())

    def pairs(self) -> tuple[tuple[K, Any], ...]:
        """Keys with their values in the order in which the keys came in."""
        keys = sorted(self._values, key=self._arrivals.__getitem__)
        return tuple((key, frozen(self._values[key])) for key in keys)

    def _remove(self, key: K) -> None:
        del self._values[key], self._arrivals[key]

    def _restore(self, key: K, value: V, arrival: int) -> None:
        self._values[key], self._arrivals[key] = value, arrival


class Draft(Cell):
    """Fields that can be assigned: a record that changes, or the slots of a reducer."""

    def __parts__(self) -> Iterable[object]:
        """The values of its fields."""
        return self.__dict__.values()


class UndoDraft(Draft):
    """The same where changes can be taken back."""

    if not TYPE_CHECKING:  # a checker knows the fields

        def __setattr__(self, name: str, value: object) -> None:
            fields, undo = self.__dict__, self._undo
            if undo is not None:
                undo.append(partial(fields.__setitem__, name, fields[name]))
                if isinstance(value, Cell):
                    value.__adopt__(undo)
            fields[name] = value


def identity(value: Any) -> Hashable:
    """What is equal exactly where values of one type are: Python calls `True` and `1` equal, and hashes no `dict`."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return bool, value
    if isinstance(value, (tuple, list)):
        return tuple([identity(item) for item in cast(Iterable[Any], value)])
    if isinstance(value, RecordBase):
        return type(value), value.to_json()
    if isinstance(value, Mapping):
        members = cast(Mapping[str, Any], value)
        return dict, frozenset((key, identity(member)) for key, member in members.items())
    return cast(Hashable, value)


def entries(values: Mapping[K, A], thaw: Callable[[A], V]) -> Entries[K, V]:
    """A map whose values are held so that they can change."""
    return Entries({key: thaw(value) for key, value in values.items()})


def frozen(value: Any) -> Any:
    """A value of a state as programs see it."""
    return value.__freeze__() if isinstance(value, Cell) else value


def made(of: type[R], **values: Any) -> R:
    """A record of values that need no check."""
    return contained(of, values)


def known(value: T | None) -> T:
    """A value that the contract knows to be there."""
    return cast(T, value)


def known_as(value: object, _: Kind[T]) -> T:
    """A value that the contract knows to be there, and of this kind."""
    return cast(T, value)


def variant(value: object, of: type[A]) -> A:
    """A value that the contract knows to be of this class."""
    return cast(A, value)


def members(kind: Kind[T], *values: Any) -> tuple[Any, ...]:
    """A set of values: each once, in the order of their canonical texts."""
    return Members[Any](kind, values).__freeze__()


def increased(count: int) -> int:
    """One more, as far as integers of contracts go."""
    return min(count + 1, MAX_INT)


def members_of(kind: Kind[Any]) -> Callable[[Iterable[Any]], Members[Any]]:
    """What holds a set of values of a kind."""

    def thaw(values: Iterable[Any]) -> Members[Any]:
        return Members(kind, values)

    return thaw


def entries_of(thaw: Callable[[Any], V]) -> Callable[[Mapping[str, Any]], Entries[Any, V]]:
    """What holds a map whose values change."""

    def thaw_all(values: Mapping[str, Any]) -> Entries[Any, V]:
        return entries(values, thaw)

    return thaw_all


def option_of(thaw: Callable[[Any], V]) -> Callable[[Any], V | None]:
    """What holds a value that may be none."""

    def thaw_or_not(value: Any) -> V | None:
        return None if value is None else thaw(value)

    return thaw_or_not
