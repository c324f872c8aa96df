/** The name of a schema enters; the JSON Schema leaves. For Node: it reads the files of the package. */

import { readdirSync, readFileSync } from "node:fs";

import type { JsonObject } from "./support/index.js";

const FOLDER = /* @__PURE__ */ new URL("../schemas/", import.meta.url);
const SUFFIX = ".schema.json";

/** The names of all schemas, in order. */
export function listSchemas(): readonly string[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(SUFFIX));
  return files.map((file) => file.slice(0, -SUFFIX.length)).sort();
}

/** The schema of this name; throws a `RangeError` where there is none. */
export function loadSchema(name: string): JsonObject {
  if (!listSchemas().includes(name)) throw new RangeError(`no schema is named ${JSON.stringify(name)}`);
  return JSON.parse(readFileSync(new URL(name + SUFFIX, FOLDER), "utf8")) as JsonObject;
}
