/** Fields and rules enter; the schemas of records leave. */

import { MAX_FAULTS, type Faults, type Place } from "./errors.js";
import { isBlank } from "./expressions.js";
import { isObject, ownMember, type Json } from "./json.js";
import { compareText } from "./order.js";
import { mistyped } from "./scalars.js";
import { enter, schema, type Judge, type Schema } from "./schema.js";
import { ofAnyVersion, type Versions } from "./versions.js";

/** A member of a record. */
export interface Field {
  readonly name: string;
  readonly type: Schema<unknown>;
  /** Absent and null are none; none is left out. */
  readonly optional?: true;
  /** Null is none, but the key must be there; none is written as null. */
  readonly nullable?: true;
  /** Fills absence: a value as it stands on the wire. */
  readonly default?: Json;
}

/** The fields of a record or a mixin, made at first use: types may name each other in any order. */
export type Fields = () => readonly Field[];

/** A rule between the fields of a record; tested when all fields in `reads` are free of faults. */
export type Rule<T> = Demand<T> | Condition<T>;

/** When `when` holds (or always), each named field must be there, be away, or not be blank. */
export interface Demand<T> {
  readonly code: string;
  readonly reads: readonly string[];
  readonly when?: (p: T) => boolean;
  readonly require?: readonly string[];
  readonly forbid?: readonly string[];
  readonly requireNonBlank?: readonly string[];
}

/** `holds` must be true; else the fault stands at the field `at`, or at the record. */
export interface Condition<T> {
  readonly code: string;
  readonly reads: readonly string[];
  readonly holds: (p: T) => boolean;
  readonly at?: string;
}

/** What a record demands besides its fields. */
export interface RecordOptions<T> {
  /** Refuses keys that are not declared. */
  readonly closed?: true;
  readonly rules?: readonly Rule<T>[];
  /** Older versions of it. */
  readonly versions?: Versions;
}

/** An object with declared fields. */
export function record<T extends object>(fields: Fields, options: RecordOptions<T> = {}): Schema<T> {
  let table: Table | undefined;
  const judge: Judge<T> = (value, faults, parent, key, tag) => {
    if (!isObject(value)) return mistyped(value, "object", faults, parent, key);
    const place = enter(faults, parent, key);
    if (place === undefined) return undefined;
    table ??= tableOf(fields);
    const before = faults.count;
    const accepted = judgeFields(value, table, faults, place) as T;
    if (options.closed) refuseUnknown(value, table, tag, faults, place);
    if (options.rules !== undefined) judgeRules(accepted, options.rules, before, faults, place);
    return accepted;
  };
  return schema<T>(options.versions === undefined ? judge : ofAnyVersion(options.versions, judge));
}

interface Table {
  readonly fields: readonly Field[];
  readonly names: ReadonlySet<string>;
}

function tableOf(fields: Fields): Table {
  const all = fields();
  return { fields: all, names: new Set(all.map((field) => field.name)) };
}

function judgeFields(
  value: { readonly [key: string]: unknown },
  table: Table,
  faults: Faults,
  place: Place,
): { [name: string]: unknown } {
  const accepted: { [name: string]: unknown } = {};
  for (const field of table.fields) {
    const { name, type } = field;
    const member = ownMember(value, name);
    if (member === undefined) {
      if (field.default !== undefined) {
        // Judged each time: an accepted value shares nothing with another.
        accepted[name] = type.judge(field.default, faults, place, name);
        faults.converted = true;
      } else if (!field.optional) {
        faults.add(place, name, "required");
      }
    } else if (member !== null || !(field.optional || field.nullable)) {
      accepted[name] = type.judge(member, faults, place, name);
    } else if (field.nullable) {
      accepted[name] = null;
    } else {
      faults.converted = true;
    }
  }
  return accepted;
}

/** Sorted, since only so many faults are kept, and which must not depend on the order of keys. */
function refuseUnknown(
  value: { readonly [key: string]: unknown },
  table: Table,
  tag: string | undefined,
  faults: Faults,
  place: Place,
): void {
  const unknown = Object.keys(value).filter((key) => !table.names.has(key) && key !== tag && value[key] !== undefined);
  for (const key of unknown.sort(compareText).slice(0, MAX_FAULTS)) faults.add(place, key, "unknown_key");
}

function judgeRules<T extends object>(
  accepted: T,
  rules: readonly Rule<T>[],
  before: number,
  faults: Faults,
  place: Place,
): void {
  const faulty = faults.membersSince(before, place);
  const members = accepted as { readonly [name: string]: unknown };
  for (const rule of rules) {
    if (rule.reads.some((name) => faulty.has(name))) continue;
    const params = { rule: rule.code };
    if ("holds" in rule) {
      if (rule.holds(accepted)) continue;
      if (rule.at === undefined) faults.add(place.parent, place.key, "rule", params);
      else faults.add(place, rule.at, "rule", params);
    } else if (rule.when === undefined || rule.when(accepted)) {
      const broken = [
        ...(rule.require ?? []).filter((name) => isNone(members[name])),
        ...(rule.forbid ?? []).filter((name) => !isNone(members[name])),
        ...(rule.requireNonBlank ?? []).filter((name) => isBlank(members[name] as string | null | undefined)),
      ];
      for (const name of broken) faults.add(place, name, "rule", params);
    }
  }
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null;
}
