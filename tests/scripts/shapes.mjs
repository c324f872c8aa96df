// The folders of two TypeScript packages enter as arguments; a line leaves for each source file whose syntax tree, docs
// and tags included, differs in more than texts, and for each fault the compiler finds.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, hostile, twin] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(createRequire(join(modules, "x.js")).resolve(path)));
const { API } = await load("typescript/unstable/sync");
const { SyntaxKind } = await load("typescript/unstable/ast");

const isTag = (node) => SyntaxKind[node.kind].endsWith("Tag");

const isKey = (node) => node.parent?.name === node && SyntaxKind[node.parent.kind].startsWith("Property");

/** Kinds of nodes with names of identifiers; texts of literals, keys and docs are left out. */
function shape(node) {
  if (isKey(node)) return "key";
  const kind = SyntaxKind[node.kind];
  const name = node.kind === SyntaxKind.Identifier ? node.text : "";
  const parts = [];
  for (const doc of node.jsDoc ?? []) parts.push(`doc(${[...(doc.tags ?? [])].filter(isTag).map((tag) => tag.tagName.text)})`);
  node.forEachChild((child) => void parts.push(shape(child)));
  return `${kind}${name}(${parts.join()})`;
}

const api = new API({ cwd: hostile });
const projects = [hostile, twin].map((folder) => {
  const config = join(folder, "tsconfig.json");
  return api.updateSnapshot({ openProjects: [config] }).getProject(config);
});
for (const file of readdirSync(join(hostile, "src"), { recursive: true }).filter((name) => name.endsWith(".ts"))) {
  const [one, other] = projects.map((project, at) => project.program.getSourceFile(join([hostile, twin][at], "src", file)));
  if (shape(one) !== shape(other)) console.log(`${file}: another tree`);
  for (const fault of projects[0].program.getSyntacticDiagnostics(one.fileName)) console.log(file, fault.text);
}
api.close();
