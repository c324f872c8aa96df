/** Every fixture of the installed package enters; that it is judged as the manifests say is asserted. */

import assert from "node:assert/strict";
import test from "node:test";

import { listFixtures, listGenerated, listReplays, loadFixtures } from "./fixtures.js";
import { replayLines } from "./replay.js";
import { canonical, type JsonObject } from "./support/index.js";
import { judgeLine } from "./support/lines.js";
import { payloadSchema, validate } from "./validate.js";

const categories = new Set(listFixtures().map((entry) => entry.path.split("/")[0]!));

for (const category of categories) {
  for (const fixture of [...loadFixtures(category, "valid"), ...loadFixtures(category, "invalid")]) {
    test(`${fixture.id} is judged as the manifest says`, () => {
      const errors = validate(fixture.event_type ?? "", fixture.content);
      assert.equal(errors.length === 0, fixture.expected_result === "valid");
      if (fixture.expected_errors !== undefined) {
        const found = errors.map(({ code, path }) => ({ code, path }));
        assert.deepEqual(found, fixture.expected_errors);
      }
    });
  }
}

for (const { event_type, lines } of listGenerated()) {
  test(`the cases made for ${event_type} come back as they say`, () => {
    for (const line of lines) {
      const { errors, id, valid, payload, current } = JSON.parse(line) as JsonObject;
      const { text } = judgeLine(new TextEncoder().encode(line), payloadSchema);
      assert.equal(text, canonical({ errors, id, valid }));
      if (current === undefined) continue;
      const schema = payloadSchema(event_type)!;
      assert.equal(schema.encode(schema.parse(canonical(payload))), canonical(current));
    }
  });
}

for (const { id, reducer, partition, lines, state } of listReplays()) {
  test(`${id} is reduced by ${reducer} as its golden says`, () => {
    const encoder = new TextEncoder();
    const log = lines.map((line) => encoder.encode(line));
    for (const order of [log, log.toReversed(), [...log, ...log]]) {
      const replayed = replayLines(reducer, order, { partition });
      assert.deepEqual(replayed.bad, []);
      assert.equal(replayed.state, state);
    }
  });
}
