//! Hooks enter; the package `hooks` leaves: what each takes and returns, beside the sources that were written by hand.

use serde::Serialize;

use super::identifiers::Identifiers;
use super::layout::Code;
use super::module::Module;
use super::names::variable;
use super::types::{annotation, kind};
use super::{lower, prose};
use crate::config::Config;
use crate::emit::encode::python;
use crate::emit::sources::{meta, source, sources, taken_over};
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
        let args: Vec<String> = hook.args.iter().map(|(arg, _)| variable(arg)).collect();
        hooks.push(HookView {
            name: variable(&hook.meta.name),
            code: written(module, hook),
            doc: prose::doc_or(&meta(config, hook, Language::Python), "", 4),
            module: file(source(hook, Language::Python)),
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

/// The files of the sources, by path in the package.
pub fn files(workspace: &Workspace, config: &Config) -> FileSet {
    let mut files = FileSet::default();
    for source in sources(workspace, Language::Python) {
        files.add(format!("hooks/{}.py", file(source)), taken_over(config, source, "#"));
    }
    files
}

/// The module of a source. It is private: a package has the names of its modules, and a hook may be called as its file.
fn file(source: &Implementation) -> String {
    format!("_{}", source.stem)
}
