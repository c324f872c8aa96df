/** The text of a date-time enters; its place on the time line leaves. The text itself is what is stored. */

/** A moment: whole seconds since 1970, rounded down, and the nanoseconds above them. */
export interface Instant {
  readonly seconds: number;
  readonly nanoseconds: number;
}

const PARTS = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** The moment that a text of the format `date-time` stands for. */
export function instant(text: string): Instant {
  const parts = PARTS.exec(text);
  if (parts === null) throw new TypeError(`not a date-time: ${JSON.stringify(text)}`);
  const [, year, month, day, hour, minute, second, fraction = "", sign, offsetHours = "0", offsetMinutes = "0"] = parts;
  const midnight = new Date(0);
  // `Date.UTC` reads the years 0 to 99 as 1900 to 1999.
  midnight.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const clock = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const offset = Number(offsetHours) * 3600 + Number(offsetMinutes) * 60;
  return {
    seconds: midnight.getTime() / 1000 + clock - (sign === "-" ? -offset : offset),
    nanoseconds: Number(fraction.padEnd(9, "0")),
  };
}

/** Negative, zero or positive as the moment `left` is before, at or after `right`. */
export function compareInstants(left: string, right: string): number {
  const a = instant(left);
  const b = instant(right);
  return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds;
}
