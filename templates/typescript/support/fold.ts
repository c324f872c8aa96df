/** Events in order enter, one at a time; the state they add up to and the anomalies on the way leave. */

import { anomaly, carriedOver, distinct, type Anomaly, type Facts } from "./anomalies.js";
import { Journal, MapCell } from "./cells.js";
import type { Fault } from "./errors.js";
import { OpenGroups } from "./groups.js";
import type { Json, JsonObject } from "./json.js";
import { Received, type EventEnvelope } from "./log.js";
import type { Definition, Folding, PrintedForm } from "./rules.js";
import { readFold, refuse, writeFold, type FoldParts } from "./saved.js";
import type { Schema } from "./schema.js";
import type { Shape, Slot } from "./shapes.js";

/** How many events, and the last one. */
export class Tally {
  count = 0;
  last: string | null = null;

  note(id: string): void {
    this.count++;
    this.last = id;
  }
}

/** One state that grows. Kinds of anomalies and slots are those of the contract. */
export class Fold<E extends EventEnvelope, S extends object, Kind extends string, State> implements Folding<E, State> {
  /** The state as it is. */
  readonly slots: S;
  /** The state at the start of the group, where guards read it. */
  readonly snapshot: S;
  /** Events of the log, each once. */
  readonly deduped: Tally = new Tally();
  /** Those that this reducer consumes. */
  readonly consumed: Tally = new Tally();
  readonly #definition: Definition<E, S, Kind, State>;
  readonly #payloads: ReadonlyMap<string, Schema<unknown>>;
  readonly #delegates: readonly Folding<E, unknown>[];
  readonly #journal = new Journal();
  readonly #snapshotJournal = new Journal();
  #activeJournal: Journal;
  /** What the snapshot has not seen yet. */
  #changes: ((s: S) => void)[] = [];
  readonly #groups: OpenGroups<E> | undefined;
  readonly #divergent = new Map<number, { id: string; kept: string; dropped: Set<string> }>();
  #unknown: Anomaly<Kind>[] = [];
  #refused: Anomaly<Kind>[] = [];
  #folded: Anomaly<Kind>[] = [];
  /** The event that is folded. */
  #current: Received<E> | undefined;

  constructor(definition: Definition<E, S, Kind, State>, payloads: ReadonlyMap<string, Schema<unknown>>) {
    this.#definition = definition;
    this.#payloads = payloads;
    this.#activeJournal = this.#journal;
    this.slots = startOf(definition.slots, this.#journal);
    const { groups, delegates = [] } = definition;
    this.snapshot = groups?.readsStart ? startOf(definition.slots, this.#snapshotJournal) : this.slots;
    this.#delegates = delegates.map(({ rules }) => rules.begin());
    this.#groups = groups === undefined ? undefined : new OpenGroups((event) => this.#turn(event));
  }

  consumes(eventType: string): boolean {
    return this.#payloads.has(eventType) || this.#delegates.some((delegate) => delegate.consumes(eventType));
  }

  apply(event: Received<E>): void {
    const eventType = event.envelope.event_type;
    this.deduped.note(event.id);
    if (this.#groups?.endBefore(event)) this.closeGroups();
    if (this.#payloads.has(eventType)) {
      this.consumed.note(event.id);
      this.#take(event);
    } else {
      const delegate = this.#delegates.find((delegate) => delegate.consumes(eventType));
      if (delegate === undefined) this.#noteUnknown(event);
      else delegate.apply(event);
    }
  }

  diverge(ordinal: number, id: string, kept: string, dropped: string): void {
    const found = this.#divergent.get(ordinal);
    if (found === undefined) this.#divergent.set(ordinal, { id, kept, dropped: new Set([dropped]) });
    else found.dropped.add(dropped);
  }

  divergent(): readonly (readonly [ordinal: number, dropped: readonly string[]])[] {
    const byOrdinal = [...this.#divergent].sort(([left], [right]) => left - right);
    return byOrdinal.map(([ordinal, { dropped }]) => [ordinal, [...dropped].sort()]);
  }

  closeGroups(): void {
    for (const events of this.#groups?.take() ?? []) {
      this.#foldGroup(events);
      this.#settle();
    }
  }

  state(): State {
    this.closeGroups();
    return this.#definition.state(this);
  }

  /** All anomalies in their order, each identity once. */
  anomalies(): readonly Anomaly<Kind>[] {
    this.closeGroups();
    const divergent = [...this.#divergent].sort(([left], [right]) => left - right);
    return distinct([
      ...divergent.map(([, { id, kept, dropped }]) => divergence(id, kept, dropped) as Anomaly<Kind>),
      ...this.#unknown,
      ...this.#refused,
      ...this.#folded,
      ...this.#carriedOver(),
    ]);
  }

  /** What a slot of a delegate holds. */
  delegated(delegate: number, slot: string, form: PrintedForm): unknown {
    const inner = this.#delegates[delegate]!;
    inner.closeGroups();
    return inner.slotValue(slot, form);
  }

  slotValue(name: string, form: PrintedForm): unknown {
    const slot = (this.#definition.slots as { readonly [name: string]: Slot<unknown, unknown> })[name];
    const cell = (this.slots as { readonly [name: string]: unknown })[name];
    return cell instanceof MapCell ? cell[form] : slot?.shape.freeze(cell);
  }

  /** The payload of the event that is folded; none, and the anomaly recorded, where it is refused. */
  parse<T>(payload: Schema<T>): T | undefined {
    const event = this.#current!;
    if (event.payload !== undefined) return event.payload as T;
    const result = payload.check(event.envelope.payload);
    if (result.ok) return result.value;
    this.#malformed(this.#folded, event, result.errors[0]!);
    return undefined;
  }

  /** Records what ends the event. */
  reject(kind: Kind, facts: Facts): false {
    this.warn(kind, facts);
    return false;
  }

  /** Records what does not end the event. */
  warn(kind: Kind, facts: Facts): void {
    this.#folded.push(this.anomaly(kind, facts));
  }

  /** An anomaly about the event that is looked at. */
  anomaly(kind: Kind, facts: Facts): Anomaly<Kind> {
    const { id, envelope } = this.#current!;
    return anomaly(kind, id, this.#message(kind), facts, this.#definition.facts?.(envelope) ?? {});
  }

  /** Changes a slot or a field so that it can be taken back. */
  set<T, K extends keyof T>(of: T, key: K, value: T[K]): void {
    const old = of[key];
    if (this.#activeJournal.isOpen) this.#activeJournal.note(() => (of[key] = old));
    of[key] = value;
  }

  /** A value as a part of the state. */
  thaw<V, C>(shape: Shape<V, C>, value: V): C {
    return shape.thaw(value, this.#activeJournal);
  }

  /** Changes the state now, and what guards read at the end of the group. */
  change(change: (s: S) => void): void {
    change(this.slots);
    this.#changes.push(change);
  }

  save(): JsonObject {
    return writeFold(this.#parts());
  }

  restore(saved: Json | undefined): void {
    const parts = this.#parts();
    const { anomalies, open } = readFold(saved, parts);
    this.#unknown = anomalies.unknown as Anomaly<Kind>[];
    this.#refused = anomalies.parse as Anomaly<Kind>[];
    this.#folded = anomalies.fold as Anomaly<Kind>[];
    for (const event of open) {
      if (this.#groups === undefined || !this.#payloads.has(event.envelope.event_type)) refuse();
      this.#take(event);
    }
  }

  #parts(): FoldParts<E> {
    const { slots, profile, messages, delegates = [] } = this.#definition;
    return {
      kinds: Object.keys(messages),
      slots: slots as FoldParts<E>["slots"],
      cells: this.slots as FoldParts<E>["cells"],
      fill: (name, value) => this.#fill(name as keyof S, value as never),
      tallies: { consumed: this.consumed, deduped: this.deduped },
      profile,
      open: this.#groups?.events() ?? [],
      anomalies: { unknown: this.#unknown, parse: this.#refused, fold: this.#folded },
      delegates: this.#delegates.map((fold, at) => [delegates[at]!.name, fold] as const),
    };
  }

  #fill<K extends keyof S>(name: K, value: never): void {
    const { shape } = this.#definition.slots[name];
    this.slots[name] = shape.thaw(value, this.#journal);
    if (this.snapshot !== this.slots) this.snapshot[name] = shape.thaw(value, this.#snapshotJournal);
  }

  #noteUnknown(event: Received<E>): void {
    const { unknown } = this.#definition;
    const name = event.envelope.event_type;
    if (unknown === undefined || !unknown.prefixes.some((prefix) => name.startsWith(prefix))) return;
    if (unknown.known.includes(name)) return;
    this.#current = event;
    this.#unknown.push(unknown.report(this, event.envelope));
  }

  /** Parses first where that is asked for, then waits for the group or folds at once. */
  #take(event: Received<E>): void {
    if (this.#definition.isEager) {
      const result = this.#payloads.get(event.envelope.event_type)!.check(event.envelope.payload);
      if (!result.ok) return this.#malformed(this.#refused, event, result.errors[0]!);
      event.payload = result.value;
    }
    if (this.#groups !== undefined) return this.#groups.add(event);
    this.#fold(event);
    this.#settle();
  }

  #malformed(phase: Anomaly<Kind>[], event: Received<E>, error: Fault): void {
    this.#current = event;
    const { malformed } = this.#definition;
    if (malformed !== undefined) phase.push(malformed(this, event.envelope, error));
  }

  #turn(event: Received<E>): ReturnType<NonNullable<Definition<E, S, Kind, State>["groups"]>["turn"]> {
    this.#current = event;
    return this.#definition.groups!.turn(this, event.envelope);
  }

  #fold(event: Received<E>): boolean {
    this.#current = event;
    return this.#definition.fold(this, event.envelope);
  }

  /** Folds a group; without those that others of it override, if one of these is applied. */
  #foldGroup(events: readonly Received<E>[]): void {
    const { override } = this.#definition.groups!;
    const overrides = (event: Received<E>): boolean => override!.by.includes(event.envelope.event_type);
    const yields = (event: Received<E>): boolean => override!.over.includes(event.envelope.event_type);
    if (override === undefined || !events.some(overrides) || !events.some(yields)) {
      for (const event of events) this.#fold(event);
      return;
    }
    const recorded = this.#folded.length;
    let hasWon = false;
    this.#journal.open();
    for (const event of events) {
      if (!yields(event) && this.#fold(event) && overrides(event)) hasWon = true;
    }
    if (hasWon) {
      this.#journal.close();
      for (const event of events.filter(yields)) {
        this.#current = event;
        this.#folded.push(override.report(this, event.envelope));
      }
      return;
    }
    // What was refused overrides nothing: the group is folded again, whole.
    this.#journal.revert();
    this.#changes = [];
    this.#folded.length = recorded;
    for (const event of events) this.#fold(event);
  }

  /** What was done stays: the next event, or group, starts from here. */
  #settle(): void {
    if (this.#changes.length === 0) return;
    this.#activeJournal = this.#snapshotJournal;
    if (this.snapshot !== this.slots) for (const change of this.#changes) change(this.snapshot);
    this.#activeJournal = this.#journal;
    this.#changes = [];
  }

  #message(kind: Kind): string {
    return (this.#definition.messages as { readonly [kind: string]: string })[kind]!;
  }

  #carriedOver(): Anomaly<Kind>[] {
    const { delegates = [] } = this.#definition;
    return delegates.flatMap(({ kind }, at) =>
      this.#delegates[at]!.anomalies().map((inner) => carriedOver(kind, this.#message(kind), inner)),
    );
  }
}

function startOf<S extends object>(slots: { readonly [name in keyof S]: Slot<unknown, S[name]> }, journal: Journal): S {
  const cells: { [name: string]: unknown } = {};
  for (const [name, slot] of Object.entries<Slot<unknown, unknown>>(slots)) {
    cells[name] = slot.shape.thaw(slot.start, journal);
  }
  return cells as S;
}

function divergence(id: string, kept: string, dropped: ReadonlySet<string>): Anomaly {
  const params = { dropped: [...dropped].sort(), kept };
  return {
    kind: "divergent_duplicate",
    event_id: id,
    params,
    message: `event ${id} came with ${dropped.size + 1} contents`,
  };
}
