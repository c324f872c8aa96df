//! A type enters; the words for it leave: its name with a link, its bounds, what an absent key means.

use super::index;
use super::page::{Inline, anchor, code, codes, joined, text};
use crate::json::{Value, canonical, number};
use crate::model::{Bound, FamilyId, Items, Meta, Presence, Primitive, Text, Type, Workspace};

/// A type in the words of the contract language.
pub(super) fn of(workspace: &Workspace, ty: &Type) -> Vec<Inline> {
    match ty {
        Type::Primitive(primitive) => vec![code(base(primitive))],
        Type::Scalar(id) => {
            let scalar = &workspace.scalars[*id];
            vec![link(workspace, scalar.family, "scalar", &scalar.meta)]
        }
        Type::Enum(narrowed) => {
            let definition = &workspace.enums[narrowed.id];
            let mut out = vec![link(workspace, definition.family, "enum", &definition.meta)];
            if let Some(only) = &narrowed.only {
                out.push(text(" ("));
                out.extend(codes(only.iter().map(|&at| definition.values[at].text.as_str())));
                out.push(text(" only)"));
            }
            out
        }
        Type::Record(id) => {
            let record = &workspace.records[*id];
            vec![link(workspace, record.family, "record", &record.meta)]
        }
        Type::Union(id) => {
            let union = &workspace.unions[*id];
            vec![link(workspace, union.family, "union", &union.meta)]
        }
        Type::Named(id) => {
            let named = &workspace.types[*id];
            vec![link(workspace, named.family, "type", &named.meta)]
        }
        Type::External(id) => {
            let external = &workspace.externals[*id];
            vec![code(&*external.name), text(format!(" of {}", external.path))]
        }
        Type::Opt(inner) => of(workspace, inner),
        Type::List(item, _) => wrapped(workspace, "list of ", [&**item]),
        Type::Set(item, _) => wrapped(workspace, "set of ", [&**item]),
        Type::Map(key, value, _) => {
            let mut out = wrapped(workspace, "map from ", [&**key]);
            out.extend(wrapped(workspace, " to ", [&**value]));
            out
        }
        Type::Tuple(parts) => wrapped(workspace, "tuple of ", parts),
    }
}

fn wrapped<'t>(workspace: &Workspace, word: &str, parts: impl IntoIterator<Item = &'t Type>) -> Vec<Inline> {
    let mut out = vec![text(word)];
    out.extend(joined(parts.into_iter().map(|part| of(workspace, part)), ", "));
    out
}

/// A declaration's name, leading to its place.
pub(super) fn link(workspace: &Workspace, family: FamilyId, kind: &str, meta: &Meta) -> Inline {
    Inline::Link {
        file: index::file(&workspace.families[family].meta.name),
        anchor: anchor(kind, &meta.name),
        name: meta.name.clone(),
    }
}

/// The constraints that stand beside a type, in words.
pub(super) fn constraints(ty: &Type) -> Vec<Inline> {
    let items = |items: &Items| range(items.min, items.max, "items").into_iter().map(text).collect();
    match ty {
        Type::Primitive(primitive) => bounds(primitive),
        Type::Opt(inner) => constraints(inner),
        Type::List(_, limits) | Type::Set(_, limits) | Type::Map(_, _, limits) => items(limits),
        _ => Vec::new(),
    }
}

/// The name of a built-in.
pub(super) fn base(primitive: &Primitive) -> &'static str {
    match primitive {
        Primitive::String(_) => "string",
        Primitive::Int(_) => "int",
        Primitive::Int64(_) => "int64",
        Primitive::Uint64(_) => "uint64",
        Primitive::Float(_) => "float",
        Primitive::Bool => "bool",
        Primitive::Json => "json",
        Primitive::Object => "object",
    }
}

/// The bounds of a built-in, in words.
pub(super) fn bounds(primitive: &Primitive) -> Vec<Inline> {
    let limits = match primitive {
        Primitive::String(limits) => return of_text(limits),
        Primitive::Int(it) => between(it.min, it.max, |limit| limit.to_string()),
        Primitive::Int64(it) => between(it.min, it.max, |limit| limit.to_string()),
        Primitive::Uint64(it) => between(it.min, it.max, |limit| limit.to_string()),
        Primitive::Float(it) => between(it.min, it.max, number),
        Primitive::Bool | Primitive::Json | Primitive::Object => Vec::new(),
    };
    joined(limits.into_iter().map(|limit| vec![text(limit)]), ", ")
}

fn of_text(limits: &Text) -> Vec<Inline> {
    let mut out: Vec<Vec<Inline>> = Vec::new();
    out.extend(range(limits.min_length, limits.max_length, "characters").map(|words| vec![text(words)]));
    out.extend(limits.non_blank.then(|| vec![text("not blank")]));
    out.extend(limits.format.map(|format| vec![text("format "), code(format.as_str())]));
    out.extend(limits.pattern.as_ref().map(|pattern| vec![text("pattern "), code(pattern.source())]));
    joined(out, ", ")
}

fn range(min: Option<u32>, max: Option<u32>, what: &str) -> Option<String> {
    match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("exactly {min} {what}")),
        (Some(min), Some(max)) => Some(format!("{min} to {max} {what}")),
        (Some(min), None) => Some(format!("at least {min} {what}")),
        (None, Some(max)) => Some(format!("at most {max} {what}")),
        (None, None) => None,
    }
}

fn between<T: Copy>(min: Option<Bound<T>>, max: Option<Bound<T>>, print: impl Fn(T) -> String) -> Vec<String> {
    let lower = min.map(|it| format!("{} {}", if it.exclusive { "above" } else { "from" }, print(it.limit)));
    let upper = max.map(|it| format!("{} {}", if it.exclusive { "below" } else { "up to" }, print(it.limit)));
    lower.into_iter().chain(upper).collect()
}

/// What an absent key means.
pub(super) fn presence(presence: &Presence) -> Vec<Inline> {
    match presence {
        Presence::Required => vec![text("required")],
        Presence::Optional => vec![text("optional")],
        Presence::Nullable => vec![text("required, may be null")],
        Presence::Default(value) => vec![text("default "), value_of(value)],
    }
}

/// A value as JSON.
pub(super) fn value_of(value: &Value) -> Inline {
    code(canonical(value))
}
