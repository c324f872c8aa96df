/** Events in order enter, one at a time, with pauses; the state leaves, or all that is needed to go on later. */

import { canonical } from "./canonical.js";
import { wire } from "./anomalies.js";
import { ownMember, type Json } from "./json.js";
import { compareEvents, Received, type EventEnvelope } from "./log.js";
import { Reduction } from "./reductions.js";
import type { Rules } from "./rules.js";
import { arrayOf, countOf, eventOf, objectOf, refuse, ReplayError, textOf } from "./saved.js";
import { readJson } from "./text.js";

/** A reducer that takes the events of a log in their order. */
export interface Incremental<E, State> {
  /** Takes the next event; throws a `ReplayError` where it sorts before the last one. A copy changes nothing. */
  apply(event: E): void;
  /** The state of all events taken. None can be taken any more. */
  finish(): State;
  /** All that `resume` needs to go on behind the last event. */
  save(): string;
}

/** Makes reducers that take one event at a time. */
export interface IncrementalClass<E, State> {
  /** One that has seen nothing. */
  new (): Incremental<E, State>;
  /** One that goes on where another stood; throws a `ReplayError` where the text is not of this reducer. */
  resume(saved: Uint8Array | string): Incremental<E, State>;
}

/** The incremental form of a reducer. */
export function incremental<E extends EventEnvelope, State>(rules: Rules<E, State>): IncrementalClass<E, State> {
  return class extends Stepwise<E, State> {
    constructor() {
      super(rules);
    }

    static resume(saved: Uint8Array | string): Incremental<E, State> {
      const resumed = new this();
      resumed.restore(saved);
      return resumed;
    }
  };
}

/** Envelopes nest as deep as they may, and lie some levels deep in what is saved. */
const MAX_SAVED_DEPTH = 512;

const MEMBERS: readonly string[] = ["reducer", "version", "last", "seen", "divergent", "fold"];

class Stepwise<E extends EventEnvelope, State> implements Incremental<E, State> {
  readonly #rules: Rules<E, State>;
  readonly #reduction: Reduction<E, State>;
  #last: Received<E> | undefined;
  #finished: { readonly state: State } | undefined;

  constructor(rules: Rules<E, State>) {
    this.#rules = rules;
    this.#reduction = new Reduction(rules);
  }

  apply(envelope: E): void {
    if (this.#finished !== undefined) throw new ReplayError("finished", "the reducer is finished");
    const event = new Received(this.#rules.profile, envelope);
    if (this.#last !== undefined && compareEvents(event, this.#last) < 0) {
      throw new ReplayError("order", `event ${event.id} sorts before ${this.#last.id}, which was the last`);
    }
    this.#last = event;
    this.#reduction.apply(event, event.digest);
  }

  finish(): State {
    this.#finished ??= { state: this.#reduction.state() };
    return this.#finished.state;
  }

  save(): string {
    const seen = this.#reduction.kept();
    const { name, version } = this.#rules;
    const last = this.#last === undefined ? undefined : wire(this.#last.envelope);
    const divergent = this.#reduction.fold.divergent();
    return canonical({ reducer: name, version, last, seen, divergent, fold: this.#reduction.fold.save() });
  }

  restore(text: Uint8Array | string): void {
    const read = readJson(text, Infinity, MAX_SAVED_DEPTH);
    const saved = objectOf(read.ok ? read.value : refuse(), MEMBERS);
    const [name, version] = [ownMember(saved, "reducer"), ownMember(saved, "version")];
    if (textOf(name) !== this.#rules.name) throw new ReplayError("other_reducer", `this was saved by ${String(name)}`);
    if (textOf(version) !== this.#rules.version) {
      throw new ReplayError("other_version", `this was saved by version ${String(version)}`);
    }
    const last = ownMember(saved, "last");
    if (last !== undefined) this.#last = eventOf(this.#rules.profile, last);
    this.#reduction.fold.restore(ownMember(saved, "fold") as Json | undefined);
    const seen = arrayOf(ownMember(saved, "seen")).map((entry) => this.#seen(entry));
    if ((this.#last === undefined) !== (seen.length === 0)) refuse();
    for (const entry of arrayOf(ownMember(saved, "divergent"))) this.#diverge(entry, seen);
  }

  #seen(entry: Json): readonly [id: string, digest: string] {
    const [id, digest, ...more] = arrayOf(entry);
    if (more.length > 0 || this.#reduction.has(textOf(id))) refuse();
    this.#reduction.keep(textOf(id), hexOf(digest));
    return [textOf(id), hexOf(digest)];
  }

  #diverge(entry: Json, seen: readonly (readonly [id: string, digest: string])[]): void {
    const [at, dropped, ...more] = arrayOf(entry);
    const [id, kept] = seen[countOf(at)] ?? refuse();
    if (more.length > 0) refuse();
    for (const digest of arrayOf(dropped)) this.#reduction.fold.diverge(countOf(at), id, kept, hexOf(digest));
  }
}

function hexOf(value: unknown): string {
  const text = textOf(value);
  return /^[0-9a-f]{64}$/.test(text) ? text : refuse();
}
