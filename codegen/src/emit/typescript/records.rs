//! Mixins, records and rules enter; interfaces leave, and companions that test their values.

use super::layout::{Doc, array, arrow, call, member, object, row, table, text};
use super::literals::default_of;
use super::module::{Module, doc_block};
use super::names::{self, Derived};
use super::types::without_opt;
use crate::emit::encode::typescript::string;
use crate::model::{Event, Field, Mixin, Presence, Record, RecordKind, Rule, RuleKind};

impl Module<'_> {
    /// The interface of a mixin and its fields.
    pub(super) fn mixin_declaration(&mut self, mixin: &Mixin) {
        let name = &mixin.meta.name;
        self.begin(&mixin.meta);
        self.interface(name, &[], &mixin.fields);
        let rows = mixin.fields.iter().map(|field| self.field(field)).collect();
        let fields = Derived::Fields.of(name);
        self.export(&fields, true);
        let head = text(format!("export const {fields}: $.Fields = "));
        self.statement(row(vec![head, arrow("", table(rows))]));
    }

    /// The interface of a record or payload and its companion.
    pub(super) fn record_declaration(&mut self, record: &Record) {
        let name = names::record(record);
        match record.kind {
            RecordKind::Record => self.begin(&record.meta),
            RecordKind::Payload(_) => {
                self.begin_with(&record.meta, format!("The payload of {} events.", record.meta.name));
            }
        }
        let (mut bases, mut rows) = (Vec::new(), Vec::new());
        for &id in &record.mixins {
            let (interface, fields) = self.mixin(id);
            bases.push(interface);
            rows.push(text(format!("...{fields}()")));
        }
        let own: Vec<Field> = record.fields.iter().filter(|field| field.mixin.is_none()).cloned().collect();
        self.interface(&name, &bases, &own);
        for field in &own {
            let field = self.field(field);
            rows.push(field);
        }
        let mut arguments = vec![arrow("", table(rows))];
        arguments.extend(self.record_options(record));
        self.companion(&name, call("$.record", arguments));
    }

    /// A payload that is a record or union declared by itself.
    pub(super) fn payload_alias(&mut self, event: &Event) {
        let name = names::payload(event);
        self.begin_with(&event.meta, format!("The payload of {} events.", event.meta.name));
        let payload = event.payload.ty();
        let ty = self.ty(&payload);
        self.alias(&name, ty);
        let companion = self.schema(&payload);
        self.export(&name, true);
        self.statement(row(vec![text(format!("export const {name}: $.Schema<{name}> = ")), companion]));
    }

    fn interface(&mut self, name: &str, bases: &[String], fields: &[Field]) {
        self.export(name, false);
        let extends = if bases.is_empty() { String::new() } else { format!("extends {} ", bases.join(", ")) };
        self.body.extend(["export interface ", name, " ", &extends, "{"]);
        for field in fields {
            let (mark, ty) = self.field_type(field);
            self.body.push('\n');
            self.body.push_str(&doc_block(&field.meta, 2));
            let head = text(format!("readonly {}{mark}: ", field.meta.name));
            row(vec![head, ty, text(";")]).write_indented(2, &mut self.body);
        }
        self.body.push_str(if fields.is_empty() { "}\n" } else { "\n}\n" });
    }

    /// A row of the table that tests a record.
    fn field(&mut self, field: &Field) -> Doc {
        let is_optional = self.workspace.is_optional(&field.ty);
        let ty = self.schema(without_opt(self.workspace, &field.ty));
        let mut members = vec![member("name", text(string(&field.meta.name))), member("type", ty)];
        match field.presence {
            Presence::Optional => members.push(member("optional", text("true"))),
            _ if is_optional => members.push(member("nullable", text("true"))),
            _ => {}
        }
        members.extend(default_of(&field.presence));
        object(members)
    }

    fn record_options(&mut self, record: &Record) -> Option<Doc> {
        let mut members = Vec::new();
        if record.closed {
            members.push(member("closed", text("true")));
        }
        if !record.rules.is_empty() {
            let rules = record.rules.iter().map(|rule| self.rule(record, rule)).collect();
            members.push(member("rules", table(rules)));
        }
        members.extend(record.versions.as_ref().map(|versions| member("versions", self.versions(versions))));
        (!members.is_empty()).then(|| object(members))
    }

    fn rule(&mut self, record: &Record, rule: &Rule) -> Doc {
        let names =
            |fields: &[usize]| array(fields.iter().map(|&at| text(string(&record.fields[at].meta.name))).collect());
        let mut members = vec![member("code", text(string(&rule.code))), member("reads", names(&rule.reads))];
        match &rule.kind {
            RuleKind::Conditional { when, require, forbid, require_nonblank } => {
                members.extend(when.as_ref().map(|when| member("when", self.rule_condition(when))));
                let demands = [("require", require), ("forbid", forbid), ("requireNonBlank", require_nonblank)];
                let demands = demands.into_iter().filter(|(_, fields)| !fields.is_empty());
                members.extend(demands.map(|(key, fields)| member(key, names(fields))));
            }
            RuleKind::Check { check, at } => {
                members.push(member("holds", self.rule_condition(check)));
                members.extend(at.map(|at| member("at", text(string(&record.fields[at].meta.name)))));
            }
        }
        object(members)
    }
}
