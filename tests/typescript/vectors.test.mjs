// Every case of tests/vectors that is about values enters the doors of the support code; verdicts, errors and texts
// are those of the vectors, without exception.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";

import * as $ from "./build/package/dist/support/index.js";
import { bytesOf, cases, schemaOf } from "./lib/vectors.mjs";

test("the text door decides every case of scalars.json", () => {
  for (const row of cases("scalars.json")) {
    const result = schemaOf(row).decode(bytesOf(row));
    assertVerdict(row, result, schemaOf(row));
  }
});

test("the host door decides them alike", () => {
  const STAGE_T = new Set($.CODES.slice(0, $.CODES.indexOf("type")));
  let judged = 0;
  for (const row of cases("scalars.json")) {
    const text = $.readJson(bytesOf(row));
    if (!text.ok) {
      assert.ok(STAGE_T.has(row.code), row.id);
      continue;
    }
    assertVerdict(row, schemaOf(row).check(text.value), schemaOf(row));
    judged++;
  }
  assert.ok(judged > 800);
});

test("an accepted value is accepted again, unchanged, and has the form of its type", () => {
  for (const row of cases("scalars.json").filter((row) => row.valid)) {
    const schema = schemaOf(row);
    const { value } = schema.decode(bytesOf(row));
    assert.deepEqual(schema.check(value), { ok: true, value }, row.id);
    assert.ok(schema.is(value), row.id);
    assert.deepEqual(schema.decode(schema.encode(value)), { ok: true, value }, row.id);
  }
});

test("formats are the published regular expressions", () => {
  const published = cases("formats.json");
  for (const format of [$.dateTime, $.httpUrl, $.semver, $.ulid, $.uuid]) {
    assert.equal(format.regex.source, new RegExp(`^(?:${published[format.name].regex})$`).source);
    assert.equal(format.maxLength, published[format.name].max_code_points, format.name);
  }
});

test("patterns as rendered match what the contract says", () => {
  for (const { id, rendered, samples } of cases("patterns.json").filter((row) => row.accepted_by_contract)) {
    for (const { text, matches } of samples ?? []) {
      const schema = $.text({ pattern: ["", new RegExp(rendered.typescript, "u")] });
      assert.equal(schema.is(text), matches, `${id} on ${JSON.stringify(text)}`);
    }
  }
});

function assertVerdict(row, result, schema) {
  assert.equal(result.ok, row.valid, `${row.id}: ${JSON.stringify(result.errors)}`);
  if (!result.ok) {
    assert.deepEqual(result.errors, row.errors, row.id);
    return;
  }
  const text = schema.encode(result.value);
  if (row.canonical !== undefined) assert.equal(text, row.canonical, row.id);
  if (row.canonical_sha256 !== undefined) {
    assert.equal(createHash("sha256").update(text).digest("hex"), row.canonical_sha256, row.id);
  }
  if (row.instant !== undefined) {
    const { seconds, nanoseconds } = $.instant(result.value);
    assert.deepEqual({ s: String(seconds), ns: nanoseconds }, row.instant, row.id);
  }
}
