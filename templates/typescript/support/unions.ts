/** Variants enter; the schemas of unions leave. */

import type { EnumSchema } from "./enums.js";
import { Faults, type Place } from "./errors.js";
import { isObject, ownMember } from "./json.js";
import { mistyped } from "./scalars.js";
import { enter, schema, type Schema } from "./schema.js";

/** The variant of each value of a tag. */
export type Variants<Tag extends string> = () => { readonly [value in Tag]: Schema<object> };

/** One of several records, told apart by a member that belongs to the union. */
export function tagged<T extends object, Tag extends string>(
  tag: string,
  tags: EnumSchema<Tag>,
  variants: Variants<Tag>,
  defaultTag?: Tag,
): Schema<T> {
  let known: ReturnType<Variants<Tag>> | undefined;
  return schema<T>((value, faults, parent, key) => {
    if (!isObject(value)) return mistyped(value, "object", faults, parent, key);
    const place = enter(faults, parent, key);
    if (place === undefined) return undefined;
    const chosen = judgeTag(ownMember(value, tag), tag, tags, defaultTag, faults, place);
    if (chosen === undefined) return undefined;
    known ??= variants();
    const variant = known[chosen].judge(value, faults, parent, key, tag);
    return { [tag]: chosen, ...variant } as unknown as T;
  });
}

/** The first of several types, in order, that accepts. */
export function untagged<T>(variants: () => readonly Schema<NoInfer<T>>[]): Schema<T> {
  let known: readonly Schema<T>[] | undefined;
  return schema((value, faults, parent, key) => {
    known ??= variants();
    for (const variant of known) {
      const ofVariant = new Faults();
      const accepted = variant.judge(value, ofVariant, parent, key);
      if (ofVariant.count > 0) continue;
      if (ofVariant.converted) faults.converted = true;
      return accepted;
    }
    return faults.add(parent, key, "union_none");
  });
}

function judgeTag<Tag extends string>(
  value: unknown,
  tag: string,
  tags: EnumSchema<Tag>,
  defaultTag: Tag | undefined,
  faults: Faults,
  place: Place,
): Tag | undefined {
  if (value === undefined) {
    if (defaultTag === undefined) return faults.add(place, tag, "required");
    faults.converted = true;
    return defaultTag;
  }
  if (typeof value !== "string") return mistyped(value, "string", faults, place, tag);
  const member = tags.member(value);
  if (member === undefined) return faults.add(place, tag, value.isWellFormed() ? "union_tag" : "lone_surrogate");
  if (member !== value) faults.converted = true;
  return member;
}
