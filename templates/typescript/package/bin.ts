#!/usr/bin/env node
/** Arguments and JSON Lines enter; verdicts and an exit code leave. */

import { once } from "node:events";
import { createReadStream } from "node:fs";

import { judgeLine, splitLines } from "./support/lines.js";
import { payloadSchema } from "./validate.js";

const USAGE = `usage: event-contracts validate [FILE]

Judges payloads, a line each: {"id", "event_type", "payload"}, or "payload_text" (JSON text) or
"payload_base64" (its bytes) in place of "payload". Prints {"errors", "id", "valid"} for each line.
Without a FILE, or where it is -, reads standard input.

Exit codes: 0 all are valid, 1 some are not, 2 it could not run.
`;

// Whoever reads the verdicts has seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 1 : 2));
process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
  const [verb, file = "-", ...more] = args;
  if (["-h", "--help", "help"].includes(verb ?? "") && args.length === 1) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (verb !== "validate" || more.length > 0 || (file.startsWith("-") && file !== "-")) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    return (await validate(file === "-" ? process.stdin : createReadStream(file))) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

/** Whether all lines of the input hold valid payloads. */
async function validate(input: AsyncIterable<Uint8Array>): Promise<boolean> {
  let allValid = true;
  for await (const line of splitLines(input)) {
    const { text, valid } = judgeLine(line, payloadSchema);
    allValid &&= valid;
    if (!process.stdout.write(`${text}\n`)) await once(process.stdout, "drain");
  }
  return allValid;
}
