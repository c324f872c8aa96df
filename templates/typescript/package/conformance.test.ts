/** Every fixture of the installed package enters; that it is judged as the manifests say is asserted. */

import assert from "node:assert/strict";
import test from "node:test";

import { listFixtures, listGenerated, loadFixtures } from "./fixtures.js";
import { canonical, type JsonObject } from "./support/index.js";
import { judgeLine } from "./support/lines.js";
import { payloadSchema, validate } from "./validate.js";

const categories = new Set(listFixtures().map((entry) => entry.path.split("/")[0]!));

for (const category of categories) {
  for (const fixture of [...loadFixtures(category, "valid"), ...loadFixtures(category, "invalid")]) {
    test(`${fixture.id} is judged as the manifest says`, () => {
      const errors = validate(fixture.event_type, fixture.content);
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
      const { errors, id, valid } = JSON.parse(line) as JsonObject;
      const { text } = judgeLine(new TextEncoder().encode(line), payloadSchema);
      assert.equal(text, canonical({ errors, id, valid }));
    }
  });
}
