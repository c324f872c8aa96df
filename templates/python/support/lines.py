"""JSON Lines of cases or events enter, one line each leaves: whether it is valid, and what is wrong with it.

A case is `{"id", "event_type", "payload"}`; `payload_text` (JSON text) or `payload_base64` (its bytes) may stand in the
place of `payload`, so that a text can be judged that no line can hold. An event is an envelope with its payload.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, Final, NamedTuple

from .canonical import Json, canonical
from .errors import ROOT, Code, ContractError, Error, Place, TextFaults, json_type
from .kinds import Kind
from .text import MAX_BYTES, read

MAX_LINE: Final = 4_194_304
"""A line may have so many bytes; the payload in it keeps its own limit."""


class Envelope(NamedTuple):
    """A record that is what events travel in."""

    kind: Kind[Any]
    id: str | None
    """The member that identifies an event."""


def validate_lines(
    source: BinaryIO,
    sink: BinaryIO,
    kind_of_event: Callable[[str], Kind[object] | None],
    envelope: Envelope | None = None,
) -> bool:
    """Judges every line of `source` into `sink`; says whether all were valid. With `envelope` lines are events."""
    all_valid = True
    for line in each_line(source):
        if envelope is None:
            line_id, errors = _judge(line, kind_of_event)
        else:
            line_id, errors = _judge_event(line, envelope, kind_of_event)
        verdict: Json = {"errors": [error.to_wire() for error in errors], "id": line_id, "valid": not errors}
        sink.write(canonical(verdict).encode() + b"\n")
        all_valid = all_valid and not errors
    return all_valid


def each_line(source: BinaryIO) -> Iterator[bytes]:
    """The lines without their ends; of one that is too long just enough to see that it is."""
    while line := source.readline(MAX_LINE + 2):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = source.readline(MAX_LINE)
        yield line.removesuffix(b"\n")


def _judge(line: bytes, kind_of_event: Callable[[str], Kind[object] | None]) -> tuple[Json, tuple[Error, ...]]:
    try:
        case = read(line, MAX_LINE)
    except ContractError as refusal:
        return None, refusal.errors
    if not isinstance(case, dict):
        return None, _type_error("object", case)
    event_type = case.get("event_type")
    kind = kind_of_event(event_type) if isinstance(event_type, str) else None
    errors = _one("union_tag") if kind is None else _judge_payload(case, kind, len(line))
    return case.get("id"), errors


def _judge_payload(case: Mapping[str, Json], kind: Kind[object], line_size: int) -> tuple[Error, ...]:
    if "payload_text" in case:
        text = case["payload_text"]
        return kind.text_errors(text) if isinstance(text, str) else _type_error("string", text)
    if "payload_base64" in case:
        encoded = case["payload_base64"]
        if not isinstance(encoded, str):
            return _type_error("string", encoded)
        try:
            return kind.text_errors(base64.b64decode(encoded, validate=True))
        except (binascii.Error, ValueError):
            return _one("format", {"format": "base64"})
    if "payload" in case:
        payload = case["payload"]
        if line_size > MAX_BYTES and len(canonical(payload).encode()) > MAX_BYTES:
            return _one("too_large")
        return kind.errors(payload)
    return _one("required")


_EVENT: Final[Place] = (ROOT, None, 1)
"""Where the members of an event stand."""


def _judge_event(
    line: bytes, envelope: Envelope, kind_of_event: Callable[[str], Kind[object] | None]
) -> tuple[Json, tuple[Error, ...]]:
    try:
        event = read(line, MAX_LINE)
    except ContractError as refusal:
        return None, refusal.errors
    if not isinstance(event, dict):
        return None, _type_error("object", event)
    event_id = None if envelope.id is None else event.get(envelope.id)
    faults = TextFaults()
    decoded = envelope.kind.check(event, faults, ROOT, None)
    # A good envelope is looked at with its defaults filled in, another one as it came.
    seen: Any = event if faults else envelope.kind.to_wire(decoded)
    event_type, payload = (seen.get(name) for name in ("event_type", "payload"))
    kind = kind_of_event(event_type) if isinstance(event_type, str) else None
    if isinstance(event_type, str) and kind is None:
        faults.add(_EVENT, "event_type", "union_tag")
    elif kind is not None and isinstance(payload, dict):
        if len(line) > MAX_BYTES and len(canonical(payload).encode()) > MAX_BYTES:
            faults.add(_EVENT, "payload", "too_large")
        else:
            kind.check(payload, faults, _EVENT, "payload")
    return event_id, faults.errors()


def _type_error(expected: str, value: Json) -> tuple[Error, ...]:
    return _one("type", {"expected": expected, "got": json_type(value)})


def _one(code: Code, params: Mapping[str, Json] | None = None) -> tuple[Error, ...]:
    return (Error(code, "", params or {}),)
