/** Versions of a record enter; a test leaves that accepts older values too, and brings them up to the current one. */

import type { Faults, Place } from "./errors.js";
import { isObject, ownMember, setMember, type JsonObject } from "./json.js";
import { int, mistyped } from "./scalars.js";
import { enter, type Judge, type Schema } from "./schema.js";

/** The versions of a record. */
export interface Versions {
  /** The key that holds the version of a value. */
  readonly member: string;
  readonly current: number;
  /** The version of a value that does not say one. */
  readonly absent?: number;
  /** How each older version becomes the next, from version 1; made at first use. */
  readonly upcasts: () => readonly Upcast[];
}

/** How one version becomes the next. */
export interface Upcast {
  /** What this version was. */
  readonly shape: Schema<unknown>;
  /** The members of the next version, but for the version. */
  readonly change: (older: unknown) => { readonly [key: string]: unknown };
}

/** A step to the next version. */
export function upcast<T>(shape: Schema<T>, change: (p: T) => { readonly [key: string]: unknown }): Upcast {
  return { shape, change: (older) => change(older as T) };
}

/** A step that was written by hand. */
export function upcastBy<T>(shape: Schema<T>, hook: (payload: JsonObject) => JsonObject): Upcast {
  return upcast(shape, (p) => hook(JSON.parse(shape.encode(p)) as JsonObject));
}

/**
 * The test of a record of any version. An older value is judged by the shape that its version had; what a step makes of
 * it is judged as if it had come so.
 */
export function ofAnyVersion<T>(versions: Versions, current: Judge<T>): Judge<T> {
  const { member } = versions;
  const known = int({ min: 1, max: versions.current });
  let upcasts: readonly Upcast[] | undefined;
  const judge: Judge<T> = (value, faults, parent, key) => {
    if (!isObject(value)) return mistyped(value, "object", faults, parent, key);
    const place = enter(faults, parent, key);
    if (place === undefined) return undefined;
    const version = versionOf(ownMember(value, member), versions, known, faults, place);
    if (version === undefined) return undefined;
    if (version === versions.current) return current(value, faults, parent, key);
    upcasts ??= versions.upcasts();
    const { shape, change } = upcasts[version - 1]!;
    const before = faults.count;
    const older = shape.judge(without(value, member), faults, parent, key);
    if (faults.count > before) return undefined;
    faults.converted = true;
    return judge({ ...change(older), [member]: version + 1 }, faults, parent, key);
  };
  return judge;
}

function versionOf(
  said: unknown,
  versions: Versions,
  known: Schema<number>,
  faults: Faults,
  place: Place,
): number | undefined {
  if (said !== undefined) return known.judge(said, faults, place, versions.member);
  return versions.absent ?? faults.add(place, versions.member, "required");
}

function without(value: { readonly [key: string]: unknown }, member: string): { [key: string]: unknown } {
  const rest: { [key: string]: unknown } = {};
  for (const [key, each] of Object.entries(value)) {
    if (key !== member) setMember(rest, key, each);
  }
  return rest;
}
