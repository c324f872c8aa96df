//! Reducers enter; what a program calls leaves: functions of their families, names at the top, the table of the command.

use super::super::layout::laid_out;
use super::super::module::Module;
use super::super::names;
use super::super::records::record_path;
use super::super::text::put;
use super::Names;
use crate::emit::encode::rust;
use crate::model::{FamilyId, Reducer, ReducerId, Workspace};

/// What a family offers of its reducers.
#[derive(Debug, Default)]
pub(in super::super) struct Listed {
    /// Statements of the family's module: the modules of its reducers and what they export.
    pub(in super::super) statements: String,
    /// Functions of the family's module.
    pub(in super::super) functions: String,
    /// The names of these functions, and of statements at the top that give one another name.
    pub(in super::super) names: Vec<String>,
    /// Statements at the top of the crate.
    pub(in super::super) renamed: Vec<String>,
}

/// What a family offers of its reducers.
pub(in super::super) fn listed(module: &mut Module<'_>, all: &[Names], family: FamilyId) -> Listed {
    let workspace = module.workspace();
    let mut listed = Listed::default();
    let own: Vec<(ReducerId, &Reducer)> =
        workspace.reducers.entries().filter(|(_, reducer)| reducer.family == family).collect();
    for (id, reducer) in &own {
        let names = &all[usize::from(*id)];
        put!(listed.statements, "pub(crate) mod {};\n", names.module);
        let mut exported = [&names.state, &names.anomaly, &names.kind];
        exported.sort();
        let exports = format!("pub use {}::{{{}}};", names.module, exported.map(String::as_str).join(", "));
        listed.statements.push_str(laid_out(&[exports], 0).trim_start());
        let name = &reducer.meta.name;
        let is_only = own.len() == 1;
        let home = names::module(&workspace.families[family].meta.name);
        let function = if is_only { "reduce".to_owned() } else { format!("reduce_{}_events", names::value(name)) };
        let parts = if is_only { "reduce_partitioned".to_owned() } else { format!("{function}_partitioned") };
        listed.functions.push_str(&functions(module, reducer, names, &function, &parts));
        listed.names.push(function.clone());
        if reducer.partition_by.is_some() {
            listed.names.push(parts.clone());
        }
        if is_only {
            let prefix = format!("reduce_{home}_events");
            listed.renamed.push(format!("pub use {home}::{function} as {prefix};"));
            if reducer.partition_by.is_some() {
                listed.renamed.push(format!("pub use {home}::{parts} as {prefix}_partitioned;"));
            }
        }
    }
    listed
}

fn functions(module: &mut Module<'_>, reducer: &Reducer, names: &Names, function: &str, parts: &str) -> String {
    let workspace = module.workspace();
    let envelope = record_path(module, workspace.profiles[reducer.profile].envelope);
    let fold = format!("{}::{}", names.module, names.fold);
    let name = &reducer.meta.name;
    let mut items = vec![
        format!(
            "/// The reducer `{name}`, one event after the other in their order; what it knows can be saved.
            pub type {} = support::fold::Incremental<{fold}>;",
            names.incremental
        ),
        format!(
            "/// The state that the reducer `{name}` makes of events, in whatever order they come.
            pub fn {function}(events: impl IntoIterator<Item = {envelope}>) -> {} {{
                support::fold::reduce::<{fold}>(events)
            }}",
            names.state
        ),
    ];
    if reducer.partition_by.is_some() {
        items.push(format!(
            "/// The states that the reducer `{name}` makes of the events of each entity.
            pub fn {parts}(
                events: impl IntoIterator<Item = {envelope}>,
            ) -> support::fold::Partitioned<{}> {{
                support::fold::reduce_parts::<{fold}>(events)
            }}",
            names.state
        ));
    }
    format!("{}\n", laid_out(&items, 0).trim_start())
}

/// The file of the table by which the command finds a reducer.
pub(in super::super) fn table(workspace: &Workspace, all: &[Names]) -> String {
    let mut rows = String::new();
    for (reducer, names) in workspace.reducers.iter().zip(all) {
        let home = names::module(&workspace.families[reducer.family].meta.name);
        let fold = names::in_crate(&format!("{home}::{}::{}", names.module, names.fold));
        let key = match reducer.partition_by {
            Some(_) => format!("Some(<{fold} as fold::FoldParts>::PART_KEY)"),
            None => "None".into(),
        };
        put!(
            rows,
            "fold::Reducer {{ name: {}, has_parts: {}, replay: |source, options| fold::replay_source::<{fold}>(source, options, {key}) }},",
            rust::string(&reducer.meta.name),
            reducer.partition_by.is_some()
        );
    }
    let items = [
        format!("/// Every reducer, in declared order.\npub static REDUCERS: &[fold::Reducer] = &[{rows}];"),
        "/// Reduces the events of a log by the reducer of a name.
        ///
        /// # Errors
        /// `NotFound` if no reducer has the name, `InvalidInput` if it is to reduce entities by themselves and cannot;
        /// else those of reading.
        pub fn replay_lines(
            reducer: &str,
            mut log: impl fold::Source,
            options: fold::ReplayOptions,
        ) -> std::io::Result<fold::Replayed> {
            fold::replay(REDUCERS, reducer, &mut log, options)
        }"
        .to_owned(),
    ];
    format!(
        "//! The name of a reducer and a log enter; the state it makes leaves.\n\nuse {};\n\n{}",
        names::in_crate("support::fold"),
        laid_out(&items, 0).trim_start()
    )
}
