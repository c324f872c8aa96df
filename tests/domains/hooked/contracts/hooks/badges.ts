/** Badges enter; what their letters say leaves. */

import { Kind, type Badge, type Visitor } from "../labels.js";

export function hasCheckDigit(badge: Badge): boolean {
  const [first, second] = [...badge].slice(0, 2).map((letter) => letter.charCodeAt(0) - 65);
  return Number(badge.at(-1)) === (first! + 9 * second!) % 10;
}

export function visitorKind(visitor: Visitor, note: string | null): Kind {
  if (note?.startsWith("guest")) return Kind.guest;
  if (note === "staff" || (typeof visitor === "string" && visitor < "N")) return Kind.staff;
  return Kind.guest;
}
