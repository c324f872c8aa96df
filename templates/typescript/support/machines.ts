/** Transition tables enter; what may be asked of a machine leaves. `null` is "nothing recorded yet". */

/** Which states may follow which. */
export interface Transitions<State extends string> {
  /** Whether the table has the move. Rules are not asked. */
  isAllowed(from: State | null, to: State): boolean;
  /** The states that may follow, in declared order. */
  successors(from: State | null): readonly State[];
  /** Whether the state is declared to end a life or, where no state is, nothing follows it. */
  isTerminal(state: State): boolean;
}

/** A machine of edges and rules. `violations` gives the codes of all rules that refuse a move, in declared order. */
export interface Machine<State extends string> extends Transitions<State> {
  violations(from: State | null, to: State): readonly string[];
}

/** A machine whose rules read an event. */
export interface GuardedMachine<State extends string, P> extends Transitions<State> {
  violations(from: State | null, to: State, p: P): readonly string[];
}

/** A machine in which an input leads from a state to the next. */
export interface InputMachine<State extends string, Input extends string> extends Transitions<State> {
  next(from: State | null, input: Input): Step<State>;
}

/** What an input does: goes to a state, changes nothing, or is refused. */
export type Step<State extends string> = { readonly to: State } | "stay" | "refuse";

/** The edges of a machine. */
export interface Edges<State extends string> {
  /** What may follow where nothing is recorded yet. */
  readonly initial: readonly State[];
  readonly next: { readonly [from in State]: readonly State[] };
  readonly terminal: readonly State[];
}

/** A reason to refuse a move; `EDGE` stands where the edges themselves are asked. */
export type MoveRule<State extends string, P> =
  | "EDGE"
  | { readonly code: string; readonly denies: (from: State | null, to: State, p: P) => boolean };

/** What stands beside the edges of a machine. */
export interface MoveRules<State extends string, P> {
  readonly rules?: readonly MoveRule<State, P>[];
  /** Where it holds, the edges are not asked. */
  readonly bypass?: (from: State | null, to: State, p: P) => boolean;
}

/** A machine of edges, with rules that read no event. */
export function machine<State extends string>(
  // What a table names need not be all states: they are those of the declared type.
  edges: Edges<NoInfer<State>>,
  rules: MoveRules<State, undefined> = {},
): Machine<State> {
  const guarded = guardedMachine(edges, rules);
  return { ...guarded, violations: (from, to) => guarded.violations(from, to, undefined) };
}

/** A machine of edges whose rules read an event. */
export function guardedMachine<State extends string, P>(
  edges: Edges<NoInfer<State>>,
  { rules = ["EDGE"], bypass = () => false }: MoveRules<State, P>,
): GuardedMachine<State, P> {
  const moves = transitions(edges);
  const denies = (rule: MoveRule<State, P>, from: State | null, to: State, p: P): boolean =>
    rule === "EDGE" ? !moves.isAllowed(from, to) && !bypass(from, to, p) : rule.denies(from, to, p);
  return {
    ...moves,
    violations: (from, to, p) =>
      rules.filter((rule) => denies(rule, from, to, p)).map((rule) => (rule === "EDGE" ? rule : rule.code)),
  };
}

/** The table of an input machine: for "nothing recorded yet" and each state what each input does. */
export interface Inputs<State extends string, Input extends string> {
  readonly initial: { readonly [input in Input]: Step<State> };
  readonly next: { readonly [from in State]: { readonly [input in Input]: Step<State> } };
  readonly terminal: readonly State[];
}

/** A machine in which an input leads from a state to the next; `states` in declared order. */
export function inputMachine<State extends string, Input extends string>(
  states: readonly NoInfer<State>[],
  inputs: Inputs<NoInfer<State>, NoInfer<Input>>,
): InputMachine<State, Input> {
  const row = (from: State | null): { readonly [input in Input]: Step<State> } =>
    from === null ? inputs.initial : inputs.next[from];
  const successors = (from: State | null): readonly State[] => {
    const steps = Object.values<Step<State>>(row(from));
    return states.filter((state) => steps.some((step) => typeof step === "object" && step.to === state));
  };
  return {
    isAllowed: (from, to) => successors(from).includes(to),
    successors,
    isTerminal: (state) => inputs.terminal.includes(state),
    next: (from, input) => row(from)[input],
  };
}

function transitions<State extends string>(edges: Edges<State>): Transitions<State> {
  const successors = (from: State | null): readonly State[] => (from === null ? edges.initial : edges.next[from]);
  return {
    isAllowed: (from, to) => successors(from).includes(to),
    successors,
    isTerminal: (state) => edges.terminal.includes(state),
  };
}
