// The folder of a built package enters as argument, JSON Lines of what its contracts were made of on stdin; a line
// leaves for each value that does not come back as it was, and `done` at the end.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder] = process.argv.slice(2);
for (const line of readFileSync(0, "utf8").split("\n").filter((text) => text !== "")) {
  const { family, prefix, payload, slots } = JSON.parse(line);
  const module = await import(pathToFileURL(join(folder, "dist", `${family}.js`)));
  const decoded = module[`${prefix}Part`].decode(new TextEncoder().encode("{}"));
  if (!decoded.ok) console.log(family, JSON.stringify(decoded.errors));
  const { value } = decoded;
  if (slots.includes("enum_value")) {
    if (!Object.values(module[`${prefix}Kind`]).includes(payload)) console.log(family, "no member");
    if (value.kind !== payload) console.log(family, "enum default", JSON.stringify(value.kind));
  }
  if (slots.includes("default") && (value.text !== payload || value.plain !== payload)) {
    console.log(family, "default", JSON.stringify(value.text), JSON.stringify(value.plain));
  }
}
console.log("done");
