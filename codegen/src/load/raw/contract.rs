//! The tree of one file enters; its sections leave as written.

use super::super::yaml::Node;
use super::declarations::{read_group, read_named_type, read_scalar, read_table};
use super::enums::read_enum;
use super::hooks::read_hook;
use super::machines::read_machine;
use super::read::{self, Object};
use super::records::{read_event, read_mixin, read_record, read_union};
use super::reducers::{read_profile, read_reducer};
use super::{RawContract, RawDeprecated, RawMeta, RawText, rules};
use crate::config::path;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// `reserved: {events, fields, values}`
#[derive(Debug, Clone, Default)]
pub struct RawReserved {
    /// `events`
    pub events: Vec<RawText>,
    /// `fields`
    pub fields: Vec<RawText>,
    /// `values`
    pub values: Vec<RawText>,
}

/// A contract as written; none where its head is unusable. Everything wrong in it is reported at once.
pub fn read_contract(root: &Node, out: &mut Diagnostics) -> Option<RawContract> {
    let mut object = Object::new(root, "a contract", out)?;
    read_language(&mut object, out);
    let name = object.need("contract", out).and_then(|node| read::text(node, out));
    let version = object.need("version", out).and_then(|node| read::text(node, out));
    let meta_name = name.clone().unwrap_or(RawText::new(String::new(), root.span));
    let meta = read_meta(&mut object, meta_name, out);
    let imports = object.take("imports").map(|n| read::texts(n, "a list of contract names", out)).unwrap_or_default();
    let closed = object.read("closed", out, read::boolean).is_some_and(|closed| closed.value);
    let reserved = object.read("reserved", out, read_reserved).unwrap_or_default();
    let contract = RawContract {
        span: root.span,
        name: name.unwrap_or_else(|| RawText::new(String::new(), root.span)),
        version: version.unwrap_or_else(|| RawText::new(String::new(), root.span)),
        meta,
        imports: imports.into_iter().filter(|import| names_a_file(import, out)).collect(),
        closed,
        reserved,
        scalars: section(&mut object, "scalars", read_scalar, out),
        types: section(&mut object, "types", read_named_type, out),
        enums: section(&mut object, "enums", read_enum, out),
        records: section(&mut object, "records", read_record, out),
        unions: section(&mut object, "unions", read_union, out),
        mixins: section(&mut object, "mixins", read_mixin, out),
        events: section(&mut object, "events", read_event, out),
        groups: section(&mut object, "groups", read_group, out),
        machines: section(&mut object, "machines", read_machine, out),
        tables: section(&mut object, "tables", read_table, out),
        profiles: section(&mut object, "profiles", read_profile, out),
        reducers: section(&mut object, "reducers", read_reducer, out),
        hooks: section(&mut object, "hooks", read_hook, out),
    };
    object.forget(|key| key.starts_with("x-"));
    object.finish(out);
    (!contract.name.value.is_empty()).then_some(contract)
}

fn read_language(object: &mut Object<'_>, out: &mut Diagnostics) {
    let Some(node) = object.need("language", out) else { return };
    if let Some(language) = read::count(node, out)
        && language.value != 1
    {
        out.push(
            Diagnostic::new(
                &rules::LANGUAGE_VERSION,
                node.span,
                format!("language {} is not known to this tool", language.value),
            )
            .help("write `language: 1`, or use a newer release"),
        );
    }
}

fn section<T>(
    object: &mut Object<'_>,
    key: &'static str,
    read: fn(&RawText, &Node, &mut Diagnostics) -> Option<T>,
    out: &mut Diagnostics,
) -> Vec<T> {
    let Some(node) = object.take(key) else { return Vec::new() };
    let members = read::members(node, "a mapping of names to declarations", out).unwrap_or_default();
    members.iter().filter_map(|(name, node)| read(name, node, out)).collect()
}

/// Title, doc, history and examples of a declaration or field.
pub fn read_meta(object: &mut Object<'_>, name: RawText, out: &mut Diagnostics) -> RawMeta {
    RawMeta {
        name,
        title: object.read("title", out, read::prose),
        doc: object.read("doc", out, read::prose),
        since: object.read("since", out, read::text),
        deprecated: object.read("deprecated", out, read_deprecated),
        examples: object
            .take("examples")
            .and_then(|node| read::items(node, "a list of examples", out))
            .unwrap_or_default()
            .to_vec(),
    }
}

/// A name of which nothing else is said.
pub fn bare_meta(name: &RawText) -> RawMeta {
    RawMeta { name: name.clone(), title: None, doc: None, since: None, deprecated: None, examples: Vec::new() }
}

/// `deprecated: {since, reason, use}`
pub fn read_deprecated(node: &Node, out: &mut Diagnostics) -> Option<RawDeprecated> {
    let mut object = Object::new(node, "a deprecation", out)?;
    let since = object.need("since", out).and_then(|node| read::text(node, out));
    let reason = object.need("reason", out).and_then(|node| read::prose(node, out));
    let replacement = object.read("use", out, read::text);
    object.finish(out);
    Some(RawDeprecated { since: since?, reason: reason?, replacement })
}

fn read_reserved(node: &Node, out: &mut Diagnostics) -> Option<RawReserved> {
    let mut object = Object::new(node, "`reserved`", out)?;
    let mut names = |key, out: &mut Diagnostics| {
        object.take(key).map(|node| read::texts(node, "a list of names", out)).unwrap_or_default()
    };
    let reserved =
        RawReserved { events: names("events", out), fields: names("fields", out), values: names("values", out) };
    object.finish(out);
    Some(reserved)
}

/// Whether the file of an import can exist next to its contract on every system.
fn names_a_file(import: &RawText, out: &mut Diagnostics) -> bool {
    let fault = path::fault(&import.value, import.span);
    let is_possible = fault.is_none();
    out.extend(fault);
    is_possible
}
