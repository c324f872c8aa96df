/** Entries of the old book enter; visits leave. */

import type { JsonObject } from "../support/index.js";

export function visitOfEntry({ number }: JsonObject): JsonObject {
  return number === undefined ? {} : { badge: number, visitor: number };
}
