"""The agreement's vectors enter; that the support code decides every one of them as they say is asserted."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from vector_kinds import Maker, input_bytes

VECTORS = Path(__file__).parents[1] / "vectors"
CASES: list[dict[str, Any]] = json.loads((VECTORS / "scalars.json").read_text())
PATTERNS: list[dict[str, Any]] = json.loads((VECTORS / "patterns.json").read_text())

TEXT_CODES = {
    "too_large",
    "bad_utf8",
    "too_deep",
    "bad_json",
    "duplicate_key",
    "lone_surrogate",
    "number_not_finite",
}


def told(errors: Any) -> list[dict[str, Any]]:
    return [error.to_wire() for error in errors]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_text_door_decides_as_the_vectors_say(support: ModuleType, case: dict[str, Any]) -> None:
    kind = Maker(support).kind(case)
    assert told(kind.text_errors(input_bytes(case))) == case.get("errors", [])
    if case["valid"]:
        written = kind.to_json(kind.parse(input_bytes(case)))
        assert_canonical(case, written)
        assert kind.to_json(kind.parse(written)) == written


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.get("code") not in TEXT_CODES], ids=lambda case: case["id"]
)
def test_the_host_door_decides_the_same(support: ModuleType, case: dict[str, Any]) -> None:
    kind = Maker(support).kind(case)
    value = json.loads(input_bytes(case))
    assert told(kind.errors(value)) == case.get("errors", [])
    if case["valid"]:
        assert_canonical(case, kind.to_json(kind.of(value)))


def assert_canonical(case: dict[str, Any], written: str) -> None:
    if "canonical" in case:
        assert written == case["canonical"]
    if "canonical_sha256" in case:
        assert hashlib.sha256(written.encode()).hexdigest() == case["canonical_sha256"]


@pytest.mark.parametrize("case", [case for case in CASES if "instant" in case], ids=lambda case: case["id"])
def test_instants_are_as_the_vectors_say(support: ModuleType, case: dict[str, Any]) -> None:
    seconds, nanoseconds = support.instant(json.loads(case["text"]))
    assert {"s": str(seconds), "ns": nanoseconds} == case["instant"]


def test_formats_are_the_published_profiles(support: ModuleType) -> None:
    published = json.loads((VECTORS / "formats.json").read_text())
    formats = support.formats.FORMATS
    assert {name: {"regex": f.regex, "max_code_points": f.max_length} for name, f in formats.items()} == published


@pytest.mark.parametrize(
    "case", [case for case in PATTERNS if case["accepted_by_contract"]], ids=lambda case: case["id"]
)
def test_patterns_match_as_the_vectors_say(support: ModuleType, case: dict[str, Any]) -> None:
    kind = support.string(pattern=(case["pattern"], case["rendered"]["python"]))
    for sample in case["samples"]:
        assert (not kind.errors(sample["text"])) == sample["matches"], sample
