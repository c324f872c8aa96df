// The generated package enters; a copy that is compiled by the pinned compiler leaves in `build/package`.
import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

rmSync(here("build"), { recursive: true, force: true });
cpSync(here("../../generated/typescript"), here("build/package"), { recursive: true });
execFileSync(process.execPath, [here("node_modules/typescript/bin/tsc"), "--project", here("build/package")], {
  stdio: "inherit",
});
