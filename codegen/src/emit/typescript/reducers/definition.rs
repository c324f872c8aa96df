//! A reducer enters; the function leaves that says all of it but its steps: slots, payloads, messages, order, delegates.

use super::super::expressions::{Compiler, Tests};
use super::super::layout::{Doc, array, arrow, call, generic, member, object, row, table, text};
use super::super::module::Module;
use super::super::names::{self, Derived};
use super::cells::{messages, own_slots};
use super::code::Code;
use super::events::{fold_name, state_name};
use super::groups::turn_name;
use super::public::definition_name;
use super::values::Steps;
use super::{Names, Scope};
use crate::emit::encode::typescript::string;
use crate::model::{AnomalyField, EventId, PartitionKey, Reducer, Report, UnknownEvents};

impl<'a> Module<'a> {
    /// `function $connector(): $.Definition<..> { return { .. }; }`
    pub(super) fn definition(&mut self, reducer: &'a Reducer, made: &Names) {
        let workspace = self.workspace;
        let envelope = self.envelope_type(reducer);
        let profile = &workspace.profiles[reducer.profile];
        let order = self.derived_name(profile.family, &profile.meta.name, Derived::Profile);
        let slots = own_slots(reducer).map(|slot| member(&slot.name, self.slot_row(slot))).collect();
        let payloads = reducer.reactions.iter().map(|reaction| self.payload_row(reaction.event)).collect();
        let mut rows = vec![
            member("name", text(string(&reducer.meta.name))),
            member("version", text(names::schema_version(&workspace.families[self.family]))),
            member("profile", text(order)),
            member("slots", object(slots)),
            member("payloads", table(payloads)),
            member("messages", messages(reducer)),
            member("fold", text(fold_name(reducer))),
            member("state", text(state_name(reducer))),
        ];
        rows.extend(self.shared_facts(reducer));
        rows.extend(
            reducer.malformed.as_ref().map(|report| member("malformed", self.report(reducer, report, &["e", "error"]))),
        );
        if reducer.parses_eagerly {
            rows.push(member("isEager", text("true")));
        }
        rows.extend(reducer.unknown.as_ref().map(|unknown| self.unknown(reducer, unknown)));
        rows.extend(self.groups(reducer));
        rows.extend(self.delegates(reducer));
        rows.extend(reducer.partition_by.as_ref().map(|key| self.partition(reducer, key)));
        self.begin_noted(&format!("What the contract says about `{}`.", reducer.meta.name));
        let arguments = [&envelope, &made.slots, &made.kind, &made.state].map(|name| text(name.as_str()));
        let ty = generic("$.Definition", arguments.to_vec());
        row(vec![text(format!("function {}(): ", definition_name(reducer))), ty, text(" {")]).write(&mut self.body);
        let mut code = Code::new(2);
        code.line("return {");
        code.indented(|code| rows.into_iter().for_each(|member| code.doc(&row(vec![member, text(",")]))));
        code.line("};");
        self.body.push_str(&code.finish());
        self.line("}");
    }

    /// `(f, e) => f.anomaly("kind", { .. })`
    fn report(&mut self, reducer: &'a Reducer, report: &'a Report, parameters: &[&str]) -> Doc {
        let scope = Scope::outside(reducer);
        let mut tests = Tests::default();
        report.params.iter().for_each(|param| tests.collect(param));
        let mut steps = Steps::new(self, &scope, tests);
        let anomaly = steps.recorded("f.anomaly", report);
        let last = parameters.iter().rposition(|name| scope.has_read(name)).map_or(0, |at| at + 1);
        let names = parameters[..last].iter().map(|name| scope.parameter(name));
        let names: Vec<String> = std::iter::once("f".to_owned()).chain(names).collect();
        arrow(&names.join(", "), anomaly)
    }

    fn shared_facts(&mut self, reducer: &'a Reducer) -> Option<Doc> {
        if reducer.anomaly_fields.is_empty() {
            return None;
        }
        let path = |path: &[String]| array(path.iter().map(|key| text(string(key))).collect());
        let mut facts = Vec::new();
        for (name, field) in &reducer.anomaly_fields {
            let value = match field {
                AnomalyField::Text { path: at, default } => {
                    call("$.textAt", vec![text("e.payload"), path(at), text(string(default))])
                }
                AnomalyField::Enum { id, path: at } => {
                    let schema = self.enum_value(*id, Some(Derived::Schema));
                    call("$.memberAt", vec![text("e.payload"), path(at), text(schema)])
                }
                AnomalyField::Expression(expr) => {
                    let scope = Scope::new(reducer);
                    let tests = Tests::default();
                    Compiler { module: self, tests, scope: Some(&scope), bound: Vec::new() }.compile(expr).0
                }
            };
            facts.push(super::entry(name, value));
        }
        Some(member("facts", arrow("e", super::super::layout::given_object(facts))))
    }

    fn unknown(&mut self, reducer: &'a Reducer, unknown: &'a UnknownEvents) -> Doc {
        let workspace = self.workspace;
        let is_ours = |name: &&str| unknown.prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()));
        let declared = workspace.events.iter().map(|event| event.wire.as_str());
        let reserved = workspace.families.iter().flat_map(|family| &family.reserved.events).map(String::as_str);
        let known = declared.chain(reserved).filter(is_ours).map(|name| text(string(name))).collect();
        let prefixes = unknown.prefixes.iter().map(|prefix| text(string(prefix))).collect();
        let report = self.report(reducer, &unknown.report, &["e"]);
        let members =
            vec![member("prefixes", array(prefixes)), member("known", array(known)), member("report", report)];
        member("unknown", object(members))
    }

    fn groups(&mut self, reducer: &'a Reducer) -> Option<Doc> {
        let concurrent = reducer.concurrent.as_ref()?;
        let mut members = vec![member("turn", text(turn_name(reducer)))];
        if concurrent.reads_group_start {
            members.push(member("readsStart", text("true")));
        }
        if let Some(rule) = &concurrent.override_rule {
            let mut events = |ids: &[EventId]| {
                array(ids.iter().map(|&id| text(self.event_constant(&self.workspace.events[id]))).collect())
            };
            let (by, over) = (events(&rule.by), events(&rule.over));
            let report = reducer.reactions.iter().find_map(|reaction| reaction.overridden.as_ref());
            let report = self.report(reducer, report.expect("what yields has a report"), &["e"]);
            let rule = object(vec![member("by", by), member("over", over), member("report", report)]);
            members.push(member("override", rule));
        }
        Some(member("groups", object(members)))
    }

    fn delegates(&mut self, reducer: &'a Reducer) -> Option<Doc> {
        let workspace = self.workspace;
        let rows: Vec<Doc> = reducer
            .delegates
            .iter()
            .map(|delegate| {
                let inner = &workspace.reducers[delegate.reducer];
                let rules = self.rules_of(inner);
                let kind = &reducer.anomalies[delegate.anomaly].kind;
                object(vec![
                    member("name", text(string(&delegate.name))),
                    member("rules", text(rules)),
                    member("kind", text(string(kind))),
                ])
            })
            .collect();
        (!rows.is_empty()).then(|| member("delegates", table(rows)))
    }

    /// The constant of a reducer, which may stand in another module.
    fn rules_of(&mut self, reducer: &Reducer) -> String {
        self.derived_name(reducer.family, &reducer.meta.name, Derived::Rules)
    }

    fn partition(&mut self, reducer: &'a Reducer, key: &'a PartitionKey) -> Doc {
        let workspace = self.workspace;
        let value = match key {
            PartitionKey::Envelope(at) => {
                let envelope = workspace.profiles[reducer.profile].envelope;
                text(format!("e.{}", workspace.records[envelope].fields[*at].meta.name))
            }
            PartitionKey::Payload(name, ty) => {
                let schema = self.schema(ty);
                call("$.keyAt", vec![text("e.payload"), text(string(name)), schema])
            }
        };
        member("partition", arrow("e", value))
    }
}
