//! A reducer enters; the struct that holds its state leaves, and what ties its steps to the support code.

use super::super::layout::{laid_out, spaced};
use super::super::module::Module;
use super::super::names;
use super::super::records::record_path;
use super::super::text::put;
use super::super::types::spell;
use super::cells::Cells;
use super::state::{self, delegate_field};
use super::values::kind_text;
use super::{Names, anomalies};
use super::{heads, reactions, reads};
use crate::emit::encode::rust;
use crate::json::canonical;
use crate::model::{PartitionKey, RecordId, Reducer, ReducerSlot, SlotKind, SlotOutput, Workspace};

/// Writes the fold of a reducer.
pub(super) fn declare<'w>(
    module: &mut Module<'w>,
    reducer: &'w Reducer,
    cells: &Cells<'w>,
    all: &[Names],
    index: usize,
) {
    let names = &all[index];
    let workspace = module.workspace();
    slots(module, reducer, cells, names);
    structure(module, reducer, cells, all, names);
    reactions::input(module, reducer, names);
    let envelope = record_path(module, workspace.profiles[reducer.profile].envelope);
    let (head, of_slots) = heads::head(module, reducer, names);
    let event = format!("fold::Event<'_, {head}>");
    let reacted = reactions::functions(module, reducer, cells, &event);
    let made = anomalies::functions(module, reducer, cells, &event);
    let body = implementation(module, reducer, cells, all, names, &(envelope, head, of_slots));
    let mut items = vec![format!("impl {} {{ {reacted} {made} }}", names.fold), body];
    if reacted.is_empty() && made.is_empty() {
        items.remove(0);
    }
    if let Some(key) = &reducer.partition_by {
        items.push(part_key(module, key, names));
    }
    let text = spaced(&laid_out(&items, 0));
    let refuses = [".reject(", ".warn("].iter().any(|call| text.contains(call));
    module.out.push_str(text.trim_start_matches('\n'));
    module.out.push('\n');
    module.also_imports(if refuses { "support::fold::{self, Fold as _}" } else { "support::fold" });
}

/// Writes what holds the slots, and the records in them that are changed in place.
fn slots<'w>(module: &mut Module<'w>, reducer: &'w Reducer, cells: &Cells<'w>, names: &Names) {
    let workspace = module.workspace();
    let name = |id: RecordId| format!("{}Parts", workspace.records[id].meta.name);
    let mut out = String::new();
    put!(out, "fold::cells! {{\n    /// The slots of the reducer `{}` while events are folded.\n", reducer.meta.name);
    put!(out, "    pub struct {} {{\n", names.slots);
    for (at, slot) in kept(reducer) {
        let cell = cells.slot(at, slot);
        let ty = Cells::spelled(module, &cell, &name);
        put!(out, "        /// `{}`\n        pub {}: {ty},\n", slot.name, names::value(&slot.name));
    }
    out.push_str("    }\n}\n\n");
    for id in cells.records() {
        let declared = &workspace.records[id];
        put!(out, "fold::cells! {{\n    /// A `{}` that is changed in place.\n", declared.meta.name);
        put!(out, "    pub struct {} {{\n", name(id));
        for field in &declared.fields {
            let cell = cells.field(id, &field.meta.name);
            let ty = Cells::spelled(module, &cell, &name);
            put!(out, "        /// `{}`\n        pub {}: {ty},\n", field.meta.name, names::value(&field.meta.name));
        }
        out.push_str("    }\n}\n\n");
    }
    module.out.push_str(&out);
}

/// Slots that steps change, each with its index.
pub(super) fn kept(reducer: &Reducer) -> impl Iterator<Item = (usize, &ReducerSlot)> {
    reducer.slots.iter().enumerate().filter(|(_, slot)| super::steps::is_kept(&slot.kind))
}

/// Whether a copy of the slots at the start of the group is kept.
fn keeps_start(reducer: &Reducer, cells: &Cells<'_>) -> bool {
    reducer.concurrent.as_ref().is_some_and(|it| it.reads_group_start) && !cells.know_start(reducer)
}

fn tracks(reducer: &Reducer) -> bool {
    reducer.concurrent.as_ref().is_some_and(|it| it.reads_group_start || it.override_rule.is_some())
}

/// The path of a delegate's fold.
fn delegate_path(workspace: &Workspace, reducer: &Reducer, all: &[Names], delegate: usize) -> String {
    let inner = usize::from(reducer.delegates[delegate].reducer);
    let family = workspace.reducers[reducer.delegates[delegate].reducer].family;
    let home = names::module(&workspace.families[family].meta.name);
    names::in_crate(&format!("{home}::{}::{}", all[inner].module, all[inner].fold))
}

fn structure(module: &mut Module<'_>, reducer: &Reducer, cells: &Cells<'_>, all: &[Names], names: &Names) {
    let workspace = module.workspace();
    let out = &mut module.out;
    put!(out, "/// The reducer `{}`: what its events do, one function each.\n", reducer.meta.name);
    put!(out, "#[derive(Debug)]\npub struct {} {{\n    pub(crate) slots: {},\n", names.fold, names.slots);
    if keeps_start(reducer, cells) {
        put!(out, "    /// The slots at the start of the concurrent group.\n    start: {},\n", names.slots);
    }
    for delegate in 0..reducer.delegates.len() {
        let path = delegate_path(workspace, reducer, all, delegate);
        put!(out, "    {}: fold::Folding<{path}>,\n", delegate_field(reducer, delegate));
    }
    out.push_str("    recorded: Vec<fold::Recorded>,\n}\n\n");
}

fn implementation<'w>(
    module: &mut Module<'w>,
    reducer: &'w Reducer,
    cells: &Cells<'w>,
    all: &[Names],
    names: &Names,
    (envelope, head, of_slots): &(String, String, String),
) -> String {
    let workspace = module.workspace();
    let profile = &workspace.profiles[reducer.profile];
    let record = &workspace.records[profile.envelope];
    let place = |name: &str| record.field(name).expect("a field of every envelope");
    let order: Vec<String> = profile.order_by.iter().map(usize::to_string).collect();
    let mut out = format!("impl fold::Fold for {} {{\n", names.fold);
    put!(out, "const NAME: &'static str = {};\n", rust::string(&reducer.meta.name));
    put!(out, "const VERSION: &'static str = {};\n", rust::string(&workspace.families[reducer.family].version.0));
    put!(
        out,
        "const LOG: &'static fold::Log = &fold::Log {{ id: {}, event_type: {}, payload: {}, order: &[{}] }};\n",
        profile.dedup_by,
        place("event_type"),
        place("payload"),
        order.join(", ")
    );
    constants(module, reducer, names, &mut out);
    let kinds = reactions::payload_kinds(module, reducer, &|at| delegate_path(workspace, reducer, all, at));
    let (kinds, payload_kind) = kinds.split_once(";\n").expect("a constant ends");
    put!(out, "{kinds};\n");
    put!(out, "type Envelope = {envelope};\ntype Head = {head};\n");
    put!(out, "type Input = {};\ntype State = {};\n", names.input, names.state);
    out.push_str(&new(module, reducer, cells, names));
    out.push_str(&reactions::route(workspace, reducer, &|at| delegate_path(workspace, reducer, all, at)));
    out.push_str(payload_kind);
    out.push_str(of_slots);
    out.push_str(&reactions::read(workspace, reducer, names));
    out.push_str(&reactions::before_parse(workspace, reducer));
    out.push_str(&reactions::on(workspace, reducer, names));
    out.push_str(&reactions::refusals(module, reducer, cells));
    out.push_str(&reactions::groups(module, reducer, cells, names));
    out.push_str("fn recorded(&mut self) -> &mut Vec<fold::Recorded> { &mut self.recorded }\n");
    out.push_str("fn recorded_so_far(&self) -> &[fold::Recorded] { &self.recorded }\n");
    if reducer.concurrent.as_ref().is_some_and(|it| it.override_rule.is_some()) {
        out.push_str("fn revert(&mut self) { fold::Cell::revert(&mut self.slots); }\n");
    }
    if keeps_start(reducer, cells) {
        out.push_str("fn settle(&mut self) { fold::Cell::settle_into(&mut self.slots, &mut self.start); }\n");
    } else if tracks(reducer) {
        out.push_str("fn settle(&mut self) { fold::Cell::settle(&mut self.slots); }\n");
    }
    delegates(reducer, &mut out);
    out.push_str(&printed(workspace, reducer, names));
    out.push_str(&saved(reducer));
    out.push_str("}\n");
    out
}

fn constants(module: &mut Module<'_>, reducer: &Reducer, names: &Names, out: &mut String) {
    let workspace = module.workspace();
    if reducer.parses_eagerly {
        out.push_str("const PARSES_EAGERLY: bool = true;\n");
    }
    let envelope = &workspace.records[workspace.profiles[reducer.profile].envelope];
    let reads = reads::fields(workspace, reducer);
    if reads.as_ref().is_none_or(|reads| envelope.field("payload").is_some_and(|at| reads.contains(&at))) {
        out.push_str("const READS_PAYLOAD: bool = true;\n");
    }
    if let Some(concurrent) = &reducer.concurrent {
        let indices = |events: &[crate::model::EventId]| {
            let found = reducer.reactions.iter().enumerate().filter(|(_, it)| events.contains(&it.event));
            found.map(|(at, _)| at.to_string()).collect::<Vec<_>>().join(", ")
        };
        let (by, over) = match &concurrent.override_rule {
            Some(rule) => (indices(&rule.by), indices(&rule.over)),
            None => (String::new(), String::new()),
        };
        put!(
            out,
            "const TOGETHER: Option<&'static fold::Together> = Some(&fold::Together {{ by: &[{by}], over: &[{over}] }});\n"
        );
    }
    put!(out, "const KINDS: &'static [&'static str] = {}::CHOICE.values;\n", names.kind);
    let slots: Vec<String> = kept(reducer)
        .map(|(_, slot)| {
            let kind = kind_text(module, &state::saved_type(workspace, slot));
            format!("fold::SavedSlot {{ name: {}, kind: {kind} }}", rust::string(&slot.name))
        })
        .collect();
    put!(out, "const SLOTS: &'static [fold::SavedSlot] = &[{}];\n", slots.join(", "));
    if !reducer.delegates.is_empty() {
        let names: Vec<String> = reducer.delegates.iter().map(|it| rust::string(&it.name)).collect();
        put!(out, "const DELEGATES: &'static [&'static str] = &[{}];\n", names.join(", "));
    }
}

fn new(module: &mut Module<'_>, reducer: &Reducer, cells: &Cells<'_>, names: &Names) -> String {
    let tracks = tracks(reducer);
    let mut parts = Vec::new();
    for (_, slot) in kept(reducer) {
        let start = match &slot.kind {
            SlotKind::Value(start) => canonical(start),
            _ => "null".into(),
        };
        let ty = super::cells::loose(module.workspace(), &slot.ty);
        let ty = spell(module, &ty, "").ty;
        parts.push(format!("{}: fold::start::<{ty}, _>({}, {tracks})", names::value(&slot.name), rust::string(&start)));
    }
    let literal = format!("{} {{ {} }}", names.slots, parts.join(", "));
    let mut members = vec!["slots".to_owned()];
    let mut lets = format!("let slots = {literal};\n");
    if keeps_start(reducer, cells) {
        lets.push_str("let start = fold::Cell::copy(&slots);\n");
        members.push("start".into());
    }
    for delegate in 0..reducer.delegates.len() {
        members.push(format!("{}: fold::Folding::default()", delegate_field(reducer, delegate)));
    }
    members.push("recorded: Vec::new()".into());
    format!("fn new() -> Self {{ {lets} Self {{ {} }} }}\n", members.join(", "))
}

fn delegates(reducer: &Reducer, out: &mut String) {
    if reducer.delegates.is_empty() {
        return;
    }
    let arms = |reference: &str| -> String {
        let arm = |at: usize| format!("{at} => Some({reference} self.{}),\n", delegate_field(reducer, at));
        (0..reducer.delegates.len()).map(arm).collect()
    };
    put!(
        out,
        "fn delegate(&mut self, index: usize) -> Option<&mut dyn fold::Part> {{ match index {{ {} _ => None, }} }}\n",
        arms("&mut")
    );
    put!(
        out,
        "fn delegate_as_it_is(&self, index: usize) -> Option<&dyn fold::Part> {{ match index {{ {} _ => None, }} }}\n",
        arms("&")
    );
    out.push_str(&anomalies::carried(reducer));
}

fn printed(workspace: &Workspace, reducer: &Reducer, names: &Names) -> String {
    let shown = reducer.slots.iter().filter(|slot| slot.output != SlotOutput::Hidden);
    let fields: Vec<String> = shown
        .map(|slot| format!("{}: {}", names::value(&slot.name), state::value(workspace, reducer, slot)))
        .chain(["anomalies: anomalies.into_iter().map(Into::into).collect()".to_owned()])
        .collect();
    let text = fields.join(", ");
    let tally = if text.contains(": tally.") { "tally" } else { "_tally" };
    format!(
        "fn state(self, {tally}: &fold::Tally, anomalies: Vec<fold::Recorded>) -> Self::State {{
            {} {{ {text} }}
        }}\n",
        names.state
    )
}

fn saved(reducer: &Reducer) -> String {
    let calls = |slot: &ReducerSlot| {
        let name = names::value(&slot.name);
        if slot.output == SlotOutput::Values {
            (format!("self.slots.{name}.pairs()"), format!("self.slots.{name}.put_pairs(value)"))
        } else {
            let save = format!("fold::Cell::to_slot(&self.slots.{name})");
            (save, format!("fold::Cell::replace(&mut self.slots.{name}, value)"))
        }
    };
    let (mut saves, mut restores) = (String::new(), String::new());
    let mut only = None;
    for (place, (_, slot)) in kept(reducer).enumerate() {
        let (save, restore) = calls(slot);
        put!(saves, "{place} => {save},\n");
        put!(restores, "{place} => {restore},\n");
        only = (place == 0).then_some(restore);
    }
    let restores = match only {
        Some(restore) => format!("if slot == 0 {{ {restore}; }}"),
        None => format!("match slot {{ {restores} _ => {{}} }}"),
    };
    if saves.is_empty() {
        return "fn saved(&self, _slot: usize) -> support::Slot<'_> { support::Slot::None }
            fn restore(&mut self, _slot: usize, _value: support::Slot<'_>) {}\n"
            .into();
    }
    format!(
        "fn saved(&self, slot: usize) -> support::Slot<'_> {{ match slot {{ {saves} _ => support::Slot::None, }} }}
        fn restore(&mut self, slot: usize, value: support::Slot<'_>) {{ {restores} }}\n"
    )
}

fn part_key(module: &mut Module<'_>, key: &PartitionKey, names: &Names) -> String {
    let key = match key {
        PartitionKey::Envelope(place) => format!("fold::PartKey::Envelope({place})"),
        PartitionKey::Payload(name, ty) => {
            let kind = kind_text(module, ty);
            format!("fold::PartKey::Payload({}, {kind})", rust::string(name))
        }
    };
    format!("impl fold::FoldParts for {} {{ const PART_KEY: fold::PartKey = {key}; }}", names.fold)
}
