"""What every type is made of: a check on the way in, a wire form on the way out, and the doors to both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeAlias, TypeVar

from .canonical import Json, canonical
from .errors import ROOT, ContractError, Error, Faults, Key, Place, TextFaults
from .text import read

T = TypeVar("T")

Check: TypeAlias = Callable[[Any, Faults, Place, Key], Any]
"""Takes a value, where to note faults, and where the value stands; gives the value as programs use it.

What it gives when it noted a fault is not used.
"""

Wire: TypeAlias = Callable[[Any], Any]
"""Takes a value as programs use it; gives it as JSON."""


class OnWire:
    """Whatever knows its own JSON form: the generated classes."""

    __slots__ = ()

    def to_wire(self) -> dict[str, Json]:
        """The value as JSON; shares nothing with it that could be changed."""
        raise NotImplementedError


class Kind(Generic[T]):
    """A type of a contract whose values are `T` in Python."""

    __slots__ = ("check", "holds", "optional", "wire")

    def __init__(self, check: Check, *holds: type, wire: Wire | None = None, optional: bool = False) -> None:
        self.check = check
        self.holds = holds
        """Classes of which its values are instances."""
        self.wire = wire
        """None where the values are JSON as they are."""
        self.optional = optional
        """None is a value, and means the same as an absent key."""

    def of(self, value: object) -> T:
        """The host door: takes a value that a program built of dicts, lists, strings and numbers."""
        return self.judge(value, Faults())

    def parse(self, data: bytes | bytearray | memoryview | str) -> T:
        """The text door: takes JSON. Stronger than `of`, since only a text shows a key that stands twice."""
        return self.judge(read(data), TextFaults())

    def errors(self, value: object) -> tuple[Error, ...]:
        """All that is wrong with a host value; empty when nothing is."""
        faults = Faults()
        self.check(value, faults, ROOT, None)
        return faults.errors()

    def text_errors(self, data: bytes | bytearray | memoryview | str) -> tuple[Error, ...]:
        """All that is wrong with a JSON text; empty when nothing is."""
        try:
            self.parse(data)
        except ContractError as refusal:
            return refusal.errors
        return ()

    def to_wire(self, value: T) -> Json:
        """A value as JSON; shares nothing with it that could be changed."""
        wire: Json = value if self.wire is None else self.wire(value)  # type: ignore[assignment]
        return wire

    def to_json(self, value: T) -> str:
        """A value as canonical JSON text."""
        return canonical(self.to_wire(value))

    def judge(self, value: object, faults: Faults) -> T:
        """The value, checked; raises what is in `faults` afterwards."""
        judged: T = self.check(value, faults, ROOT, None)
        if faults:
            raise ContractError(faults.errors())
        return judged
