/** What happened enters; an anomaly with typed parameters and a text for people leaves. */

import { canonical } from "./canonical.js";
import { frozen } from "./shapes.js";
import type { Params } from "./errors.js";
import { isObject, setMember, type Json } from "./json.js";

/** Something in a log that is not as it should be. Two of one kind, event and parameters are one. */
export interface Anomaly<Kind extends string = string> {
  readonly kind: Kind;
  readonly event_id: string;
  readonly params: Params;
  /** For people. May change between releases. */
  readonly message: string;
}

/** Values by the name of a parameter, in the forms that programs use. */
export type Facts = { readonly [name: string]: unknown };

/**
 * An anomaly. Holes of the text name a fact that every anomaly of the reducer carries, else one of its own; behind `=`
 * stands one of its own that shares its name with one that all carry.
 */
export function anomaly<Kind extends string>(
  kind: Kind,
  eventId: string,
  template: string,
  own: Facts,
  shared: Facts,
): Anomaly<Kind> {
  const [params, common] = [facts(own), facts(shared)];
  const message = fill(template, (hole) => {
    if (hole.startsWith("=")) return params[hole.slice(1)];
    return Object.hasOwn(common, hole) ? common[hole] : params[hole];
  });
  for (const name of Object.keys(common)) setMember(params, name, common[name]);
  return { kind, event_id: eventId, params, message };
}

/** The anomaly of a delegate, as the reducer records it that delegates. */
export function carriedOver<Kind extends string>(kind: Kind, template: string, inner: Anomaly): Anomaly<Kind> {
  const own: { readonly [name: string]: Json } = { message: inner.message, kind: inner.kind, event_id: inner.event_id };
  const message = fill(template, (hole) => {
    if (Object.hasOwn(own, hole)) return own[hole];
    return Object.hasOwn(inner.params, hole) ? inner.params[hole] : null;
  });
  return { kind, event_id: inner.event_id, params: { kind: inner.kind, params: inner.params }, message };
}

/** Those that were not recorded before. */
export function distinct<Kind extends string>(anomalies: readonly Anomaly<Kind>[]): readonly Anomaly<Kind>[] {
  const seen = new Set<string>();
  return anomalies.filter(({ kind, event_id, params }) => {
    const identity = canonical([kind, event_id, params]);
    return seen.has(identity) ? false : seen.add(identity);
  });
}

/** The value of a JSON form that every target writes: none is null, 64-bit integers are decimal strings. */
export function wire(value: unknown): Json {
  const plain = frozen(value);
  switch (typeof plain) {
    case "string":
    case "number":
    case "boolean":
      return plain;
    case "bigint":
      return String(plain);
    default:
      if (Array.isArray(plain)) return plain.map(wire);
      if (plain instanceof Map) return wireMembers(Object.fromEntries(plain));
      return isObject(plain) ? wireMembers(plain) : null;
  }
}

/** Members that are absent stay so. */
function wireMembers(members: Facts): { [name: string]: Json } {
  const written: { [name: string]: Json } = {};
  for (const name of Object.keys(members)) {
    if (members[name] !== undefined) setMember(written, name, wire(members[name]));
  }
  return written;
}

/** Each has a value: none is null. */
function facts(given: Facts): { [name: string]: Json } {
  const written: { [name: string]: Json } = {};
  for (const name of Object.keys(given)) setMember(written, name, wire(given[name]));
  return written;
}

function fill(template: string, fact: (hole: string) => Json | undefined): string {
  return template.replace(/\{([^{}]+)\}/g, (_, hole: string) => shown(fact(hole) ?? null));
}

/** A value in a text: strings as they are, a list joined, none as `null`. */
function shown(value: Json): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.map(shown).join(", ") : canonical(value);
}

/** The text at a path of a payload as received, else the default. */
export function textAt(payload: Json, path: readonly string[], otherwise: string): string {
  const found = valueAt(payload, path);
  return typeof found === "string" ? found : otherwise;
}

/** The member of an enum that the text at a path means, if any. */
export function memberAt<T extends string>(
  payload: Json,
  path: readonly string[],
  of: { member(text: string): T | undefined },
): T | null {
  const found = valueAt(payload, path);
  return typeof found === "string" ? (of.member(found) ?? null) : null;
}

function valueAt(payload: Json, path: readonly string[]): Json | undefined {
  let value: Json | undefined = payload;
  for (const key of path) {
    value = isObject(value) && Object.hasOwn(value, key) ? (value[key] as Json) : undefined;
  }
  return value;
}
