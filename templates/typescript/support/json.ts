/** Any host value enters; what it is in terms of JSON leaves. */

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object, kept as it was received. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** What errors call a value they did not expect; `other` is no JSON at all (a function, a `Date`, ...). */
export type Kind = "null" | "bool" | "number" | "string" | "array" | "object" | "other";

/** Deepest nesting of arrays and objects. */
export const MAX_DEPTH = 64;

/** The kind of a value. */
export function kindOf(value: unknown): Kind {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "number":
      return "number";
    case "string":
      return "string";
    case "object":
      if (Array.isArray(value)) return "array";
      return isObject(value) ? "object" : "other";
    default:
      return "other";
  }
}

/** Whether a value is an object literal (or has no prototype): instances of classes carry more than their members. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A literal of another realm (a worker, a sandbox) has that realm's `Object.prototype`, whose own prototype is null.
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** The member of an object; what it inherits is not looked at. */
export function ownMember(object: { readonly [key: string]: unknown }, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a member. A plain assignment to `__proto__` would set the prototype instead. */
export function setMember(object: { [key: string]: unknown }, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[key] = value;
  }
}
