/** Events in order enter; groups of those that happened together leave, each in its own order. */

import { canonical } from "./canonical.js";
import { compareKeys, type EventEnvelope, type Received } from "./log.js";
import type { Turn } from "./rules.js";

interface Waiting<E extends EventEnvelope> {
  readonly event: Received<E>;
  readonly turn: Turn;
}

/** Groups that may still grow, in the order of their first events. */
export class OpenGroups<E extends EventEnvelope> {
  readonly #turn: (event: Received<E>) => Turn;
  #groups = new Map<string, Waiting<E>[]>();
  #events: Received<E>[] = [];

  constructor(turn: (event: Received<E>) => Turn) {
    this.#turn = turn;
  }

  /** The events that wait, in the order of the log. */
  events(): readonly Received<E>[] {
    return this.#events;
  }

  /** Whether all groups are complete: the first key of the order changes with this event. */
  endBefore(event: Received<E>): boolean {
    return this.#events.length > 0 && !this.#events[0]!.sharesFirstKey(event);
  }

  /** Puts an event into its group. */
  add(event: Received<E>): void {
    const turn = this.#turn(event);
    const key = canonical(turn.group);
    const group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, [{ event, turn }]);
    else group.push({ event, turn });
    this.#events.push(event);
  }

  /** All groups, which are complete now. */
  take(): readonly (readonly Received<E>[])[] {
    const groups = [...this.#groups.values()];
    this.#groups = new Map();
    this.#events = [];
    // The sort is stable: where nothing else is said, the order of the log stays.
    return groups.map((group) => group.sort(compareTurns).map(({ event }) => event));
  }
}

function compareTurns<E extends EventEnvelope>({ turn: left }: Waiting<E>, { turn: right }: Waiting<E>): number {
  const behind = Number(left.isLast ?? false) - Number(right.isLast ?? false);
  return behind || compareKeys(left.order ?? [], right.order ?? []);
}
