"""Every fixture of the installed package enters; that it is judged as the manifests say is asserted."""

from __future__ import annotations

import io
import json

import pytest

from .._events import find_reducer, payload_kind, validate_json
from ..support.canonical import canonical
from ..support.lines import validate_lines
from ..support.replay import replay_lines
from . import Cases, Fixture, Golden, Replays, list_fixtures, list_generated, list_generated_replays

PAYLOADS = [fixture for fixture in list_fixtures() if fixture.fixture_type != "replay"]
GENERATED = list_generated()
LOGS = [(fixture, golden) for fixture in list_fixtures() for golden in fixture.goldens]
LOG_IDS = [f"{fixture.id}-{golden.reducer}" for fixture, golden in LOGS]
REPLAYS = list_generated_replays()


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
    for case in (case for case in expected if "current" in case):
        kind = payload_kind(cases.event_type)
        assert kind is not None
        assert kind.to_json(kind.of(case["payload"])) == canonical(case["current"]), case["id"]


@pytest.mark.parametrize(("fixture", "golden"), LOGS, ids=LOG_IDS)
def test_log_is_reduced_to_its_golden(fixture: Fixture, golden: Golden) -> None:
    reducer = find_reducer(golden.reducer)
    assert reducer is not None
    told = replay_lines(reducer, io.BytesIO(fixture.content), partition=golden.partition)
    assert told.bad == ()
    assert told.state == golden.content.decode().removesuffix("\n")


@pytest.mark.parametrize("replays", REPLAYS, ids=[replays.reducer for replays in REPLAYS])
def test_generated_logs_are_reduced_as_they_say(replays: Replays) -> None:
    reducer = find_reducer(replays.reducer)
    assert reducer is not None
    for line in replays.content.splitlines():
        case = json.loads(line)
        events = [reducer.PROFILE.kind.of(event) for event in case["events"]]
        state = reducer.of_parts(events) if case.get("partition", False) else reducer.of(events)
        assert state.to_json() == canonical(case["state"]), case["id"]
