//! Records, unions and events enter; their descriptions leave.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::declarations::{About, about, value};
use super::types::{self, Type};
use super::{Ref, reference};
use crate::expr;
use crate::model::{self, Payload, Presence, RuleKind, UnionForm, Workspace};

/// A member of a record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Field<'w> {
    #[serde(flatten)]
    about: About<'w>,
    /// The type as it was written, without `opt`.
    r#type: Type<'w>,
    /// The same with scalars, named types and foreign types looked through.
    plain: Type<'w>,
    /// Whether the key must be there.
    required: bool,
    /// Whether null, or an absent key, is none.
    optional: bool,
    /// What an absent key is filled with.
    default: Option<Value>,
    /// The mixin it came from.
    mixin: Option<Ref<'w>>,
}

/// A set of fields that several records share.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Mixin<'w> {
    #[serde(flatten)]
    about: About<'w>,
    fields: Vec<Field<'w>>,
}

/// An object with declared fields.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Record<'w> {
    #[serde(flatten)]
    about: About<'w>,
    /// Whether it is what events travel in.
    envelope: bool,
    /// Refuses keys that are not declared.
    closed: bool,
    /// All fields, those of mixins first.
    fields: Vec<Field<'w>>,
    rules: Vec<Rule<'w>>,
}

/// A rule between the fields of a record. Expressions are text of the contract language, which is a subset of CEL.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rule<'w> {
    code: &'w str,
    message: Option<&'w str>,
    /// The condition under which it demands; null where it always does.
    when: Option<String>,
    /// Fields that have to be there.
    require: Vec<&'w str>,
    /// Fields that have to be absent.
    forbid: Vec<&'w str>,
    /// Fields that have to hold more than white space.
    require_nonblank: Vec<&'w str>,
    /// What has to hold.
    check: Option<String>,
    /// The field at which a broken `check` is reported.
    at: Option<&'w str>,
    /// Every field that it reads or names.
    reads: Vec<&'w str>,
}

/// One of several records or types.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Union<'w> {
    #[serde(flatten)]
    about: About<'w>,
    /// The key that tells variants apart; null where the first that accepts is taken.
    tag: Option<&'w str>,
    /// The enum of the tag.
    tag_enum: Option<Ref<'w>>,
    /// What an absent tag means.
    default_tag: Option<&'w str>,
    variants: Vec<Variant<'w>>,
}

/// A variant of a union.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Variant<'w> {
    /// The value of the tag.
    tag: Option<&'w str>,
    r#type: Type<'w>,
}

/// One kind of event.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Event<'w> {
    #[serde(flatten)]
    about: About<'w>,
    /// The `event_type` on the wire.
    wire: &'w str,
    /// The `$id` of the JSON Schema of its payload.
    schema_id: String,
    /// The record or union that the payload is, where it is not declared with the event.
    payload: Option<Type<'w>>,
    /// Whether the payload refuses keys that are not declared.
    closed: bool,
    /// The fields of the payload; none where it is a union.
    fields: Vec<Field<'w>>,
    /// The rules of the payload.
    rules: Vec<Rule<'w>>,
    /// Whether it is said to have no reducer.
    unreduced: bool,
}

/// A named list of events.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Group<'w> {
    #[serde(flatten)]
    about: About<'w>,
    events: Vec<Ref<'w>>,
}

pub(super) fn mixin<'w>(workspace: &'w Workspace, mixin: &'w model::Mixin) -> Mixin<'w> {
    Mixin { about: about(&mixin.meta), fields: fields(workspace, &mixin.fields) }
}

pub(super) fn record<'w>(workspace: &'w Workspace, record: &'w model::Record) -> Record<'w> {
    let is_envelope = workspace.records.entries().any(|(id, it)| std::ptr::eq(it, record) && workspace.is_envelope(id));
    Record {
        about: about(&record.meta),
        envelope: is_envelope,
        closed: record.closed,
        fields: fields(workspace, &record.fields),
        rules: rules(workspace, record),
    }
}

fn fields<'w>(workspace: &'w Workspace, fields: &'w [model::Field]) -> Vec<Field<'w>> {
    let field = |field: &'w model::Field| Field {
        about: about(&field.meta),
        r#type: types::bare(workspace, &field.ty),
        plain: types::plain(workspace, &field.ty),
        required: matches!(field.presence, Presence::Required | Presence::Nullable),
        optional: workspace.is_optional(&field.ty),
        default: match &field.presence {
            Presence::Default(filled) => Some(value(filled)),
            _ => None,
        },
        mixin: field.mixin.map(|id| {
            let mixin = &workspace.mixins[id];
            reference(workspace, mixin.family, &mixin.meta)
        }),
    };
    fields.iter().map(field).collect()
}

fn rules<'w>(workspace: &'w Workspace, record: &'w model::Record) -> Vec<Rule<'w>> {
    let text = |expr| expr::text(expr, workspace);
    let names = |at: &[usize]| at.iter().map(|at| record.fields[*at].meta.name.as_str()).collect();
    let rule = |rule: &'w model::Rule| {
        let mut view = Rule {
            code: &rule.code,
            message: rule.message.as_deref(),
            when: None,
            require: Vec::new(),
            forbid: Vec::new(),
            require_nonblank: Vec::new(),
            check: None,
            at: None,
            reads: names(&rule.reads),
        };
        match &rule.kind {
            RuleKind::Conditional { when, require, forbid, require_nonblank } => {
                view.when = when.as_ref().map(text);
                view.require = names(require);
                view.forbid = names(forbid);
                view.require_nonblank = names(require_nonblank);
            }
            RuleKind::Check { check, at } => {
                view.check = Some(text(check));
                view.at = at.map(|at| record.fields[at].meta.name.as_str());
            }
        }
        view
    };
    record.rules.iter().map(rule).collect()
}

pub(super) fn union<'w>(workspace: &'w Workspace, union: &'w model::Union) -> Union<'w> {
    let about = about(&union.meta);
    match &union.form {
        UnionForm::Tagged { tag, tag_type, default_tag, variants } => {
            let tags = &workspace.enums[*tag_type];
            let text = |at: usize| tags.values[at].text.as_str();
            let variant = |variant: &model::Variant| {
                let record = &workspace.records[variant.record];
                let ty = Type::Record(reference(workspace, record.family, &record.meta));
                Variant { tag: Some(text(variant.value)), r#type: ty }
            };
            Union {
                about,
                tag: Some(tag),
                tag_enum: Some(reference(workspace, tags.family, &tags.meta)),
                default_tag: default_tag.map(text),
                variants: variants.iter().map(variant).collect(),
            }
        }
        UnionForm::Untagged(variants) => {
            let variant = |ty| Variant { tag: None, r#type: types::of(workspace, ty) };
            let variants = variants.iter().map(variant).collect();
            Union { about, tag: None, tag_enum: None, default_tag: None, variants }
        }
    }
}

pub(super) fn event<'w>(workspace: &'w Workspace, event: &'w model::Event) -> Event<'w> {
    let record = match event.payload {
        Payload::Record(id) => Some(&workspace.records[id]),
        Payload::Union(_) => None,
    };
    let payload = match event.payload {
        Payload::Record(_) => record
            .filter(|record| record.kind == model::RecordKind::Record)
            .map(|record| Type::Record(reference(workspace, record.family, &record.meta))),
        Payload::Union(id) => {
            let union = &workspace.unions[id];
            Some(Type::Union(reference(workspace, union.family, &union.meta)))
        }
    };
    Event {
        about: about(&event.meta),
        wire: &event.wire,
        schema_id: crate::emit::json_schema::id(&workspace.families[event.family], &event.meta),
        payload,
        closed: record.is_some_and(|record| record.closed),
        fields: record.map(|record| fields(workspace, &record.fields)).unwrap_or_default(),
        rules: record.map(|record| rules(workspace, record)).unwrap_or_default(),
        unreduced: event.unreduced,
    }
}

pub(super) fn group<'w>(workspace: &'w Workspace, group: &'w model::Group) -> Group<'w> {
    Group { about: about(&group.meta), events: events(workspace, &group.events) }
}

pub(super) fn events<'w>(workspace: &'w Workspace, ids: &[model::EventId]) -> Vec<Ref<'w>> {
    let event = |id: &model::EventId| {
        let event = &workspace.events[*id];
        reference(workspace, event.family, &event.meta)
    };
    ids.iter().map(event).collect()
}
