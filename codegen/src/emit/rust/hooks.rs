//! Hooks enter; the module `hooks` leaves: what each takes and returns, beside the sources that were written by hand.

use super::layout::laid_out;
use super::module::Module;
use super::names::{self, Taken};
use super::text::put;
use super::types::spell;
use super::{docs, package};
use crate::config::Config;
use crate::emit::encode::rust;
use crate::emit::sources::{meta, source, sources, taken_over};
use crate::emit::{FileSet, header};
use crate::model::{Hook, Language, Workspace};

/// What the module is about.
const DOC: &str = "\
//! The hooks of the contracts: functions that were written by hand, and what each takes and returns.
//!
//! A source is a private module of this one. It has a `pub` function for each hook that names it, with the signature that
//! stands here; values of a type of a contract are always good.
";

/// The files of the hooks, by path in the crate; none where there are none.
pub(super) fn files(workspace: &Workspace, config: &Config, taken: &mut Taken) -> FileSet {
    let mut files = FileSet::default();
    if workspace.hooks.is_empty() {
        return files;
    }
    let mut module = Module::outside(workspace, taken);
    let functions: Vec<String> = workspace.hooks.iter().map(|hook| function(&mut module, config, hook)).collect();
    for source in sources(workspace, Language::Rust) {
        let name = names::module(&source.stem);
        put!(module.out, "mod {name};\n");
        files.add(format!("src/hooks/{name}.rs"), taken_over(config, source, "//"));
    }
    put!(module.out, "\n{}", functions.join("\n"));
    let comment = format!("// {}\n\n", header::of_package(config));
    files.add("src/hooks/mod.rs", format!("{comment}{DOC}\n{}", module.finish()));
    files.add("tests/hooks.rs", comment + &test(workspace, config));
    files
}

fn function(module: &mut Module<'_>, config: &Config, hook: &Hook) -> String {
    let name = names::value(&hook.meta.name);
    let args: Vec<String> = hook.args.iter().map(|(arg, _)| names::value(arg)).collect();
    let types: Vec<String> = hook.args.iter().map(|(_, ty)| spell(module, ty, "").ty).collect();
    let parameters: Vec<String> = args.iter().zip(types).map(|(arg, ty)| format!("{arg}: {ty}")).collect();
    let returns = spell(module, &hook.returns, "").ty;
    let head = format!("pub fn {name}({}) -> {returns}", parameters.join(", "));
    let call = format!("{}::{name}({})", names::module(&source(hook, Language::Rust).stem), args.join(", "));
    let doc = docs::of(&meta(config, hook, Language::Rust), None, "", 0);
    doc + laid_out(&[format!("{head} {{ {call} }}")], 0).trim_start_matches('\n')
}

/// The test that puts every vector to its hook.
fn test(workspace: &Workspace, config: &Config) -> String {
    let arms = workspace.hooks.iter().map(|hook| {
        let args: Vec<String> = hook.args.iter().map(|(arg, _)| names::value(arg)).collect();
        let given: Vec<String> = args.iter().map(|arg| format!("from_value({arg})?")).collect();
        let call = format!("hooks::{}({})", names::value(&hook.meta.name), given.join(", "));
        format!("({}, [{}]) => to_json(&{call}),\n", rust::string(&hook.meta.name), args.join(", "))
    });
    let function = format!(
        "/// What a hook answers to args in order, as canonical text.
        fn answer(hook: &str, args: &[Json]) -> Result<String, Faults> {{
            let answer = match (hook, args) {{
                {} _ => unreachable!(\"no hook `{{hook}}` takes {{}} args\", args.len()) }};
            Ok(answer)
        }}",
        arms.collect::<String>()
    );
    include_str!("../../../../templates/rust/package/hooks_test.rs")
        .replace("LIBRARY", &package::library(config))
        .replace("// ANSWER\n", laid_out(&[function], 0).trim_start_matches('\n'))
}
