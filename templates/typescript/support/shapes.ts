/** Types of values enter; how they are kept in a state that grows, and read back, leaves. */

import { Journal, ListCell, MapCell, SetCell } from "./cells.js";
import type { MapOf } from "./containers.js";
import type { Schema } from "./schema.js";

/** How a value becomes a part of a state, and a value again. */
export interface Shape<V, C> {
  /** A part of a state that shares nothing that changes. */
  thaw(value: V, journal: Journal): C;
  freeze(cell: C): V;
}

/** A record in a state: its fields can be changed, those that hold much are cells. */
export type RecordCell<T, Cells = object> = { -readonly [K in keyof T]: K extends keyof Cells ? Cells[K] : T[K] };

/** A value that is only replaced. */
export function whole<T>(): Shape<T, T> {
  return { thaw: (value) => value, freeze: (cell) => cell };
}

/** A list that grows. */
export function growingList<T>(): Shape<readonly T[], ListCell<T>> {
  return { thaw: (items, journal) => new ListCell(items, journal), freeze: (cell) => cell.value };
}

/** A set that grows. */
export function growingSet<T>(): Shape<readonly T[], SetCell<T>> {
  return { thaw: (members, journal) => new SetCell(members, journal), freeze: (cell) => cell.value };
}

/** A map that grows; a key that is entered and missing gets the value `start`. */
export function growingMap<K extends string, V, C>(
  of: Shape<V, C>,
  start?: NoInfer<V>,
): Shape<MapOf<K, V>, MapCell<K, V, C>> {
  return { thaw: (members, journal) => new MapCell(members, of, journal, start), freeze: (cell) => cell.value };
}

/** A record whose fields change; `parts` are those that are cells. */
export function growingRecord<T extends object, C extends object>(
  parts: () => { readonly [name: string]: unknown } = () => ({}),
): Shape<T, C> {
  let known: readonly [string, Shape<unknown, unknown>][] | undefined;
  const convert = (record: object, part: (shape: Shape<unknown, unknown>, value: unknown) => unknown): unknown => {
    known ??= Object.entries(parts()) as [string, Shape<unknown, unknown>][];
    const members: { [name: string]: unknown } = { ...record };
    for (const [name, shape] of known) members[name] = part(shape, members[name]);
    return members;
  };
  return {
    thaw: (value, journal) => convert(value, (shape, member) => shape.thaw(member, journal)) as C,
    freeze: (cell) => convert(cell, (shape, member) => shape.freeze(member)) as T,
  };
}

/** A slot: what it may hold, what it starts as, and how it is kept. */
export interface Slot<V, C> {
  readonly schema: Schema<V>;
  readonly start: V;
  readonly shape: Shape<V, C>;
  /** Of a map whose keys keep the order in which they came in. */
  readonly pairs: Schema<readonly (readonly [string, unknown])[]> | undefined;
}

/** A slot that holds one value. */
export function slot<V>(schema: Schema<V>, start: NoInfer<V>): Slot<V, V> {
  return { schema, start, shape: whole(), pairs: undefined };
}

/** A slot that holds many. */
export function growingSlot<V, C>(
  schema: Schema<V>,
  start: NoInfer<V>,
  shape: Shape<NoInfer<V>, C>,
  pairs?: Schema<readonly (readonly [string, unknown])[]>,
): Slot<V, C> {
  return { schema, start, shape, pairs };
}

/** What a part of a state holds; every other value is itself. */
export function frozen(value: unknown): unknown {
  const isCell = value instanceof ListCell || value instanceof SetCell || value instanceof MapCell;
  return isCell ? value.value : value;
}

/** The members that are not none. */
export function present<T extends object>(members: { readonly [K in keyof T]: T[K] | null | undefined }): T {
  const entries = Object.entries(members).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as T;
}
