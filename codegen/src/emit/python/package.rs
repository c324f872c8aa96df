//! Families with what they declare enter; the files around their modules leave: manifest, index, command, loaders.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::identifiers::{Identifiers, Offered};
use super::layout::Code;
use super::names::{place_in_all, place_in_import};
use crate::config::{Config, PythonBase};
use crate::emit::encode::{markdown, python, toml};
use crate::emit::{Assets, header};
use crate::model::{FamilyId, Workspace};

/// What the templates of the package see; every text in it is a finished token of its sink.
#[derive(Debug, Serialize)]
pub struct PackageView {
    header: String,
    /// The import name.
    package: String,
    /// The distribution's name, as a TOML string.
    name: String,
    /// The command, in code and as a TOML key.
    command: String,
    command_key: String,
    /// The heading of the README.
    title: String,
    base: PythonBase,
    /// Whether there are hooks.
    has_hooks: bool,
    /// Whether events are mapped to `CloudEvents`.
    has_cloudevents: bool,
    /// What is in the brackets of the requirements.
    dependencies: &'static str,
    families: Vec<FamilyEntry>,
    /// The modules of families, in order.
    modules: Vec<String>,
    /// What the package offers at its top besides, in the order of its modules.
    origins: Vec<Origin>,
    /// All of it.
    all: Vec<String>,
    /// The constant of event types that no contract declares and that must not come back.
    reserved: String,
    reducers: Vec<ReducerEntry>,
    envelopes: Vec<EnvelopeEntry>,
}

/// Names that a module declares.
#[derive(Debug, Serialize)]
struct Origin {
    module: String,
    names: Vec<String>,
    /// What has another name at the top.
    aliases: Vec<Offered>,
}

#[derive(Debug, Serialize)]
struct ReducerEntry {
    /// Its name, as a literal.
    name: String,
    /// Its name, as Markdown.
    title: String,
    module: String,
    class: String,
}

#[derive(Debug, Serialize)]
struct EnvelopeEntry {
    /// Its name, as a literal.
    name: String,
    module: String,
    class: String,
    /// The key of what identifies an event, as a literal, or `None`.
    id: String,
}

#[derive(Debug, Serialize)]
struct FamilyEntry {
    module: String,
    version: String,
    /// Event types, as literals.
    events: Vec<String>,
}

/// What the package offers beside its families.
const SUPPORT: &[(&str, &[&str])] = &[
    ("_events", &["find_reducer", "payload_kind", "validate", "validate_json"]),
    (
        "support",
        &[
            "BadLine",
            "ContractError",
            "Error",
            "EventOrderError",
            "Json",
            "JsonObject",
            "Kind",
            "Partitioned",
            "Record",
            "Reducer",
            "Replayed",
            "SavedStateError",
            "Step",
            "canonical",
            "instant",
            "replay_lines",
        ],
    ),
    ("support.schemas", &["list_schemas", "load_schema"]),
];

/// The same of `CloudEvents`.
const CLOUDEVENTS: (&str, &[&str]) = ("cloudevents", &["from_cloud_event", "parse_cloud_event", "to_cloud_event"]);

/// All that the package's own files tell.
pub fn view(workspace: &Workspace, config: &Config, names: &Identifiers, assets: &Assets) -> PackageView {
    let families = workspace.families.entries().map(|(id, family)| FamilyEntry {
        module: names.families[usize::from(id)].module.clone(),
        version: family.version.0.clone(),
        events: (workspace.events.iter())
            .filter(|event| event.family == id)
            .map(|event| python::string(&event.wire))
            .collect(),
    });
    let families: Vec<FamilyEntry> = families.collect();
    let modules: Vec<String> = families.iter().map(|family| family.module.clone()).collect();
    let origins = origins(workspace, names, assets);
    let aliases = origins.iter().flat_map(|origin| &origin.aliases).map(|alias| &alias.top);
    let offered = origins.iter().flat_map(|origin| &origin.names).chain(aliases);
    let mut all: Vec<String> = offered.chain(&modules).cloned().collect();
    all.sort_by_cached_key(|name| place_in_all(name));
    let reducers = workspace.reducers.iter().zip(&names.reducers).map(|(reducer, of)| ReducerEntry {
        name: python::string(&reducer.meta.name),
        title: markdown::inline(&reducer.meta.name),
        module: names.families[usize::from(reducer.family)].module.clone(),
        class: of.reducer.clone(),
    });
    let envelopes = workspace.envelopes().map(|(id, identified_by)| {
        let record = &workspace.records[id];
        let key = identified_by.map(|field| python::string(&record.fields[field].meta.name));
        EnvelopeEntry {
            name: python::string(&record.meta.name),
            module: names.families[usize::from(record.family)].module.clone(),
            class: names.records[usize::from(id)].clone(),
            id: key.unwrap_or_else(|| "None".to_owned()),
        }
    });
    let package = &config.python.package;
    let command = package.replace('_', "-");
    PackageView {
        header: header::of_package(config),
        package: package.clone(),
        name: toml::string(&command),
        command_key: toml::string(&command),
        title: markdown::inline(&command),
        command,
        base: config.python.base,
        has_hooks: !workspace.hooks.is_empty(),
        has_cloudevents: assets.cloudevents.is_some(),
        dependencies: match config.python.base {
            // Before 2.10 what a class inherits is read with the names of the wrong module.
            PythonBase::Pydantic => "\"pydantic>=2.10,<3\"",
            PythonBase::Plain => "",
        },
        families,
        modules,
        origins,
        all,
        reserved: reserved_types(workspace),
        reducers: reducers.collect(),
        envelopes: envelopes.collect(),
    }
}

fn reserved_types(workspace: &Workspace) -> String {
    let names: BTreeSet<&String> = workspace.families.iter().flat_map(|family| &family.reserved.events).collect();
    let members: Vec<Code> = names.into_iter().map(|name| Code::text(python::string(name))).collect();
    let members = if members.is_empty() { Vec::new() } else { vec![Code::braces(members)] };
    Code::call("frozenset", members).after("_RESERVED: Final[frozenset[str]] = ").lines(0, "")
}

/// What one family alone declares, and what of ours has no name of theirs.
fn origins(workspace: &Workspace, names: &Identifiers, assets: &Assets) -> Vec<Origin> {
    let public: Vec<Vec<Offered>> =
        workspace.families.entries().map(|(id, _)| declared(workspace, names, id)).collect();
    let mut declared_by: BTreeMap<&str, usize> = BTreeMap::new();
    for name in public.iter().flatten() {
        *declared_by.entry(&name.top).or_default() += 1;
    }
    let theirs = names.families.iter().zip(&public).map(|(family, public)| {
        let own = public.iter().filter(|name| declared_by[&*name.top] == 1).cloned();
        let (names, aliases): (Vec<Offered>, _) = own.partition(|name| name.here == name.top);
        Origin { module: family.module.clone(), names: names.into_iter().map(|name| name.here).collect(), aliases }
    });
    let cloudevents = assets.cloudevents.iter().map(|_| &CLOUDEVENTS);
    let ours = SUPPORT.iter().chain(cloudevents).map(|(module, offered)| {
        let free = offered.iter().filter(|name| !declared_by.contains_key(*name));
        let names = free.map(|name| (*name).to_owned()).collect();
        Origin { module: (*module).to_owned(), names, aliases: Vec::new() }
    });
    let mut origins: Vec<Origin> = theirs.chain(ours).filter(|origin| !origin.names.is_empty()).collect();
    origins.sort_by(|a, b| a.module.cmp(&b.module));
    origins
}

/// What a family declares for others, in order.
fn declared(workspace: &Workspace, names: &Identifiers, id: FamilyId) -> Vec<Offered> {
    let mut found: Vec<&str> = Vec::new();
    let family = &names.families[usize::from(id)];
    found.push(&family.schema_version);
    found.extend(family.envelope_version.as_deref());
    found.extend(family.event_types.as_deref());
    let scalars = workspace.scalars.iter().zip(&names.scalars).filter(|(item, _)| item.family == id);
    found.extend(scalars.map(|(_, names)| &*names.class));
    let types = workspace.types.iter().zip(&names.types).filter(|(item, _)| item.family == id);
    found.extend(types.map(|(_, names)| &*names.class));
    for (item, names) in workspace.enums.iter().zip(&names.enums).filter(|(item, _)| item.family == id) {
        found.push(&names.of.class);
        found.extend(names.sets.iter().chain(&names.maps).map(String::as_str));
        found.extend(item.rank.as_ref().map(|_| &*names.rank));
        found.extend((!item.aliases.is_empty()).then_some(&*names.aliases));
    }
    let records = workspace.records.iter().zip(&names.records).filter(|(item, _)| item.family == id);
    found.extend(records.map(|(_, name)| &**name));
    let mixins = workspace.mixins.iter().zip(&names.mixins).filter(|(item, _)| item.family == id);
    found.extend(mixins.map(|(_, name)| &**name));
    for (_, names) in workspace.unions.iter().zip(&names.unions).filter(|(item, _)| item.family == id) {
        found.push(&names.of.class);
        found.extend(names.variants.iter().map(String::as_str));
    }
    for (_, names) in workspace.events.iter().zip(&names.events).filter(|(item, _)| item.family == id) {
        found.push(&names.constant);
        found.push(&names.payload);
    }
    let groups = workspace.groups.iter().zip(&names.groups).filter(|(item, _)| item.family == id);
    found.extend(groups.map(|(_, name)| &**name));
    let machines = workspace.machines.iter().zip(&names.machines).filter(|(item, _)| item.family == id);
    found.extend(machines.map(|(_, name)| &**name));
    for (_, names) in workspace.tables.iter().zip(&names.tables).filter(|(item, _)| item.family == id) {
        found.push(&names.constant);
        found.push(&names.row);
    }
    let reducers = workspace.reducers.iter().zip(&names.reducers).filter(|(item, _)| item.family == id);
    let mut functions = Vec::new();
    for (_, names) in reducers {
        found.extend([&names.state, &names.anomaly, &names.kinds, &names.reducer].map(String::as_str));
        functions.push(names.reduce.clone());
        functions.extend(names.reduce_partitioned.clone());
    }
    let same = found.into_iter().map(|name| Offered { here: name.to_owned(), top: name.to_owned() });
    let mut found: Vec<Offered> = same.chain(functions).collect();
    found.sort_by_cached_key(|name| place_in_import(&name.here));
    found.dedup();
    found
}
