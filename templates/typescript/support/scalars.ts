/** Bounds enter; the schemas of strings, numbers and booleans leave. Each check gives at most one fault. */

import type { Faults, Place } from "./errors.js";
import { codePoints, isBlank } from "./expressions.js";
import type { Format } from "./formats.js";
import { kindOf } from "./json.js";
import { schema, type Schema } from "./schema.js";

/** What a string has to be, checked in this order. Lengths count code points. */
export interface TextRules {
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Refuses strings of nothing but white space. */
  readonly nonBlank?: true;
  readonly format?: Format;
  /** The pattern as written in the contract, and what it means. */
  readonly pattern?: readonly [source: string, regex: RegExp];
}

/** Bounds of a number; one lower and one upper at most. */
export interface Bounds<N> {
  readonly min?: N;
  readonly exclusiveMin?: N;
  readonly max?: N;
  readonly exclusiveMax?: N;
}

/** A string of Unicode scalar values. */
export function text<T extends string = string>(rules: TextRules = {}): Schema<T> {
  const { minLength = 0, maxLength = Infinity, nonBlank, format, pattern } = rules;
  return schema((value, faults, parent, key) => {
    if (typeof value !== "string") return mistyped(value, "string", faults, parent, key);
    if (!value.isWellFormed()) return faults.add(parent, key, "lone_surrogate");
    // Units of UTF-16 decide most cases: a code point takes one or two of them.
    if (value.length < 2 * minLength && codePoints(value) < minLength) {
      return faults.add(parent, key, "min_length", { limit: minLength });
    }
    if (value.length > maxLength && codePoints(value) > maxLength) {
      return faults.add(parent, key, "max_length", { limit: maxLength });
    }
    if (nonBlank && isBlank(value)) return faults.add(parent, key, "blank");
    if (format !== undefined && (value.length > format.maxLength || !format.regex.test(value))) {
      return faults.add(parent, key, "format", { format: format.name });
    }
    if (pattern !== undefined && !pattern[1].test(value)) {
      return faults.add(parent, key, "pattern", { pattern: pattern[0] });
    }
    return (format === undefined ? value : format.canonical(value)) as T;
  });
}

/** A whole number within ±(2^53−1), however it was spelled. */
export function int<T extends number = number>(bounds: Bounds<number> = {}): Schema<T> {
  return schema((value, faults, parent, key) => {
    if (typeof value !== "number") return mistyped(value, "int", faults, parent, key);
    if (!Number.isFinite(value)) return faults.add(parent, key, "number_not_finite");
    if (!Number.isInteger(value)) return mistyped(value, "int", faults, parent, key);
    if (!Number.isSafeInteger(value)) {
      const limits = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
      return faults.add(parent, key, "int_range", limits);
    }
    return within(value, bounds, (limit) => limit, faults, parent, key) ? (unsignedZero(value) as T) : undefined;
  });
}

/** Any finite number. */
export function float<T extends number = number>(bounds: Bounds<number> = {}): Schema<T> {
  return schema((value, faults, parent, key) => {
    if (typeof value !== "number") return mistyped(value, "number", faults, parent, key);
    if (!Number.isFinite(value)) return faults.add(parent, key, "number_not_finite");
    return within(value, bounds, (limit) => limit, faults, parent, key) ? (unsignedZero(value) as T) : undefined;
  });
}

/** A 64-bit integer: a decimal string on the wire, a `bigint` here. */
export function int64<T extends bigint = bigint>(bounds: Bounds<bigint> = {}): Schema<T> {
  return wide("int64", -(2n ** 63n), 2n ** 63n - 1n, bounds);
}

/** An unsigned 64-bit integer: a decimal string on the wire, a `bigint` here. */
export function uint64<T extends bigint = bigint>(bounds: Bounds<bigint> = {}): Schema<T> {
  return wide("uint64", 0n, 2n ** 64n - 1n, bounds);
}

/** `true` or `false`. */
export function bool<T extends boolean = boolean>(): Schema<T> {
  return schema((value, faults, parent, key) =>
    typeof value === "boolean" ? (value as T) : mistyped(value, "bool", faults, parent, key),
  );
}

/** Notes that a value has another type than the one expected. */
export function mistyped(
  value: unknown,
  expected: string,
  faults: Faults,
  parent: Place | undefined,
  key: string | number,
): undefined {
  return faults.add(parent, key, "type", { expected, got: kindOf(value) });
}

/** Decimal digits of the widest 64-bit integer, with its sign. */
const WIDE_DIGITS = 20;

function wide<T extends bigint>(name: string, least: bigint, most: bigint, bounds: Bounds<bigint>): Schema<T> {
  return schema((value, faults, parent, key) => {
    let number: bigint;
    if (typeof value === "bigint") {
      number = value;
    } else {
      if (typeof value !== "string") return mistyped(value, "string", faults, parent, key);
      if (!value.isWellFormed()) return faults.add(parent, key, "lone_surrogate");
      if (!/^(?:0|-?[1-9][0-9]*)$/.test(value)) return faults.add(parent, key, "format", { format: name });
      // Longer texts are out of range without being read, which would take quadratic time.
      number = value.length > WIDE_DIGITS ? most + 1n : BigInt(value);
      faults.converted = true;
    }
    if (number < least || number > most) {
      return faults.add(parent, key, "int_range", { min: String(least), max: String(most) });
    }
    return within(number, bounds, String, faults, parent, key) ? (number as T) : undefined;
  });
}

function within<N extends number | bigint>(
  value: N,
  bounds: Bounds<N>,
  param: (limit: N) => number | string,
  faults: Faults,
  parent: Place | undefined,
  key: string | number,
): boolean {
  const { min, exclusiveMin, max, exclusiveMax } = bounds;
  if (min !== undefined && value < min) {
    faults.add(parent, key, "minimum", { limit: param(min) });
  } else if (exclusiveMin !== undefined && value <= exclusiveMin) {
    faults.add(parent, key, "minimum", { limit: param(exclusiveMin), exclusive: true });
  } else if (max !== undefined && value > max) {
    faults.add(parent, key, "maximum", { limit: param(max) });
  } else if (exclusiveMax !== undefined && value >= exclusiveMax) {
    faults.add(parent, key, "maximum", { limit: param(exclusiveMax), exclusive: true });
  } else {
    return true;
  }
  return false;
}

/** Minus zero is read as zero. */
function unsignedZero(value: number): number {
  return value === 0 ? 0 : value;
}
