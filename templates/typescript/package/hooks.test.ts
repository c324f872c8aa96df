/** Every vector of a hook enters; that the hook answers as it says is asserted. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";

import * as $ from "./support/index.js";
import * as $hooks from "./hooks/index.js";
// FAMILIES

interface Vector {
  readonly hook: string;
  readonly args: readonly $.Json[];
  readonly returns: $.Json;
}

type Hooks = { readonly [hook: string]: (args: readonly $.Json[]) => string };

// HOOKS

const file = new URL("../fixtures/generated/hooks.json", import.meta.url);
const { vectors } = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as { readonly vectors: readonly Vector[] })
  : { vectors: [] };

for (const [at, { hook, args, returns }] of vectors.entries()) {
  test(`${hook} answers vector ${at} as it says`, () => {
    assert.equal(HOOKS[hook]!(args), $.canonical(returns));
  });
}
