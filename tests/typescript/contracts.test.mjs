// The modules of the families enter; constants, machines, doors and texts answer as contracts/ says.
import assert from "node:assert/strict";
import test from "node:test";

import * as contracts from "./build/package/dist/index.js";

const connectorBase = {
  connector_id: "c-1",
  connector_type: "git",
  provider: "github",
  mission_id: "m-1",
  project_uuid: "123E4567-E89B-12D3-A456-426614174000",
  actor_id: "a-1",
  actor_type: "service",
  endpoint_url: "https://example.org/hook",
  recorded_at: "2026-01-02T03:04:05.100+02:00",
};

test("constants name the event types and versions of a family", () => {
  assert.equal(contracts.CONNECTOR_PROVISIONED, "ConnectorProvisioned");
  assert.equal(contracts.EXTERNAL_REFERENCE_LINKED, "ExternalReferenceLinked");
  assert.deepEqual(contracts.CONNECTOR_EVENT_TYPES, [
    "ConnectorProvisioned",
    "ConnectorHealthChecked",
    "ConnectorDegraded",
    "ConnectorRevoked",
    "ConnectorReconnected",
  ]);
  assert.deepEqual(contracts.SYNC_EVENT_TYPES, [
    "SyncIngestAccepted",
    "SyncIngestRejected",
    "SyncRetryScheduled",
    "SyncDeadLettered",
    "SyncReplayCompleted",
  ]);
  assert.deepEqual([contracts.CONNECTOR_SCHEMA_VERSION, contracts.SYNC_SCHEMA_VERSION], ["2.7.0", "2.7.0"]);
  assert.equal(contracts.SCHEMA_VERSION, "1.0.0");
});

test("payloads come in by both doors and leave as canonical text", () => {
  const payload = { ...connectorBase, health_status: "healthy", latency_ms: 42.5, more: 1 };
  const { ConnectorHealthCheckedPayload } = contracts;
  const value = ConnectorHealthCheckedPayload.parse(JSON.stringify(payload));
  assert.equal(value.project_uuid, "123e4567-e89b-12d3-a456-426614174000");
  assert.equal(value.recorded_at, connectorBase.recorded_at);
  assert.ok(!("more" in value));
  assert.deepEqual(ConnectorHealthCheckedPayload.check(payload), { ok: true, value });
  const text = ConnectorHealthCheckedPayload.encode(value);
  assert.ok(text.startsWith('{"actor_id":"a-1","actor_type":"service",'));
  assert.deepEqual(ConnectorHealthCheckedPayload.parse(text), value);
});

test("every required field is missed", () => {
  const { errors } = contracts.ConnectorRevokedPayload.decode("{}");
  const fields = [...Object.keys(connectorBase), "revocation_reason"].sort();
  assert.deepEqual(
    errors,
    fields.map((field) => ({ code: "required", path: `/${field}`, params: {} })),
  );
});

test("the envelope fills in what may be absent", () => {
  const ulid = "01J0000000000000000000000A";
  const given = {
    event_id: ulid.toLowerCase(),
    event_type: "X",
    aggregate_id: "a",
    timestamp: "2026-01-02T03:04:05Z",
    node_id: "n",
    lamport_clock: 0,
    project_uuid: connectorBase.project_uuid,
    correlation_id: ulid,
    causation_id: null,
  };
  const envelope = contracts.Envelope.parse(JSON.stringify(given));
  assert.equal(envelope.event_id, ulid);
  assert.deepEqual([envelope.payload, envelope.schema_version, envelope.data_tier], [{}, "1.0.0", 0]);
  assert.ok(!("causation_id" in envelope));
});

test("validate answers for an event type, payloadSchema with its companion", () => {
  assert.deepEqual(contracts.validate("ConnectorRevoked", { ...connectorBase, revocation_reason: "x" }), []);
  assert.deepEqual(contracts.validate("ConnectorRevoked", []), [
    { code: "type", path: "", params: { expected: "object", got: "array" } },
  ]);
  assert.deepEqual(contracts.validate("Unheard", {}), [{ code: "union_tag", path: "", params: {} }]);
  assert.equal(contracts.payloadSchema("ConnectorRevoked"), contracts.ConnectorRevokedPayload);
  assert.equal(contracts.payloadSchema("toString"), undefined);
});

test("the connector's machine has the edges of its contract", () => {
  const { connectorLifecycleMachine: machine, ConnectorState } = contracts;
  const states = Object.values(ConnectorState);
  const edges = [null, ...states].flatMap((from) =>
    states.filter((to) => machine.isAllowed(from, to)).map((to) => `${from} ${to}`),
  );
  assert.equal(edges.length, 1 + 3 + 2 + 3 + 1 + 3);
  assert.deepEqual(machine.successors(null), ["provisioned"]);
  assert.deepEqual(machine.successors("degraded"), ["healthy", "revoked", "reconnected"]);
  assert.deepEqual(machine.violations("revoked", "healthy"), ["EDGE"]);
  assert.deepEqual(machine.violations("revoked", "reconnected"), []);
  assert.ok(states.every((state) => !machine.isTerminal(state)));
});
