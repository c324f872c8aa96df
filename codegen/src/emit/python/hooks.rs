//! Hooks enter; the package `hooks` leaves: what each takes and returns, beside the sources that were written by hand.

use std::collections::BTreeMap;

use serde::Serialize;

use super::identifiers::Identifiers;
use super::layout::Code;
use super::lower;
use super::module::Module;
use super::names::variable;
use super::types::{annotation, kind};
use crate::config::Config;
use crate::emit::encode::python;
use crate::emit::{FileSet, header};
use crate::model::{Hook, Implementation, Language, Workspace};

/// What the templates of hooks see.
#[derive(Debug, Serialize)]
pub struct HooksView {
    header: String,
    /// Imports of the standard library.
    standard: Vec<&'static str>,
    /// Imports of the package.
    own: Vec<String>,
    hooks: Vec<HookView>,
}

#[derive(Debug, Serialize)]
struct HookView {
    name: String,
    /// The signature up to its colon, or the row in the table of the test.
    code: String,
    doc: String,
    /// The module of the source.
    module: String,
    /// What is between the parentheses of a call.
    args: String,
}

/// The view of the module with the signatures.
pub fn signatures(workspace: &Workspace, config: &Config, names: &Identifiers) -> HooksView {
    let mut module = Module::outside(workspace, names);
    // A hook that is called like a built-in type hides it.
    module.hide(workspace.hooks.iter().map(|hook| variable(&hook.meta.name)));
    view(workspace, config, &mut module, 4, |module, hook| {
        let mut parameters = Vec::new();
        for (arg, ty) in &hook.args {
            parameters.push(Code::text(format!("{}: {}", variable(arg), annotation(module, ty))));
        }
        let head = Code::call(&format!("def {}", variable(&hook.meta.name)), parameters);
        head.lines(0, &format!(" -> {}:", annotation(module, &hook.returns)))
    })
}

/// The view of the test that puts every vector to its hook.
pub fn test(workspace: &Workspace, config: &Config, names: &Identifiers) -> HooksView {
    let mut module = Module::outside(workspace, names);
    view(workspace, config, &mut module, 0, |module, hook| {
        let args = hook.args.iter().map(|(_, ty)| kind(module, ty)).collect();
        let returns = kind(module, &hook.returns);
        let call = Code::text(format!("hooks.{}", variable(&hook.meta.name)));
        let row = Code::tuple(vec![call, Code::tuple(args), returns]);
        row.after(&format!("{}: ", python::string(&hook.meta.name))).lines(4, ",")
    })
}

fn view<'w>(
    workspace: &'w Workspace,
    config: &Config,
    module: &mut Module<'w>,
    indent: usize,
    mut written: impl FnMut(&mut Module<'w>, &'w Hook) -> String,
) -> HooksView {
    let mut hooks = Vec::new();
    for hook in &workspace.hooks {
        let source = source(hook);
        let args: Vec<String> = hook.args.iter().map(|(arg, _)| variable(arg)).collect();
        hooks.push(HookView {
            name: variable(&hook.meta.name),
            code: written(module, hook),
            doc: doc(config, hook, source),
            module: file(source),
            args: args.join(", "),
        });
    }
    let support = hooks
        .iter()
        .any(|hook| hook.code.contains("_s."))
        .then(|| format!("{:indent$}from .. import support as _s", ""));
    let own: Vec<String> = support.into_iter().chain(lower::imports_of_families(module, "..", indent)).collect();
    if !own.is_empty() {
        module.typing("TYPE_CHECKING");
    }
    HooksView { header: header::of_package(config), standard: module.standard_imports(), own, hooks }
}

fn doc(config: &Config, hook: &Hook, source: &Implementation) -> String {
    let lead = format!("Written in {}/{}.", config.contracts, source.path);
    let mut meta = hook.meta.clone();
    meta.doc = Some(meta.doc.map_or_else(|| lead.clone(), |doc| format!("{doc}\n\n{lead}")));
    super::prose::doc_or(&meta, "", 4)
}

/// The sources, by path in the package.
pub fn sources(workspace: &Workspace, config: &Config) -> FileSet {
    let sources: BTreeMap<String, &Implementation> =
        workspace.hooks.iter().map(source).map(|source| (file(source), source)).collect();
    let mut files = FileSet::default();
    for (name, source) in sources {
        let text = format!("# {}\n{}", header::of_source(config, &source.path), source.text);
        files.add(format!("hooks/{name}.py"), text);
    }
    files
}

fn source(hook: &Hook) -> &Implementation {
    hook.implementation(Language::Python).expect("every language that is generated has a source")
}

/// The module of a source. It is private: a package has the names of its modules, and a hook may be called as its file.
fn file(source: &Implementation) -> String {
    format!("_{}", source.stem)
}
