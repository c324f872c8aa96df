//! The fields of the envelope that a reducer reads enter; a struct of them leaves, and the function that fills it.

use super::super::module::Module;
use super::super::names;
use super::super::records::record_path;
use super::super::text::put;
use super::super::types::spell;
use super::Names;
use super::cells::loose;
use super::reads;
use crate::model::Reducer;

/// Writes what holds the fields that steps read; gives its name and the function that takes it out of slots. Where the
/// envelope is read as a whole it is the envelope itself.
pub(super) fn head(module: &mut Module<'_>, reducer: &Reducer, names: &Names) -> (String, String) {
    let workspace = module.workspace();
    let envelope = workspace.profiles[reducer.profile].envelope;
    let Some(reads) = reads::fields(workspace, reducer) else {
        let path = record_path(module, envelope);
        return (path, "fn head(slots: &[support::Slot<'_>]) -> Self::Head { fold::whole(slots) }\n".into());
    };
    if reads.is_empty() {
        return ("()".into(), "fn head(_slots: &[support::Slot<'_>]) -> Self::Head {}\n".into());
    }
    let (mut fields, mut taken) = (String::new(), Vec::new());
    for at in reads {
        let field = &workspace.records[envelope].fields[at];
        let name = names::value(&field.meta.name);
        let ty = spell(module, &loose(workspace, &field.ty), "").ty;
        put!(fields, "    /// `{}`\n    pub {name}: {ty},\n", field.meta.name);
        taken.push(format!("{name}: fold::taken(&slots[{at}])"));
    }
    let (name, of) = (&names.head, &reducer.meta.name);
    put!(module.out, "/// What the reducer `{of}` reads of an envelope.\n");
    put!(module.out, "#[derive(Debug, Clone)]\npub struct {name} {{\n{fields}}}\n\n");
    let taken = taken.join(", ");
    (name.clone(), format!("fn head(slots: &[support::Slot<'_>]) -> Self::Head {{ {name} {{ {taken} }} }}\n"))
}
