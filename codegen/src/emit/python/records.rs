//! Records, payloads, mixins and variants of unions enter; the classes that contain their values leave.

use std::collections::BTreeSet;

use super::expression;
use super::layout::{Code, exploded};
use super::literal::{host, wire};
use super::module::Module;
use super::names::attribute;
use super::prose::{doc_of, doc_or};
use super::types::{annotation, kind};
use super::versions;
use super::view::{Class, Statement};
use crate::emit::encode::python;
use crate::model::{
    EnumId, EnumType, Field, MixinId, Presence, Record, RecordId, RecordKind, Rule, RuleKind, Type, UnionForm, UnionId,
    Variant, Versions,
};

/// The class of a record or payload.
pub fn record(module: &mut Module<'_>, id: RecordId) -> Class {
    let record = &module.workspace.records[id];
    let own: Vec<&Field> = record.fields.iter().filter(|field| field.mixin.is_none()).collect();
    let mut bases: Vec<String> = record.mixins.iter().map(|&mixin| module.mixin(mixin)).collect();
    if bases.is_empty() {
        bases.push("_s.Record".to_owned());
    }
    let (doc, event_type) = match record.kind {
        RecordKind::Record => (doc_of(&record.meta, 4), None),
        RecordKind::Payload(event) => {
            let name = &module.workspace.events[event].wire;
            let doc = doc_or(&record.meta, &format!("Payload of a `{name}` event."), 4);
            (Some(doc), Some(event_type(module, name)))
        }
    };
    let mut body =
        vec![event_type.into_iter().collect(), fields(module, &record.fields, &own, record.versions.as_ref())];
    let closed = record.closed.then(|| Statement::bare("    _closed = True"));
    let table = shape(module, &own).into_iter().chain(closed).chain(rules(module, record));
    let table = table.chain(record.versions.as_ref().map(|of| versions::statement(module, of)));
    let table = table.chain([schema(module, record)]).collect();
    body.push(table);
    Class { name: module.names.records[usize::from(id)].clone(), bases, doc, body, decorator: None }
}

/// The class that holds what several records share.
pub fn mixin(module: &mut Module<'_>, id: MixinId) -> Class {
    let mixin = &module.workspace.mixins[id];
    let own: Vec<&Field> = mixin.fields.iter().collect();
    let body = vec![fields(module, &mixin.fields, &own, None), shape(module, &own).into_iter().collect()];
    Class {
        name: module.names.mixins[usize::from(id)].clone(),
        bases: vec!["_s.Record".to_owned()],
        doc: doc_of(&mixin.meta, 4),
        body,
        decorator: None,
    }
}

/// The classes of a tagged union's variants: each is its record with the tag beside the fields.
pub fn variants(module: &mut Module<'_>, id: UnionId) -> Vec<Class> {
    let union = &module.workspace.unions[id];
    let UnionForm::Tagged { tag, tag_type, variants, .. } = &union.form else { return Vec::new() };
    let names = &module.names.unions[usize::from(id)].variants;
    let class = |variant: &Variant| {
        let value = &module.workspace.enums[*tag_type].values[variant.value].text;
        let doc = format!("The `{}` whose `{tag}` is `{value}`.", union.meta.name);
        Class {
            name: names[variant.value].clone(),
            bases: vec![module.record(variant.record)],
            doc: Some(format!("    {}", python::docstring(&doc, 4))),
            body: tag_members(module, tag, *tag_type, variant.value),
            decorator: None,
        }
    };
    variants.iter().map(class).collect()
}

fn tag_members(module: &mut Module<'_>, tag: &str, tag_type: EnumId, value: usize) -> Vec<Vec<Statement>> {
    let member = module.member(tag_type, value);
    let literal = module.typing("Literal");
    let attribute = attribute(tag);
    let field = Statement::bare(format!("    {attribute}: {literal}[{member}] = {member}"));
    let of = EnumType { id: tag_type, only: Some(vec![value]) };
    let text = &module.workspace.enums[tag_type].values[value].text;
    let mut row = vec![Code::text(python::string(tag)), kind(module, &Type::Enum(of))];
    row.push(Code::text(format!("default={}", python::string(text))));
    row.extend(renamed(tag));
    vec![vec![field], vec![table("shape", &[Code::call("_s.Field", row)])]]
}

fn event_type(module: &mut Module<'_>, name: &str) -> Statement {
    let (class_var, literal, text) = (module.typing("ClassVar"), module.typing("Literal"), python::string(name));
    Statement::bare(format!("    EVENT_TYPE: {class_var}[{literal}[{text}]] = {text}"))
}

/// The annotated attributes. All fields of the record are looked at for what they hide, its own are written.
pub(super) fn fields(
    module: &mut Module<'_>,
    all: &[Field],
    own: &[&Field],
    versions: Option<&Versions>,
) -> Vec<Statement> {
    module.hide(all.iter().map(|field| attribute(&field.meta.name)));
    let statements = own.iter().map(|field| {
        let annotated = format!("{}: {}", attribute(&field.meta.name), annotation(module, &field.ty));
        let value = match &field.presence {
            Presence::Required | Presence::Nullable => {
                let current = versions.filter(|versions| versions.member == field.meta.name);
                current.map(|versions| Code::text(versions.current.to_string()))
            }
            Presence::Optional => Some(Code::text("None")),
            Presence::Default(value) => Some(host(module, &field.ty, value).unwrap_or_else(|| Code::text("_s.FILLED"))),
        };
        let code = value.map_or(Code::text(&*annotated), |value| value.after(&format!("{annotated} = ")));
        Statement { code: code.lines(4, ""), doc: doc_of(&field.meta, 4) }
    });
    let statements = statements.collect();
    module.hide(BTreeSet::new());
    statements
}

fn shape(module: &mut Module<'_>, own: &[&Field]) -> Option<Statement> {
    let rows: Vec<Code> = own.iter().map(|field| row(module, field)).collect();
    (!rows.is_empty()).then(|| table("shape", &rows))
}

pub(super) fn row(module: &mut Module<'_>, field: &Field) -> Code {
    let mut arguments = vec![Code::text(python::string(&field.meta.name)), kind(module, &field.ty)];
    match &field.presence {
        Presence::Required | Presence::Optional => {}
        Presence::Nullable => arguments.push(Code::text("required=True")),
        Presence::Default(value) => arguments.push(wire(value).after("default=")),
    }
    arguments.extend(renamed(&field.meta.name));
    Code::call("_s.Field", arguments)
}

fn renamed(name: &str) -> Option<Code> {
    let attribute = attribute(name);
    (attribute != name).then(|| Code::text(format!("attribute=\"{attribute}\"")))
}

/// `_name = _s.name(...)` with a row a line.
pub(super) fn table(name: &str, rows: &[Code]) -> Statement {
    Statement::bare(format!("    _{name} = {}", exploded(&format!("_s.{name}("), rows, ")", 4)))
}

/// The name of the record's JSON Schema.
fn schema(module: &Module<'_>, record: &Record) -> Statement {
    let family = &module.workspace.families[record.family].meta.name;
    Statement::bare(format!("    _schema = \"{family}.{}\"", record.meta.name))
}

fn rules(module: &mut Module<'_>, record: &Record) -> Option<Statement> {
    let rows: Vec<Code> = record.rules.iter().map(|rule| rule_row(module, record, rule)).collect();
    (!rows.is_empty()).then(|| table("rules", &rows))
}

fn rule_row(module: &mut Module<'_>, record: &Record, rule: &Rule) -> Code {
    let names = |indices: &[usize]| {
        Code::tuple(indices.iter().map(|&at| Code::text(python::string(&record.fields[at].meta.name))).collect())
    };
    let mut arguments = vec![Code::text(python::string(&rule.code)), names(&rule.reads)];
    match &rule.kind {
        RuleKind::Conditional { when, require, forbid, require_nonblank } => {
            arguments.extend(when.as_ref().map(|when| expression::code(module, "when=lambda p: ", when)));
            let demands = [("require=", require), ("forbid=", forbid), ("require_nonblank=", require_nonblank)];
            let demands = demands.into_iter().filter(|(_, fields)| !fields.is_empty());
            arguments.extend(demands.map(|(demand, fields)| names(fields).after(demand)));
        }
        RuleKind::Check { check, at } => {
            arguments.push(expression::code(module, "check=lambda p: ", check));
            arguments.extend(at.map(|at| Code::text(format!("at={}", python::string(&record.fields[at].meta.name)))));
        }
    }
    Code::call("_s.Rule", arguments)
}
