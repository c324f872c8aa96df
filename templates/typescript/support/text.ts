/** Bytes (or text) of JSON enter; the value, or the one error of the text, leaves. */

import type { Code, Result } from "./errors.js";
import { MAX_DEPTH, setMember, type Json } from "./json.js";

/** Most bytes of a text that is read. */
export const MAX_BYTES = 1_048_576;

const ENCODER = /* @__PURE__ */ new TextEncoder();
// `ignoreBOM` keeps a byte order mark, which `JSON.parse` then refuses.
const DECODER = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads a text by the rules of the contract language, which are narrower than those of `JSON.parse`. */
export function readJson(
  text: Uint8Array | string,
  maxBytes: number = MAX_BYTES,
  maxDepth: number = MAX_DEPTH,
): Result<Json> {
  // A unit of UTF-16 is at least a byte of UTF-8.
  if (text.length > maxBytes) return refuse("too_large");
  let bytes: Uint8Array;
  let characters: string;
  if (typeof text === "string") {
    bytes = ENCODER.encode(text);
    characters = text;
    if (bytes.length > maxBytes) return refuse("too_large");
    if (!text.isWellFormed()) return refuse("bad_utf8");
  } else {
    bytes = text;
    try {
      characters = DECODER.decode(bytes);
    } catch {
      return refuse("bad_utf8");
    }
  }

  const scan = scanBytes(bytes, maxDepth);
  if (scan === undefined) return refuse("too_deep");
  let value: Json;
  try {
    value = JSON.parse(characters) as Json;
  } catch {
    return refuse("bad_json");
  }

  const root: { [key: string]: Json } = { "": value };
  const walk = new Walk(scan.surrogates);
  walk.enter(root);
  // Each member took one colon. `JSON.parse` keeps one member a key, so fewer members mean a key that stood twice.
  if (walk.members - 1 !== scan.colons) return refuse("duplicate_key");
  if (walk.loneSurrogate) return refuse("lone_surrogate");
  if (walk.infinite) return refuse("number_not_finite");
  return { ok: true, value: root[""]! };
}

function refuse(code: Code): Result<never> {
  return { ok: false, errors: [{ code, path: "", params: {} }] };
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const LETTER_D = 0x64;
const LETTER_U = 0x75;
const CASE_BIT = 0x20;

interface Scan {
  /** Colons outside of string literals. */
  readonly colons: number;
  /** Whether an escape may stand for half of a surrogate pair. */
  readonly surrogates: boolean;
}

/** One flat pass, before anything is parsed; none where brackets nest too deep. */
function scanBytes(bytes: Uint8Array, maxDepth: number): Scan | undefined {
  let depth = 0;
  let colons = 0;
  let surrogates = false;
  for (let i = 0; i < bytes.length; i++) {
    switch (bytes[i]) {
      case QUOTE:
        for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) {
          if (bytes[i] !== BACKSLASH) continue;
          i++;
          if (bytes[i] === LETTER_U && (bytes[i + 1]! | CASE_BIT) === LETTER_D) surrogates = true;
        }
        break;
      case COLON:
        colons++;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > maxDepth) return undefined;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        if (depth > 0) depth--;
        break;
    }
  }
  return { colons, surrogates };
}

/** One pass over the parsed value: counts members, finds what `JSON.parse` lets through, makes minus zero zero. */
class Walk {
  members = 0;
  loneSurrogate = false;
  infinite = false;
  readonly #surrogates: boolean;

  constructor(surrogates: boolean) {
    this.#surrogates = surrogates;
  }

  enter(container: { [key: string]: Json } | Json[]): void {
    if (Array.isArray(container)) {
      for (let i = 0; i < container.length; i++) {
        if (this.#visit(container[i]!)) container[i] = 0;
      }
      return;
    }
    for (const key of Object.keys(container)) {
      this.members++;
      if (this.#surrogates && !key.isWellFormed()) this.loneSurrogate = true;
      if (this.#visit(container[key]!)) setMember(container, key, 0);
    }
  }

  /** Whether the value is minus zero. */
  #visit(value: Json): boolean {
    if (typeof value === "number") {
      if (!Number.isFinite(value)) this.infinite = true;
      return Object.is(value, -0);
    }
    if (typeof value === "string") {
      if (this.#surrogates && !value.isWellFormed()) this.loneSurrogate = true;
    } else if (typeof value === "object" && value !== null) {
      this.enter(value as { [key: string]: Json } | Json[]);
    }
    return false;
  }
}
