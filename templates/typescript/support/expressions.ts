/** Decoded values enter; what the functions and operators of contract expressions make of them leaves. */

import { compareInstants } from "./instants.js";

/** Whether a text is none, empty or nothing but white space (U+0009 to U+000D and the space). */
export function isBlank(text: string | null | undefined): boolean {
  return text === null || text === undefined || /^[\t-\r ]*$/.test(text);
}

/** Whether two values are equal; null and absent are one value. */
export function equal(left: unknown, right: unknown): boolean {
  return (left ?? null) === (right ?? null);
}

/** Whether two date-times are one moment; none is equal to none alone. */
export function sameInstant(left: string | null | undefined, right: string | null | undefined): boolean {
  if (left === null || left === undefined || right === null || right === undefined) return equal(left, right);
  return compareInstants(left, right) === 0;
}

/** Code points of a text. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Whether a list has the item, or a map the key; null and absent are one value. */
export function contains(container: readonly unknown[] | ReadonlyMap<string, unknown>, item: unknown): boolean {
  const wanted = item ?? null;
  return container instanceof Map ? container.has(wanted) : (container as readonly unknown[]).includes(wanted);
}

/** The value of a key that is known to be there. */
export function at<V>(map: ReadonlyMap<string, V>, key: string): V {
  return map.get(key) as V;
}

/** A sum, kept within ±(2^53−1). */
export function add(left: number, right: number): number {
  return clamp(left + right);
}

/** A difference, kept within ±(2^53−1). */
export function subtract(left: number, right: number): number {
  return clamp(left - right);
}

function clamp(value: number): number {
  return Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}
