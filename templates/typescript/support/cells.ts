/** Values enter; parts of a state that grow in constant time leave, and how to take back what was done to them. */

import { canonical } from "./canonical.js";
import type { MapOf } from "./containers.js";
import { sortTexts } from "./order.js";
import type { Shape } from "./shapes.js";

/** Remembers how to take changes back, while somebody may want that. */
export class Journal {
  #inverses: (() => void)[] | undefined;

  /** Whether changes are remembered. */
  get isOpen(): boolean {
    return this.#inverses !== undefined;
  }

  /** From here on changes can be taken back. */
  open(): void {
    this.#inverses = [];
  }

  /** Says how to take the latest change back. */
  note(inverse: () => void): void {
    this.#inverses?.push(inverse);
  }

  /** Takes back all changes since it was opened, the last one first. */
  revert(): void {
    const inverses = this.#inverses ?? [];
    this.#inverses = undefined;
    for (const inverse of inverses.reverse()) inverse();
  }

  /** What was done stays. */
  close(): void {
    this.#inverses = undefined;
  }
}

/** Items in order. Once somebody asked for an item, how often each is there is known. */
export class ListCell<T> {
  readonly #journal: Journal;
  #items: T[];
  #counts: Map<string, number> | undefined;

  constructor(items: readonly T[], journal: Journal) {
    this.#items = items.slice();
    this.#journal = journal;
  }

  /** All items, which do not change any more. */
  get value(): readonly T[] {
    return this.#items.slice();
  }

  /** The items as they are now. */
  get items(): readonly T[] {
    return this.#items;
  }

  get size(): number {
    return this.#items.length;
  }

  has(item: unknown): boolean {
    return this.#known().has(canonical(item));
  }

  /** Adds an item behind the others. */
  append(item: T): void {
    this.#count(item, 1);
    this.#items.push(item);
    if (this.#journal.isOpen) this.#journal.note(() => this.#count(this.#items.pop() as T, -1));
  }

  /** Adds an item behind the others unless it is among them. */
  appendUnique(item: T): void {
    if (!this.has(item)) this.append(item);
  }

  /** Takes the first equal item away. */
  drop(item: unknown): void {
    if (!this.has(item)) return;
    const text = canonical(item);
    const at = this.#items.findIndex((other) => canonical(other) === text);
    const [dropped] = this.#items.splice(at, 1) as [T];
    this.#count(dropped, -1);
    if (!this.#journal.isOpen) return;
    this.#journal.note(() => {
      this.#items.splice(at, 0, dropped);
      this.#count(dropped, 1);
    });
  }

  /** Holds these instead. */
  reset(items: readonly T[]): void {
    const old = this.#items;
    this.#items = items.slice();
    this.#counts = undefined;
    if (!this.#journal.isOpen) return;
    this.#journal.note(() => {
      this.#items = old;
      this.#counts = undefined;
    });
  }

  #known(): Map<string, number> {
    if (this.#counts === undefined) {
      this.#counts = new Map();
      for (const item of this.#items) this.#count(item, 1);
    }
    return this.#counts;
  }

  #count(item: T, change: number): void {
    if (this.#counts === undefined) return;
    const text = canonical(item);
    const count = (this.#counts.get(text) ?? 0) + change;
    if (count > 0) this.#counts.set(text, count);
    else this.#counts.delete(text);
  }
}

/** Values that differ in canonical form. */
export class SetCell<T> {
  readonly #journal: Journal;
  #members: Map<string, T>;
  /** The last value that was asked about, and its text: mostly it is the one that is added next. */
  #asked: unknown;
  #askedText = "";

  constructor(members: readonly T[], journal: Journal) {
    this.#members = byText(members);
    this.#journal = journal;
  }

  /** In the order of their canonical texts. */
  get value(): readonly T[] {
    return sortTexts([...this.#members.keys()]).map((text) => this.#members.get(text) as T);
  }

  /** The members as they are now, in no order. */
  get items(): readonly T[] {
    return [...this.#members.values()];
  }

  get size(): number {
    return this.#members.size;
  }

  has(member: unknown): boolean {
    return this.#members.has(this.#text(member));
  }

  add(member: T): void {
    const text = this.#text(member);
    if (this.#members.has(text)) return;
    this.#members.set(text, member);
    if (this.#journal.isOpen) this.#journal.note(() => this.#members.delete(text));
  }

  drop(member: unknown): void {
    const text = canonical(member);
    const dropped = this.#members.get(text) as T;
    if (this.#members.delete(text) && this.#journal.isOpen) {
      this.#journal.note(() => this.#members.set(text, dropped));
    }
  }

  /** Holds these instead. */
  reset(members: readonly T[]): void {
    const old = this.#members;
    this.#members = byText(members);
    if (this.#journal.isOpen) this.#journal.note(() => (this.#members = old));
  }

  #text(member: unknown): string {
    if (member === undefined || member !== this.#asked) {
      this.#askedText = canonical(member);
      this.#asked = member;
    }
    return this.#askedText;
  }
}

function byText<T>(members: readonly T[]): Map<string, T> {
  return new Map(members.map((member) => [canonical(member), member]));
}

/** A value of a map, and a number that says when its key came in. */
interface Entry<C> {
  readonly arrival: number;
  cell: C;
}

/** Values by key, which may be parts of the state themselves. */
export class MapCell<K extends string, V, C = V> {
  readonly #journal: Journal;
  readonly #of: Shape<V, C>;
  /** What a value is made from, where steps enter keys that may be missing. */
  readonly #start: V | undefined;
  #entries: Map<K, Entry<C>> = new Map();
  #arrivals = 0;

  constructor(members: MapOf<K, V>, of: Shape<V, C>, journal: Journal, start?: V) {
    this.#of = of;
    this.#start = start;
    this.#journal = journal;
    this.#entries = this.#entriesOf(members);
  }

  /** By key. */
  get value(): MapOf<K, V> {
    return new Map(this.#sortedKeys().map((key) => [key, this.#frozen(this.#entries.get(key)!)]));
  }

  /** The values, sorted by key. */
  get valuesByKey(): readonly V[] {
    return [...this.value.values()];
  }

  /** The values, in the order in which their keys came in. */
  get values(): readonly V[] {
    return this.pairs.map(([, value]) => value);
  }

  /** Keys and values, in the order in which the keys came in. */
  get pairs(): readonly (readonly [K, V])[] {
    const entries = [...this.#entries].sort(([, left], [, right]) => left.arrival - right.arrival);
    return entries.map(([key, entry]) => [key, this.#frozen(entry)]);
  }

  get size(): number {
    return this.#entries.size;
  }

  has(key: unknown): boolean {
    return this.#entries.has(key as K);
  }

  get(key: string): C | undefined {
    return this.#entries.get(key as K)?.cell;
  }

  /** The value of a key, made if it is missing. */
  enter(key: string): C {
    const found = this.#entries.get(key as K);
    if (found !== undefined) return found.cell;
    this.put(key, this.#start as V);
    return this.#entries.get(key as K)!.cell;
  }

  /** A key that is there keeps its place. */
  put(name: string, value: V): void {
    const key = name as K;
    const cell = this.#of.thaw(value, this.#journal);
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#entries.set(key, { arrival: this.#arrivals++, cell });
      if (this.#journal.isOpen) this.#journal.note(() => this.#entries.delete(key));
      return;
    }
    const old = entry.cell;
    entry.cell = cell;
    if (this.#journal.isOpen) this.#journal.note(() => (entry.cell = old));
  }

  drop(name: string): void {
    const key = name as K;
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    if (this.#journal.isOpen) this.#journal.note(() => this.#entries.set(key, entry));
  }

  /** Holds these instead. */
  reset(members: MapOf<K, V>): void {
    const old = this.#entries;
    this.#entries = this.#entriesOf(members);
    if (this.#journal.isOpen) this.#journal.note(() => (this.#entries = old));
  }

  /** Keys come in in the order of the value. */
  #entriesOf(members: MapOf<K, V>): Map<K, Entry<C>> {
    const entries = new Map<K, Entry<C>>();
    for (const [key, value] of members) {
      entries.set(key, { arrival: this.#arrivals++, cell: this.#of.thaw(value, this.#journal) });
    }
    return entries;
  }

  #sortedKeys(): K[] {
    return sortTexts([...this.#entries.keys()]);
  }

  #frozen(entry: Entry<C>): V {
    return this.#of.freeze(entry.cell);
  }
}
