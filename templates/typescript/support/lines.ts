/** JSON Lines of payloads enter; one line of canonical JSON with the verdict on each leaves. */

import { canonical } from "./canonical.js";
import type { Fault } from "./errors.js";
import { isObject, kindOf, ownMember, type Json } from "./json.js";
import type { Schema } from "./schema.js";
import { MAX_BYTES, readJson } from "./text.js";

/** Most bytes of a line; the payload in it keeps its own limit. */
export const MAX_LINE_BYTES = 4_194_304;

/** The companion of an event type's payload, if the contracts declare the event. */
export type PayloadSchema = (eventType: string) => Schema<unknown> | undefined;

/** The verdict on one line. */
export interface Verdict {
  /** Canonical JSON, without a line end. */
  readonly text: string;
  readonly valid: boolean;
}

/** Judges a line `{"id", "event_type", "payload"}`, or one with `payload_text` or `payload_base64`. */
export function judgeLine(line: Uint8Array, payloadSchema: PayloadSchema): Verdict {
  const read = readJson(line, MAX_LINE_BYTES);
  if (!read.ok) return verdict(null, read.errors);
  const value = read.value;
  if (!isObject(value)) return verdict(null, [rootFault("type", { expected: "object", got: kindOf(value) })]);
  const eventType = ownMember(value, "event_type");
  const schema = typeof eventType === "string" ? payloadSchema(eventType) : undefined;
  const errors = schema === undefined ? [rootFault("union_tag")] : judgePayload(value, line.length, schema);
  return verdict((ownMember(value, "id") ?? null) as Json, errors);
}

/**
 * The lines of a stream of bytes, without their line ends: those that end in one chunk at a time. Of a line that is too
 * long, enough is kept to tell.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Uint8Array[]> {
  let pending: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      pending.push(chunk.subarray(start, end));
      lines.push(pending.length === 1 ? pending[0]! : concatenate(pending));
      pending = [];
      length = 0;
      start = end + 1;
    }
    yield lines;
    if (start < chunk.length && length <= MAX_LINE_BYTES) {
      pending.push(chunk.subarray(start));
      length += chunk.length - start;
    }
  }
  if (pending.length > 0) yield [concatenate(pending)];
}

const LF = 0x0a;

function judgePayload(
  line: { readonly [key: string]: unknown },
  bytes: number,
  schema: Schema<unknown>,
): readonly Fault[] {
  const text = ownMember(line, "payload_text");
  if (text !== undefined) {
    if (typeof text !== "string") return [rootFault("type", { expected: "string", got: kindOf(text) })];
    return errorsOf(schema.decode(text));
  }
  const base64 = ownMember(line, "payload_base64");
  if (base64 !== undefined) {
    if (typeof base64 !== "string") return [rootFault("type", { expected: "string", got: kindOf(base64) })];
    const decoded = decodeBase64(base64);
    return decoded === undefined ? [rootFault("format", { format: "base64" })] : errorsOf(schema.decode(decoded));
  }
  const payload = ownMember(line, "payload");
  if (payload === undefined) return [rootFault("required")];
  if (bytes > MAX_BYTES && new TextEncoder().encode(canonical(payload)).length > MAX_BYTES) {
    return [rootFault("too_large")];
  }
  return errorsOf(schema.check(payload));
}

function errorsOf(result: { readonly ok: boolean; readonly errors?: readonly Fault[] }): readonly Fault[] {
  return result.errors ?? [];
}

/** A fault of the line itself. */
export function rootFault(code: Fault["code"], params: Fault["params"] = {}): Fault {
  return { code, path: "", params };
}

/** What is said about a line. */
export function verdict(id: Json, errors: readonly Fault[]): Verdict {
  const valid = errors.length === 0;
  return { text: canonical({ errors, id, valid }), valid };
}

function decodeBase64(text: string): Uint8Array | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
