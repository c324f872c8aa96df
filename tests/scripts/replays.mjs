// Lines `{"in_order", "lines", "partition", "reducer", "skip_invalid"}` enter; `{"bad", "state"}` leaves for each: what is
// told about lines that cannot be used, and the state that the package makes of the others, or null. The argument is the
// package's folder.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const load = (module) => import(pathToFileURL(join(process.argv[2], `dist/${module}.js`)).href);
const { canonical, replayLines } = await load("index");
const { describeBadLine } = await load("support/index");
const encoder = new TextEncoder();
const answers = readFileSync(0, "utf8")
  .split("\n")
  .slice(0, -1)
  .map((question) => {
    const { reducer, partition, lines, in_order: sorted, skip_invalid: skipInvalid } = JSON.parse(question);
    const log = lines.map((line) => encoder.encode(line));
    const { state, bad } = replayLines(reducer, log, { partition, sorted, skipInvalid });
    return `{"bad":${canonical(bad.map(describeBadLine))},"state":${state ?? "null"}}\n`;
  });
process.stdout.write(answers.join(""));
