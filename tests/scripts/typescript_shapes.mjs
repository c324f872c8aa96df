// The folders of two packages, of one contract with hostile texts and of one with harmless ones, enter: whether their
// modules are the same code but for the texts, and whether the texts read back equal.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [hostile, harmless, modules] = process.argv.slice(2);
const { transformSync } = createRequire(join(modules, "x"))("esbuild");

/** Code without comments and layout; each text is an empty one. */
const shape = (folder, module) =>
  transformSync(readFileSync(join(folder, "src", `${module}.ts`), "utf8"), {
    loader: "ts",
    minifyWhitespace: true,
    charset: "ascii",
  }).code.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""');

const before = Object.keys(globalThis);
for (const { module, texts, is_identifier } of JSON.parse(readFileSync(0, "utf8"))) {
  if (!is_identifier) assert.equal(shape(hostile, module), shape(harmless, module), module);
  const exports = await import(pathToFileURL(join(hostile, "dist", `${module}.js`)).href);
  const prefix = module.toUpperCase();
  if (texts.enum_value !== undefined) {
    assert.equal(exports[`${prefix}Kind`].hostile, texts.enum_value, module);
    assert.ok(exports[`${module}KindSchema`].is(texts.enum_value), module);
    assert.deepEqual(exports[`${module}KindSets`].some, [texts.enum_value], module);
    assert.ok(exports.flowMachine.isAllowed("harmless", texts.enum_value), module);
  }
  const part = exports[`${prefix}Part`].parse(JSON.stringify({}));
  if (texts.default !== undefined) {
    assert.deepEqual([part.text, part.plain], [texts.default, texts.default], module);
    assert.equal(exports.factsTable[texts.enum_value].fact, texts.default, module);
  }
}
assert.deepEqual(Object.keys(globalThis), before, "no text ran");
