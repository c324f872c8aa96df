"""The committed package enters; constants, machines, classes and doors answer as `contracts/` says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pydantic
import pytest

GENERATED = Path(__file__).parents[2] / "generated/python"
sys.path.insert(0, str(GENERATED))

import event_contracts as contracts  # noqa: E402
from event_contracts import connector, sync  # noqa: E402

BASE: dict[str, Any] = {
    "connector_id": "c-1",
    "connector_type": "git",
    "provider": "github",
    "mission_id": "m-1",
    "project_uuid": "123E4567-E89B-12D3-A456-426614174000",
    "actor_id": "a-1",
    "actor_type": "service",
    "endpoint_url": "https://example.org/hook",
    "recorded_at": "2026-01-02T03:04:05.100+02:00",
}
CHECKED = {**BASE, "health_status": "healthy", "latency_ms": 42.5}


def test_constants_name_the_event_types_and_versions_of_a_family() -> None:
    assert contracts.CONNECTOR_PROVISIONED == "ConnectorProvisioned"
    assert contracts.EXTERNAL_REFERENCE_LINKED == "ExternalReferenceLinked"
    assert sorted(contracts.CONNECTOR_EVENT_TYPES) == [
        "ConnectorDegraded",
        "ConnectorHealthChecked",
        "ConnectorProvisioned",
        "ConnectorReconnected",
        "ConnectorRevoked",
    ]
    assert sorted(contracts.SYNC_EVENT_TYPES) == [
        "SyncDeadLettered",
        "SyncIngestAccepted",
        "SyncIngestRejected",
        "SyncReplayCompleted",
        "SyncRetryScheduled",
    ]
    assert contracts.CONNECTOR_SCHEMA_VERSION == contracts.SYNC_SCHEMA_VERSION == "2.7.0"
    assert contracts.SCHEMA_VERSION == "1.0.0"


def test_every_name_that_is_offered_can_be_imported() -> None:
    assert all(hasattr(contracts, name) for name in contracts.__all__)
    assert set(contracts.__all__) <= set(dir(contracts))
    with pytest.raises(AttributeError, match="has no attribute 'Missing'"):
        _ = contracts.Missing


def test_a_family_is_imported_when_it_is_first_used() -> None:
    look = "import sys, event_contracts; print([m for m in sys.modules if m.startswith('event_contracts.')])"
    imported = subprocess.run([sys.executable, "-c", look], cwd=GENERATED, capture_output=True, text=True, check=True)
    assert imported.stdout == "[]\n"


def test_payloads_come_in_by_both_doors_and_leave_as_canonical_text() -> None:
    value = contracts.ConnectorHealthCheckedPayload.parse(json.dumps({**CHECKED, "more": 1}))
    assert value == contracts.ConnectorHealthCheckedPayload.of(CHECKED)
    assert value.EVENT_TYPE == "ConnectorHealthChecked"
    assert value.project_uuid == "123e4567-e89b-12d3-a456-426614174000"
    assert value.recorded_at == BASE["recorded_at"]
    assert value.health_status is connector.HealthStatus.HEALTHY
    assert isinstance(value, connector.ConnectorBase)
    assert value.to_json().startswith('{"actor_id":"a-1","actor_type":"service",')
    assert contracts.ConnectorHealthCheckedPayload.parse(value.to_json()) == value


def test_every_required_field_is_missed() -> None:
    errors = contracts.validate("ConnectorRevoked", {})
    assert [error.path for error in errors] == [f"/{name}" for name in sorted([*BASE, "revocation_reason"])]
    assert {error.code for error in errors} == {"required"}


def test_an_undeclared_event_type_is_told() -> None:
    assert contracts.validate("Nothing", {}) == contracts.validate_json("Nothing", "{}")
    assert contracts.validate("Nothing", {})[0].to_wire() == {"code": "union_tag", "path": "", "params": {}}
    assert contracts.payload_kind("Nothing") is None


def test_a_default_is_filled_and_bounds_hold() -> None:
    counts = sync.OutcomeCounts()
    assert counts.to_wire() == dict.fromkeys(counts.to_wire(), 0)
    with pytest.raises(contracts.ContractError, match="minimum at /retry_count"):
        sync.OutcomeCounts(retry_count=-1)


def test_the_machine_knows_what_follows() -> None:
    state, lifecycle = connector.ConnectorState, connector.ConnectorLifecycle
    assert lifecycle.is_allowed(None, state.PROVISIONED)
    assert not lifecycle.is_allowed(None, state.HEALTHY)
    assert lifecycle.successors(state.HEALTHY) == (state.DEGRADED, state.REVOKED)
    assert lifecycle.violations(state.REVOKED, state.HEALTHY) == ("EDGE",)
    assert lifecycle.violations(state.REVOKED, state.RECONNECTED) == ()
    assert not any(lifecycle.is_terminal(each) for each in state)


def test_schemas_are_found_by_name() -> None:
    assert "connector_provisioned" in contracts.list_schemas()
    assert contracts.load_schema("connector_provisioned")["type"] == "object"
    with pytest.raises(KeyError, match="no schema is named 'nothing'"):
        contracts.load_schema("nothing")


class Outer(pydantic.BaseModel):
    payload: connector.ConnectorHealthCheckedPayload


def test_a_payload_is_a_field_of_another_model() -> None:
    outer = Outer.model_validate({"payload": CHECKED})
    assert outer.payload == connector.ConnectorHealthCheckedPayload.of(CHECKED)
    assert outer.model_dump()["payload"] == outer.payload.to_wire()
    assert Outer.model_validate_json(outer.model_dump_json()) == outer


def test_pydantic_tells_code_and_place_of_every_error() -> None:
    refusal = pytest.raises(pydantic.ValidationError, Outer.model_validate, {"payload": {**CHECKED, "latency_ms": -1}})
    [error] = refusal.value.errors()
    assert (error["type"], error["loc"]) == ("minimum", ("payload", "latency_ms"))
    assert error["ctx"] == {"code": "minimum", "limit": 0.0}


def test_pydantic_s_own_ways_in_lead_through_the_contract() -> None:
    payload = connector.ConnectorHealthCheckedPayload
    value = payload.of(CHECKED)
    assert payload.model_validate(CHECKED) == payload(**CHECKED) == payload.model_construct(**CHECKED) == value
    assert payload.model_validate_json(value.to_json()) == value
    with pytest.raises(contracts.ContractError, match="duplicate_key"):
        payload.model_validate_json('{"latency_ms":1,"latency_ms":1}')
    with pytest.raises(contracts.ContractError, match="required"):
        payload.model_construct()
    with pytest.raises(contracts.ContractError, match="type at /latency_ms"):
        value.model_copy(update={"latency_ms": "1"})
    assert value.model_dump(mode="json") == value.to_wire()


def test_pydantic_gets_the_schema_of_the_contract() -> None:
    schema = pydantic.TypeAdapter(list[connector.ConnectorHealthCheckedPayload]).json_schema()
    ours = contracts.load_schema("connector_health_checked")
    assert schema["items"]["required"] == ours["required"]
    provider = schema["items"]["properties"]["provider"]
    assert provider == {**ours["$defs"]["Id"], "description": provider["description"]}
    assert provider["minLength"] == 1
    assert "$ref" not in json.dumps(schema)
