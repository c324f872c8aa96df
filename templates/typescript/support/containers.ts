/** The schemas of items enter; the schemas of options, lists, sets, maps and tuples leave. */

import { canonical } from "./canonical.js";
import { Faults, MAX_FAULTS, type Place } from "./errors.js";
import { isObject } from "./json.js";
import { compareText } from "./order.js";
import { mistyped } from "./scalars.js";
import { enter, schema, type Judge, type Schema } from "./schema.js";

/** How many items a container may hold. */
export interface Items {
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A typed map. Contracts may call a type of theirs `ReadonlyMap`, but none has a `$` in front. */
export interface MapOf<K, V> extends ReadonlyMap<K, V> {}

/** A value or none; none is null. */
export function opt<T>(of: Schema<T>): Schema<T | null> {
  return schema<T | null>((value, faults, parent, key) => {
    if (value === undefined) faults.converted = true;
    return value === null || value === undefined ? null : of.judge(value, faults, parent, key);
  });
}

/** Any number of values, in order. */
export function list<T>(of: Schema<T>, items: Items = {}): Schema<readonly T[]> {
  return schema<readonly T[]>((value, faults, parent, key) => {
    const place = enterArray(value, items, faults, parent, key);
    return place === undefined ? undefined : judgeItems(value as unknown[], of.judge, faults, place);
  });
}

/** Values that differ in canonical form; kept in the order of their canonical texts. */
export function set<T>(of: Schema<T>, items: Items = {}): Schema<readonly T[]> {
  return schema<readonly T[]>((value, faults, parent, key) => {
    const place = enterArray(value, items, faults, parent, key);
    if (place === undefined) return undefined;
    const members = new Map<string, T>();
    const judge: Judge<T> = (item, faults, place, index) => {
      const before = faults.count;
      const member = of.judge(item, faults, place, index) as T;
      if (faults.count > before) return undefined;
      const text = canonical(member);
      if (members.has(text)) return faults.add(place, index, "unique_items");
      members.set(text, member);
      return member;
    };
    judgeItems(value as unknown[], judge, faults, place);
    return [...members.keys()].sort(compareText).map((text) => members.get(text) as T);
  });
}

/** Exactly these, in order. */
export function tuple<T extends readonly unknown[]>(
  ...of: { readonly [I in keyof T]: Schema<T[I]> }
): Schema<Readonly<T>> {
  return schema<Readonly<T>>((value, faults, parent, key) => {
    if (!Array.isArray(value)) return mistyped(value, "array", faults, parent, key);
    if (value.length !== of.length) return faults.add(parent, key, "tuple_length", { limit: of.length });
    const place = enter(faults, parent, key);
    if (place === undefined) return undefined;
    return of.map((item, index) => item.judge(value[index], faults, place, index)) as unknown as Readonly<T>;
  });
}

/** Typed keys to values: an object on the wire, a `Map` here, since any text may be a key. */
export function map<K extends string, V>(keys: Schema<K>, values: Schema<V>, items: Items = {}): Schema<MapOf<K, V>> {
  return schema<MapOf<K, V>>((value, faults, parent, key) => {
    const members = membersOf(value);
    if (members === undefined) return mistyped(value, "object", faults, parent, key);
    const place = enter(faults, parent, key);
    if (place === undefined) return undefined;
    if (!(value instanceof Map)) faults.converted = true;
    countItems(members.size, items, faults, parent, key);
    const before = faults.count;
    const accepted = new Map<K, V>();
    for (const name of [...members.keys()].sort(compareText)) {
      if (faults.count - before >= MAX_FAULTS) break;
      const canonicalKey = judgeKey(name, keys, accepted, faults, place);
      if (canonicalKey !== undefined) {
        accepted.set(canonicalKey, values.judge(members.get(name), faults, place, name) as V);
      }
    }
    return accepted;
  });
}

/** The key in canonical form; none, with the fault noted, where it is bad or stands there already. */
function judgeKey<K extends string>(
  name: string,
  keys: Schema<K>,
  accepted: ReadonlyMap<K, unknown>,
  faults: Faults,
  place: Place,
): K | undefined {
  const ofKey = new Faults();
  const key = keys.judge(name, ofKey, undefined, "") as K;
  const reason = ofKey.first ?? (accepted.has(key) ? "unique_items" : undefined);
  if (ofKey.converted) faults.converted = true;
  return reason === undefined ? key : faults.add(place, name, "map_key", { reason });
}

/** The members of a `Map` with text keys or of an object, without those that are absent. */
function membersOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  let entries: [unknown, unknown][];
  if (value instanceof Map) entries = [...value];
  else if (isObject(value)) entries = Object.entries(value);
  else return undefined;
  const present = entries.filter((entry): entry is [string, unknown] => entry[1] !== undefined);
  return present.every(([key]) => typeof key === "string") ? new Map(present) : undefined;
}

function enterArray(
  value: unknown,
  items: Items,
  faults: Faults,
  parent: Place | undefined,
  key: string | number,
): Place | undefined {
  if (!Array.isArray(value)) return mistyped(value, "array", faults, parent, key);
  const place = enter(faults, parent, key);
  if (place !== undefined) countItems(value.length, items, faults, parent, key);
  return place;
}

function countItems(
  count: number,
  { minItems, maxItems }: Items,
  faults: Faults,
  parent: Place | undefined,
  key: string | number,
): void {
  if (minItems !== undefined && count < minItems) faults.add(parent, key, "min_items", { limit: minItems });
  else if (maxItems !== undefined && count > maxItems) faults.add(parent, key, "max_items", { limit: maxItems });
}

/** Stops once the items gave as many faults as are kept: those of later items would sort behind them. */
function judgeItems<T>(value: readonly unknown[], judge: Judge<T>, faults: Faults, place: Place): T[] {
  const accepted: T[] = [];
  const before = faults.count;
  for (let index = 0; index < value.length && faults.count - before < MAX_FAULTS; index++) {
    accepted.push(judge(value[index], faults, place, index) as T);
  }
  return accepted;
}
