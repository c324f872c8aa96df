// The pins enter; that node sees just those versions is asserted.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

test("node_modules holds the versions that package.json pins", () => {
  const pinned = read("package.json").devDependencies;
  const installed = Object.fromEntries(
    Object.keys(pinned).map((name) => [name, read(`node_modules/${name}/package.json`).version]),
  );
  assert.deepEqual(installed, pinned);
});
