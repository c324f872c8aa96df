//! Fields enter; those whose type does not hold what their name promises leave.

use std::collections::BTreeMap;

use super::visit::{fields, is_foreign, primitive, words};
use super::{Check, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::emit::json_schema::weaknesses;
use crate::model::{FamilyId, Field, Format, Primitive, RecordKind, Text, Type, Workspace};

pub(super) const CHECKS: &[Check] = &[
    type_differs,
    time_as_text,
    id_may_be_empty,
    float_for_money,
    optional_collection,
    numbers,
    range_unchecked,
    schema_weaker,
];

/// Last words of names that join events: their values are compared across them.
const JOINING: &[&str] = &["id", "uuid", "key", "ref", "at", "url", "slug", "number", "count"];
const TIMES: &[&str] = &["at", "time", "timestamp"];
const MONEY: &[&str] = &["amount", "balance", "cost", "fee", "price", "salary", "tax"];

const SPANS: &[&str] = &["delay", "duration", "elapsed", "interval", "latency", "timeout", "ttl"];
const COUNTS: &[&str] = &["attempts", "count", "quantity", "retries"];
const PERCENTS: &[&str] = &["percent", "percentage"];

/// Names of the two ends of a range, by their first or last word.
const ENDS: &[(&str, &str)] = &[("from", "to"), ("from", "until"), ("start", "end"), ("min", "max"), ("first", "last")];

/// Whether the last word of a name is one of these.
pub(super) fn ends_with(name: &str, wanted: &[&str]) -> bool {
    words(name).last().is_some_and(|last| wanted.contains(&last.as_str()))
}

/// Whether nothing but a length limits the text of a field.
pub(super) fn free_text<'w>(workspace: &'w Workspace, field: &'w Field) -> Option<&'w Text> {
    match primitive(workspace, &field.ty)? {
        Primitive::String(text) if text.format.is_none() && text.pattern.is_none() => Some(text),
        _ => None,
    }
}

/// Payloads of one family that call one thing by one name give it one type: steps for several events read it, and
/// `partition_by` takes it.
fn type_differs(workspace: &Workspace, out: &mut Diagnostics) {
    let mut first: BTreeMap<(FamilyId, &str), Vec<&Field>> = BTreeMap::new();
    for record in workspace.records.iter().filter(|record| matches!(record.kind, RecordKind::Payload(_))) {
        for field in &record.fields {
            let known = first.entry((record.family, &field.meta.name)).or_default();
            if known.iter().any(|known| is_same(workspace, &known.ty, &field.ty)) {
                continue;
            }
            if let Some(known) = known.first() {
                let joins = ends_with(&field.meta.name, JOINING);
                if joins || kind(workspace, &known.ty) != kind(workspace, &field.ty) {
                    let message = format!("`{}` has another type here than in another event", field.meta.name);
                    let finding = Diagnostic::new(&rules::FIELD_TYPE_DIFFERS, field.meta.span, message);
                    let finding = finding.related(known.meta.span, "declared here first");
                    out.push(finding.help("give both one scalar, or give what is another thing another name"));
                }
            }
            known.push(field);
        }
    }
}

/// Whether two types are one but for an `opt` or the members of an enum that they take.
fn is_same(workspace: &Workspace, one: &Type, other: &Type) -> bool {
    match (workspace.unwrapped(one), workspace.unwrapped(other)) {
        (Type::Enum(one), Type::Enum(other)) => one.id == other.id,
        (one, other) => one == other,
    }
}

/// The kind of JSON that values of a type are.
fn kind(workspace: &Workspace, ty: &Type) -> &'static str {
    match workspace.unwrapped(ty) {
        Type::List(..) | Type::Set(..) | Type::Tuple(_) => "array",
        Type::Record(_) | Type::Map(..) => "object",
        Type::Enum(_) => "string",
        Type::Union(_) | Type::External(_) | Type::Named(_) | Type::Opt(_) => "any",
        Type::Primitive(_) | Type::Scalar(_) => match primitive(workspace, ty) {
            Some(Primitive::Int(_) | Primitive::Float(_)) => "number",
            Some(Primitive::Bool) => "bool",
            Some(Primitive::Json) => "any",
            Some(Primitive::Object) => "object",
            _ => "string",
        },
    }
}

fn time_as_text(workspace: &Workspace, out: &mut Diagnostics) {
    for one in fields(workspace) {
        if ends_with(&one.field.meta.name, TIMES) && free_text(workspace, one.field).is_some() {
            let message = format!("`{}` is named like a moment and takes any text", one.field.meta.name);
            let finding = Diagnostic::new(&rules::TIME_AS_TEXT, one.field.meta.span, message);
            out.push(finding.help("use a scalar with `format: date-time`, which is compared as a moment"));
        }
    }
}

fn id_may_be_empty(workspace: &Workspace, out: &mut Diagnostics) {
    for one in fields(workspace) {
        let Some(text) = free_text(workspace, one.field) else { continue };
        let is_empty = text.min_length.unwrap_or_default() == 0 && !text.non_blank;
        if is_empty && ends_with(&one.field.meta.name, &["id", "uuid"]) {
            let message = format!("the id `{}` may be empty", one.field.meta.name);
            let finding = Diagnostic::new(&rules::ID_MAY_BE_EMPTY, one.field.meta.span, message);
            out.push(finding.help("use a scalar with `min_length: 1`, a `format` or a `pattern`"));
        }
    }
}

fn float_for_money(workspace: &Workspace, out: &mut Diagnostics) {
    for one in fields(workspace) {
        let is_float = matches!(primitive(workspace, &one.field.ty), Some(Primitive::Float(_)));
        if is_float && ends_with(&one.field.meta.name, MONEY) {
            let message = format!("`{}` is named like money and is a float", one.field.meta.name);
            let finding = Diagnostic::new(&rules::FLOAT_FOR_MONEY, one.field.meta.span, message);
            out.push(finding.help("count the smallest unit in an `int` or `int64`: sums of floats drift"));
        }
    }
}

/// Numbers whose name leaves open what a bound or a unit would say.
fn numbers(workspace: &Workspace, out: &mut Diagnostics) {
    for one in fields(workspace) {
        let meta = &one.field.meta;
        let (is_number, has_min, has_max) = match primitive(workspace, &one.field.ty) {
            Some(Primitive::Int(bounds)) => (true, bounds.min.is_some(), bounds.max.is_some()),
            Some(Primitive::Float(bounds)) => (true, bounds.min.is_some(), bounds.max.is_some()),
            Some(Primitive::Int64(bounds)) => (true, bounds.min.is_some(), bounds.max.is_some()),
            // Never below 0.
            Some(Primitive::Uint64(bounds)) => (true, true, bounds.max.is_some()),
            _ => (false, true, true),
        };
        let mut find = |rule, what: &str, help: &str| {
            out.push(Diagnostic::new(rule, meta.span, format!("`{}` {what}", meta.name)).help(help));
        };
        if !has_min && ends_with(&meta.name, COUNTS) {
            find(&rules::COUNT_MAY_BE_NEGATIVE, "counts something and may be negative", "add `min: 0`");
        }
        if !(has_min && has_max) && ends_with(&meta.name, PERCENTS) {
            let help = "add `min: 0` and `max: 100`: else half is sent as 50 by some and as 0.5 by others";
            find(&rules::PERCENT_UNBOUNDED, "is a percentage without bounds", help);
        }
        if is_number && meta.doc.is_none() && ends_with(&meta.name, SPANS) {
            let help = "end the name with the unit, as in `.._ms`, or say it in `doc`";
            find(&rules::UNIT_MISSING, "is a length of time in no unit", help);
        }
    }
}

/// Fields that are named like the ends of a range, with no rule that reads both.
fn range_unchecked(workspace: &Workspace, out: &mut Diagnostics) {
    for record in workspace.records.iter().filter(|record| !is_foreign(workspace, &record.meta)) {
        for (low, field) in record.fields.iter().enumerate() {
            let Some(high) = record.fields.iter().position(|other| are_ends(&field.meta.name, &other.meta.name)) else {
                continue;
            };
            let other = &record.fields[high];
            let is_ordered = |field: &Field| match primitive(workspace, &field.ty) {
                Some(Primitive::String(text)) => text.format == Some(Format::DateTime),
                Some(Primitive::Int(_) | Primitive::Float(_) | Primitive::Int64(_) | Primitive::Uint64(_)) => true,
                _ => false,
            };
            let is_checked = record.rules.iter().any(|rule| rule.reads.contains(&low) && rule.reads.contains(&high));
            if is_ordered(field) && is_ordered(other) && !is_checked {
                let message = format!("`{}` may lie behind `{}`", field.meta.name, other.meta.name);
                let finding = Diagnostic::new(&rules::RANGE_UNCHECKED, field.meta.span, message);
                let help = format!("add a rule, as in `check: p.{} <= p.{}`", field.meta.name, other.meta.name);
                out.push(finding.related(other.meta.span, "the other end").help(help));
            }
        }
    }
}

/// Whether two names are those of a range: `valid_from` and `valid_to`, `start` and `end`, `min_size` and `max_size`.
fn are_ends(low: &str, high: &str) -> bool {
    let (low, high) = (words(low), words(high));
    let differs: Vec<_> = low.iter().zip(&high).filter(|(low, high)| low != high).collect();
    let [(low_word, high_word)] = differs[..] else { return false };
    low.len() == high.len() && ENDS.contains(&(low_word, high_word))
}

fn optional_collection(workspace: &Workspace, out: &mut Diagnostics) {
    for one in fields(workspace) {
        let is_collection =
            matches!(workspace.unwrapped(&one.field.ty), Type::List(..) | Type::Set(..) | Type::Map(..));
        if is_collection && workspace.is_optional(&one.field.ty) {
            let message = format!("`{}` can be none and can be empty", one.field.meta.name);
            let finding = Diagnostic::new(&rules::OPTIONAL_COLLECTION, one.field.meta.span, message);
            out.push(
                finding.help("unless both mean something, leave `opt` out and write `default: []` or `default: {}`"),
            );
        }
    }
}

fn schema_weaker(workspace: &Workspace, out: &mut Diagnostics) {
    for weakness in weaknesses(workspace) {
        let message = format!("the JSON Schema accepts more than the contract: {}", weakness.text);
        let finding = Diagnostic::new(&rules::SCHEMA_WEAKER, weakness.span, message);
        out.push(finding.help("whoever validates by the schema alone lets such a payload through"));
    }
}

#[cfg(test)]
mod tests {
    use super::are_ends;

    #[test]
    fn ends_of_a_range_differ_in_one_word() {
        assert!(are_ends("valid_from", "valid_to") && are_ends("start", "end") && are_ends("minSize", "maxSize"));
        for (low, high) in [("from", "from"), ("valid_to", "valid_from"), ("from_a", "to_b"), ("start", "end_at")] {
            assert!(!are_ends(low, high), "{low} {high}");
        }
    }
}
