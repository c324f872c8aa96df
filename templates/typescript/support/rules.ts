/** Types only: what a contract says about a reducer, and what the fold makes of it. */

import type { Anomaly, Facts } from "./anomalies.js";
import type { Fault } from "./errors.js";
import type { Fold } from "./fold.js";
import type { Json, JsonObject } from "./json.js";
import type { EventEnvelope, KeyPart, Profile, Received } from "./log.js";
import type { Schema } from "./schema.js";
import type { Slot } from "./shapes.js";

/** What a contract says about a reducer. */
export interface Definition<E extends EventEnvelope, S extends object, Kind extends string, State> {
  readonly name: string;
  /** The version of the contract. */
  readonly version: string;
  readonly profile: Profile<E>;
  /** What the state holds while it grows; machines too. */
  readonly slots: { readonly [name in keyof S]: Slot<unknown, S[name]> };
  /** The event types that are consumed, with their payloads. */
  readonly payloads: readonly (readonly [eventType: string, payload: Schema<unknown>])[];
  /** What anomalies say; names in braces are parameters. */
  readonly messages: { readonly [kind in Exclude<Kind, "divergent_duplicate">]: string };
  /** Folds one event; whether it was applied. */
  readonly fold: (f: Fold<E, S, Kind, State>, e: E) => boolean;
  readonly state: (f: Fold<E, S, Kind, State>) => State;
  /** Parameters that every anomaly carries. */
  readonly facts?: (e: E) => Facts;
  /** What is recorded for a payload that is refused; where it is absent, nothing is. */
  readonly malformed?: (f: Fold<E, S, Kind, State>, e: E, error: Fault) => Anomaly<Kind>;
  /** All payloads are parsed first, so that their anomalies come first. */
  readonly isEager?: true;
  readonly unknown?: Unknown<Fold<E, S, Kind, State>, E, Kind>;
  readonly groups?: Groups<Fold<E, S, Kind, State>, E, Kind>;
  readonly delegates?: readonly Delegate<E, Kind>[];
  /** What tells the entities of a log apart, where an event has it. */
  readonly partition?: (e: E) => unknown;
}

/** Event types that look like ours and are nobody's. */
export interface Unknown<F, E, Kind extends string> {
  readonly prefixes: readonly string[];
  /** Those of the contracts, and what they reserve. */
  readonly known: readonly string[];
  readonly report: (f: F, e: E) => Anomaly<Kind>;
}

/** How events that happened together are judged. */
export interface Groups<F, E, Kind extends string> {
  readonly turn: (f: F, e: E) => Turn;
  /** Guards read the state at the start of the group. */
  readonly readsStart?: true;
  readonly override?: {
    readonly by: readonly string[];
    readonly over: readonly string[];
    /** Recorded for what is left out. */
    readonly report: (f: F, e: E) => Anomaly<Kind>;
  };
}

/** Where an event stands among those that happened with it. */
export interface Turn {
  /** Events for which this is equal form a group. */
  readonly group: readonly unknown[];
  readonly isLast?: boolean;
  readonly order?: readonly KeyPart[];
}

/** A reducer that takes part of the log. */
export interface Delegate<E extends EventEnvelope, Kind extends string> {
  readonly name: string;
  readonly rules: Rules<E, unknown>;
  /** The kind under which its anomalies are recorded. */
  readonly kind: Kind;
}

/** A reducer, ready for use. */
export interface Rules<E extends EventEnvelope, State> {
  readonly name: string;
  readonly version: string;
  readonly profile: Profile<E>;
  /** Whether the contract says what tells the entities of a log apart. */
  readonly isPartitioned: boolean;
  partition(e: E): unknown;
  /** A state that has seen nothing. */
  begin(): Folding<E, State>;
}

/** How a map is printed: as an object, or its values by key or in the order in which their keys came in. */
export type PrintedForm = "value" | "valuesByKey" | "values";

/** One state that grows, whatever it holds. */
export interface Folding<E extends EventEnvelope, State> {
  /** Whether events of this type are folded here or by a delegate. */
  consumes(eventType: string): boolean;
  /** Takes the next event of the order. */
  apply(event: Received<E>): void;
  /** Notes that another content came under the id of the event that was taken as the `ordinal`th. */
  diverge(ordinal: number, id: string, kept: string, dropped: string): void;
  /** What diverged: places among the events taken, and the digests that were dropped. */
  divergent(): readonly (readonly [ordinal: number, dropped: readonly string[]])[];
  /** Folds the groups that may still grow. */
  closeGroups(): void;
  anomalies(): readonly Anomaly[];
  state(): State;
  /** The value of a slot; none where it has no such slot. */
  slotValue(name: string, form: PrintedForm): unknown;
  /** All that is needed to go on. */
  save(): JsonObject;
  /** Takes back what was saved; throws where it is not of this reducer. */
  restore(saved: Json | undefined): void;
}
