// A file of tests/vectors enters; its cases, their bytes and the schemas they describe leave.
import { readFileSync } from "node:fs";

import * as $ from "../build/package/dist/support/index.js";

/** The cases of a file. */
export function cases(name) {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}`, import.meta.url), "utf8"));
}

/** The input of a case. */
export function bytesOf({ text, bytes, repeat }) {
  if (bytes !== undefined) return Uint8Array.from(Buffer.from(bytes, "base64"));
  if (repeat !== undefined) text = repeat.prefix + repeat.unit.repeat(repeat.count) + repeat.suffix;
  return new TextEncoder().encode(text);
}

const FORMATS = { "date-time": $.dateTime, "http-url": $.httpUrl, semver: $.semver, ulid: $.ulid, uuid: $.uuid };

/** The schema that a case of scalars.json describes, put together from the combinators that generated code uses. */
export function schemaOf({ type, format, constraints = {} }) {
  const { min, max, exclusive_min: exclusiveMin, exclusive_max: exclusiveMax } = constraints;
  const items = known({ minItems: constraints.min_items, maxItems: constraints.max_items });
  switch (type) {
    case "int":
      return $.int(known({ min, max, exclusiveMin, exclusiveMax }));
    case "float":
      return $.float(known({ min, max, exclusiveMin, exclusiveMax }));
    case "int64":
      return $.int64(wide({ min, max }));
    case "uint64":
      return $.uint64(wide({ min, max }));
    case "bool":
      return $.bool();
    case "json":
      return $.json();
    case "string":
      return textOf(format, constraints);
    case "enum":
      return $.oneOf({ ...constraints.values }, constraints.aliases);
    case "list":
      return $.list(schemaOf(constraints.of), items);
    case "set":
      return $.set(schemaOf(constraints.of), items);
    case "map":
      return $.map(schemaOf(constraints.keys ?? { type: "string" }), schemaOf(constraints.values), items);
    case "tuple":
      return $.tuple(...constraints.of.map(schemaOf));
    case "record":
      return $.record(() => Object.entries(constraints.fields).map(fieldOf), {
        ...(constraints.closed ? { closed: true } : {}),
        rules: (constraints.rules ?? []).map(ruleOf),
      });
    case "union":
      return unionOf(constraints);
    default:
      throw new Error(`no schema for ${type}`);
  }
}

function textOf(format, { min_length: minLength, max_length: maxLength, nonblank: nonBlank, pattern }) {
  return $.text(
    known({
      minLength,
      maxLength,
      nonBlank,
      format: FORMATS[format],
      pattern: pattern === undefined ? undefined : [pattern, new RegExp(rendered(pattern), "u")],
    }),
  );
}

const RENDERED = new Map(cases("patterns.json").map((row) => [row.pattern, row.rendered?.typescript]));

/** Patterns that stand in both files are taken as rendered there; of the others, ECMAScript reads `\s` otherwise. */
function rendered(pattern) {
  return RENDERED.get(pattern) ?? `^(?:${pattern.replace(/^\^|\$$/g, "").replaceAll("\\s", "[\\t-\\r ]")})$`;
}

function fieldOf([name, field]) {
  const { required, constraints } = field;
  if (field.type !== "opt") return known({ name, type: schemaOf(field), default: field.default });
  return { name, type: schemaOf(constraints.of), ...(required ? { nullable: true } : { optional: true }) };
}

function ruleOf({ code, when: [field, value], forbid, require_nonblank: nonBlank }) {
  return known({
    code,
    reads: [field, forbid ?? nonBlank],
    when: (p) => p[field] === value,
    forbid: forbid && [forbid],
    requireNonBlank: nonBlank && [nonBlank],
  });
}

function unionOf({ tag, default_tag: defaultTag, variants }) {
  if (tag === undefined) return $.untagged(() => variants.map(schemaOf));
  const tags = $.oneOf(Object.fromEntries(Object.keys(variants).map((value) => [value, value])));
  const records = Object.fromEntries(Object.entries(variants).map(([value, of]) => [value, schemaOf(of)]));
  return $.tagged(tag, tags, () => records, defaultTag);
}

function wide(bounds) {
  return Object.fromEntries(Object.entries(known(bounds)).map(([name, limit]) => [name, BigInt(limit)]));
}

function known(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
