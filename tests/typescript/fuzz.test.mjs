// Random values and texts enter; canonical text reads back equal, and the text door agrees with a plain reading of the
// rules that shares no code with it.
import assert from "node:assert/strict";
import test from "node:test";

import fc from "fast-check";

import * as $ from "./build/package/dist/support/index.js";

const RUNS = { numRuns: 2000, seed: 2 };

test("canonical text reads back equal and is canonical again", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (given) => {
      const value = $.json().parse(JSON.stringify(given));
      const text = $.json().encode(value);
      assert.deepEqual($.json().parse(text), value);
      assert.equal(text, plainCanonical(value));
    }),
    RUNS,
  );
});

test("texts sort by code points", () => {
  const unit = fc.integer({ min: 0, max: 0x10ffff }).filter((point) => point < 0xd800 || point > 0xdfff);
  const text = fc.array(unit, { maxLength: 4 }).map((points) => String.fromCodePoint(...points));
  fc.assert(
    fc.property(text, text, (a, b) => {
      const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
      assert.equal(Math.sign($.compareText(a, b)), expected);
    }),
    RUNS,
  );
});

test("broken and doubled texts get the verdict of a plain reader", () => {
  const piece = fc.constantFrom(
    '{"a":',
    '{"\\u0061":',
    ",",
    "}",
    "]",
    "[",
    "1",
    "-0",
    "1e999",
    '"x"',
    '"\\ud800"',
    ":",
    '"a":2',
    " ",
    "\ufeff",
    "null",
    "\u0000",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      const result = $.readJson(text);
      assert.equal(result.ok ? "ok" : result.errors[0].code, plainVerdict(text), text);
    }),
    { ...RUNS, numRuns: 20_000 },
  );
});

test("bytes that are no UTF-8 are refused, whatever they hold", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const text = Buffer.from(bytes).toString("utf8");
      const isText = Buffer.from(text).equals(bytes);
      const result = $.readJson(bytes);
      assert.equal(!result.ok && result.errors[0].code === "bad_utf8", !isText);
    }),
    RUNS,
  );
});

function plainCanonical(value) {
  if (Array.isArray(value)) return `[${value.map(plainCanonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${plainCanonical(value[key])}`).join(",")}}`;
}

/** Slow and obvious: `JSON.parse` decides the grammar, a recursive reading of its tokens finds the rest. */
function plainVerdict(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return "bad_json";
  }
  if (hasDuplicateKey(text)) return "duplicate_key";
  if (!allTexts(value).every((part) => !/\p{Surrogate}/u.test(part))) return "lone_surrogate";
  return allNumbers(value).every(Number.isFinite) ? "ok" : "number_not_finite";
}

function hasDuplicateKey(text) {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  const open = [];
  for (const [index, token] of tokens.entries()) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (tokens[index + 1] === ":") {
      const key = JSON.parse(token);
      if (open.at(-1).has(key)) return true;
      open.at(-1).add(key);
    }
  }
  return false;
}

function allTexts(value) {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(allTexts);
  return value === null || typeof value !== "object" ? [] : Object.entries(value).flat().flatMap(allTexts);
}

function allNumbers(value) {
  if (typeof value === "number") return [value];
  return value === null || typeof value !== "object" ? [] : Object.values(value).flatMap(allNumbers);
}
