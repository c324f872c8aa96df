// Lines {"log", "partition", "reducer"} enter, where `log` holds the texts of envelopes. For each leaves the printed state,
// and what came out otherwise where a reducer paused, or took another way. The folder of the package is the argument.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const load = (module) => import(pathToFileURL(`${process.argv[2]}/dist/${module}.js`));
const { canonical, reducerNamed, replayLines } = await load("index");
const $ = await load("support/index");
const encoder = new TextEncoder();

for await (const line of createInterface({ input: process.stdin })) {
  const { reducer, partition, log } = JSON.parse(line);
  const lines = log.map((text) => encoder.encode(text));
  const { state } = replayLines(reducer, lines, { partition, skipInvalid: true });
  const different = partition ? otherWays(reducer, lines, state) : paused(reducer, lines, state);
  console.log(JSON.stringify({ state, different }));
}

/** The events of lines in their order. */
function inOrder(rules, lines) {
  const read = lines.map((line) => rules.profile.envelope.decode(line)).filter((result) => result.ok);
  const events = read.map(({ value }) => new $.Received(rules.profile, value));
  return events.sort($.compareEvents).map((event) => event.envelope);
}

/** Saves and resumes behind every event; the first state that is not the expected one. */
function paused(reducer, lines, expected) {
  const rules = reducerNamed(reducer);
  const Incremental = $.incremental(rules);
  const events = inOrder(rules, lines);
  let whole = new Incremental();
  for (let at = 0; at <= events.length; at++) {
    const saved = whole.save();
    const resumed = Incremental.resume(saved);
    if (resumed.save() !== saved) return `saved again behind ${at}: ${resumed.save()} is not ${saved}`;
    for (const event of events.slice(at)) resumed.apply(event);
    const state = canonical(resumed.finish());
    if (state !== expected) return `resumed behind ${at}: ${state}`;
    // Every second pause is one for good.
    if (at % 2 === 1) whole = Incremental.resume(saved);
    if (at < events.length) whole.apply(events[at]);
  }
  return canonical(whole.finish()) === expected ? undefined : "the one that paused again and again differs";
}

/** Reduces decoded events, and lines that are in order already. */
function otherWays(reducer, lines, expected) {
  const rules = reducerNamed(reducer);
  const events = inOrder(rules, lines);
  const decoded = canonical($.reducePartitioned(rules, events.toReversed()));
  if (decoded !== expected) return `from decoded events: ${decoded}`;
  const sorted = replayLines(
    reducer,
    events.map((event) => encoder.encode(canonical(event))),
    { partition: true, sorted: true },
  );
  return sorted.state === expected ? undefined : `from lines in order: ${JSON.stringify(sorted)}`;
}
