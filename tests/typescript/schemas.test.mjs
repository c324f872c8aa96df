// The JSON Schemas and the fixtures of the package enter; a validator that knows nothing of us decides by the schemas
// as the companions do.
import assert from "node:assert/strict";
import test from "node:test";

import Ajv from "ajv/dist/2020.js";

import { listFixtures, listGenerated, loadFixtures } from "./build/package/dist/fixtures.js";
import { payloadSchema, validate } from "./build/package/dist/index.js";
import { listSchemas, loadSchema } from "./build/package/dist/schemas.js";

// Patterns stand beside formats in our schemas: what a validator makes of a format does not matter.
const OPTIONS = { strict: false, validateFormats: false };

const snake = (name) => name.replaceAll(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "_").toLowerCase();

/** Every payload that comes with the package: event type and value. */
function payloads() {
  const categories = new Set(listFixtures().map((entry) => entry.path.split("/")[0]));
  const written = [...categories].flatMap((category) => [
    ...loadFixtures(category, "valid"),
    ...loadFixtures(category, "invalid"),
  ]);
  const made = listGenerated().flatMap(({ lines }) => lines.map((line) => JSON.parse(line)));
  return [
    ...written.map((fixture) => [fixture.event_type, fixture.content]),
    ...made.filter((line) => "payload" in line).map((line) => [line.event_type, line.payload]),
  ];
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
  for (const { event_type: eventType } of listFixtures().filter((entry) => entry.fixture_type !== "replay")) {
    assert.ok(names.includes(snake(eventType)), eventType);
    assert.notEqual(payloadSchema(eventType), undefined);
  }
  for (const name of names) new Ajv(OPTIONS).compile(loadSchema(name));
});
