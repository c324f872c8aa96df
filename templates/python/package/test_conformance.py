"""Every fixture of the installed package enters; that it is judged as the manifests say is asserted."""

from __future__ import annotations

import io
import json

import pytest

from .._events import payload_kind, validate_json
from ..support.canonical import canonical
from ..support.lines import validate_lines
from . import Cases, Fixture, list_fixtures, list_generated

PAYLOADS = [fixture for fixture in list_fixtures() if fixture.fixture_type != "replay"]
GENERATED = list_generated()


@pytest.mark.parametrize("fixture", PAYLOADS, ids=[fixture.id for fixture in PAYLOADS])
def test_fixture_is_judged_as_the_manifest_says(fixture: Fixture) -> None:
    errors = validate_json(fixture.event_type, fixture.content)
    assert (not errors) == (fixture.fixture_type == "valid")
    if fixture.expected_errors is not None:
        assert tuple((error.code, error.path) for error in errors) == fixture.expected_errors


@pytest.mark.parametrize("cases", GENERATED, ids=[cases.event_type for cases in GENERATED])
def test_generated_cases_come_back_as_they_say(cases: Cases) -> None:
    told = io.BytesIO()
    validate_lines(io.BytesIO(cases.content), told, payload_kind)
    expected = [json.loads(line) for line in cases.content.splitlines()]
    wanted = [canonical({key: case[key] for key in ("errors", "id", "valid")}) for case in expected]
    assert told.getvalue().decode().splitlines() == wanted
