// The TypeScript of README.md enters; that each line gives what stands behind it is asserted.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import test from "node:test";

test("every line gives what stands behind it", async () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const [, shown] = readme.match(/^```ts\n(.*?)^```$/ms);
  const told = [];
  const lines = shown.split("\n").map((line) => {
    const [, code, value] = line.match(/^(.*); \/\/ (.*)$/) ?? [];
    if (code === undefined) return line;
    told.push(value);
    return `found.push(String(${code}));`;
  });
  // Inside the package its own name can be imported.
  const module = new URL("build/package/readme.mjs", import.meta.url);
  writeFileSync(module, `export const found = [];\n${lines.join("\n")}`);
  assert.ok(told.length > 0);
  assert.deepEqual((await import(module)).found, told);
});
