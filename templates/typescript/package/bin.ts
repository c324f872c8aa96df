#!/usr/bin/env node
/** Arguments and JSON Lines enter; verdicts and an exit code leave. */

import { once } from "node:events";

import { judgeLine, splitLines } from "./support/lines.js";
import { payloadSchema } from "./validate.js";

const USAGE = `usage: event-contracts validate < payloads.jsonl

Judges payloads, a line each: {"id", "event_type", "payload"}, or "payload_text" (JSON text) or
"payload_base64" (its bytes) in place of "payload". Prints {"errors", "id", "valid"} for each line.

Exit codes: 0 all are valid, 1 some are not, 2 it could not run.
`;

process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
  if (args.length === 1 && ["-h", "--help", "help"].includes(args[0]!)) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (args[0] !== "validate" || args.length > 2 || (args.length === 2 && args[1] !== "-")) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    return (await validate()) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

/** Whether all lines of the input hold valid payloads. */
async function validate(): Promise<boolean> {
  let allValid = true;
  for await (const line of splitLines(process.stdin)) {
    const { text, valid } = judgeLine(line, payloadSchema);
    allValid &&= valid;
    if (!process.stdout.write(`${text}\n`)) await once(process.stdout, "drain");
  }
  return allValid;
}
