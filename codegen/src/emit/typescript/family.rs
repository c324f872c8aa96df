//! A family enters; its module leaves, declarations in the order of a contract's sections.

use std::collections::BTreeSet;

use super::layout::{array, row, text};
use super::module::{Export, Module};
use super::names;
use crate::config::Config;
use crate::emit::encode::typescript::string;
use crate::emit::header;
use crate::model::{EventId, Family, FamilyId, Payload, RecordKind, Workspace};

/// The code of a family's module and what it exports.
pub(super) fn family(
    workspace: &Workspace,
    config: &Config,
    id: FamilyId,
    ambiguous: &BTreeSet<&str>,
) -> (String, Vec<Export>) {
    let family = &workspace.families[id];
    let mut module = Module::new(workspace, id, ambiguous);
    module.constants(family);
    for scalar in workspace.scalars.iter().filter(|scalar| scalar.family == id) {
        module.scalar(scalar);
    }
    for def in workspace.enums.iter().filter(|def| def.family == id) {
        module.enumeration(def);
    }
    for named in workspace.types.iter().filter(|named| named.family == id) {
        module.named_type(named);
    }
    for mixin in workspace.mixins.iter().filter(|mixin| mixin.family == id) {
        module.mixin_declaration(mixin);
    }
    let own_records = || workspace.records.iter().filter(|record| record.family == id);
    for record in own_records().filter(|record| record.kind == RecordKind::Record) {
        module.record_declaration(record);
    }
    for union in workspace.unions.iter().filter(|union| union.family == id) {
        module.union(union);
    }
    for event in workspace.events.iter().filter(|event| event.family == id) {
        match event.payload {
            Payload::Record(id) if workspace.records[id].kind != RecordKind::Record => {
                module.record_declaration(&workspace.records[id]);
            }
            _ => module.payload_alias(event),
        }
    }
    for machine in workspace.machines.iter().filter(|machine| machine.family == id) {
        module.machine(machine);
    }
    for table in workspace.tables.iter().filter(|table| table.family == id) {
        module.table(table);
    }
    for profile in workspace.profiles.iter().filter(|profile| profile.family == id) {
        module.profile(profile);
    }
    for reducer in workspace.reducers.iter().filter(|reducer| reducer.family == id) {
        module.reducer(reducer);
    }
    module.finish(&header::of_contract(config, &family.meta.name))
}

impl Module<'_> {
    /// The version of the family, its event types, and those of its groups.
    fn constants(&mut self, family: &Family) {
        let workspace = self.workspace;
        self.begin_noted(&format!("The version of the family `{}`.", family.meta.name));
        self.string_constant(&names::schema_version(family), &family.version.0);
        if let Some(version) = workspace.envelope_version(self.family) {
            self.begin_noted("The version of the envelope.");
            self.string_constant("SCHEMA_VERSION", version);
        }
        let events: Vec<EventId> =
            workspace.events.entries().filter(|(_, event)| event.family == self.family).map(|(id, _)| id).collect();
        if events.is_empty() {
            return;
        }
        self.body.push('\n');
        for &id in &events {
            let event = &workspace.events[id];
            self.string_constant(&names::event_type(event), &event.wire);
        }
        let groups: Vec<_> = workspace.groups.iter().filter(|group| group.family == self.family).collect();
        let of_family = names::event_types(&family.meta.name);
        if groups.iter().all(|group| names::event_types(&group.meta.name) != of_family) {
            self.begin_noted(&format!("The events of the family `{}`.", family.meta.name));
            self.event_types(&of_family, &events);
        }
        for group in groups {
            self.begin_with(&group.meta, format!("The events of the group {}.", group.meta.name));
            self.event_types(&names::event_types(&group.meta.name), &group.events);
        }
    }

    fn string_constant(&mut self, name: &str, value: &str) {
        self.export(name, true);
        self.statement(text(format!("export const {name} = {}", string(value))));
    }

    fn event_types(&mut self, name: &str, events: &[EventId]) {
        self.export(name, true);
        let types = events.iter().map(|&id| text(string(&self.workspace.events[id].wire))).collect();
        self.statement(row(vec![text(format!("export const {name} = ")), array(types), text(" as const")]));
    }
}
