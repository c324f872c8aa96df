/** Envelopes enter; events that can be ordered and told from others leave. */

import { canonical } from "./canonical.js";
import type { Instant } from "./instants.js";
import { isObject, ownMember, type Json } from "./json.js";
import { compareText } from "./order.js";
import type { Schema } from "./schema.js";
import { sha256 } from "./sha256.js";

/** What every envelope has. */
export interface EventEnvelope {
  readonly event_type: string;
  /** As it was received. */
  readonly payload: Json;
}

/** A part of a sort key. */
export type KeyPart = number | bigint | string | Instant;

/** How the events of a log are read and ordered. */
export interface Profile<E extends EventEnvelope> {
  readonly envelope: Schema<E>;
  /** What identifies an event. */
  id(e: E): string;
  /** What orders events, most significant first. Behind it comes their content. */
  key(e: E): readonly KeyPart[];
}

/** Makes a profile. */
export function profile<E extends EventEnvelope>(of: Profile<E>): Profile<E> {
  return of;
}

const ENCODER = /* @__PURE__ */ new TextEncoder();

/** An event of a log. */
export class Received<E extends EventEnvelope> {
  readonly envelope: E;
  readonly id: string;
  readonly key: readonly KeyPart[];
  /** The decoded payload, where somebody parsed it already. */
  payload: unknown;
  #digest: string | undefined;

  constructor(profile: Profile<E>, envelope: E) {
    this.envelope = envelope;
    this.id = profile.id(envelope);
    this.key = profile.key(envelope);
  }

  /** SHA-256 of the envelope, the payload as received. Few events are ever asked for it. */
  get digest(): string {
    return (this.#digest ??= sha256(ENCODER.encode(canonical(this.envelope))));
  }

  /** Whether the first part of the sort key is the same. */
  sharesFirstKey(other: Received<E>): boolean {
    return compareParts(this.key[0]!, other.key[0]!) === 0;
  }
}

/** The total order: the key of the profile, then the content. */
export function compareEvents<E extends EventEnvelope>(left: Received<E>, right: Received<E>): number {
  return compareKeys(left.key, right.key) || compareText(left.digest, right.digest);
}

/** Which of two keys comes first. */
export function compareKeys(left: readonly KeyPart[], right: readonly KeyPart[]): number {
  for (let i = 0; i < left.length && i < right.length; i++) {
    const order = compareParts(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** The member of a payload as received, if it is there and of the type. */
export function keyAt<T>(payload: Json, name: string, type: Schema<T>): T | undefined {
  const member = isObject(payload) ? ownMember(payload, name) : undefined;
  const result = member === undefined ? undefined : type.check(member);
  return result?.ok ? result.value : undefined;
}

function compareParts(left: KeyPart, right: KeyPart): number {
  if (typeof left === "string" && typeof right === "string") return compareText(left, right);
  if (typeof left === "object" && typeof right === "object") {
    return left.seconds - right.seconds || left.nanoseconds - right.nanoseconds;
  }
  if (left < right) return -1;
  return left > right ? 1 : 0;
}
