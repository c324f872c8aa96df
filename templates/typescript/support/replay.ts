/** Lines of envelopes enter; the printed state that a reducer makes of them leaves, or the lines that are none. */

import { canonical } from "./canonical.js";
import type { Fault } from "./errors.js";
import { MAX_LINE_BYTES } from "./lines.js";
import { compareEvents, Received, type EventEnvelope } from "./log.js";
import { Reduction } from "./reductions.js";
import type { Rules } from "./rules.js";
import { readJson } from "./text.js";

/** How a log is read. */
export interface ReplayOptions {
  /** One state for each entity; for reducers whose contract says what tells them apart. */
  readonly partition?: boolean;
  /** The log is in order already: it is folded as it is read, and nothing but state and ids is kept. */
  readonly sorted?: boolean;
  /** Lines that are no envelope are left out. */
  readonly skipInvalid?: boolean;
}

/** A line that could not be used. */
export interface BadLine {
  /** Its number, from 1. */
  readonly line: number;
  /** What is wrong with it; empty where it only stands in the wrong place. */
  readonly faults: readonly Fault[];
}

/** What a log came to. */
export interface Replayed {
  /** Canonical JSON, without a line end; absent where a line kept it from being made. */
  readonly state?: string;
  /** Lines that were left out, or that stopped it. */
  readonly bad: readonly BadLine[];
}

/** A log that is read line by line. */
export class LineReplay<E extends EventEnvelope> {
  readonly #rules: Rules<E, unknown>;
  readonly #options: ReplayOptions;
  readonly #reduction: Reduction<E, unknown>;
  readonly #waiting: Received<E>[] = [];
  readonly #bad: BadLine[] = [];
  #last: Received<E> | undefined;
  #lines = 0;
  #isStopped = false;

  constructor(rules: Rules<E, unknown>, options: ReplayOptions = {}) {
    if (options.partition && !rules.isPartitioned) {
      throw new RangeError(`the reducer \`${rules.name}\` has no \`partition_by\``);
    }
    this.#rules = rules;
    this.#options = options;
    this.#reduction = new Reduction(rules);
  }

  /** Takes the next line, without its line end; whether more lines are of use. */
  take(line: Uint8Array): boolean {
    this.#lines++;
    const read = readJson(line, MAX_LINE_BYTES);
    const result = read.ok ? this.#rules.profile.envelope.check(read.value) : read;
    if (!result.ok) {
      this.#bad.push({ line: this.#lines, faults: result.errors });
      return true;
    }
    const event = new Received(this.#rules.profile, result.value);
    if (!this.#options.sorted) {
      this.#waiting.push(event);
      return true;
    }
    if (this.#last !== undefined && compareEvents(event, this.#last) < 0) {
      this.#bad.push({ line: this.#lines, faults: [] });
      this.#isStopped = true;
      return false;
    }
    this.#last = event;
    this.#apply(event, event.digest);
    return true;
  }

  /** What all lines came to. */
  finish(): Replayed {
    const bad = this.#bad;
    if (this.#isStopped || (bad.length > 0 && !this.#options.skipInvalid)) return { bad };
    for (const event of this.#waiting.sort(compareEvents)) this.#apply(event);
    return { bad, state: canonical(this.#options.partition ? this.#reduction.states() : this.#reduction.state()) };
  }

  #apply(event: Received<E>, content: Received<E> | string = event): void {
    if (this.#options.partition) this.#reduction.applyToPart(event, content);
    else this.#reduction.apply(event, content);
  }
}

/** Reduces the events of lines. */
export function replayLines<E extends EventEnvelope>(
  rules: Rules<E, unknown>,
  lines: Iterable<Uint8Array>,
  options: ReplayOptions = {},
): Replayed {
  const replay = new LineReplay(rules, options);
  for (const line of lines) if (!replay.take(line)) break;
  return replay.finish();
}

/** A bad line for people, in one line. */
export function describeBadLine({ line, faults }: BadLine): string {
  if (faults.length === 0) return `line ${line}: sorts before the line above it`;
  return `line ${line}: ${faults.map(({ code, path }) => `${code} at "${path}"`).join(", ")}`;
}
