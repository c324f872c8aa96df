//! Fields enter; those that could carry what no log should keep, or more than anybody reads, leave.

use super::fields::{ends_with, free_text};
use super::visit::{fields, primitive, words};
use super::{Check, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Items, Primitive, RecordId, Type, Workspace};

pub(super) const CHECKS: &[Check] = &[secret_field, url_as_text, unbounded, unchecked_json];

const SECRETS: &[&[&str]] = &[
    &["password"],
    &["passwd"],
    &["passphrase"],
    &["secret"],
    &["token"],
    &["credential"],
    &["credentials"],
    &["apikey"],
    &["api", "key"],
    &["private", "key"],
    &["access", "key"],
    &["cvv"],
];

/// Last words of names that speak about a secret and do not hold it.
const ABOUT: &[&str] =
    &["ref", "id", "hash", "digest", "fingerprint", "type", "kind", "name", "at", "url", "state", "status", "reason"];

fn secret_field(workspace: &Workspace, out: &mut Diagnostics) {
    for one in fields(workspace) {
        let name = words(&one.field.meta.name);
        let holds = |secret: &&&[&str]| name.windows(secret.len()).any(|part| part.iter().eq(secret.iter()));
        let is_text = matches!(primitive(workspace, &one.field.ty), Some(Primitive::String(_) | Primitive::Json));
        if is_text && SECRETS.iter().find(holds).is_some() && !ends_with(&one.field.meta.name, ABOUT) {
            let message = format!("`{}` is named like a secret", one.field.meta.name);
            let finding = Diagnostic::new(&rules::SECRET_FIELD, one.field.meta.span, message);
            out.push(finding.help("events are kept and copied: carry a reference to where it is kept, as in `.._ref`"));
        }
    }
}

fn url_as_text(workspace: &Workspace, out: &mut Diagnostics) {
    for one in fields(workspace) {
        if ends_with(&one.field.meta.name, &["url", "uri", "href"]) && free_text(workspace, one.field).is_some() {
            let message = format!("`{}` is named like an address and takes any text", one.field.meta.name);
            let finding = Diagnostic::new(&rules::URL_AS_TEXT, one.field.meta.span, message);
            out.push(
                finding.help("use a scalar with `format: http-url`: who shows it as a link runs `javascript:` else"),
            );
        }
    }
}

fn unbounded(workspace: &Workspace, out: &mut Diagnostics) {
    for one in fields(workspace) {
        let is_unbounded = match workspace.unwrapped(&one.field.ty) {
            Type::List(_, items) | Type::Map(_, _, items) => items.max.is_none(),
            Type::Set(item, Items { max: None, .. }) => !matches!(workspace.plain(item), Type::Enum(_)),
            _ => free_text(workspace, one.field).is_some_and(|text| text.max_length.is_none()),
        };
        if is_unbounded {
            let message = format!("`{}` has no greatest size but that of a payload", one.field.meta.name);
            let finding = Diagnostic::new(&rules::UNBOUNDED, one.field.meta.span, message);
            out.push(finding.help("add `max_length` or `max_items`"));
        }
    }
}

fn unchecked_json(workspace: &Workspace, out: &mut Diagnostics) {
    let envelopes = (0..workspace.records.len()).map(RecordId::from).filter(|id| workspace.is_envelope(*id));
    let envelopes: Vec<_> = envelopes.map(|id| workspace.records[id].meta.span).collect();
    for one in fields(workspace).iter().filter(|one| !envelopes.contains(&one.owner.span)) {
        if matches!(primitive(workspace, &one.field.ty), Some(Primitive::Json | Primitive::Object)) {
            let message = format!("nothing in `{}` is checked", one.field.meta.name);
            out.push(Diagnostic::new(&rules::UNCHECKED_JSON, one.field.meta.span, message));
        }
    }
}
