/** A JSON value and a text enter; whether the text stands in the value leaves. */

import type { Json } from "../support/index.js";

export function mentions(value: Json, text: string): boolean {
  if (value === null || typeof value !== "object") return value === text;
  return Object.values(value).some((item) => mentions(item, text));
}
