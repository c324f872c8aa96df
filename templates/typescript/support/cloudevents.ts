/** An event in its envelope enters, a CloudEvent 1.0 leaves, and the other way round, by a table of attributes. */

import { canonical } from "./canonical.js";
import { MAX_FAULTS, type Code, type Fault, type Params, type Result } from "./errors.js";
import { isObject, kindOf, ownMember, setMember, type Json } from "./json.js";
import { MAX_LINE_BYTES, type PayloadSchema } from "./lines.js";
import { compareText } from "./order.js";
import type { Schema } from "./schema.js";
import { readJson } from "./text.js";

/** A CloudEvent in the JSON format. */
export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly [attribute: string]: Json;
}

/** A field of the envelope that is an attribute. */
export interface Attribute {
  readonly field: string;
  readonly name: string;
  /** The JSON text of the value, or the text percent-encoded; else the value as it is. */
  readonly form?: "json" | "reference";
  /** Whether the field is null where there is no attribute. */
  readonly nullable?: true;
}

/** How an envelope becomes attributes. */
export interface CloudEventMapping<E> {
  readonly envelope: Schema<E>;
  readonly payloadSchema: PayloadSchema;
  /** Every field of the envelope but the payload. */
  readonly attributes: readonly Attribute[];
  /** The `$id` of the schema of each event's payload, by event type. */
  readonly schemas: ReadonlyMap<string, string>;
}

/** The field that is the data of a CloudEvent. */
const PAYLOAD = "payload";

type Members = { readonly [name: string]: unknown };

/** The CloudEvent of an event; errors have paths of the envelope. */
export function toCloudEvent<E>(mapping: CloudEventMapping<E>, envelope: E): Result<CloudEvent> {
  const judged = mapping.envelope.check(envelope);
  if (!judged.ok) return judged;
  const members = JSON.parse(canonical(judged.value)) as { readonly [name: string]: Json };
  const eventType = ownMember(members, "event_type");
  const payload = ownMember(members, PAYLOAD) as Json;
  const faults = payloadFaults(mapping, eventType, payload, PAYLOAD);
  const event: { [name: string]: Json } = {};
  for (const { field, name, form } of mapping.attributes) {
    const value = ownMember(members, field) as Json | undefined;
    if (value === undefined || value === null) continue;
    const written = form === "json" ? canonical(value) : form === "reference" ? encoded(String(value)) : value;
    if (typeof written === "string" && REFUSED.test(written)) {
      faults.push(fault(field, "format", { format: "cloudevents-string" }));
    }
    event[name] = written;
  }
  Object.assign(event, { data: payload, datacontenttype: "application/json", specversion: "1.0" });
  const schema = typeof eventType === "string" ? mapping.schemas.get(eventType) : undefined;
  if (schema !== undefined) event["dataschema"] = schema;
  return faults.length === 0 ? { ok: true, value: event as CloudEvent } : refused(faults);
}

/** The event of a CloudEvent, without attributes that no field has; errors have paths of the CloudEvent. */
export function fromCloudEvent<E>(mapping: CloudEventMapping<E>, event: unknown): Result<E> {
  if (!isObject(event)) {
    return refused([{ code: "type", path: "", params: { expected: "object", got: kindOf(event) } }]);
  }
  const faults = formFaults(event);
  const members: { [name: string]: unknown } = {};
  for (const attribute of mapping.attributes) {
    const value = ownMember(event, attribute.name);
    if (value !== undefined && value !== null) {
      const read = readAttribute(attribute, value);
      if (read.ok) setMember(members, attribute.field, read.value);
      else faults.push(...read.errors);
    } else if (attribute.nullable) {
      setMember(members, attribute.field, null);
    }
  }
  if (faults.length > 0) return refused(faults);
  const data = ownMember(event, "data");
  if (data !== undefined) members[PAYLOAD] = data;
  return judge(mapping, members);
}

function judge<E>(mapping: CloudEventMapping<E>, members: Members): Result<E> {
  const envelope = mapping.envelope.check(members);
  const faults = envelope.ok ? [] : envelope.errors.map((error) => moved(mapping, error));
  const payload = ownMember(envelope.ok ? (envelope.value as Members) : members, PAYLOAD);
  if (isObject(payload)) faults.push(...payloadFaults(mapping, ownMember(members, "event_type"), payload, "data"));
  return envelope.ok && faults.length === 0 ? envelope : refused(faults);
}

/** The CloudEvent of an envelope that is a line, or the other way round: canonical JSON without a line end. */
export function convertLine<E>(mapping: CloudEventMapping<E>, line: Uint8Array, reverse: boolean): Result<string> {
  const read = readJson(line, MAX_LINE_BYTES);
  if (!read.ok) return read;
  if (reverse) {
    const envelope = fromCloudEvent(mapping, read.value);
    return envelope.ok ? { ok: true, value: mapping.envelope.encode(envelope.value) } : envelope;
  }
  const envelope = mapping.envelope.check(read.value);
  if (!envelope.ok) return envelope;
  const event = toCloudEvent(mapping, envelope.value);
  return event.ok ? { ok: true, value: canonical(event.value) } : event;
}

function readAttribute({ name, form }: Attribute, value: unknown): Result<unknown> {
  if (form === undefined) return { ok: true, value };
  if (typeof value !== "string") {
    return { ok: false, errors: [fault(name, "type", { expected: "string", got: kindOf(value) })] };
  }
  if (form === "json") {
    const read = readJson(value, MAX_LINE_BYTES);
    return read.ok ? read : { ok: false, errors: [fault(name, "format", { format: "json" })] };
  }
  const text = decoded(value);
  return text === undefined
    ? { ok: false, errors: [fault(name, "format", { format: "uri-reference" })] }
    : { ok: true, value: text };
}

/** What is wrong with the attributes that no field has. */
function formFaults(event: Members): Fault[] {
  const faults: Fault[] = [];
  const demand = (name: string, isRight: (text: string) => boolean): void => {
    const value = ownMember(event, name) ?? undefined;
    if (typeof value === "string") {
      if (!isRight(value)) faults.push(fault(name, "enum"));
    } else if (value !== undefined) {
      faults.push(fault(name, "type", { expected: "string", got: kindOf(value) }));
    } else if (name === "specversion") {
      faults.push(fault(name, "required"));
    }
  };
  demand("specversion", (text) => text === "1.0");
  demand("datacontenttype", (text) => /^[ \t]*application\/json[ \t]*(?:;|$)/i.test(text));
  demand("dataschema", () => true);
  if ((ownMember(event, "data_base64") ?? null) !== null) faults.push(fault("data_base64", "unknown_key"));
  return faults;
}

function payloadFaults<E>(
  mapping: CloudEventMapping<E>,
  eventType: unknown,
  payload: unknown,
  member: string,
): Fault[] {
  const schema = typeof eventType === "string" ? mapping.payloadSchema(eventType) : undefined;
  const result = schema?.check(payload);
  if (result === undefined || result.ok) return [];
  return result.errors.map((error) => ({ ...error, path: `/${member}${error.path}` }));
}

/** An error of the envelope where it stands in the CloudEvent. */
function moved<E>(mapping: CloudEventMapping<E>, error: Fault): Fault {
  if (error.path === "") return error;
  const member = first(error);
  const known = mapping.attributes.find((attribute) => attribute.field === member);
  const name = known?.name ?? (member === PAYLOAD ? "data" : member);
  return { ...error, path: `/${name}${error.path.slice(1 + member.length)}` };
}

function fault(member: string, code: Code, params: Params = {}): Fault {
  return { code, path: `/${member}`, params };
}

/** The member that the path of an error leads into. */
function first(error: Fault): string {
  return error.path.split("/")[1] ?? "";
}

/** Errors by member; those of one member are in order already. */
function refused(faults: readonly Fault[]): { readonly ok: false; readonly errors: readonly Fault[] } {
  const errors = [...faults].sort((one, other) => compareText(first(one), first(other)));
  return { ok: false, errors: errors.slice(0, MAX_FAULTS) };
}

/** What no attribute may hold: controls and noncharacters. */
const REFUSED = /[\p{Cc}\p{Noncharacter_Code_Point}]/u;

/** The text with all but unreserved characters percent-encoded. */
function encoded(text: string): string {
  const code = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, code);
}

/** The text that a reference encodes; none where that is no text. */
function decoded(text: string): string | undefined {
  // What the envelope says of half a surrogate pair.
  if (!text.isWellFormed()) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
