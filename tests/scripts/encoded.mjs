// JSON Lines of one text in its TypeScript encodings enter on stdin; a line for each that JavaScript reads otherwise leaves.
import { readFileSync } from "node:fs";

const evaluate = (source) => new Function(source)();

for (const line of readFileSync(0, "utf8").split("\n").filter((text) => text !== "")) {
  const { text, string, comment, block } = JSON.parse(line);
  if (evaluate(`return ${string}`) !== text) console.log("string", line);
  if (evaluate(`${comment}\nreturn 7`) !== 7) console.log("comment", line);
  if (evaluate(`${block}return 7`) !== 7) console.log("block", line);
}
