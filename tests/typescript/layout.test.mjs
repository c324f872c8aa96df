// The generated sources enter; they are laid out as a formatter would lay them out, and no line is longer than 120.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";

import { check } from "prettier";

const SOURCES = new URL("../../generated/typescript/src/", import.meta.url);

test("every source is as prettier would write it", async () => {
  const sources = readdirSync(SOURCES, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".ts"));
  assert.ok(sources.length > 10);
  for (const file of sources) {
    const text = readFileSync(new URL(file, SOURCES), "utf8");
    assert.ok(await check(text, { parser: "typescript", printWidth: 120 }), file);
    assert.ok(!text.split("\n").some((line) => line.length > 120), file);
  }
});
