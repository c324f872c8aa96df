// Values that a program built enter the host door; what JSON could never hold is refused, absence is understood.
import assert from "node:assert/strict";
import test from "node:test";
import { runInNewContext } from "node:vm";

import * as $ from "./build/package/dist/support/index.js";

const errors = (schema, value) => schema.check(value).errors;
const fault = (code, path = "", params = {}) => ({ code, path, params });

test("numbers that JSON cannot write are refused", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    assert.deepEqual(errors($.int(), value), [fault("number_not_finite")]);
    assert.deepEqual(errors($.float(), value), [fault("number_not_finite")]);
    assert.deepEqual(errors($.json(), { a: [value] }), [fault("number_not_finite", "/a/0")]);
  }
});

test("lone surrogates are refused in texts, enums, keys and tags", () => {
  const lone = "\ud800";
  const members = $.oneOf({ a: "a" });
  assert.deepEqual(errors($.text(), lone), [fault("lone_surrogate")]);
  assert.deepEqual(errors(members, lone), [fault("lone_surrogate")]);
  assert.deepEqual(errors($.int64(), lone), [fault("lone_surrogate")]);
  assert.deepEqual(errors($.json(), { [lone]: 1 }), [fault("lone_surrogate", `/${lone}`)]);
  assert.deepEqual(errors($.map($.text(), $.json()), { [lone]: 1 }), [
    fault("map_key", `/${lone}`, { reason: "lone_surrogate" }),
  ]);
  const variants = () => ({ a: $.record(() => []) });
  assert.deepEqual(errors($.tagged("kind", members, variants), { kind: lone }), [fault("lone_surrogate", "/kind")]);
});

test("64 containers may enclose each other; a cycle is refused at the 65th", () => {
  const nested = (depth) => (depth === 0 ? 1 : [nested(depth - 1)]);
  assert.ok($.json().is(nested(64)));
  assert.deepEqual(errors($.json(), nested(65)), [fault("too_deep", "/0".repeat(64))]);

  const cycle = {};
  cycle.next = cycle;
  const node = $.record(() => [{ name: "next", type: node, optional: true }]);
  assert.deepEqual(errors(node, cycle), [fault("too_deep", "/next".repeat(64))]);
  assert.deepEqual(errors($.object(), cycle), [fault("too_deep", "/next".repeat(64))]);
});

test("undefined is absence", () => {
  const shape = $.record(() => [{ name: "a", type: $.int(), optional: true }], { closed: true });
  assert.deepEqual(shape.check({ a: undefined, b: undefined }), { ok: true, value: {} });
  assert.deepEqual(
    errors(
      $.record(() => [{ name: "a", type: $.int() }]),
      { a: undefined },
    ),
    [fault("required", "/a")],
  );
  assert.deepEqual($.object().check({ a: undefined }), { ok: true, value: {} });
  assert.deepEqual($.map($.text(), $.int(), { minItems: 1 }).check({ a: undefined }).errors, [
    fault("min_items", "", { limit: 1 }),
  ]);
});

test("what is no JSON is called other", () => {
  class Point {
    x = 1;
  }
  for (const value of [new Date(0), new Point(), () => 1, Symbol("s"), undefined, new Set(), 1n]) {
    assert.deepEqual(errors($.int(), value), [fault("type", "", { expected: "int", got: "other" })]);
    assert.deepEqual(errors($.json(), value), [fault("type", "", { expected: "json", got: "other" })]);
  }
  assert.deepEqual(errors($.object(), new Point()), [fault("type", "", { expected: "object", got: "other" })]);
});

test("literals of another realm and without prototype are objects", () => {
  assert.ok($.object().is(runInNewContext("({ a: 1 })")));
  assert.ok($.object().is(Object.assign(Object.create(null), { a: 1 })));
});

test("keys that mean something to JavaScript are data", () => {
  const text = '{"__proto__":{"a":1},"constructor":2,"toString":3}';
  assert.equal($.object().encode($.object().parse(text)), text);
  const typed = $.map($.text(), $.json()).parse(text);
  assert.deepEqual([...typed.keys()], ["__proto__", "constructor", "toString"]);
  const shape = $.record(() => [{ name: "a", type: $.int(), optional: true }]);
  assert.deepEqual(shape.parse(text), {});
  assert.equal({}.a, undefined);
});

test("bigints, maps and lists built by a program are in the form of their types", () => {
  assert.ok($.int64().is(5n));
  assert.ok(!$.int64().is("5"));
  assert.deepEqual(errors($.uint64(), -1n), [fault("int_range", "", { min: "0", max: "18446744073709551615" })]);
  const counts = $.map($.text({ format: $.uuid }), $.int());
  const id = "123e4567-e89b-12d3-a456-426614174000";
  assert.ok(counts.is(new Map([[id, 1]])));
  assert.ok(!counts.is({ [id]: 1 }));
  assert.deepEqual(errors(counts, new Map([[1, 1]])), [fault("type", "", { expected: "object", got: "other" })]);
});

test("is tells whether acceptance would change the form", () => {
  const lane = $.oneOf({ in_progress: "in_progress" }, { doing: "in_progress" });
  const shape = $.record(() => [
    { name: "lane", type: lane },
    { name: "force", type: $.bool(), default: false },
    { name: "note", type: $.text(), optional: true },
  ]);
  assert.ok(shape.is({ lane: "in_progress", force: true, more: 1 }));
  assert.ok(!shape.is({ lane: "doing", force: true }));
  assert.ok(!shape.is({ lane: "in_progress" }));
  assert.ok(!shape.is({ lane: "in_progress", force: true, note: null }));
});

test("accepted values share nothing with what they came from, nor with a default", () => {
  const given = { a: [1] };
  const kept = $.object().check(given).value;
  given.a.push(2);
  assert.deepEqual(kept, { a: [1] });
  const shape = $.record(() => [{ name: "a", type: $.list($.int()), default: [] }]);
  shape.parse("{}").a.push(1);
  assert.deepEqual(shape.parse("{}"), { a: [] });
});

test("parse and encode throw what check lists", () => {
  const expected = [fault("minimum", "", { limit: 3 })];
  for (const door of [() => $.int({ min: 3 }).parse("2"), () => $.int({ min: 3 }).encode(2)]) {
    assert.throws(door, (error) => {
      assert.ok(error instanceof $.ContractError && error instanceof Error);
      assert.deepEqual(error.errors, expected);
      assert.equal(error.message, "minimum at the root");
      return true;
    });
  }
});

test("a schema is a Standard Schema", () => {
  const { version, validate } = $.list($.map($.text(), $.int()))["~standard"];
  assert.equal(version, 1);
  assert.deepEqual(validate([{ "a/b~": 1 }]), { value: [new Map([["a/b~", 1]])] });
  assert.deepEqual(validate([{ "a/b~": true }]), { issues: [{ message: "type", path: ["0", "a/b~"] }] });
});

test("a hostile value costs no more than its first hundred faults", () => {
  const wrong = Array.from({ length: 500_000 }, () => true);
  const shape = $.record(() => [{ name: "a", type: $.list($.int()) }], { closed: true });
  const found = errors(shape, { a: wrong, b: 1 });
  assert.equal(found.length, 100);
  assert.equal(found[99].path, "/a/99");
  const keys = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, 1]));
  assert.deepEqual(
    errors(shape, { a: [], ...keys }).map((error) => error.path),
    Object.keys(keys)
      .map((key) => `/${key}`)
      .sort()
      .slice(0, 100),
  );
});
