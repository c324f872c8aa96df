//! Reducers enter; a module each leaves: its state and anomalies, one function an event in the order of the contract,
//! and what ties them to the support code.

mod anomalies;
mod cells;
mod effects;
mod expression;
mod fold;
mod heads;
mod operands;
mod places;
mod public;
mod reactions;
mod reads;
mod state;
mod steps;
mod values;

use super::module::Module;
use super::names::{self, Taken};
use crate::config::Config;
use crate::emit::casing;
use crate::emit::encode::rust;
use crate::emit::header;
use crate::model::{FamilyId, Reducer, Workspace};
use cells::Cells;

pub(super) use public::{Listed, listed, table};

/// What the types of a reducer are called.
#[derive(Debug, Clone)]
pub(super) struct Names {
    /// The module they stand in.
    pub(super) module: String,
    /// What is printed.
    pub(super) state: String,
    /// An anomaly.
    pub(super) anomaly: String,
    /// The kind of an anomaly.
    pub(super) kind: String,
    /// The reducer that takes one event after the other.
    pub(super) incremental: String,
    /// The fold itself.
    pub(super) fold: String,
    slots: String,
    head: String,
    input: String,
}

impl Names {
    /// The names of every reducer; from now on they are taken.
    pub(super) fn of_all(workspace: &Workspace, taken: &mut Taken) -> Vec<Self> {
        workspace.reducers.iter().map(|reducer| Self::of(workspace, taken, reducer)).collect()
    }

    fn of(workspace: &Workspace, taken: &mut Taken, reducer: &Reducer) -> Self {
        let base = casing::pascal(&reducer.meta.name);
        let mut fresh = |name: String| taken.fresh(reducer.family, name);
        let modules: Vec<String> = workspace
            .machines
            .iter()
            .filter(|it| it.family == reducer.family)
            .map(|it| names::value(&it.meta.name))
            .chain(
                workspace.tables.iter().filter(|it| it.family == reducer.family).map(|it| names::value(&it.meta.name)),
            )
            .collect();
        let modules: Vec<&str> = modules.iter().map(String::as_str).collect();
        Self {
            module: names::apart(format!("{}_reducer", casing::snake(&reducer.meta.name)), &modules),
            state: fresh(format!("Reduced{base}State")),
            anomaly: fresh(format!("{base}Anomaly")),
            kind: fresh(format!("{base}AnomalyKind")),
            incremental: fresh(format!("{base}Reducer")),
            // These stand in the reducer's own module alone, beside names of the family that it imports.
            fold: apart(taken, reducer.family, format!("{base}Fold")),
            slots: apart(taken, reducer.family, format!("{base}Slots")),
            head: apart(taken, reducer.family, format!("{base}Head")),
            input: apart(taken, reducer.family, format!("{base}Input")),
        }
    }
}

/// A name that no type of the family has, without taking it.
fn apart(taken: &Taken, family: FamilyId, mut name: String) -> String {
    while taken.has(family, &name) {
        name.push('_');
    }
    name
}

/// The file of a reducer.
pub(super) fn file(
    workspace: &Workspace,
    config: &Config,
    taken: &mut Taken,
    all: &[Names],
    index: usize,
) -> (String, String) {
    let reducer = workspace.reducers.iter().nth(index).expect("a reducer of the workspace");
    let family = &workspace.families[reducer.family].meta.name;
    let cells = Cells::new(workspace, reducer);
    let mut module = Module::apart(workspace, taken, reducer.family);
    state::declare(&mut module, reducer, &all[index]);
    fold::declare(&mut module, reducer, &cells, all, index);
    let said = reducer.meta.doc.as_deref().map(|doc| format!("//!\n{}", rust::inner_doc(doc, 0))).unwrap_or_default();
    let text = format!(
        "// {}\n\n//! The reducer `{}`: events enter, the state they make leaves.\n{said}\n{}",
        header::of_contract(config, family),
        reducer.meta.name,
        module.finish()
    );
    (format!("src/{}/{}.rs", names::module(family), all[index].module), text)
}
