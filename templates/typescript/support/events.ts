/** A line that is a whole event enters; a line of canonical JSON with the verdict on envelope and payload leaves. */

import { canonical } from "./canonical.js";
import { Faults } from "./errors.js";
import { isObject, kindOf, ownMember, type Json } from "./json.js";
import { MAX_LINE_BYTES, rootFault, verdict, type PayloadSchema, type Verdict } from "./lines.js";
import { enter, type Schema } from "./schema.js";
import { MAX_BYTES, readJson } from "./text.js";

/** A record that is what events travel in. */
export interface Envelope {
  /** Its name in the contracts. */
  readonly name: string;
  readonly schema: Schema<object>;
  /** The member that identifies an event. */
  readonly id: string | undefined;
}

/** The envelope of this name, without a name the only one; throws a `RangeError` where there is none such. */
export function findEnvelope(envelopes: readonly Envelope[], name: string): Envelope {
  const [first, ...others] = envelopes;
  if (first === undefined) {
    const told = "a record with a text `event_type` and an object `payload`";
    throw new RangeError(`no contract declares an envelope: ${told}`);
  }
  const found = envelopes.find((envelope) => envelope.name === name);
  if (found !== undefined) return found;
  if (name !== "") {
    const names = envelopes.map((envelope) => envelope.name).join(", ");
    throw new RangeError(`there is no envelope \`${name}\`; there are ${names}`);
  }
  if (others.length === 0) return first;
  throw new RangeError(`there are several envelopes; say which, as in \`--envelope=${first.name}\``);
}

/** Judges a line that is an event: its envelope, and its payload by the event type that it names. */
export function judgeEvent(line: Uint8Array, envelope: Envelope, payloadSchema: PayloadSchema): Verdict {
  const read = readJson(line, MAX_LINE_BYTES);
  if (!read.ok) return verdict(null, read.errors);
  const event = read.value;
  if (!isObject(event)) return verdict(null, [rootFault("type", { expected: "object", got: kindOf(event) })]);
  const id = envelope.id === undefined ? undefined : ownMember(event, envelope.id);
  const faults = new Faults();
  const accepted = envelope.schema.judge(event, faults, undefined, "");
  // A good envelope is looked at with its defaults filled in, another one as it came.
  const seen = (faults.count === 0 ? accepted : event) as { readonly [key: string]: unknown };
  judgePayload(seen, line.length, payloadSchema, faults);
  return verdict((id ?? null) as Json, faults.list());
}

function judgePayload(
  event: { readonly [key: string]: unknown },
  bytes: number,
  payloadSchema: PayloadSchema,
  faults: Faults,
): void {
  const place = enter(faults, undefined, "");
  const eventType = ownMember(event, "event_type");
  if (typeof eventType !== "string") return;
  const schema = payloadSchema(eventType);
  const payload = ownMember(event, "payload");
  if (schema === undefined) {
    faults.add(place, "event_type", "union_tag");
  } else if (isObject(payload)) {
    const isTooLarge = bytes > MAX_BYTES && new TextEncoder().encode(canonical(payload)).length > MAX_BYTES;
    if (isTooLarge) faults.add(place, "payload", "too_large");
    else schema.judge(payload, faults, place, "payload");
  }
}
