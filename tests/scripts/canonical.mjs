// A compiled package's folder and lines `{"event_type", "payload_text"}` enter; the canonical text of each payload leaves.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { payloadSchema } = await import(pathToFileURL(join(process.argv[2], "dist/index.js")).href);
const lines = readFileSync(0, "utf8").split("\n").slice(0, -1);
const texts = lines.map((line) => {
  const { event_type: eventType, payload_text: payload } = JSON.parse(line);
  const schema = payloadSchema(eventType);
  return schema.encode(schema.parse(payload));
});
process.stdout.write(texts.map((text) => `${text}\n`).join(""));
