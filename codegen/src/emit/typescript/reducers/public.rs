//! A reducer enters; what users see of it leaves: the types of its state and anomalies, and the functions that reduce.

use super::super::layout::{Doc, call, generic, object, row, text};
use super::super::module::{Export, Module};
use super::super::names;
use super::super::types::without_opt;
use super::{Names, rules_name};
use crate::emit::casing::camel;
use crate::emit::encode::typescript::string;
use crate::model::{Anomaly, Primitive, Reducer, ReducerSlot, SlotKind, SlotOutput, TemplatePart, Type};

impl<'a> Module<'a> {
    /// Kinds of anomalies, anomalies, and the state as it is printed.
    pub(super) fn public_types(&mut self, reducer: &'a Reducer, made: &Names) {
        let name = &reducer.meta.name;
        self.begin_noted(&format!("What the reducer `{name}` records about a log."));
        let kinds = std::iter::once("divergent_duplicate").chain(reducer.anomalies.iter().map(|a| a.kind.as_str()));
        self.export(&made.kind, true);
        self.line(&format!("export const {} = {{", made.kind));
        for kind in kinds {
            self.line(&format!("  {}: {},", names::key(kind), string(kind)));
        }
        self.body.push_str("} as const;\n");
        self.line(&format!("export type {0} = (typeof {0})[keyof typeof {0}];", made.kind));
        self.begin_noted("Something in a log that is not as it should be.");
        self.alias(&made.anomaly, generic("$.Anomaly", vec![text(&made.kind)]));
        self.begin_with(&reducer.meta, format!("What the reducer {name} makes of a log."));
        self.export(&made.state, false);
        self.line(&format!("export interface {} {{", made.state));
        let printed: Vec<&ReducerSlot> = printed_slots(reducer).collect();
        for slot in printed {
            let (mark, ty) = self.printed_type(reducer, slot);
            let head = text(format!("readonly {}{mark}: ", slot.name));
            row(vec![head, ty, text(";")]).write_indented(2, &mut self.body);
            self.body.push('\n');
        }
        self.line(&format!("  readonly anomalies: readonly {}[];", made.anomaly));
        self.line("}");
    }

    /// The type of a printed slot, and `?` where it may be none.
    pub(super) fn printed_type(&mut self, reducer: &Reducer, slot: &ReducerSlot) -> (&'static str, Doc) {
        let workspace = self.workspace;
        if let SlotKind::From { delegate, slot } = &slot.kind {
            let inner = &workspace.reducers[reducer.delegates[*delegate].reducer];
            return self.printed_type(inner, &inner.slots[*slot]);
        }
        let is_none =
            workspace.is_optional(&slot.ty) || matches!(workspace.plain(&slot.ty), Type::Primitive(Primitive::Json));
        let ty = match (slot.output, workspace.plain(&slot.ty)) {
            (SlotOutput::Values | SlotOutput::ValuesByKey, Type::Map(_, of, _)) => {
                self.ty(&Type::List(of.clone(), crate::model::Items::default()))
            }
            _ => self.ty(without_opt(workspace, &slot.ty)),
        };
        if is_none { ("?", row(vec![ty, text(" | undefined")])) } else { ("", ty) }
    }

    /// The reducer itself, its incremental form, and functions that reduce a log.
    pub(super) fn public_functions(&mut self, reducer: &'a Reducer, made: &Names) {
        let envelope = self.envelope_type(reducer);
        let (rules, name, state) = (rules_name(reducer), &reducer.meta.name, &made.state);
        self.begin_noted(&format!("The reducer `{name}`, for what takes any reducer."));
        let value = call("$.rules", vec![text(definition_name(reducer))]);
        self.constant(&rules, text(format!("$.Rules<{envelope}, {state}>")), value);
        self.begin_noted(&format!("The reducer `{name}`, which takes the events of a log in their order."));
        let arguments = || vec![text(envelope.as_str()), text(state.as_str())];
        self.alias(&made.incremental, generic("$.Incremental", arguments()));
        self.export(&made.incremental, true);
        let class = generic("$.IncrementalClass", arguments());
        self.whole_constant(&made.incremental, class, &format!("$.incremental({rules})"));
        self.begin_noted("The state of a log, whatever the order of its events and however often one is there.");
        self.reduce_function((&made.whole, &made.top), "$.reduce", &rules, &envelope, state);
        if reducer.partition_by.is_some() {
            self.begin_noted("The state of each entity of a log.");
            let state = format!("$.Partitioned<{state}>");
            let parts =
                if made.whole == made.top { format!("{}Partitioned", made.top) } else { "reducePartitioned".into() };
            self.reduce_function(
                (&parts, &format!("{}Partitioned", made.top)),
                "$.reducePartitioned",
                &rules,
                &envelope,
                &state,
            );
        }
    }

    fn reduce_function(&mut self, (name, top): (&str, &str), callee: &str, rules: &str, envelope: &str, state: &str) {
        if name == top {
            self.export(name, true);
        } else {
            self.export_as(name, top.to_owned());
        }
        let parameters = call(format!("export function {name}"), vec![text(format!("events: Iterable<{envelope}>"))]);
        row(vec![parameters, text(format!(": {state} {{"))]).write(&mut self.body);
        self.line(&format!("  return {callee}({rules}, events);"));
        self.line("}");
    }
}

/// The function that says what a reducer does.
pub(super) fn definition_name(reducer: &Reducer) -> String {
    format!("${}", camel(&reducer.meta.name))
}

/// The slots that a state shows.
pub(super) fn printed_slots(reducer: &Reducer) -> impl Iterator<Item = &ReducerSlot> {
    reducer.slots.iter().filter(|slot| slot.output != SlotOutput::Hidden)
}

/// The text of an anomaly. Holes name a parameter; behind `=` one that shares its name with one that all anomalies carry.
pub(super) fn template(anomaly: &Anomaly, shared: &[&str]) -> String {
    let part = |part: &TemplatePart| match part {
        TemplatePart::Text(text) => text.clone(),
        TemplatePart::Param(at) if shared.contains(&anomaly.params[*at].as_str()) => {
            format!("{{={}}}", anomaly.params[*at])
        }
        TemplatePart::Param(at) => format!("{{{}}}", anomaly.params[*at]),
        TemplatePart::Field(at) => format!("{{{}}}", shared[*at]),
        TemplatePart::Inner(name) => format!("{{{name}}}"),
    };
    anomaly.template.iter().map(part).collect()
}

/// What all families offer side by side of the exports of one, as a list of exports has it.
pub(in super::super) fn top_names<'e>(exports: impl Iterator<Item = &'e Export>) -> Vec<String> {
    let mut names: std::collections::BTreeMap<String, bool> = std::collections::BTreeMap::new();
    for export in exports {
        let name = match &export.top {
            Some(top) => format!("{} as {top}", export.name),
            None => export.name.clone(),
        };
        *names.entry(name).or_default() |= export.is_value;
    }
    names.into_iter().map(|(name, is_value)| if is_value { name } else { format!("type {name}") }).collect()
}

/// `{ name: value, .. }` of the parameters of an anomaly.
pub(super) fn facts(params: Vec<(String, Doc)>) -> Doc {
    object(params.into_iter().map(|(name, value)| super::entry(&name, value)).collect())
}
