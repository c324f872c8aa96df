/** A log enters, in any order and with copies; the state that a reducer makes of it leaves. */

import type { MapOf } from "./containers.js";
import { Fold } from "./fold.js";
import { compareEvents, Received, type EventEnvelope } from "./log.js";
import { sortTexts } from "./order.js";
import type { Definition, Folding, Rules } from "./rules.js";

/** The states of all entities of a log. */
export interface Partitioned<State> {
  readonly partitions: MapOf<string, State>;
  /** Of the events that belong to no entity, where there are any. */
  readonly rest?: State;
}

/** A reducer of what its contract says. */
export function rules<E extends EventEnvelope, S extends object, Kind extends string, State>(
  define: () => Definition<E, S, Kind, State>,
): Rules<E, State> {
  // Made at first use: importing a contract costs nothing for what is not used.
  let known: Definition<E, S, Kind, State> | undefined;
  const definition = (): Definition<E, S, Kind, State> => (known ??= define());
  let payloads: ReadonlyMap<string, Definition<E, S, Kind, State>["payloads"][number][1]> | undefined;
  return {
    get name() {
      return definition().name;
    },
    get version() {
      return definition().version;
    },
    get profile() {
      return definition().profile;
    },
    get isPartitioned() {
      return definition().partition !== undefined;
    },
    partition: (e) => definition().partition?.(e),
    begin: () => new Fold(definition(), (payloads ??= new Map(definition().payloads))),
  };
}

/** The state of a log. */
export function reduce<E extends EventEnvelope, State>(rules: Rules<E, State>, events: Iterable<E>): State {
  const reduction = new Reduction(rules);
  for (const event of inOrder(rules, events)) reduction.apply(event);
  return reduction.state();
}

/** The state of each entity of a log. */
export function reducePartitioned<E extends EventEnvelope, State>(
  rules: Rules<E, State>,
  events: Iterable<E>,
): Partitioned<State> {
  const reduction = new Reduction(rules);
  for (const event of inOrder(rules, events)) reduction.applyToPart(event);
  return reduction.states();
}

function inOrder<E extends EventEnvelope>(rules: Rules<E, unknown>, events: Iterable<E>): readonly Received<E>[] {
  return Array.from(events, (envelope) => new Received(rules.profile, envelope)).sort(compareEvents);
}

/** The copy of an event that was kept. */
interface Kept<E extends EventEnvelope> {
  readonly ordinal: number;
  /** The event, as long as nobody asked for its digest. */
  content: Received<E> | string;
  readonly fold: Folding<E, unknown>;
}

/** A reduction that takes events in order. */
export class Reduction<E extends EventEnvelope, State> {
  /** The whole, or what belongs to no part. */
  readonly fold: Folding<E, State>;
  readonly #rules: Rules<E, State>;
  readonly #parts = new Map<string, Folding<E, State>>();
  readonly #kept = new Map<string, Kept<E>>();
  #isRestUsed = false;

  constructor(rules: Rules<E, State>) {
    this.#rules = rules;
    this.fold = rules.begin();
  }

  /** The ids of the events taken, in their order, with what they contained. */
  kept(): readonly (readonly [id: string, digest: string])[] {
    return Array.from(this.#kept, ([id, kept]) => [id, digestOf(kept)] as const);
  }

  /** Notes an event that was taken before. */
  keep(id: string, content: Received<E> | string, fold: Folding<E, unknown> = this.fold): void {
    this.#kept.set(id, { ordinal: this.#kept.size, content, fold });
  }

  /** Whether an event of this id was taken. */
  has(id: string): boolean {
    return this.#kept.has(id);
  }

  /** Takes the next event of the order. A copy changes nothing; another content is recorded. */
  apply(event: Received<E>, content: Received<E> | string = event): void {
    if (this.#isKept(event)) return;
    this.keep(event.id, content);
    this.fold.apply(event);
  }

  /** The same for the part that the event belongs to. */
  applyToPart(event: Received<E>, content: Received<E> | string = event): void {
    if (this.#isKept(event)) return;
    const fold = this.#foldOf(event);
    this.keep(event.id, content, fold);
    fold.apply(event);
  }

  state(): State {
    return this.fold.state();
  }

  states(): Partitioned<State> {
    const keys = sortTexts([...this.#parts.keys()]);
    const partitions = new Map(keys.map((key) => [key, this.#parts.get(key)!.state()]));
    return this.#isRestUsed ? { partitions, rest: this.fold.state() } : { partitions };
  }

  #isKept(event: Received<E>): boolean {
    const kept = this.#kept.get(event.id);
    if (kept === undefined) return false;
    const digest = digestOf(kept);
    if (digest !== event.digest) kept.fold.diverge(kept.ordinal, event.id, digest, event.digest);
    return true;
  }

  /** The key is read before the payload is parsed. */
  #foldOf(event: Received<E>): Folding<E, State> {
    const { envelope } = event;
    const value = this.fold.consumes(envelope.event_type) ? this.#rules.partition(envelope) : undefined;
    const key = typeof value === "bigint" ? String(value) : value;
    if (typeof key !== "string") {
      this.#isRestUsed = true;
      return this.fold;
    }
    let fold = this.#parts.get(key);
    if (fold === undefined) this.#parts.set(key, (fold = this.#rules.begin()));
    return fold;
  }
}

function digestOf<E extends EventEnvelope>(kept: Kept<E>): string {
  if (typeof kept.content !== "string") kept.content = kept.content.digest;
  return kept.content;
}
