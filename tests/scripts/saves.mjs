// Lines {"events", "reducer"} enter, the events in their order; what an incremental reducer of the package saves behind
// the last of them leaves, a line each. The argument is the package's folder.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const load = (module) => import(pathToFileURL(`${process.argv[2]}/dist/${module}.js`));
const { canonical, reducerNamed } = await load("index");
const { incremental } = await load("support/index");
const encoder = new TextEncoder();

for await (const line of createInterface({ input: process.stdin })) {
  const { reducer, events } = JSON.parse(line);
  const rules = reducerNamed(reducer);
  const running = new (incremental(rules))();
  for (const event of events) {
    const decoded = rules.profile.envelope.decode(encoder.encode(canonical(event)));
    if (!decoded.ok) throw new Error(`${canonical(event)} is no envelope`);
    running.apply(decoded.value);
  }
  process.stdout.write(`${running.save()}\n`);
}
