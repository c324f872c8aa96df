/** A fold that is not finished enters; what is needed to go on leaves, and the other way round. */

import { wire, type Anomaly } from "./anomalies.js";
import { isObject, ownMember, setMember, type Json, type JsonObject } from "./json.js";
import { Received, type EventEnvelope, type Profile } from "./log.js";
import type { Folding } from "./rules.js";
import type { Schema } from "./schema.js";
import type { Slot } from "./shapes.js";

/** Thrown where events come in the wrong order, or where what was saved cannot be taken up again. */
export class ReplayError extends Error {
  override readonly name = "ReplayError";
  readonly reason: "order" | "finished" | "not_saved" | "other_reducer" | "other_version";

  constructor(reason: ReplayError["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The parts of a fold that are saved. */
export interface FoldParts<E extends EventEnvelope> {
  readonly slots: { readonly [name: string]: Slot<unknown, unknown> };
  readonly cells: { readonly [name: string]: unknown };
  readonly fill: (name: string, value: unknown) => void;
  readonly tallies: { readonly consumed: Counted; readonly deduped: Counted };
  readonly profile: Profile<E>;
  readonly open: readonly Received<E>[];
  readonly kinds: readonly string[];
  readonly anomalies: { readonly [phase in Phase]: readonly Anomaly[] };
  readonly delegates: readonly (readonly [name: string, fold: Folding<E, unknown>])[];
}

interface Counted {
  count: number;
  last: string | null;
}

/** What is read back of a fold and not filled in yet. */
export interface ReadFold<E extends EventEnvelope> {
  readonly open: readonly Received<E>[];
  readonly anomalies: { readonly [phase in Phase]: Anomaly[] };
}

type Phase = "unknown" | "parse" | "fold";
const PHASES: readonly Phase[] = ["unknown", "parse", "fold"];

/** A fold as it is saved. */
export function writeFold<E extends EventEnvelope>(parts: FoldParts<E>): JsonObject {
  const slots: { [name: string]: Json } = {};
  for (const [name, { shape, pairs }] of Object.entries(parts.slots)) {
    const cell = parts.cells[name];
    const value = wire(pairs === undefined ? shape.freeze(cell) : (cell as { readonly pairs: unknown }).pairs);
    if (value !== null) setMember(slots, name, value);
  }
  const { consumed, deduped } = parts.tallies;
  const last: { [name: string]: Json } = {};
  if (consumed.last !== null) last["consumed"] = consumed.last;
  if (deduped.last !== null) last["deduped"] = deduped.last;
  return {
    slots,
    counts: { consumed: consumed.count, deduped: deduped.count },
    last,
    open: parts.open.map(({ envelope }) => wire(envelope)),
    anomalies: wire(parts.anomalies),
    delegates: Object.fromEntries(parts.delegates.map(([name, fold]) => [name, fold.save()])),
  };
}

/** Fills slots and delegates from what was saved; gives the rest. */
export function readFold<E extends EventEnvelope>(saved: Json | undefined, parts: FoldParts<E>): ReadFold<E> {
  const fold = objectOf(saved, ["slots", "counts", "last", "open", "anomalies", "delegates"]);
  const slots = objectOf(ownMember(fold, "slots"), Object.keys(parts.slots));
  for (const [name, { schema, pairs }] of Object.entries(parts.slots)) {
    const value = ownMember(slots, name) ?? null;
    parts.fill(name, pairs === undefined ? accepted(schema, value) : mapOf(accepted(pairs, value)));
  }
  readTallies(fold, parts.tallies);
  const anomalies = objectOf(ownMember(fold, "anomalies"), PHASES);
  const read = (phase: Phase): Anomaly[] =>
    arrayOf(ownMember(anomalies, phase)).map((value) => anomalyOf(value, parts.kinds));
  const names = parts.delegates.map(([name]) => name);
  const delegates = objectOf(ownMember(fold, "delegates"), names);
  for (const [name, inner] of parts.delegates) inner.restore(ownMember(delegates, name) as Json | undefined);
  return {
    open: arrayOf(ownMember(fold, "open")).map((value) => eventOf(parts.profile, value)),
    anomalies: { unknown: read(PHASES[0]!), parse: read(PHASES[1]!), fold: read(PHASES[2]!) },
  };
}

/** The event of an envelope that was saved. */
export function eventOf<E extends EventEnvelope>(profile: Profile<E>, value: unknown): Received<E> {
  return new Received(profile, accepted(profile.envelope, value));
}

/** An object that was saved, with no members but these, where they are given. */
export function objectOf(value: unknown, names?: readonly string[]): JsonObject {
  if (!isObject(value)) return refuse();
  const isKnown = (name: string): boolean => names === undefined || names.includes(name);
  return Object.keys(value).every(isKnown) ? (value as JsonObject) : refuse();
}

/** An array that was saved. */
export function arrayOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : refuse();
}

/** A string that was saved. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : refuse();
}

/** A number of events, or an index. */
export function countOf(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : refuse();
}

/** Says that a text is not what a reducer saved. */
export function refuse(): never {
  throw new ReplayError("not_saved", "this is not the saved state of a reducer");
}

function readTallies(fold: JsonObject, { consumed, deduped }: FoldParts<never>["tallies"]): void {
  const which = ["consumed", "deduped"];
  const counts = objectOf(ownMember(fold, "counts"), which);
  const last = objectOf(ownMember(fold, "last"), which);
  for (const [name, tally] of [["consumed", consumed] as const, ["deduped", deduped] as const]) {
    tally.count = countOf(ownMember(counts, name));
    const id = ownMember(last, name);
    tally.last = id === undefined ? null : textOf(id);
  }
}

function accepted<T>(schema: Schema<T>, value: unknown): T {
  const result = schema.check(value);
  return result.ok ? result.value : refuse();
}

function mapOf(pairs: readonly (readonly [string, unknown])[]): ReadonlyMap<string, unknown> {
  const map = new Map(pairs);
  return map.size === pairs.length ? map : refuse();
}

function anomalyOf(value: Json, kinds: readonly string[]): Anomaly {
  const anomaly = objectOf(value, ["kind", "event_id", "params", "message"]);
  const kind = textOf(ownMember(anomaly, "kind"));
  if (!kinds.includes(kind)) refuse();
  return {
    kind,
    event_id: textOf(ownMember(anomaly, "event_id")),
    params: objectOf(ownMember(anomaly, "params")),
    message: textOf(ownMember(anomaly, "message")),
  };
}
