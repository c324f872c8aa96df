/** Texts enter; which comes first, by code points, leaves. */

/**
 * Negative, zero or positive as `left` sorts before, with or after `right`. The operators of the language compare
 * UTF-16 units, which puts U+1F600 before U+FF5E.
 */
export function compareText(left: string, right: string): number {
  const common = Math.min(left.length, right.length);
  for (let i = 0; i < common; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return a >= 0xd800 && b >= 0xd800 ? rank(a) - rank(b) : a - b;
  }
  return left.length - right.length;
}

/** Sorts texts by code points, in place. */
export function sortTexts<T extends string>(texts: T[]): T[] {
  // Below the surrogates the order of UTF-16 units is that of code points, and needs no comparator.
  return texts.some((text) => /[\ud800-\uffff]/.test(text)) ? texts.sort(compareText) : texts.sort();
}

/** Moves surrogates behind all other units: they stand for code points above U+FFFF. */
function rank(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
