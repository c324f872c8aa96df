//! The modules of families and the assets enter; the files around them leave: manifest, index, command, loaders.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;

use super::layout::Doc;
use super::{cloudevents, names};
use crate::config::Config;
use crate::emit::encode::{markdown, rust::string, toml};
use crate::emit::{Assets, FileSet, header};
use crate::model::Workspace;

/// What templates see; every text in it is a finished token of its sink.
#[derive(Serialize)]
struct Package {
    header: String,
    /// The name of the crate: as a TOML string, in code spans, as a heading.
    name: String,
    plain_name: String,
    title: String,
    /// The name in paths.
    library: String,
    families: Vec<FamilyView>,
    /// Whether there are types of foreign schemas.
    has_foreign: bool,
    /// Whether there are hooks.
    has_hooks: bool,
    /// Whether events are mapped to `CloudEvents`.
    has_cloudevents: bool,
    /// Public modules, in order.
    modules: Vec<String>,
    /// What stands at the top of the crate beside its own: a statement each.
    exports: Vec<String>,
}

#[derive(Serialize)]
struct FamilyView {
    module: String,
    version: String,
    events: usize,
}

macro_rules! template {
    ($name:literal) => {
        include_str!(concat!("../../../../templates/rust/package/", $name))
    };
}

const TEMPLATES: &[(&str, &str)] = &[
    ("Cargo.toml", template!("Cargo.toml.j2")),
    ("README.md", template!("README.md.j2")),
    ("src/lib.rs", template!("lib.rs.j2")),
    ("src/main.rs", template!("main.rs.j2")),
];

/// The template of the module about `CloudEvents`, and its path.
const CLOUDEVENTS: (&str, &str) = ("src/cloudevents.rs", template!("cloudevents.rs.j2"));

/// Sources in which `LIBRARY` stands for the crate.
const SOURCES: &[(&str, &str)] = &[
    ("src/conformance.rs", template!("conformance.rs")),
    ("src/schemas.rs", template!("schemas.rs")),
    ("tests/conformance.rs", template!("conformance_test.rs")),
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("blocks keep their usual marks"));
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    for (name, source) in TEMPLATES.iter().chain([&CLOUDEVENTS]) {
        environment.add_template(name, source).expect("templates are well-formed");
    }
    environment
});

/// The files of the crate but for the modules of families and the support code, by path in the crate.
pub(super) fn package(workspace: &Workspace, config: &Config, assets: &Assets, exports: Vec<String>) -> FileSet {
    let library = library(config);
    let view = Value::from(Serde(view(workspace, config, assets, exports)));
    let mut files = FileSet::default();
    let mut print = |path: &str, view: Value| {
        let template = ENVIRONMENT.get_template(path).expect("every template was added");
        files.add(path, template.render(view).expect("a template reads only what the view has"));
    };
    for (path, _) in TEMPLATES {
        print(path, view.clone());
    }
    if let Some(mapping) = &assets.cloudevents {
        print(CLOUDEVENTS.0, Value::from(Serde(cloudevents::view(workspace, config, mapping))));
    }
    let comment = format!("// {}\n\n", header::of_package(config));
    for (path, source) in SOURCES {
        files.add(*path, comment.clone() + &source.replace("LIBRARY", &library));
    }
    files.add("src/files.rs", comment + &embedded(assets));
    let layout = "# The files of this crate are laid out as they are generated.\ndisable_all_formatting = true\n";
    files.add("rustfmt.toml", format!("# {}\n{layout}", header::of_package(config)));
    files
}

/// The name of the crate in paths.
pub(super) fn library(config: &Config) -> String {
    config.rust.crate_name.replace('-', "_")
}

fn view(workspace: &Workspace, config: &Config, assets: &Assets, exports: Vec<String>) -> Package {
    let name = &config.rust.crate_name;
    let modules = workspace.families.iter().map(|family| names::module(&family.meta.name));
    let has_foreign = !workspace.externals.is_empty();
    let has_hooks = !workspace.hooks.is_empty();
    let own = ["conformance", "event", "reducers", "support"].into_iter();
    let has_cloudevents = assets.cloudevents.is_some();
    let own = own.chain(has_cloudevents.then_some("cloudevents"));
    let own = own.chain(has_foreign.then_some("foreign")).chain(has_hooks.then_some("hooks"));
    let mut listed: Vec<String> = modules.chain(own.map(str::to_owned)).collect();
    listed.sort();
    let families = workspace.families.entries().map(|(id, family)| FamilyView {
        module: names::module(&family.meta.name),
        version: family.version.0.clone(),
        events: workspace.events.iter().filter(|event| event.family == id).count(),
    });
    Package {
        header: header::of_package(config),
        name: toml::string(name),
        plain_name: name.clone(),
        title: markdown::inline(name),
        library: library(config),
        families: families.collect(),
        has_foreign,
        has_hooks,
        has_cloudevents,
        modules: listed,
        exports,
    }
}

/// The files that the crate carries, by name.
fn embedded(assets: &Assets) -> String {
    let rows = |files: &FileSet, folder: &str, suffix: &str| {
        let row = |(path, _): (&str, &[u8])| {
            let name = string(path.strip_suffix(suffix).unwrap_or(path));
            let include = Doc::call("include_str!", vec![Doc::text(string(&format!("../{folder}/{path}")))]);
            Doc::call("", vec![Doc::text(name), include])
        };
        Doc::Array("&", files.iter().map(row).collect())
    };
    let mut out =
        "//! The files that the crate carries: its build embeds them, loaders find them by name.\n\n".to_owned();
    out.push_str("/// Name and text of every JSON Schema, by name.\n");
    let schemas = rows(&assets.schemas, "schemas", ".schema.json");
    out.push_str(&schemas.line(0, "pub(crate) static SCHEMAS: &[(&str, &str)] = ", ";"));
    out.push_str("\n/// Path and text of every fixture, by path.\n");
    let fixtures = rows(&assets.fixtures, "fixtures", "");
    out.push_str(&fixtures.line(0, "pub(crate) static FIXTURES: &[(&str, &str)] = ", ";"));
    out
}
