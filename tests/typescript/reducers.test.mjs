// Random events and changes enter; that reducers depend on nothing but the set of events, and that every change can be
// taken back, is asserted. The reducer is a small one of our own; those of contracts are compared with the interpreter.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";

import fc from "fast-check";

import * as $ from "./build/package/dist/support/index.js";

const RUNS = { numRuns: 500, seed: 3 };

test("digests are those of SHA-256", () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(bytes, (given) => {
      assert.equal($.sha256(given), createHash("sha256").update(given).digest("hex"));
    }),
    RUNS,
  );
  const long = new Uint8Array(1_000_003).fill(97);
  assert.equal($.sha256(long), createHash("sha256").update(long).digest("hex"));
});

test("cells hold what plain arrays and maps would, and forget what is taken back", () => {
  const key = fc.constantFrom("a", "b", "__proto__", "", "10", "9");
  const change = fc.record({ on: fc.nat(2), act: fc.nat(3), key, value: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(change), fc.array(change), (settled, taken) => {
      const journal = new $.Journal();
      const list = new $.ListCell(["a"], journal);
      const set = new $.SetCell(["b"], journal);
      const map = new $.MapCell(new Map([["a", 1]]), $.whole(), journal, 0);
      const plain = { list: ["a"], set: new Set(["b"]), map: new Map([["a", 1]]) };
      for (const one of settled) {
        changeCell([list, set, map][one.on], one);
        changePlain(plain, one);
      }
      const seen = () => [list.value, set.value, map.pairs, [...map.value], list.has("a"), list.size, map.has("a")];
      const before = seen();
      assert.deepEqual(before.slice(0, 3), [plain.list, [...plain.set].sort(), [...plain.map]]);
      journal.open();
      for (const one of taken) changeCell([list, set, map][one.on], one);
      journal.revert();
      assert.deepEqual(seen(), before);
    }),
    RUNS,
  );
});

function changeCell(cell, { act, key, value }) {
  if (cell instanceof $.MapCell) {
    if (act === 0) cell.enter(key);
    else if (act === 1) cell.put(key, value);
    else if (act === 2) cell.drop(key);
    else cell.reset(new Map([[key, value]]));
  } else if (cell instanceof $.SetCell) {
    if (act <= 1) cell.add(key);
    else if (act === 2) cell.drop(key);
    else cell.reset([key, key]);
  } else if (act === 0) cell.append(key);
  else if (act === 1) cell.appendUnique(key);
  else if (act === 2) cell.drop(key);
  else cell.reset([key, key]);
}

function changePlain(plain, { on, act, key, value }) {
  if (on === 2) {
    if (act === 0 && !plain.map.has(key)) plain.map.set(key, 0);
    else if (act === 1) plain.map.set(key, value);
    else if (act === 2) plain.map.delete(key);
    else if (act === 3) plain.map = new Map([[key, value]]);
  } else if (on === 1) {
    if (act <= 1) plain.set.add(key);
    else if (act === 2) plain.set.delete(key);
    else plain.set = new Set([key]);
  } else if (act === 3) plain.list = [key, key];
  else if (act === 2) plain.list = plain.list.toSpliced(plain.list.indexOf(key), plain.list.includes(key) ? 1 : 0);
  else if (act === 0 || !plain.list.includes(key)) plain.list.push(key);
}

const Envelope = $.record(() => [
  { name: "id", type: $.text() },
  { name: "event_type", type: $.text() },
  { name: "clock", type: $.int64() },
  { name: "payload", type: $.object() },
]);
const Payload = $.record(() => [{ name: "name", type: $.text({ maxLength: 2 }) }]);

/** Counts names; of a group with a `Void`, nothing that was `Put` counts, unless there was nothing before. */
const rules = $.rules(() => ({
  name: "names",
  version: "1.0.0",
  profile: { envelope: Envelope, id: (e) => e.id, key: (e) => [e.clock, e.id] },
  slots: {
    names: $.growingSlot($.list($.text()), [], $.growingList()),
    // The order in which keys came in is printed, and so it is saved.
    counts: $.growingSlot(
      $.map($.text(), $.int()),
      new Map(),
      $.growingMap($.whole(), 0),
      $.list($.tuple($.text(), $.int())),
    ),
  },
  payloads: [
    ["Put", Payload],
    ["Void", Payload],
  ],
  messages: { malformed: "{path}", nothing: "nothing to void", voided: "{clock}" },
  fold: (f, e) => {
    const p = f.parse(Payload);
    if (p === undefined) return false;
    if (e.event_type === "Void" && f.slots.names.size === 0) return f.reject("nothing", {});
    f.slots.names.append(p.name);
    f.slots.counts.put(p.name, $.add(f.slots.counts.enter(p.name), 1));
    return true;
  },
  state: (f) => ({ names: f.slots.names.value, counts: f.slots.counts.values, anomalies: f.anomalies() }),
  malformed: (f, _, error) => f.anomaly("malformed", { path: error.path }),
  groups: {
    turn: (_, e) => ({ group: [e.clock], isLast: e.event_type === "Void" }),
    override: { by: ["Void"], over: ["Put"], report: (f, e) => f.anomaly("voided", { clock: e.clock }) },
  },
  partition: (e) => $.keyAt(e.payload, "name", $.text()),
}));
const Incremental = $.incremental(rules);

const name = fc.constantFrom("a", "b", "é", "～", "😀", "__proto__", "too long");
const event = fc.record({
  id: fc.constantFrom("1", "2", "3", "4", "～", "😀", "a", "a-", "aa"),
  event_type: fc.constantFrom("Put", "Put", "Void", "Other"),
  clock: fc.constantFrom(0n, 1n, 2n, 9007199254740993n, 2n ** 63n - 1n),
  payload: fc.oneof(fc.record({ name }), fc.constant({})),
});
const log = fc.array(event, { maxLength: 12 });

test("the state is one of the set of events", () => {
  const logs = log.chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length })),
  );
  fc.assert(
    fc.property(logs, ([events, again]) => {
      assert.equal($.canonical($.reduce(rules, again)), $.canonical($.reduce(rules, events)));
      const parts = $.canonical($.reducePartitioned(rules, events));
      assert.equal($.canonical($.reducePartitioned(rules, again)), parts);
    }),
    RUNS,
  );
});

const inOrder = (events) =>
  events
    .map((envelope) => new $.Received(rules.profile, envelope))
    .sort($.compareEvents)
    .map(({ envelope }) => envelope);

test("a reducer that pauses comes to the same state, and takes nothing that sorts before", () => {
  fc.assert(
    fc.property(log, fc.nat(12), (events, pause) => {
      const sorted = inOrder(events);
      const first = new Incremental();
      for (const one of sorted.slice(0, pause)) first.apply(one);
      const rest = Incremental.resume(first.save());
      for (const one of sorted.slice(pause)) rest.apply(one);
      const saved = rest.save();
      assert.equal($.canonical(rest.finish()), $.canonical($.reduce(rules, events)));
      assert.throws(() => rest.apply(sorted[0]), { name: "ReplayError", reason: "finished" });
      const last = sorted.at(-1);
      if (last === undefined || last.clock === 0n) return;
      const early = { ...last, clock: -1n };
      assert.throws(() => Incremental.resume(saved).apply(early), { name: "ReplayError", reason: "order" });
    }),
    RUNS,
  );
});

test("what is no saved state is refused, and nothing else happens", () => {
  const saved = (events) => {
    const reducer = new Incremental();
    for (const one of inOrder(events)) reducer.apply(one);
    return reducer.save();
  };
  fc.assert(
    fc.property(log, fc.nat(), fc.constantFrom("", "0", '"', "{", "[]", "null", "x", "}"), (events, at, piece) => {
      const text = saved(events);
      const place = at % text.length;
      const broken = text.slice(0, place) + piece + text.slice(place + 1);
      try {
        Incremental.resume(broken).finish();
      } catch (error) {
        assert.equal(error.name, "ReplayError", error.stack);
      }
    }),
    RUNS,
  );
  const other = saved([]).replace('"reducer":"names"', '"reducer":"other"');
  assert.throws(() => Incremental.resume(other), { reason: "other_reducer" });
  const older = saved([]).replace("1.0.0", "0.9.0");
  assert.throws(() => Incremental.resume(older), { reason: "other_version" });
  for (const text of ["", "{}", "[]", '{"reducer":"names","version":"1.0.0"}', "[".repeat(300)]) {
    assert.throws(() => Incremental.resume(text), { name: "ReplayError" }, text);
  }
});

test("a hundred thousand events of one clock, and as many groups, take no more than their share of time", () => {
  const events = (count, clock) =>
    Array.from({ length: count }, (_, at) => ({
      id: String(at).padStart(6, "0"),
      event_type: at % 1000 === 0 ? "Void" : "Put",
      clock: clock(at),
      payload: { name: "a" },
    }));
  for (const clock of [() => 2n ** 63n - 1n, (at) => BigInt(at)]) {
    const time = (count) => {
      const log = events(count, clock);
      const start = process.cpuUsage();
      $.reduce(rules, log);
      return process.cpuUsage(start).user;
    };
    time(20_000);
    const [small, large] = [time(20_000), time(100_000)];
    assert.ok(large < 25 * small, `${small} and ${large} µs`);
  }
});
