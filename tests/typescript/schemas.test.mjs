// The JSON Schemas and the fixtures of the package enter; a validator that knows nothing of us decides by the schemas
// as the companions do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import Ajv from "ajv/dist/2020.js";

import { listFixtures } from "./build/package/dist/fixtures.js";
import { payloadSchema, validate } from "./build/package/dist/index.js";
import { listSchemas, loadSchema } from "./build/package/dist/schemas.js";

// Patterns stand beside formats in our schemas: what a validator makes of a format does not matter.
const OPTIONS = { strict: false, validateFormats: false };

const fixture = (path) => readFileSync(new URL(`build/package/fixtures/${path}`, import.meta.url), "utf8");
const snake = (name) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();

/** Every payload that comes with the package: event type and value. */
function payloads() {
  const written = listFixtures().map((entry) => [entry.event_type, JSON.parse(fixture(entry.path))]);
  const made = JSON.parse(fixture("generated/manifest.json")).files.flatMap((file) =>
    fixture(file.path)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
  return [...written, ...made.filter((line) => "payload" in line).map((line) => [line.event_type, line.payload])];
}

test("another validator decides every fixture by our schemas as we do", () => {
  const ajv = new Ajv(OPTIONS);
  const compiled = new Map();
  const accepts = (eventType, payload) => {
    if (!compiled.has(eventType)) compiled.set(eventType, ajv.compile(loadSchema(snake(eventType))));
    return compiled.get(eventType)(payload);
  };
  const all = payloads();
  assert.ok(all.length > 200, `${all.length} payloads`);
  for (const [eventType, payload] of all) {
    const errors = validate(eventType, payload);
    assert.equal(accepts(eventType, payload), errors.length === 0, `${eventType} ${JSON.stringify([payload, errors])}`);
  }
});

test("every payload has a schema, and every schema is one", () => {
  const names = listSchemas();
  for (const { event_type: eventType } of listFixtures()) {
    assert.ok(names.includes(snake(eventType)), eventType);
    assert.notEqual(payloadSchema(eventType), undefined);
  }
  for (const name of names) new Ajv(OPTIONS).compile(loadSchema(name));
});
