// The support code enters; what a consumer installs, compiled by the pinned compiler, leaves in `build/package`.
import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

rmSync(here("build"), { recursive: true, force: true });
cpSync(here("../../templates/typescript/support"), here("build/package/src/support"), { recursive: true });
execFileSync(process.execPath, [here("node_modules/typescript/bin/tsc"), "--project", here("tsconfig.json")], {
  stdio: "inherit",
});
