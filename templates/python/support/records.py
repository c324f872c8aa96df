"""A table of fields and rules enters, a kind leaves that decodes into a class; and what every such class can do.

The table is the only truth. The class is a container: nothing in it checks, and nothing gets into it unchecked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any, ClassVar, Final, NamedTuple, Self, TypeVar, cast

from .canonical import Json, canonical
from .containers import as_object, inside
from .errors import MAX_ERRORS, ROOT, ContractError, Faults, Key, Place, TypedFaults
from .kinds import Check, Kind, OnWire, Wire
from .scalars import blank
from .text import MAX_DEPTH
from .versions import Versions, of_any_version

R = TypeVar("R", bound="RecordBase")

ABSENT: Final[Any] = object()
"""What stands for a key that is not there."""

FILLED: Final[Any] = None
"""Stands after a field in a class where its default is best read in the table above it."""


class Field(NamedTuple):
    """A row of a record's table."""

    name: str
    """The key on the wire."""
    kind: Kind[Any]
    default: Any = ABSENT
    """Fills an absent key; as on the wire."""
    required: bool = False
    """The key must be there though the value may be none."""
    attribute: str | None = None
    """The name in Python where the key cannot be it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule between fields. It runs when every field it reads, or names, is free of faults."""

    code: str
    reads: tuple[str, ...]
    when: Callable[[Any], bool] | None = None
    """Where it does not hold, nothing is demanded."""
    require: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    require_nonblank: tuple[str, ...] = ()
    check: Callable[[Any], bool] | None = None
    """Must hold."""
    at: str | None = None
    """Where a failed check is reported: a field, or none for the record."""


def shape(*fields: Field) -> tuple[Field, ...]:
    """The table of a record's own fields."""
    return fields


def rules(*rules: Rule) -> tuple[Rule, ...]:
    """The rules of a record, in declared order."""
    return rules


class RecordBase(OnWire):
    """What a record of a contract can do, whatever its container."""

    __slots__ = ()

    _shape: ClassVar[tuple[Field, ...]] = ()
    """Its own fields; those of its bases come first."""
    _closed: ClassVar[bool] = False
    _rules: ClassVar[tuple[Rule, ...]] = ()
    _versions: ClassVar[Versions | None] = None
    """Older versions of it."""
    _schema: ClassVar[str] = ""
    """The name of its JSON Schema, with that of the family."""

    def __init_subclass__(cls, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        cls._register()

    @classmethod
    def _register(cls) -> None:
        """Makes the kind of the class, from what its body says."""
        own_fields = cls._shape if "_shape" in cls.__dict__ else ()
        _KINDS[cls] = RecordKind(cls, cls._contain, own_fields, cls._closed, cls._rules, cls._versions)

    @classmethod
    def _contain(cls, values: dict[str, Any]) -> Self:
        """An instance of checked values by attribute; the one way into a container."""
        raise NotImplementedError

    @classmethod
    def of(cls, value: object) -> Self:
        """The host door: takes a dict with the keys of the wire. Raises `ContractError`."""
        return value if type(value) is cls else record(cls).of(value)

    @classmethod
    def parse(cls, data: bytes | bytearray | memoryview | str) -> Self:
        """The text door: takes JSON, and checks the text as well. Raises `ContractError`."""
        return record(cls).parse(data)

    def to_wire(self) -> dict[str, Json]:
        """The value as JSON: wire keys, none left out; shares nothing with it that could be changed."""
        return record(type(self)).members(self.__dict__)

    def to_json(self) -> str:
        """The value as canonical JSON text."""
        return canonical(self.to_wire())

    def __eq__(self, other: object) -> bool:
        # Not by `__dict__`: Python calls `True` and `1` equal inside free JSON.
        return self is other or (
            isinstance(other, RecordBase) and type(self) is type(other) and self.to_json() == other.to_json()
        )

    def __hash__(self) -> int:
        return hash((type(self), self.to_json()))


class RecordKind(Kind[R]):
    """The kind of a record class. Its check is made at its first use, when every class it names exists."""

    __slots__ = ("_checked", "_closed", "_columns", "_current", "_rules", "_versions", "contain", "fields")

    def __init__(
        self,
        record: type[R],
        contain: Callable[[dict[str, Any]], R],
        shape: tuple[Field, ...],
        closed: bool,
        rules: tuple[Rule, ...],
        versions: Versions | None,
    ) -> None:
        super().__init__(self._check_in_full, record, wire=_to_wire)
        inherited = (field for base in record.__bases__ if base in _KINDS for field in _KINDS[base].fields)
        self.fields: tuple[Field, ...] = (*inherited, *shape)
        self.contain = contain
        self._closed = closed
        self._rules = rules
        self._versions = versions
        self._checked: Check | None = None
        self._current: Check | None = None
        self._columns: tuple[tuple[str, str, Wire | None, bool], ...] | None = None

    def typed(self, values: Mapping[str, Any]) -> R:
        """Takes values by attribute, typed as the class says; a name that is no attribute is a fault."""
        names = {field.attribute or field.name: field.name for field in self.fields}
        faults = TypedFaults()
        for name in values.keys() - names.keys():
            faults.add((ROOT, None, 1), name, "unknown_key")
        members = {names[name]: value for name, value in values.items() if name in names}
        if self._versions is not None:
            # What a program builds is of the version that its class shows.
            members.setdefault(self._versions.member, self._versions.current)
        judged: R = self._check_current()(members, faults, ROOT, None)
        if faults:
            raise ContractError(faults.errors())
        return judged

    def members(self, values: Mapping[str, Any]) -> dict[str, Json]:
        """The JSON members of values by attribute."""
        columns = self._columns
        if columns is None:
            columns = self._columns = tuple(
                (name, attribute or name, kind.wire, kind.optional and not required)
                for name, kind, _, required, attribute in self.fields
            )
        return {
            name: values[attribute] if wire is None else wire(values[attribute])
            for name, attribute, wire, may_be_absent in columns
            if not (may_be_absent and values[attribute] is None)
        }

    def _check_in_full(self, value: Any, faults: Faults, at: Place, key: Key) -> Any:
        checked = self._checked
        if checked is None:
            checked = self._check_current()
            if self._versions is not None:
                checked = of_any_version(self._versions, checked)
            self.check = self._checked = checked
        return checked(value, faults, at, key)

    def _check_current(self) -> Check:
        """The check of what the class shows, without older versions."""
        current = self._current
        if current is None:
            current = self._current = _check_of(self.contain, self.fields, self._closed, self._rules)
        return current


_KINDS: Final[dict[type, RecordKind[Any]]] = {}


def record(record: type[R]) -> RecordKind[R]:
    """The kind of a record class."""
    return _KINDS[record]


def contained(record: type[R], values: dict[str, Any]) -> R:
    """An instance of values by attribute that were checked before."""
    instance: R = _KINDS[record].contain(values)
    return instance


def _to_wire(value: RecordBase) -> dict[str, Json]:
    return value.to_wire()


def _check_of(
    contain: Callable[[dict[str, Any]], Any], fields: tuple[Field, ...], closed: bool, rules: tuple[Rule, ...]
) -> Check:
    rows = tuple((field.name, field.attribute or field.name, field.kind.check, _filler(field)) for field in fields)
    known = frozenset(field.name for field in fields)
    attributes = {field.name: field.attribute or field.name for field in fields}

    def check(value: Any, faults: Faults, at: Place, key: Key) -> Any:
        members: Mapping[str, Any] | None
        here: Place | None
        if type(value) is dict and faults.from_text and at[2] < MAX_DEPTH:  # as nearly always
            members, here = cast(Mapping[str, Any], value), (at, key, at[2] + 1)
        else:
            members = as_object(value, faults, at, key)
            here = None if members is None else inside(faults, at, key)
        if members is None or here is None:
            return None
        before = len(faults)
        values: dict[str, Any] = {}
        find = members.get
        for name, attribute, check_member, fill in rows:
            member = find(name, ABSENT)
            if member is not ABSENT:
                values[attribute] = check_member(member, faults, here, name)
            elif fill is not None:
                values[attribute] = fill()
            else:
                faults.add(here, name, "required")
        if closed and not members.keys() <= known:
            for name in nsmallest(MAX_ERRORS, members.keys() - known):
                faults.add(here, name, "unknown_key")
        contained = contain(values)
        if rules:
            faulty = {_member_at_fault(place, name, here) for place, name, _, _ in faults[before:]}
            for rule in rules:
                if faulty.isdisjoint(rule.reads):
                    _apply(rule, contained, attributes, faults, here)
        return contained

    return check


def _filler(field: Field) -> Callable[[], Any] | None:
    """Makes the value of an absent key; none where the key must be there."""
    if field.default is ABSENT:
        return _none if field.kind.optional and not field.required else None
    value = field.kind.of(field.default)
    if isinstance(value, bool | int | float | str):
        return lambda: value
    return lambda: field.kind.of(field.default)


def _none() -> None:
    return None


def _member_at_fault(at: Place, key: Key, record: Place) -> Key:
    """The member of the record in or below which a fault lies."""
    while at is not record:
        at, key, _ = at
    return key


def _apply(rule: Rule, record: Any, attributes: Mapping[str, str], faults: Faults, here: Place) -> None:
    if rule.when is not None and not rule.when(record):
        return
    broken = [name for name in rule.require if getattr(record, attributes[name]) is None]
    broken += [name for name in rule.forbid if getattr(record, attributes[name]) is not None]
    broken += [name for name in rule.require_nonblank if blank(getattr(record, attributes[name]))]
    for name in broken:
        faults.add(here, name, "rule", {"rule": rule.code})
    if rule.check is not None and not rule.check(record):
        at, key = (here, rule.at) if rule.at is not None else here[:2]
        faults.add(at, key, "rule", {"rule": rule.code})
