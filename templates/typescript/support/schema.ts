/** The test of a type enters; its companion leaves: the doors through which values of the type come and go. */

import { canonical } from "./canonical.js";
import { ContractError, Faults, type Fault, type Place, type Result } from "./errors.js";
import { MAX_DEPTH, type Json } from "./json.js";
import type { StandardResult, StandardSchema } from "./standard.js";
import { readJson } from "./text.js";

/**
 * The companion of a type. A value enters as text (`decode`, `parse`) or as a host value (`check`, `is`), and leaves as
 * canonical text (`encode`). Accepted values are in the form of the type: defaults filled in, aliases resolved, ids in
 * canonical spelling, typed maps as `Map`, 64-bit integers as `bigint`.
 */
export interface Schema<T> extends StandardSchema<T> {
  /** Reads JSON; all that is wrong is listed. */
  decode(text: Uint8Array | string): Result<T>;
  /** Reads JSON; throws a `ContractError` that lists all that is wrong. */
  parse(text: Uint8Array | string): T;
  /** Judges a value that a program built. `undefined` is absence. */
  check(value: unknown): Result<T>;
  /** Whether a value is accepted and has the form of the type already: no default to fill in, no alias to resolve. */
  is(value: unknown): value is T;
  /** Canonical JSON of a value; throws a `ContractError` where the contract refuses it. */
  encode(value: T): string;
  /** The bare test, for types that contain this one. */
  readonly judge: Judge<T>;
}

/**
 * The test of a type: gives the accepted value, or notes what is wrong and gives `undefined`. The value is the member
 * `key` of `parent`. `tag` is a member that belongs to the union whose variant is tested.
 */
export type Judge<T> = (
  value: unknown,
  faults: Faults,
  parent: Place | undefined,
  key: string | number,
  tag?: string,
) => T | undefined;

declare const brand: unique symbol;

/** A base type with a name: literals still fit, but an `Id` does not fit where a `Url` is meant. */
export type Branded<Base, Name extends string> = Base & { readonly [brand]?: Name };

/** Makes the companion of a type from its test. */
export function schema<T>(judge: Judge<T>): Schema<T> {
  return new Companion(judge);
}

/** A type that is put together at its first use, so that types may name each other in any order. */
export function lazy<T>(type: () => Schema<T>): Schema<T> {
  let known: Judge<T> | undefined;
  return schema((value, faults, parent, key, tag) => {
    known ??= type().judge;
    return known(value, faults, parent, key, tag);
  });
}

/** A constant, given as it stands on the wire. */
export function literal<T>(of: Schema<T>, value: Json): T {
  return demand(of.check(value));
}

/** Enters a container; none, with the fault noted, where it nests too deep or holds itself. */
export function enter(faults: Faults, parent: Place | undefined, key: string | number): Place | undefined {
  const depth = parent === undefined ? 1 : parent.depth + 1;
  return depth > MAX_DEPTH ? faults.add(parent, key, "too_deep") : { parent, key, depth };
}

class Companion<T> implements Schema<T> {
  readonly judge: Judge<T>;

  constructor(judge: Judge<T>) {
    this.judge = judge;
  }

  decode(text: Uint8Array | string): Result<T> {
    const read = readJson(text);
    return read.ok ? this.check(read.value) : read;
  }

  parse(text: Uint8Array | string): T {
    return demand(this.decode(text));
  }

  check(value: unknown): Result<T> {
    const faults = new Faults();
    const accepted = this.judge(value, faults, undefined, "");
    return faults.count === 0 ? { ok: true, value: accepted as T } : { ok: false, errors: faults.list() };
  }

  is(value: unknown): value is T {
    const faults = new Faults();
    this.judge(value, faults, undefined, "");
    return faults.count === 0 && !faults.converted;
  }

  encode(value: T): string {
    return canonical(demand(this.check(value)));
  }

  get "~standard"(): StandardSchema<T>["~standard"] {
    return { version: 1, vendor: "event-contracts", validate: (value) => standardResult(this.check(value)) };
  }
}

function demand<T>(result: Result<T>): T {
  if (!result.ok) throw new ContractError(result.errors);
  return result.value;
}

function standardResult<T>(result: Result<T>): StandardResult<T> {
  return result.ok ? { value: result.value } : { issues: result.errors.map(standardIssue) };
}

function standardIssue(fault: Fault): { readonly message: string; readonly path: readonly string[] } {
  const path = fault.path.split("/").slice(1);
  return { message: fault.code, path: path.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~")) };
}
