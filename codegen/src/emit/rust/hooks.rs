//! Hooks enter; the module `hooks` leaves: what each takes and returns, beside the sources that were written by hand.

use std::collections::BTreeMap;

use super::layout::laid_out;
use super::module::Module;
use super::names::{self, Taken};
use super::text::put;
use super::types::spell;
use crate::config::Config;
use crate::emit::encode::rust;
use crate::emit::{FileSet, header};
use crate::model::{Hook, Implementation, Language, Workspace};

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
    let mut sources: BTreeMap<String, &Implementation> = BTreeMap::new();
    let mut module = Module::outside(workspace, taken);
    let mut functions = String::new();
    for hook in &workspace.hooks {
        let source = source(hook);
        sources.insert(names::value(&source.stem), source);
        functions.push_str(&function(&mut module, config, hook, source));
    }
    for name in sources.keys() {
        put!(module.out, "mod {name};\n");
    }
    put!(module.out, "\n{functions}");
    let code = module.finish();
    files.add("src/hooks/mod.rs", format!("// {}\n\n{DOC}\n{code}", header::of_package(config)));
    for (name, source) in sources {
        let text = format!("// {}\n\n{}", header::of_source(config, &source.path), source.text);
        files.add(format!("src/hooks/{name}.rs"), text);
    }
    files.add("tests/hooks.rs", format!("// {}\n\n{}", header::of_package(config), test(workspace, config)));
    files
}

fn source(hook: &Hook) -> &Implementation {
    hook.implementation(Language::Rust).expect("every language that is generated has a source")
}

fn function(module: &mut Module<'_>, config: &Config, hook: &Hook, source: &Implementation) -> String {
    let name = names::value(&hook.meta.name);
    let args: Vec<String> = hook.args.iter().map(|(arg, _)| names::value(arg)).collect();
    let types: Vec<String> = hook.args.iter().map(|(_, ty)| spell(module, ty, "").ty).collect();
    let parameters: Vec<String> = args.iter().zip(types).map(|(arg, ty)| format!("{arg}: {ty}")).collect();
    let returns = spell(module, &hook.returns, "").ty;
    let lead = format!("Written in {}/{}.", config.contracts, source.path);
    let said = super::docs::of(&hook.meta, None, "A hook.", 0);
    let doc = format!("{}///\n{}", without_attribute(&said), rust::outer_doc(&lead, 0));
    let attribute = super::docs::deprecated(hook.meta.deprecated.as_ref(), 0);
    let head = format!("pub fn {name}({}) -> {returns}", parameters.join(", "));
    let call = format!("{}::{name}({})", names::value(&source.stem), args.join(", "));
    doc + &attribute + laid_out(&[format!("{head} {{ {call} }}")], 0).trim_start_matches('\n') + "\n"
}

/// The lines of a doc comment, without the attribute behind it.
fn without_attribute(doc: &str) -> String {
    doc.lines().filter(|line| line.starts_with("///")).map(|line| format!("{line}\n")).collect()
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
    let answer = laid_out(&[function], 0);
    include_str!("../../../../templates/rust/package/hooks_test.rs")
        .replace("LIBRARY", &config.rust.crate_name.replace('-', "_"))
        .replace("// ANSWER\n", answer.trim_start_matches('\n'))
}
