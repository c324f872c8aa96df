/** The published string formats: one regular expression and a length cap each, the same in every language. */

/** A format of strings. */
export interface Format {
  readonly name: string;
  /** Matches the whole text. */
  readonly regex: RegExp;
  readonly maxLength: number;
  /** The one spelling that is kept, where several are accepted. */
  canonical(text: string): string;
}

/** RFC 3339 with an offset, at most nine fractional digits, real calendar days, no leap seconds. The text is kept. */
export const dateTime: Format = /* @__PURE__ */ format("date-time", 35, () => {
  const year = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])";
  const longMonths = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])";
  const shortMonths = "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)";
  const february = "02-(?:0[1-9]|1[0-9]|2[0-8])";
  const fourthYear = "(?:0[48]|[2468][048]|[13579][26])";
  const leapDay = `(?:[0-9]{2}${fourthYear}|${fourthYear}00)-02-29`;
  const clock = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";
  const day = `(?:${year}-(?:${longMonths}|${shortMonths}|${february})|${leapDay})`;
  return `${day}T${clock}:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+-]${clock})`;
});

/** `http` or `https` with a host that every URL library reads alike. The text is kept. */
export const httpUrl: Format = /* @__PURE__ */ format("http-url", 2048, () => {
  const letter = "[A-Za-z0-9]";
  const inner = "[A-Za-z0-9-]";
  // No hyphens in both third and fourth place of a label: `xn--` begins an encoded one.
  const longLabel = `(?:${inner}${letter}|(?:${letter}${inner}|-${letter})${inner}{0,58}${letter})`;
  const rest = `(?:${inner}?${letter}|${inner}${longLabel})?`;
  const octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  const host = `(?:(?:${octet}\\.){3}${octet}|(?:${letter}${rest}\\.)*[A-Za-z]${rest})`;
  const port = "(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
  const path = "(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*";
  const query = "(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*";
  return `https?://${host}(?::${port})?(?:/${path})?(?:\\?${query})?(?:#${query})?`;
});

/** Semantic Versioning 2.0.0. */
export const semver: Format = /* @__PURE__ */ format("semver", 256, () => {
  const number = "(?:0|[1-9][0-9]{0,14})";
  const preRelease = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
  const build = "[0-9A-Za-z-]+";
  const core = `${number}\\.${number}\\.${number}`;
  return `${core}(?:-${preRelease}(?:\\.${preRelease})*)?(?:\\+${build}(?:\\.${build})*)?`;
});

/** 26 Crockford base-32 characters; kept in upper case. */
export const ulid: Format = /* @__PURE__ */ format(
  "ulid",
  26,
  () => "[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}",
  (text) => text.toUpperCase(),
);

/** 8-4-4-4-12 hexadecimal digits, any version; kept in lower case. */
export const uuid: Format = /* @__PURE__ */ format(
  "uuid",
  36,
  () => "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}",
  (text) => text.toLowerCase(),
);

/** The expression is put together and compiled at its first use. */
function format(
  name: string,
  maxLength: number,
  source: () => string,
  canonical: (text: string) => string = (text) => text,
): Format {
  let regex: RegExp | undefined;
  return {
    name,
    get regex() {
      return (regex ??= new RegExp(`^(?:${source()})$`));
    },
    maxLength,
    canonical,
  };
}
