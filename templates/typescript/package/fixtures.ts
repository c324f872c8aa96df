/** A category of fixtures enters; its cases leave. For Node: it reads the files of the package. */

import { existsSync, readFileSync } from "node:fs";

import type { Code, Json } from "./support/index.js";

/** What is shown by a fixture: an accepted payload, a refused one, or a log with the state it is reduced to. */
export type FixtureType = "valid" | "invalid" | "replay";

/** An entry of the manifest. */
export interface FixtureEntry {
  readonly id: string;
  /** `<category>/<type>/<file>`, relative to the folder of fixtures. */
  readonly path: string;
  readonly expected_result: string;
  /** Not of a log, which holds events of many types. */
  readonly event_type: string;
  readonly notes: string;
  /** The version of the family that brought what the case shows. */
  readonly min_version: string;
  readonly fixture_type?: string;
  /** The errors of a refused payload, in order. */
  readonly expected_errors?: readonly { readonly code: Code; readonly path: string }[];
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

interface GeneratedEntry {
  readonly event_type: string;
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
  const { files = [] } = manifest<{ readonly files?: readonly GeneratedEntry[] }>("generated/manifest.json");
  return files
    .filter((entry) => "event_type" in entry)
    .map((entry) => ({ event_type: entry.event_type, lines: lines(entry.path) }));
}

/** The cases of a category, or those of one type; throws a `RangeError` where either is unknown. */
export function loadFixtures(category: string, type?: FixtureType): readonly Fixture[] {
  const entries = listFixtures();
  const categories = new Set(entries.map((entry) => part(entry, 0)));
  if (!categories.has(category)) throw new RangeError(`no fixtures are of the category ${JSON.stringify(category)}`);
  if (type !== undefined && !TYPES.includes(type)) throw new RangeError(`no fixture type is ${JSON.stringify(type)}`);
  return entries
    .filter((entry) => part(entry, 0) === category && (type === undefined || part(entry, -2) === type))
    .map((entry) => ({ ...entry, content: content(entry.path) }));
}

function part(entry: FixtureEntry, at: number): string | undefined {
  return entry.path.split("/").at(at);
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
