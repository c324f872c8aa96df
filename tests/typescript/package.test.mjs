// The generated package is packed and installed as a consumer would; what the consumer can do with it is asked here.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";

const SOURCES = fileURLToPath(new URL("../../generated/typescript", import.meta.url));
// Below the folder of the compiler, and not where the other tests read.
const packing = fileURLToPath(new URL("build/packing", import.meta.url));
const consumer = mkdtempSync(join(tmpdir(), "consumer-"));
const installed = join(consumer, "node_modules/event-contracts");
const offline = { ...process.env, npm_config_offline: "true", npm_config_update_notifier: "false" };

const npm = (args, cwd) => execFileSync("npm", [...args, "--silent"], { cwd, env: offline, encoding: "utf8" });
const load = (module) => import(pathToFileURL(join(installed, "dist", `${module}.js`)));
const command = (args, input) =>
  spawnSync(join(consumer, "node_modules/.bin/event-contracts"), args, { input, encoding: "utf8" });

before(() => {
  cpSync(SOURCES, packing, { recursive: true });
  const [packed] = JSON.parse(npm(["pack", "--json", "--pack-destination", consumer], packing));
  writeFileSync(join(consumer, "package.json"), '{ "private": true, "type": "module" }');
  npm(["install", "--no-audit", "--no-fund", `./${packed.filename}`], consumer);
});

after(() => rmSync(consumer, { recursive: true }));

test("packing compiles; what is installed is code, declarations, schemas and fixtures, and depends on nothing", () => {
  const { dependencies, type, sideEffects } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  assert.deepEqual([dependencies, type, sideEffects], [undefined, "module", false]);
  const files = readdirSync(installed, { recursive: true }).map(String);
  for (const file of ["dist/connector.js", "dist/connector.d.ts", "schemas/connector_provisioned.schema.json"]) {
    assert.ok(files.includes(file), file);
  }
  assert.ok(files.includes("fixtures/manifest.json"));
  assert.ok(!files.some((file) => file.startsWith("src")), "sources stay at home");
  assert.deepEqual(
    readdirSync(join(consumer, "node_modules")).filter((name) => !name.startsWith(".")),
    ["event-contracts"],
  );
});

test("every module that the package offers can be imported by its name", () => {
  const { exports } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const modules = Object.keys(exports).filter((name) => !name.includes("*") && !name.endsWith(".json"));
  assert.ok(modules.includes(".") && modules.includes("./connector") && modules.includes("./support"));
  const imports = modules.map((name) => `await import("event-contracts${name.slice(1)}");`).join("\n");
  execFileSync(process.execPath, ["--input-type=module", "--eval", imports], { cwd: consumer });
});

test("types are found and say what the contract says", () => {
  const checks = `
    import { ConnectorHealthCheckedPayload, HealthStatus, payloadSchema, type Result } from "event-contracts";
    import { connectorLifecycleMachine } from "event-contracts/connector";
    import type { Id, Uuid } from "event-contracts/base";

    const result: Result<ConnectorHealthCheckedPayload> = ConnectorHealthCheckedPayload.decode("{}");
    if (result.ok) {
      const status: "healthy" | "degraded" | "unreachable" = result.value.health_status;
      // @ts-expect-error an accepted value is read only
      result.value.latency_ms = 1;
    }
    const parsed: ConnectorHealthCheckedPayload = payloadSchema("ConnectorHealthChecked").parse("{}");
    // @ts-expect-error an undeclared event may have no schema
    payloadSchema("Unheard" as string).parse("{}");
    connectorLifecycleMachine.isAllowed(null, "provisioned");
    // @ts-expect-error no such state
    connectorLifecycleMachine.isAllowed(null, "lost");
    const id: Id = "a literal fits";
    // @ts-expect-error a uuid is no id
    const other: Uuid = id;
    const healthy: HealthStatus = HealthStatus.healthy;
    export { healthy, other, parsed };
  `;
  mkdirSync(join(consumer, "src"), { recursive: true });
  writeFileSync(join(consumer, "src/checks.ts"), checks);
  const compiler = fileURLToPath(new URL("node_modules/typescript/bin/tsc", import.meta.url));
  const options = "--noEmit --strict --exactOptionalPropertyTypes --module nodenext --target es2022".split(" ");
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...options, "src/checks.ts"], {
    cwd: consumer,
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
});

test("a bundle holds what is used of a family, and nothing of the others", async () => {
  const entry = `import { ConnectorRevokedPayload } from "event-contracts"; console.log(ConnectorRevokedPayload);`;
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: consumer },
    bundle: true,
    format: "esm",
    platform: "browser",
    minifySyntax: true,
    write: false,
  });
  const bundle = outputFiles[0].text;
  assert.ok(bundle.includes("revocation_reason"));
  for (const absent of [
    "credentials_ref",
    "SyncIngest",
    "connectorLifecycle",
    "reconnect_strategy",
    "ConnectorProvisioned",
  ]) {
    assert.ok(!bundle.includes(absent), absent);
  }
  assert.ok(bundle.length < 21_000, `${bundle.length} bytes`);
});

test("the command judges lines and exits 0, 1 or 2", () => {
  const valid = readFileSync(join(installed, "fixtures/connector/valid/connector-degraded-timeout.json"), "utf8");
  const line = (payload) => JSON.stringify({ id: "a", event_type: "ConnectorDegraded", payload });
  const accepted = command(["validate"], `${line(JSON.parse(valid))}\n`);
  assert.deepEqual([accepted.status, accepted.stdout], [0, '{"errors":[],"id":"a","valid":true}\n']);
  const refused = command(["validate", "-"], `${line({})}\nnot json\n`);
  assert.equal(refused.status, 1);
  assert.equal(
    refused.stdout.split("\n")[1],
    '{"errors":[{"code":"bad_json","params":{},"path":""}],"id":null,"valid":false}',
  );
  const file = join(consumer, "payloads.jsonl");
  writeFileSync(file, `${line({})}\n`);
  assert.deepEqual(command(["validate", file]).stdout, refused.stdout.slice(0, refused.stdout.indexOf("\n") + 1));
  assert.deepEqual([command(["validate"], "").status, command(["validate"], "").stdout], [0, ""]);
  for (const args of [[], ["judge"], ["validate", "a", "b"], ["validate", "no-file.jsonl"], ["validate", "--all"]]) {
    const { status, stdout, stderr } = command(args, "");
    assert.deepEqual([status, stdout], [2, ""], args.join(" "));
    assert.notEqual(stderr, "");
  }
  assert.equal(command(["--help"], "").status, 0);
});

test("all fixtures are judged as their manifest says", async () => {
  const { listFixtures, loadFixtures } = await load("fixtures");
  const { validate } = await load("index");
  const categories = new Set(listFixtures().map((entry) => entry.path.split("/")[0]));
  assert.ok(categories.has("connector") && categories.has("sync"));
  for (const category of categories) {
    for (const fixture of loadFixtures(category).filter((fixture) => fixture.fixture_type !== "replay")) {
      const errors = validate(fixture.event_type, fixture.content).map(({ code, path }) => ({ code, path }));
      assert.deepEqual(errors, fixture.expected_errors ?? [], fixture.id);
      assert.equal(errors.length === 0, fixture.expected_result === "valid", fixture.id);
    }
  }
  assert.ok(loadFixtures("connector", "invalid").every((fixture) => fixture.expected_result === "invalid"));
  assert.throws(() => loadFixtures("nothing"), RangeError);
  assert.throws(() => loadFixtures("connector", "nothing"), RangeError);
});

test("the installed package proves itself", () => {
  const { status, stdout } = spawnSync(process.execPath, ["--test", join(installed, "dist/conformance.test.js")], {
    encoding: "utf8",
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  assert.equal(status, 0, stdout);
  assert.ok(Number(/^# pass (\d+)$/m.exec(stdout)?.[1]) > 30, stdout);
});

test("every schema that is listed can be loaded, no other", async () => {
  const { listSchemas, loadSchema } = await load("schemas");
  assert.ok(listSchemas().includes("connector_provisioned"));
  for (const name of listSchemas()) assert.equal(typeof loadSchema(name).$id, "string", name);
  assert.throws(() => loadSchema("../package"), RangeError);
});
