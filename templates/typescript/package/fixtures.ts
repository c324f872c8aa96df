/** A category of fixtures enters; its cases leave. For Node: it reads the files of the package. */

import { existsSync, readFileSync } from "node:fs";

import { canonical, type Code, type Json } from "./support/index.js";

/** What is shown by a fixture: an accepted payload, a refused one, or a log with the state it is reduced to. */
export type FixtureType = "valid" | "invalid" | "replay";

/** An entry of the manifest. */
export interface FixtureEntry {
  readonly id: string;
  /** `<category>/<type>/<file>`, relative to the folder of fixtures. */
  readonly path: string;
  readonly expected_result: string;
  /** Of a payload. */
  readonly event_type?: string;
  readonly notes: string;
  /** The version of the family that brought what the case shows. */
  readonly min_version: string;
  readonly fixture_type?: string;
  /** The errors of a refused payload, in order. */
  readonly expected_errors?: readonly { readonly code: Code; readonly path: string }[];
  /** The states that reducers make of a log. */
  readonly goldens?: readonly GoldenEntry[];
}

/** A state that a reducer makes of a log. */
export interface GoldenEntry {
  readonly reducer: string;
  /** The file of the state, relative to the folder of fixtures. */
  readonly path: string;
  /** Whether it is that of each entity. */
  readonly partition?: boolean;
}

/** A case: its entry, and what its file holds (a value, or one value a line). */
export interface Fixture extends FixtureEntry {
  readonly content: Json;
}

/** Cases that were made from the contract of an event. */
export interface GeneratedCases {
  readonly event_type: string;
  /** JSON Lines that `event-contracts validate` takes; in each stands what has to come back. */
  readonly lines: readonly string[];
}

/** A log with the state that a reducer makes of it. */
export interface ReplayCase {
  readonly id: string;
  readonly reducer: string;
  readonly partition: boolean;
  /** Envelopes, one a line. */
  readonly lines: readonly string[];
  /** The printed state. */
  readonly state: string;
}

interface GeneratedEntry {
  readonly event_type?: string;
  readonly path: string;
}

const FOLDER = /* @__PURE__ */ new URL("../fixtures/", import.meta.url);
const TYPES: readonly string[] = ["valid", "invalid", "replay"];

/** All hand-written cases, as the manifest lists them. */
export function listFixtures(): readonly FixtureEntry[] {
  return manifest<{ readonly fixtures?: readonly FixtureEntry[] }>("manifest.json").fixtures ?? [];
}

/** The cases that were made from the contracts, by event. */
export function listGenerated(): readonly GeneratedCases[] {
  return generatedFiles().flatMap(({ event_type, path }) =>
    event_type === undefined ? [] : [{ event_type, lines: lines(path) }],
  );
}

/** The cases of reducers: those written by hand and those made from the contracts. */
export function listReplays(): readonly ReplayCase[] {
  const written = listFixtures().flatMap(({ id, path, goldens = [] }) =>
    goldens.map(({ reducer, partition = false, path: golden }) => {
      return { id, reducer, partition, lines: lines(path), state: read(golden).trimEnd() };
    }),
  );
  const made = generatedFiles().filter(({ event_type }) => event_type === undefined);
  return [...written, ...made.flatMap(({ path }) => lines(path).map(replayCase))];
}

interface ReplayLine {
  readonly id: string;
  readonly reducer: string;
  readonly partition?: boolean;
  readonly events: readonly Json[];
  readonly state: Json;
}

function replayCase(line: string): ReplayCase {
  const { id, reducer, partition = false, events, state } = JSON.parse(line) as ReplayLine;
  return { id, reducer, partition, lines: events.map(canonical), state: canonical(state) };
}

function generatedFiles(): readonly GeneratedEntry[] {
  return manifest<{ readonly files?: readonly GeneratedEntry[] }>("generated/manifest.json").files ?? [];
}

/** The cases of a category, or those of one type; throws a `RangeError` where either is unknown. */
export function loadFixtures(category: string, type?: FixtureType): readonly Fixture[] {
  const entries = listFixtures();
  const categories = new Set(entries.map((entry) => part(entry, 0)));
  if (!categories.has(category)) throw new RangeError(`no fixtures are of the category ${JSON.stringify(category)}`);
  if (type !== undefined && !TYPES.includes(type)) throw new RangeError(`no fixture type is ${JSON.stringify(type)}`);
  return entries
    .filter((entry) => part(entry, 0) === category && (type === undefined || part(entry, 1) === type))
    .map((entry) => ({ ...entry, content: content(entry.path) }));
}

function part(entry: FixtureEntry, at: number): string | undefined {
  return entry.path.split("/")[at];
}

function content(path: string): Json {
  return path.endsWith(".jsonl")
    ? lines(path).map((line) => JSON.parse(line) as Json)
    : (JSON.parse(read(path)) as Json);
}

function lines(path: string): readonly string[] {
  return read(path)
    .split("\n")
    .filter((line) => line !== "");
}

/** What a manifest says; nothing where the package carries none. */
function manifest<T extends object>(path: string): Partial<T> {
  return existsSync(new URL(path, FOLDER)) ? (JSON.parse(read(path)) as T) : {};
}

function read(path: string): string {
  return readFileSync(new URL(path, FOLDER), "utf8");
}
