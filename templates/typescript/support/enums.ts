/** The members of an enum enter; its schema leaves. */

import { schema, type Schema } from "./schema.js";
import { mistyped } from "./scalars.js";

/** The schema of an enum; an alias is accepted and becomes its member. */
export interface EnumSchema<T extends string> extends Schema<T> {
  /** The member that a text means, if any. */
  member(text: string): T | undefined;
}

/** One of the values of an `as const` object, or an alias of one. */
export function oneOf<T extends string>(
  members: { readonly [name: string]: T },
  aliases: { readonly [alias: string]: T } = {},
): EnumSchema<T> {
  // Made at first use: importing a contract costs nothing for what is not used.
  let known: Map<string, T> | undefined;
  const member = (text: string): T | undefined => {
    known ??= new Map([...Object.values(members).map((value) => [value, value] as const), ...Object.entries(aliases)]);
    return known.get(text);
  };
  return enumSchema(member);
}

/** An enum narrowed to some of its members. */
export function narrow<T extends string>(of: EnumSchema<T>, only: readonly T[]): EnumSchema<T> {
  return enumSchema((text) => {
    const member = of.member(text);
    return member !== undefined && only.includes(member) ? member : undefined;
  });
}

function enumSchema<T extends string>(member: (text: string) => T | undefined): EnumSchema<T> {
  const of = schema<T>((value, faults, parent, key) => {
    if (typeof value !== "string") return mistyped(value, "string", faults, parent, key);
    const found = member(value);
    if (found === undefined) return faults.add(parent, key, value.isWellFormed() ? "enum" : "lone_surrogate");
    if (found !== value) faults.converted = true;
    return found;
  });
  return Object.assign(of, { member });
}
