#!/usr/bin/env node
/** Arguments and JSON Lines enter; verdicts or a state, and an exit code, leave. */

import { once } from "node:events";
import { createReadStream } from "node:fs";

import { reducerNamed } from "./replay.js";
import { describeBadLine, LineReplay, type EventEnvelope } from "./support/index.js";
import { findEnvelope, judgeEvent } from "./support/events.js";
import { judgeLine, splitLines, type Verdict } from "./support/lines.js";
import { listEnvelopes, payloadSchema } from "./validate.js";

const USAGE = `usage: event-contracts validate [--envelope[=RECORD]] [FILE]
       event-contracts replay REDUCER [--partition] [--sorted] [--skip-invalid] [FILE]

validate judges payloads, a line each: {"id", "event_type", "payload"}, or "payload_text" (JSON text) or
"payload_base64" (its bytes) in place of "payload". Prints {"errors", "id", "valid"} for each line.
  --envelope      lines are whole events; the record that is their envelope has to be named where there are several

replay reduces events, an envelope a line, in any order. Prints the state as one line of JSON.
  --partition     one state for each entity
  --sorted        the events are in order already: keep state and ids only
  --skip-invalid  leave out lines that are no envelope, and name them

Without a FILE, or where it is -, both read standard input.

Exit codes: 0 all are valid, 1 some are not, 2 it could not run.
`;

/** A call that makes no sense. */
class UsageError extends Error {}

// Whoever reads the verdicts has seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 1 : 2));
process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
  if (["-h", "--help", "help"].includes(args[0] ?? "") && args.length === 1) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    return (await perform(args)) ? 0 : 1;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(error instanceof UsageError ? USAGE : `error: ${text}\n`);
    return 2;
  }
}

/** Whether everything was in order. */
async function perform([verb, ...args]: readonly string[]): Promise<boolean> {
  const flags = args.filter((arg) => arg.startsWith("--"));
  const words = args.filter((arg) => !arg.startsWith("--"));
  if (words.some((word) => word.startsWith("-") && word !== "-")) throw new UsageError();
  if (verb === "validate" && flags.every(isEnvelope) && words.length <= 1) {
    return validate(judgeOf(flags.at(-1)), open(words[0]));
  }
  const known = ["--partition", "--sorted", "--skip-invalid"];
  if (verb !== "replay" || flags.some((flag) => !known.includes(flag)) || words.length < 1 || words.length > 2) {
    throw new UsageError();
  }
  const [partition, sorted, skipInvalid] = known.map((flag) => flags.includes(flag)) as [boolean, boolean, boolean];
  const replay = new LineReplay(reducerNamed(words[0]!), { partition, sorted, skipInvalid });
  return print(replay, open(words[1]));
}

function open(file = "-"): AsyncIterable<Uint8Array> {
  return file === "-" ? process.stdin : createReadStream(file);
}

function isEnvelope(flag: string): boolean {
  return flag === "--envelope" || flag.startsWith("--envelope=");
}

/** What judges a line: as a case, or by the flag as an event in that envelope. */
function judgeOf(flag: string | undefined): (line: Uint8Array) => Verdict {
  if (flag === undefined) return (line) => judgeLine(line, payloadSchema);
  const envelope = findEnvelope(listEnvelopes(), flag.slice("--envelope=".length));
  return (line) => judgeEvent(line, envelope, payloadSchema);
}

/** Whether all lines of the input are valid. */
async function validate(judge: (line: Uint8Array) => Verdict, input: AsyncIterable<Uint8Array>): Promise<boolean> {
  let allValid = true;
  for await (const line of splitLines(input)) {
    const { text, valid } = judge(line);
    allValid &&= valid;
    if (!process.stdout.write(`${text}\n`)) await once(process.stdout, "drain");
  }
  return allValid;
}

/** Whether the lines of the input come to a state. */
async function print(replay: LineReplay<EventEnvelope>, input: AsyncIterable<Uint8Array>): Promise<boolean> {
  for await (const line of splitLines(input)) if (!replay.take(line)) break;
  const { state, bad } = replay.finish();
  for (const line of bad) process.stderr.write(`${describeBadLine(line)}\n`);
  if (state !== undefined) process.stdout.write(`${state}\n`);
  return state !== undefined;
}
