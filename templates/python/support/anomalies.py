"""What happened to an event enters, an anomaly with typed parameters and a text for people leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from .canonical import Json, JsonObject, canonical
from .errors import ROOT, Faults
from .kinds import Kind


class Found(NamedTuple):
    """An anomaly as it was recorded. Two of one kind, event and parameters are one."""

    kind: str
    event_id: str
    params: JsonObject
    message: str

    def to_wire(self) -> dict[str, Json]:
        """The anomaly as it is printed."""
        return {"event_id": self.event_id, "kind": self.kind, "message": self.message, "params": self.params}

    def identity(self) -> str:
        """What makes two of them one."""
        return canonical([self.kind, self.event_id, self.params])

    def inner(self) -> JsonObject:
        """What the text of a reducer can say of the anomaly of its delegate."""
        return {**self.params, "message": self.message, "kind": self.kind, "event_id": self.event_id}


class _Shown(dict[str, str]):
    """Parameters as a text shows them."""

    def __missing__(self, name: str) -> str:
        return "null"


def message(text: str, params: JsonObject) -> str:
    """A text with the values of its holes."""
    return text.format_map(_Shown({name: shown(value) for name, value in params.items()}))


def shown(value: Json) -> str:
    """A value in a text: strings as they are, a list joined, none as `null`."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return ", ".join([shown(item) for item in value])
    return canonical(value)


def text_at(payload: Json, path: Sequence[str], default: str) -> str:
    """The text at a path into a payload as it was received, else the default."""
    value = _at(payload, path)
    return value if isinstance(value, str) else default


def member_at(payload: Json, path: Sequence[str], kind: Kind[Any]) -> str | None:
    """The text at a path into a payload as the member of an enum that it stands for, else none."""
    faults = Faults()
    member: str | None = kind.check(_at(payload, path), faults, ROOT, None)
    return None if faults else member


def _at(value: Json, path: Sequence[str]) -> Json:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
