//! Families with what they export enter; the files around their modules leave: manifest, index, command, loaders.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;

use super::cloudevents;
use super::layout::{member, object, row, table, text};
use super::module::Export;
use super::names::{self, Derived};
use super::reducers::{Names, top_names};
use crate::config::Config;
use crate::emit::casing::camel;
use crate::emit::encode::{json, markdown, typescript::string};
use crate::emit::{Assets, FileSet, header};
use crate::model::{Family, FamilyId, Reducer, Workspace};

/// What templates see; every text in it is a finished token of its sink.
#[derive(Serialize)]
struct Package {
    header: String,
    /// The header as a JSON string.
    note: String,
    /// The name on npm: as a JSON string, as it stands in code spans, as a heading.
    name: String,
    plain_name: String,
    title: String,
    /// The command, as a JSON string and in code spans.
    command: String,
    command_name: String,
    /// Whether there are hooks.
    has_hooks: bool,
    /// Whether events are mapped to `CloudEvents`.
    has_cloudevents: bool,
    families: Vec<FamilyView>,
    has_reducers: bool,
    /// All envelopes, as an array.
    envelopes: String,
    /// What the index offers: a statement each.
    exports: Vec<String>,
}

#[derive(Serialize)]
struct FamilyView {
    /// Its module, without extension.
    module: String,
    /// The name under which modules import it.
    namespace: String,
    /// Whether it has payloads or envelopes.
    is_judged: bool,
    version: String,
    events: Vec<EventView>,
    reducers: Vec<ReducerView>,
}

#[derive(Serialize)]
struct ReducerView {
    /// Its name, as a literal and in code spans, and the constant that holds it.
    literal: String,
    name: String,
    rules: String,
    /// The function that reduces a log, as it is called at the top; its incremental form.
    function: String,
    incremental: String,
    is_partitioned: bool,
}

#[derive(Serialize)]
struct EventView {
    /// The event type, as a property key and as a literal.
    key: String,
    literal: String,
    payload: String,
}

/// Names of the support code that are offered at the top; `type` before those that are types alone.
const SUPPORT: &[&str] = &[
    "canonical",
    "compareInstants",
    "ContractError",
    "instant",
    "ReplayError",
    "type Anomaly",
    "type Code",
    "type Fault",
    "type Incremental",
    "type Json",
    "type JsonObject",
    "type Partitioned",
    "type Replayed",
    "type ReplayOptions",
    "type Result",
    "type Schema",
];

/// The same of `validate.ts`.
const JUDGING: &[&str] = &["payloadSchema", "validate", "type Payloads"];

/// The same of `replay.ts`.
const REPLAYING: &[&str] = &["listReducers", "reducerNamed", "replayLines"];

/// The same of `cloudevents.ts`.
const MAPPING: &[&str] = &["decodeCloudEvent", "fromCloudEvent", "toCloudEvent", "type CloudEvent"];

/// The files of the package but for the modules of families and the support code, by path in the package.
pub(super) fn package(
    workspace: &Workspace,
    config: &Config,
    assets: &Assets,
    exports: &BTreeMap<FamilyId, Vec<Export>>,
) -> FileSet {
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
    let comment = format!("// {}\n", header::of_package(config));
    for (path, source) in SOURCES {
        files.add(*path, format!("{comment}{source}"));
    }
    files.add(".gitignore", format!("# {}\ndist/\nnode_modules/\n", header::of_package(config)));
    files
}

/// What is the same in every package.
const SOURCES: &[(&str, &str)] = &[
    ("tsconfig.json", include_str!("../../../../templates/typescript/package/tsconfig.json")),
    ("src/conformance.test.ts", include_str!("../../../../templates/typescript/package/conformance.test.ts")),
    ("src/fixtures.ts", include_str!("../../../../templates/typescript/package/fixtures.ts")),
    ("src/schemas.ts", include_str!("../../../../templates/typescript/package/schemas.ts")),
];

const TEMPLATES: &[(&str, &str)] = &[
    ("README.md", include_str!("../../../../templates/typescript/package/README.md.j2")),
    ("package.json", include_str!("../../../../templates/typescript/package/package.json.j2")),
    ("src/bin.ts", include_str!("../../../../templates/typescript/package/bin.ts.j2")),
    ("src/replay.ts", include_str!("../../../../templates/typescript/package/replay.ts.j2")),
    ("src/index.ts", include_str!("../../../../templates/typescript/package/index.ts.j2")),
    ("src/validate.ts", include_str!("../../../../templates/typescript/package/validate.ts.j2")),
];

/// The template of the module about `CloudEvents`, and its path.
const CLOUDEVENTS: (&str, &str) =
    ("src/cloudevents.ts", include_str!("../../../../templates/typescript/package/cloudevents.ts.j2"));

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

fn view(workspace: &Workspace, config: &Config, assets: &Assets, exports: &BTreeMap<FamilyId, Vec<Export>>) -> Package {
    let header = header::of_package(config);
    let name = &config.typescript.package;
    let command = name.rsplit('/').next().unwrap_or(name);
    Package {
        note: json::string(&header),
        header,
        name: json::string(name),
        plain_name: name.clone(),
        title: markdown::inline(name),
        command: json::string(command),
        command_name: command.to_owned(),
        has_hooks: !workspace.hooks.is_empty(),
        has_cloudevents: assets.cloudevents.is_some(),
        has_reducers: workspace.reducers.iter().next().is_some(),
        envelopes: envelopes(workspace),
        families: workspace.families.entries().map(|(id, family)| family_view(workspace, id, family)).collect(),
        exports: index(workspace, assets, exports),
    }
}

fn family_view(workspace: &Workspace, id: FamilyId, family: &Family) -> FamilyView {
    let events = workspace.events.iter().filter(|event| event.family == id);
    FamilyView {
        module: names::module(family),
        namespace: namespace(family),
        is_judged: workspace.events.iter().any(|event| event.family == id)
            || workspace.envelopes().any(|(envelope, _)| workspace.records[envelope].family == id),
        version: family.version.0.clone(),
        events: events
            .map(|event| EventView {
                key: names::key(&event.wire),
                literal: string(&event.wire),
                payload: names::payload(event),
            })
            .collect(),
        reducers: workspace
            .reducers
            .iter()
            .filter(|item| item.family == id)
            .map(|item| reducer_view(workspace, item))
            .collect(),
    }
}

/// The name under which modules import a family.
fn namespace(family: &Family) -> String {
    camel(&family.meta.name) + "Contract"
}

/// What events travel in, with the key of what identifies an event.
fn envelopes(workspace: &Workspace) -> String {
    let rows = workspace.envelopes().map(|(envelope, identified_by)| {
        let record = &workspace.records[envelope];
        let id = identified_by.map(|field| string(&record.fields[field].meta.name));
        let schema = format!("{}.{}", namespace(&workspace.families[record.family]), names::record(record));
        object(vec![
            member("name", text(string(&record.meta.name))),
            member("schema", text(schema)),
            member("id", text(id.unwrap_or_else(|| "undefined".to_owned()))),
        ])
    });
    let mut out = String::new();
    row(vec![text("return "), table(rows.collect()), text(";")]).write_indented(2, &mut out);
    out
}

fn reducer_view(workspace: &Workspace, reducer: &Reducer) -> ReducerView {
    ReducerView {
        literal: string(&reducer.meta.name),
        name: reducer.meta.name.clone(),
        rules: Derived::Rules.of(&reducer.meta.name),
        function: Names::new(workspace, reducer).top,
        incremental: Names::new(workspace, reducer).incremental,
        is_partitioned: reducer.partition_by.is_some(),
    }
}

/// All that a single family offers, and what of ours no family has a name for. The rest is found in the modules.
fn index(workspace: &Workspace, assets: &Assets, exports: &BTreeMap<FamilyId, Vec<Export>>) -> Vec<String> {
    let shared = offered_twice(exports);
    let mut statements = Vec::new();
    for (id, family) in workspace.families.entries() {
        let module = names::module(family);
        let offered = &exports[&id];
        let is_renamed = |export: &Export| export.top.is_some();
        if offered.iter().any(|export| is_renamed(export) || shared.contains(export.top_name())) {
            let names = top_names(offered.iter().filter(|export| !shared.contains(export.top_name())));
            statements.push(export_list(&names, &module));
        } else {
            statements.push(format!("export * from \"./{module}.js\";"));
        }
    }
    let taken: BTreeSet<&str> = exports.values().flatten().map(Export::top_name).collect();
    let ours = [(SUPPORT, "support/index"), (JUDGING, "validate"), (REPLAYING, "replay")];
    let mapping = assets.cloudevents.iter().map(|_| (MAPPING, "cloudevents"));
    for (names, module) in ours.into_iter().chain(mapping) {
        let free = names.iter().filter(|name| !taken.contains(name.trim_start_matches("type ")));
        statements.push(export_list(&free.map(|&name| name.to_owned()).collect::<Vec<_>>(), module));
    }
    statements
}

fn export_list(names: &[String], module: &str) -> String {
    let names = object(names.iter().map(text).collect());
    let mut statement = String::new();
    row(vec![text("export "), names, text(format!(" from \"./{module}.js\";"))]).write_indented(0, &mut statement);
    statement
}

/// Names that several families export: none of them is offered at the top.
fn offered_twice(exports: &BTreeMap<FamilyId, Vec<Export>>) -> BTreeSet<&str> {
    let mut first: BTreeMap<&str, FamilyId> = BTreeMap::new();
    let all = exports.iter().flat_map(|(&family, exports)| exports.iter().map(move |export| (family, export)));
    all.filter(|(family, export)| first.entry(export.top_name()).or_insert(*family) != family)
        .map(|(_, export)| export.top_name())
        .collect()
}
