// A compiled package's folder and questions about machines enter; what each machine says leaves, a line a question.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const packageFile = (name) => import(pathToFileURL(join(process.argv[2], "dist", `${name}.js`)).href);
const { canonical, payloadSchema } = await packageFile("index");

for (const line of readFileSync(0, "utf8").split("\n").slice(0, -1)) {
  const { family, machine: name, from, to, input, event_type: eventType, payload_text: payload } = JSON.parse(line);
  const machine = (await packageFile(family))[name];
  const answer = {
    allowed: machine.isAllowed(from, to),
    successors: machine.successors(from),
    terminal: machine.isTerminal(to),
  };
  if (input !== undefined) {
    const step = machine.next(from, input);
    answer.next = typeof step === "object" ? ["to", step.to] : [step];
  } else {
    const p = eventType === undefined ? undefined : payloadSchema(eventType).parse(payload);
    answer.violations = machine.violations(from, to, p);
  }
  process.stdout.write(`${canonical(answer)}\n`);
}
