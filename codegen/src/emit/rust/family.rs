//! A contract enters; the file of its module leaves.

use super::module::Module;
use super::names::Taken;
use super::{enums, events, machines, records, reducers, scalars, tables, unions};
use crate::config::Config;
use crate::emit::encode::rust;
use crate::emit::header;
use crate::model::{FamilyId, Workspace};

/// The text of a family's module.
pub(super) fn family(
    workspace: &Workspace,
    config: &Config,
    taken: &mut Taken,
    reducers: &[reducers::Names],
    id: FamilyId,
) -> (String, reducers::Listed) {
    let meta = &workspace.families[id].meta;
    let mut module = Module::new(workspace, taken, id);
    events::constants(&mut module, id);
    for scalar in workspace.scalars.iter().filter(|it| it.family == id) {
        scalars::declare(&mut module, scalar);
    }
    for declared in workspace.types.iter().filter(|it| it.family == id) {
        records::named_type(&mut module, &declared.meta, &declared.ty);
    }
    for (of, _) in workspace.enums.entries().filter(|(_, it)| it.family == id) {
        enums::declare(&mut module, of);
    }
    for (of, _) in workspace.mixins.entries().filter(|(_, it)| it.family == id) {
        records::mixin(&mut module, of);
    }
    for (of, _) in workspace.unions.entries().filter(|(_, it)| it.family == id) {
        unions::declare(&mut module, of);
    }
    for (of, _) in workspace.records.entries().filter(|(_, it)| it.family == id) {
        records::record(&mut module, of);
    }
    for (of, _) in workspace.machines.entries().filter(|(_, it)| it.family == id) {
        machines::declare(&mut module, of);
    }
    for (of, _) in workspace.tables.entries().filter(|(_, it)| it.family == id) {
        tables::declare(&mut module, of);
    }
    let listed = reducers::listed(&mut module, reducers, id);
    module.out.push_str(&listed.functions);
    let said = [meta.title.as_deref(), meta.doc.as_deref()].into_iter().flatten();
    let said: Vec<String> = said.map(|text| rust::inner_doc(text, 0)).collect();
    let doc = if said.is_empty() { format!("//! The contract `{}`.\n", meta.name) } else { said.join("//!\n") };
    let statements = if listed.statements.is_empty() { String::new() } else { format!("{}\n", listed.statements) };
    let text = format!("// {}\n\n{doc}\n{statements}{}", header::of_contract(config, &meta.name), module.finish());
    (text, listed)
}
