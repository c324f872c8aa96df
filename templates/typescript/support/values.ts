/** Nothing enters; the schemas of `json` and `object`, which keep what they get, leave. */

import { MAX_FAULTS, type Faults, type Place } from "./errors.js";
import { isObject, kindOf, setMember, type Json, type JsonObject } from "./json.js";
import { mistyped } from "./scalars.js";
import { enter, schema, type Schema } from "./schema.js";

/** Any JSON value. */
export function json(): Schema<Json> {
  return schema(keep);
}

/** Any JSON object. */
export function object(): Schema<JsonObject> {
  return schema<JsonObject>((value, faults, parent, key) =>
    isObject(value) ? (keep(value, faults, parent, key) as JsonObject) : mistyped(value, "object", faults, parent, key),
  );
}

/** A copy, so that nobody changes an accepted value from outside; a host value is checked to be JSON on the way. */
function keep(value: unknown, faults: Faults, parent: Place | undefined, key: string | number): Json | undefined {
  switch (kindOf(value)) {
    case "null":
    case "bool":
      return value as null | boolean;
    case "string":
      return (value as string).isWellFormed() ? (value as string) : faults.add(parent, key, "lone_surrogate");
    case "number":
      if (!Number.isFinite(value)) return faults.add(parent, key, "number_not_finite");
      return value === 0 ? 0 : (value as number);
    case "array":
      return keepItems(value as unknown[], faults, enter(faults, parent, key));
    case "object":
      return keepMembers(value as { [key: string]: unknown }, faults, enter(faults, parent, key));
    case "other":
      return mistyped(value, "json", faults, parent, key);
  }
}

function keepItems(value: readonly unknown[], faults: Faults, place: Place | undefined): Json[] {
  const kept: Json[] = [];
  const before = faults.count;
  if (place === undefined) return kept;
  for (let index = 0; index < value.length && faults.count - before < MAX_FAULTS; index++) {
    kept.push(keep(value[index], faults, place, index)!);
  }
  return kept;
}

function keepMembers(value: { readonly [key: string]: unknown }, faults: Faults, place: Place | undefined): JsonObject {
  const kept: { [key: string]: Json } = {};
  if (place === undefined) return kept;
  for (const name of Object.keys(value)) {
    if (value[name] === undefined) faults.converted = true;
    else if (name.isWellFormed()) setMember(kept, name, keep(value[name], faults, place, name));
    else faults.add(place, name, "lone_surrogate");
  }
  return kept;
}
