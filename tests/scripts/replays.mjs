// Lines `{"lines", "partition", "reducer"}` enter; `{"bad", "state"}` leaves for each: the numbers of the lines that are no
// envelopes, and the state that the package makes of the others. The argument is the package's folder.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { replayLines } = await import(pathToFileURL(join(process.argv[2], "dist/index.js")).href);
const encoder = new TextEncoder();
const answers = readFileSync(0, "utf8")
  .split("\n")
  .slice(0, -1)
  .map((question) => {
    const { reducer, partition, lines } = JSON.parse(question);
    const log = lines.map((line) => encoder.encode(line));
    const { state, bad } = replayLines(reducer, log, { partition, skipInvalid: true });
    return `{"bad":[${bad.map(({ line }) => line).join(",")}],"state":${state}}\n`;
  });
process.stdout.write(answers.join(""));
