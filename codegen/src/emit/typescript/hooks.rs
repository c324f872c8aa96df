//! Hooks enter; the module `hooks` leaves: what each takes and returns, beside the sources that were written by hand.

use std::collections::BTreeSet;

use super::layout::{Doc, arrow, call, member, object, row, text};
use super::module::{Module, doc_block};
use super::names;
use crate::config::Config;
use crate::emit::sources::{meta, source, sources, taken_over};
use crate::emit::{FileSet, header};
use crate::model::{Implementation, Language, Workspace};

/// What the module is about.
const DOC: &str = "\
/**
 * The hooks of the contracts: functions that were written by hand, and what each takes and returns.
 *
 * A source exports a function for each hook that names it, with the signature that stands here. What it imports of the
 * package it uses inside of functions only: the modules of the package import the hooks themselves.
 */
";

/// The files of the hooks, by path in the folder of sources; none where there are none.
pub(super) fn files<'a>(workspace: &'a Workspace, config: &Config, ambiguous: &'a BTreeSet<&'a str>) -> FileSet {
    let mut files = FileSet::default();
    if workspace.hooks.is_empty() {
        return files;
    }
    let comment = format!("// {}\n", header::of_package(config));
    files.add("hooks/index.ts", format!("{comment}\n{DOC}{}", signatures(workspace, config, ambiguous)));
    for source in sources(workspace, Language::TypeScript) {
        files.add(format!("hooks/{}.ts", names::source(&source.stem)), taken_over(config, source, "//"));
    }
    files.add("hooks.test.ts", comment + &test(workspace, ambiguous));
    files
}

/// A function for each hook, which calls that of the source.
fn signatures(workspace: &Workspace, config: &Config, ambiguous: &BTreeSet<&str>) -> String {
    let mut module = Module::outside(workspace, ambiguous);
    let mut body = String::new();
    for hook in &workspace.hooks {
        let name = names::hook(&hook.meta.name);
        body.push('\n');
        body.push_str(&doc_block(&meta(config, hook, Language::TypeScript), 0));
        let mut parameters = Vec::new();
        for (arg, ty) in &hook.args {
            parameters.push(row(vec![text(format!("{}: ", names::variable(arg))), module.ty(ty)]));
        }
        let args = hook.args.iter().map(|(arg, _)| text(names::variable(arg))).collect();
        let head = call(format!("export function {name}"), parameters);
        let returns = module.ty(&hook.returns);
        row(vec![head, text(": "), returns, text(" {")]).write(&mut body);
        let call = call(format!("hooks${}.{name}", source(hook, Language::TypeScript).stem), args);
        row(vec![text("return "), call, text(";")]).write_indented(2, &mut body);
        body.push_str("\n}\n");
    }
    let own = |source: &Implementation| {
        format!("import * as hooks${} from \"./{}.js\";\n", source.stem, names::source(&source.stem))
    };
    let support = if body.contains("$.") { "import type * as $ from \"../support/index.js\";\n" } else { "" };
    let imports: String = sources(workspace, Language::TypeScript).into_iter().map(own).collect();
    format!("\n{support}{}{imports}{body}", module.imports_of_families(".."))
}

/// The test that puts every vector to its hook.
fn test(workspace: &Workspace, ambiguous: &BTreeSet<&str>) -> String {
    let mut module = Module::outside(workspace, ambiguous);
    let mut rows: Vec<Doc> = Vec::new();
    for hook in &workspace.hooks {
        let mut args = Vec::new();
        for (at, (_, ty)) in hook.args.iter().enumerate() {
            args.push(call("$.literal", vec![module.schema(ty), text(format!("args[{at}]!"))]));
        }
        let call_hook = call(format!("$hooks.{}", names::hook(&hook.meta.name)), args);
        let answer = row(vec![module.schema(&hook.returns), call(".encode", vec![call_hook])]);
        rows.push(member(&names::key(&hook.meta.name), arrow("args", answer)));
    }
    let mut table = String::new();
    let head = "/** What each hook answers to args in order, as canonical text. */\nconst HOOKS: Hooks = ";
    row(vec![text(head), object(rows), text(";")]).write(&mut table);
    include_str!("../../../../templates/typescript/package/hooks.test.ts")
        .replace("// FAMILIES\n", &module.imports_of_families("."))
        .replace("// HOOKS\n", &table)
}
