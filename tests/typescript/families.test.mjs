// The modules of the lifecycle and the status of work packages enter; lanes, machines and actors are as contracts/ says.
import assert from "node:assert/strict";
import test from "node:test";

import * as contracts from "./build/package/dist/index.js";

const { Lane, MissionStatus, WPStatusChangedPayload } = contracts;
const move = (more) =>
  WPStatusChangedPayload.parse(
    JSON.stringify({
      mission_slug: "m",
      wp_id: "WP01",
      to_lane: "planned",
      actor: "ada",
      execution_mode: "worktree",
      ...more,
    }),
  );

test("constants name event types and versions", () => {
  assert.equal(contracts.WP_STATUS_CHANGED, "WPStatusChanged");
  assert.deepEqual(contracts.STATUS_EVENT_TYPES, ["WPStatusChanged"]);
  assert.deepEqual(contracts.LIFECYCLE_EVENT_TYPES, [
    "MissionStarted",
    "MissionCompleted",
    "MissionCancelled",
    "PhaseEntered",
    "ReviewRollback",
  ]);
  assert.deepEqual([contracts.LIFECYCLE_SCHEMA_VERSION, contracts.STATUS_SCHEMA_VERSION], ["1.0.0", "3.0.0"]);
});

test("lanes have an alias, an end and a place in both sync protocols", () => {
  const places = Object.values(Lane).map((lane) => [
    lane,
    contracts.laneMaps.sync_v1[lane],
    contracts.laneMaps.sync_v2[lane],
  ]);
  assert.deepEqual(places, [
    ["genesis", "planned", "planned"],
    ["planned", "planned", "planned"],
    ["claimed", "planned", "planned"],
    ["in_progress", "doing", "doing"],
    ["for_review", "for_review", "for_review"],
    ["in_review", "for_review", "for_review"],
    ["approved", "done", "approved"],
    ["done", "done", "done"],
    ["blocked", "doing", "doing"],
    ["canceled", "planned", "planned"],
  ]);
  assert.deepEqual(contracts.laneAliases, { doing: "in_progress" });
  assert.equal(move({ to_lane: "doing" }).to_lane, "in_progress");
  assert.deepEqual(contracts.laneSets.terminal, ["done", "canceled"]);
});

test("moves between lanes are judged with their payload", () => {
  const { wpLaneMachine: machine } = contracts;
  assert.deepEqual(machine.violations(null, "planned", move({})), []);
  assert.deepEqual(machine.violations("done", "planned", move({})), ["terminal_exit", "EDGE"]);
  assert.deepEqual(machine.violations("done", "planned", move({ force: true, reason: "r" })), []);
  assert.deepEqual(machine.violations("for_review", "planned", move({})), [
    "rewind_must_be_forced",
    "review_ref_missing",
  ]);
  assert.deepEqual(machine.violations("for_review", "in_progress", move({ to_lane: "doing", review_ref: "r" })), []);
});

test("an actor is a text or details", () => {
  assert.deepEqual(contracts.validate("WPStatusChanged", { ...move({}), actor: { name: "ada" } }), []);
  for (const actor of [" ", {}, 7]) {
    const [error] = contracts.validate("WPStatusChanged", { ...move({}), actor });
    assert.deepEqual([error.code, error.path], ["union_none", "/actor"]);
  }
});

test("a mission ends once", () => {
  const { missionMachine: machine } = contracts;
  const states = Object.values(MissionStatus);
  const edges = [null, ...states].flatMap((from) =>
    states.filter((to) => machine.isAllowed(from, to)).map((to) => [from, to]),
  );
  assert.deepEqual(edges, [
    [null, "active"],
    ["active", "completed"],
    ["active", "cancelled"],
  ]);
  assert.deepEqual(
    states.map((state) => machine.isTerminal(state)),
    [false, true, true],
  );
});
