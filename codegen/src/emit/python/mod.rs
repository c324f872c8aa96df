//! A workspace and what every package carries enter; the files of the Python package leave.

mod cloudevents;
mod enums;
mod expression;
mod hooks;
mod identifiers;
mod layout;
mod literal;
mod lower;
mod machines;
mod module;
mod names;
mod order;
mod package;
mod prose;
mod records;
mod reducers;
mod support;
mod types;
mod versions;
mod view;

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

use super::{Assets, FileSet, header};
use crate::config::Config;
use crate::model::Workspace;
use identifiers::identifiers;

/// The package, by path relative to the project's root.
pub fn emit(workspace: &Workspace, config: &Config, assets: &Assets) -> FileSet {
    let names = identifiers(workspace);
    let mut package = FileSet::default();
    for (id, _) in workspace.families.entries() {
        let view = lower::family(workspace, config, &names, id);
        package.add(
            format!("{}.py", names.families[usize::from(id)].module),
            print("family.py", Value::from(Serde(view))),
        );
    }
    let comment = format!("# {}\n", header::of_package(config));
    for (path, text) in support::FILES {
        package.add(format!("support/{path}"), comment.clone() + text);
    }
    package.add("support/record.py", comment.clone() + support::record(config.python.base));
    package.add("conformance/__init__.py", comment.clone() + support::CONFORMANCE);
    package.add("conformance/test_conformance.py", comment.clone() + support::TEST_CONFORMANCE);
    package.add("py.typed", "");
    package.extend(assets.schemas.clone().under("schemas"));
    package.extend(assets.fixtures.clone().under("conformance/fixtures"));
    if !workspace.hooks.is_empty() {
        package.extend(hooks::files(workspace, config));
        let signatures = hooks::signatures(workspace, config, &names);
        package.add("hooks/__init__.py", print("hooks.py", Value::from(Serde(signatures))));
        let test = hooks::test(workspace, config, &names);
        package.add("conformance/test_hooks.py", print("test_hooks.py", Value::from(Serde(test))));
    }
    if let Some(mapping) = &assets.cloudevents {
        let view = cloudevents::view(workspace, config, &names, mapping);
        package.add("cloudevents.py", print("cloudevents.py", Value::from(Serde(view))));
    }
    let view = Value::from(Serde(package::view(workspace, config, &names, assets)));
    for path in ["__init__.py", "__main__.py", "_events.py"] {
        package.add(path, print(path, view.clone()));
    }
    let mut files = package.under(&config.python.package);
    for path in ["pyproject.toml", "README.md"] {
        files.add(path, print(path, view.clone()));
    }
    files.add(".gitignore", comment + "__pycache__/\ndist/\n");
    files.under(&config.python.out)
}

fn print(template: &str, view: Value) -> String {
    let template = ENVIRONMENT.get_template(template).expect("every template was added");
    template.render(view).expect("a template reads only what the view has")
}

const TEMPLATES: &[(&str, &str)] = &[
    ("family.py", include_str!("../../../../templates/python/family.py.j2")),
    ("hooks.py", include_str!("../../../../templates/python/hooks.py.j2")),
    ("test_hooks.py", include_str!("../../../../templates/python/test_hooks.py.j2")),
    ("cloudevents.py", include_str!("../../../../templates/python/package/cloudevents.py.j2")),
    ("__init__.py", include_str!("../../../../templates/python/package/__init__.py.j2")),
    ("__main__.py", include_str!("../../../../templates/python/package/__main__.py.j2")),
    ("_events.py", include_str!("../../../../templates/python/package/_events.py.j2")),
    ("pyproject.toml", include_str!("../../../../templates/python/package/pyproject.toml.j2")),
    ("README.md", include_str!("../../../../templates/python/package/README.md.j2")),
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("blocks keep their usual marks"));
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source).expect("templates are well-formed");
    }
    environment
});
