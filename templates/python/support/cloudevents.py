"""An event in its envelope enters, a CloudEvent 1.0 leaves, and the other way round, by a table of attributes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Generic, Literal, NamedTuple, TypeVar, cast
from urllib.parse import quote, unquote_to_bytes

from .canonical import Json, canonical
from .errors import MAX_ERRORS, ContractError, Error, TextFaults, json_type
from .kinds import Kind
from .lines import MAX_LINE, each_line
from .records import RecordBase
from .replay import BadLine
from .text import SURROGATE, read

E = TypeVar("E", bound=RecordBase)

PAYLOAD: Final = "payload"
"""The field that is the data of a CloudEvent."""

_NONCHARACTERS: Final = "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))

_REFUSED: Final = re.compile("[\x00-\x1f\x7f-\x9f\ufdd0-\ufdef" + _NONCHARACTERS + "]")
"""What no attribute may hold."""

_BAD_ESCAPE: Final = re.compile("%(?![0-9A-Fa-f]{2})")


class Attribute(NamedTuple):
    """A field of the envelope that is an attribute."""

    field: str
    name: str
    form: Literal["plain", "json", "reference"] = "plain"
    """The value as it is, its JSON text, or the text percent-encoded."""
    nullable: bool = False
    """Whether the field is null where there is no attribute."""


@dataclass(frozen=True, slots=True)
class CloudEventMapping(Generic[E]):
    """How an envelope becomes attributes."""

    envelope: Kind[E]
    payload_kind: Callable[[str], Kind[Any] | None]
    attributes: tuple[Attribute, ...]
    """Every field of the envelope but the payload."""
    schemas: Mapping[str, str]
    """The `$id` of the schema of each event's payload, by event type."""

    def to_cloud_event(self, envelope: E) -> dict[str, Json]:
        """The CloudEvent of an event. Raises `ContractError`."""
        members = envelope.to_wire()
        event_type = members["event_type"]
        errors = list(self._payload_errors(event_type, members[PAYLOAD], PAYLOAD))
        event: dict[str, Json] = {}
        for attribute in self.attributes:
            value = members.get(attribute.field)
            if value is None:
                continue
            written = _written(attribute, value)
            if isinstance(written, str) and _REFUSED.search(written):
                errors.append(Error("format", f"/{attribute.field}", {"format": "cloudevents-string"}))
            event[attribute.name] = written
        event |= {"data": members[PAYLOAD], "datacontenttype": "application/json", "specversion": "1.0"}
        if isinstance(event_type, str) and event_type in self.schemas:
            event["dataschema"] = self.schemas[event_type]
        _report(errors)
        return event

    def from_cloud_event(self, event: object) -> E:
        """The event of a CloudEvent; attributes that no field has are left out. Raises `ContractError`."""
        if not isinstance(event, Mapping):
            raise ContractError([_type_error("", "object", event)])
        received = cast(Mapping[str, Any], event)
        errors = list(_form_errors(received))
        members: dict[str, Any] = {}
        for attribute in self.attributes:
            value = received.get(attribute.name)
            if value is not None:
                members[attribute.field] = _read(attribute, value, errors)
            elif attribute.nullable:
                members[attribute.field] = None
        _report(errors)
        if "data" in received:
            members[PAYLOAD] = received["data"]
        return self._judged(members)

    def parse(self, data: bytes | bytearray | memoryview | str) -> E:
        """The same of JSON text."""
        return self.from_cloud_event(read(data))

    def _judged(self, members: dict[str, Any]) -> E:
        errors: list[Error] = []
        payload = members.get(PAYLOAD)
        envelope: E | None = None
        try:
            envelope = self.envelope.of(members)
            payload = envelope.to_wire()[PAYLOAD]
        except ContractError as refusal:
            errors.extend(self._moved(error) for error in refusal.errors)
        if json_type(payload) == "object":
            errors.extend(self._payload_errors(members.get("event_type"), payload, "data"))
        _report(errors)
        assert envelope is not None, "nothing is wrong with it"
        return envelope

    def convert(self, line: bytes, *, reverse: bool) -> str:
        """The CloudEvent of an envelope that is a line, or the other way round. Raises `ContractError`."""
        value = read(line, MAX_LINE)
        if reverse:
            return self.from_cloud_event(value).to_json()
        return canonical(self.to_cloud_event(self.envelope.judge(value, TextFaults())))

    def convert_lines(self, source: BinaryIO, *, reverse: bool) -> Iterator[str | BadLine]:
        """What each line comes to, or what is wrong with it."""
        for number, line in enumerate(each_line(source), 1):
            try:
                yield self.convert(line, reverse=reverse)
            except ContractError as refusal:
                yield BadLine(number, refusal.errors)

    def _payload_errors(self, event_type: object, payload: object, member: str) -> Iterator[Error]:
        kind = self.payload_kind(event_type) if isinstance(event_type, str) else None
        for error in () if kind is None else kind.errors(payload):
            yield error._replace(path=f"/{member}{error.path}")

    def _moved(self, error: Error) -> Error:
        """An error of the envelope where it stands in the CloudEvent."""
        if not error.path:
            return error
        member = _first(error)
        names = {attribute.field: attribute.name for attribute in self.attributes} | {PAYLOAD: "data"}
        return error._replace(path=f"/{names.get(member, member)}{error.path[1 + len(member) :]}")


def _written(attribute: Attribute, value: Json) -> Json:
    if attribute.form == "json":
        return canonical(value)
    return quote(value, safe="") if attribute.form == "reference" and isinstance(value, str) else value


def _read(attribute: Attribute, value: object, errors: list[Error]) -> object:
    path = f"/{attribute.name}"
    if attribute.form == "plain":
        return value
    if not isinstance(value, str):
        errors.append(_type_error(path, "string", value))
    elif attribute.form == "json":
        try:
            return read(value, MAX_LINE)
        except ContractError:
            errors.append(Error("format", path, {"format": "json"}))
    elif SURROGATE.search(value):
        return value  # what the envelope says of it
    else:
        try:
            return _decoded(value)
        except ValueError:
            errors.append(Error("format", path, {"format": "uri-reference"}))
    return None


def _decoded(text: str) -> str:
    """The text that a reference encodes."""
    if _BAD_ESCAPE.search(text):
        raise ValueError(text)
    return unquote_to_bytes(text).decode()


def _form_errors(event: Mapping[str, Any]) -> Iterator[Error]:
    """What is wrong with the attributes that no field has."""
    if event.get("specversion") is None:
        yield Error("required", "/specversion", {})
    right: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("specversion", lambda text: text == "1.0"),
        ("datacontenttype", lambda text: text.split(";")[0].strip(" \t").lower() == "application/json"),
        ("dataschema", lambda _: True),
    )
    for name, is_right in right:
        value = event.get(name)
        if isinstance(value, str):
            if not is_right(value):
                yield Error("enum", f"/{name}", {})
        elif value is not None:
            yield _type_error(f"/{name}", "string", value)
    if event.get("data_base64") is not None:
        yield Error("unknown_key", "/data_base64", {})


def _type_error(path: str, expected: str, value: object) -> Error:
    return Error("type", path, {"expected": expected, "got": json_type(value)})


def _first(error: Error) -> str:
    """The member that its path leads into."""
    return error.path.split("/")[1] if error.path else ""


def _report(errors: Iterable[Error]) -> None:
    """Raises the errors by member; those of one member are in order already."""
    listed = sorted(errors, key=_first)[:MAX_ERRORS]
    if listed:
        raise ContractError(listed)
