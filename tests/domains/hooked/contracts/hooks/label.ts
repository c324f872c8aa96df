/** Visitors enter; what is printed for them leaves. */

import type { Visitor } from "../labels.js";

export function label(visitor: Visitor, $class: string | null): string {
  const name = typeof visitor === "string" ? `#${visitor}` : short([...visitor.first][0], visitor.last);
  return $class === null ? name : `${name} (${$class})`;
}

function short(initial: string | undefined, last: string): string {
  return initial === undefined ? last : `${initial}. ${last}`;
}
