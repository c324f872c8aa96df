/** Faults found on the way through a value enter; the ordered list of errors that every target gives leaves. */

import { canonical } from "./canonical.js";
import type { Json } from "./json.js";
import { compareText } from "./order.js";

/** Every code there is, in the order in which errors at one path are listed. */
export const CODES = [
  "too_large",
  "bad_utf8",
  "too_deep",
  "bad_json",
  "duplicate_key",
  "lone_surrogate",
  "number_not_finite",
  "type",
  "int_range",
  "minimum",
  "maximum",
  "min_length",
  "max_length",
  "blank",
  "format",
  "pattern",
  "enum",
  "required",
  "unknown_key",
  "map_key",
  "min_items",
  "max_items",
  "tuple_length",
  "unique_items",
  "union_tag",
  "union_none",
  "rule",
] as const;

/** What was wrong with a value. */
export type Code = (typeof CODES)[number];

/** Facts of an error: limits and names, never prose. */
export type Params = { readonly [name: string]: Json };

/** One error of a refused value: the same in every language. */
export interface Fault {
  readonly code: Code;
  /** JSON Pointer to the value at fault; `required` and `unknown_key` name the member. */
  readonly path: string;
  readonly params: Params;
}

/** What a door gives: the accepted value, or everything that is wrong with the one it got. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly Fault[] };

/** Thrown where a value is demanded that the contract refuses. */
export class ContractError extends Error {
  override readonly name = "ContractError";
  /** Everything that is wrong with the value. */
  readonly errors: readonly Fault[];

  constructor(errors: readonly Fault[]) {
    super(errors.map((fault) => `${fault.code} at ${fault.path === "" ? "the root" : fault.path}`).join("; "));
    this.errors = errors;
  }
}

/** A container on the way to a value. Linked, so that a path is only written out where something is wrong. */
export interface Place {
  readonly parent: Place | undefined;
  readonly key: string | number;
  /** How many containers enclose the values in it, itself included. */
  readonly depth: number;
}

/** Most errors that are kept. */
export const MAX_FAULTS = 100;

/** Collects what is wrong with one value. */
export class Faults {
  /** Whether acceptance gave another value than it got: an alias resolved, a default filled in, a `Map` made. */
  converted = false;
  readonly #found: Found[] = [];

  /** How many were found. */
  get count(): number {
    return this.#found.length;
  }

  /** Notes a fault of the member `key` of the container `parent` (none: of the root). */
  add(parent: Place | undefined, key: string | number, code: Code, params: Params = {}): undefined {
    this.#found.push({ parent, key, code, params });
  }

  /** The code found first. */
  get first(): Code | undefined {
    return this.#found[0]?.code;
  }

  /** The members of the container that have a fault, or hold one, among those found since `start`. */
  membersSince(start: number, container: Place): ReadonlySet<string | number> {
    const faulty = new Set<string | number>();
    for (let i = start; i < this.#found.length; i++) {
      let { parent, key }: { parent: Place | undefined; key: string | number } = this.#found[i]!;
      while (parent !== undefined && parent !== container) ({ parent, key } = parent);
      if (parent === container) faulty.add(key);
    }
    return faulty;
  }

  /** The errors in order, as many as are kept. */
  list(): readonly Fault[] {
    const ranked = this.#found.map((found) => ({
      found,
      path: pathOf(found),
      rank: CODES.indexOf(found.code),
      params: canonical(found.params),
    }));
    ranked.sort((a, b) => comparePaths(a.path, b.path) || a.rank - b.rank || compareText(a.params, b.params));
    return ranked.slice(0, MAX_FAULTS).map(({ found, path }) => ({
      code: found.code,
      path: pointer(path),
      params: found.params,
    }));
  }
}

interface Found {
  readonly parent: Place | undefined;
  readonly key: string | number;
  readonly code: Code;
  readonly params: Params;
}

type Path = readonly (string | number)[];

function pathOf(found: Found): Path {
  const path: (string | number)[] = [];
  let { parent, key }: { parent: Place | undefined; key: string | number } = found;
  while (parent !== undefined) {
    path.push(key);
    ({ parent, key } = parent);
  }
  return path.reverse();
}

/** Array indices as numbers, keys by code point, a parent before its children. */
function comparePaths(left: Path, right: Path): number {
  const common = Math.min(left.length, right.length);
  for (let i = 0; i < common; i++) {
    const a = left[i]!;
    const b = right[i]!;
    const order = typeof a === "number" && typeof b === "number" ? a - b : compareText(String(a), String(b));
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function pointer(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
