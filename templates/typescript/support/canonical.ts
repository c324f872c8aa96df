/** A decoded value enters; its canonical JSON text leaves. */

import { isObject } from "./json.js";
import { sortTexts } from "./order.js";

/**
 * Canonical JSON: no spaces, members by code point of their key, numbers in the layout of ECMAScript, `bigint` as a
 * decimal string, `Map` as an object. Members that are `undefined` are absent.
 */
export function canonical(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return value === 0 ? "0" : String(value);
    case "bigint":
      return `"${value}"`;
    case "boolean":
      return value ? "true" : "false";
    default:
      if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
      if (value instanceof Map) return members(value.keys(), (key) => value.get(key));
      if (isObject(value)) return members(Object.keys(value), (key) => value[key]);
      return "null";
  }
}

function members(keys: Iterable<string>, valueOf: (key: string) => unknown): string {
  const written: string[] = [];
  for (const key of sortTexts([...keys])) {
    const value = valueOf(key);
    if (value !== undefined) written.push(`${JSON.stringify(key)}:${canonical(value)}`);
  }
  return `{${written.join(",")}}`;
}
