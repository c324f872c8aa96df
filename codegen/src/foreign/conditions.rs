//! `if`, `then` and `else` of an object enter; rules of the language leave, where it can say exactly the same.

use super::losses::ANNOTATIONS;
use super::parts::{child, items, members, values};
use super::shape::Shaper;
use crate::json::{Value, number};
use crate::load::raw::{RawField, RawRule, RawType, RawTypeKind, RawTypeSource};
use crate::model::names::{MAX_NAME, collision_key};

/// What a schema demands beside its condition: members that must be there, and members that must not.
#[derive(Default)]
struct Demand<'v> {
    require: Vec<&'v str>,
    forbid: Vec<&'v str>,
}

impl<'s> Shaper<'s> {
    /// The rules that stand for a condition; none where the language cannot say it.
    pub(super) fn conditional(
        &mut self,
        schema: &'s Value,
        pointer: &str,
        fields: &[RawField],
        known: &[RawRule],
    ) -> Option<Vec<RawRule>> {
        let (condition, subject) = self.condition(schema.get("if")?, fields)?;
        let mut rules: Vec<RawRule> = Vec::new();
        let negation = format!("!({condition})");
        for (keyword, when) in [("then", condition), ("else", negation)] {
            let Some(demanded) = schema.get(keyword) else { continue };
            let demand = demand(demanded, fields)?;
            if demand.require.is_empty() && demand.forbid.is_empty() {
                continue;
            }
            let verb = if demand.require.is_empty() { "forbids" } else { "needs" };
            let named: Vec<&str> = demand.require.iter().chain(&demand.forbid).copied().collect();
            let code = free_code(&format!("{subject}_{verb}_{}", named.join("_and_")), known.iter().chain(&rules));
            self.at = self.place(&child(pointer, keyword));
            let texts = |names: &[&str]| names.iter().map(|name| self.text(name)).collect();
            rules.push(RawRule {
                span: self.at,
                code: self.text(&code),
                message: None,
                when: Some(self.text(&when)),
                require: texts(&demand.require),
                forbid: texts(&demand.forbid),
                require_nonblank: Vec::new(),
                check: None,
                at: None,
            });
        }
        Some(rules)
    }

    /// An expression for the objects that a schema accepts, and the member that it is about.
    fn condition(&self, schema: &Value, fields: &[RawField]) -> Option<(String, String)> {
        if !says_only(schema, &["properties", "required", "type"]) {
            return None;
        }
        let required: Vec<&str> =
            schema.get("required").and_then(items).unwrap_or_default().iter().filter_map(Value::as_str).collect();
        let (mut all, mut subject) = (Vec::new(), None);
        for (key, property) in members(schema.get("properties")) {
            let field = fields.iter().find(|field| field.meta.name.value == key)?;
            // An absent member satisfies the schema, and counts as its default here.
            if field.default.is_some() || !says_only(property, &["const", "enum", "type"]) {
                return None;
            }
            let (ty, is_optional) = bare(field)?;
            let tests: Option<Vec<String>> =
                values(property)?.into_iter().map(|value| self.literal(ty, value)).collect();
            let test = match tests?.as_slice() {
                [one] => format!("p.{key} == {one}"),
                several => format!("p.{key} in [{}]", several.join(", ")),
            };
            let is_open = is_optional && !required.contains(&key);
            all.push(if is_open { format!("p.{key} == null || {test}") } else { test });
            subject.get_or_insert_with(|| key.to_owned());
        }
        for key in required.iter().filter(|key| schema.get("properties").is_none_or(|all| all.get(key).is_none())) {
            let field = fields.iter().find(|field| field.meta.name.value == **key)?;
            let (_, is_optional) = bare(field).filter(|_| field.default.is_none())?;
            if is_optional {
                all.push(format!("p.{key} != null"));
            }
            subject.get_or_insert_with(|| (*key).to_owned());
        }
        let bracketed = |test: &String| if test.contains("||") { format!("({test})") } else { test.clone() };
        let condition = match all.as_slice() {
            [] => return None,
            [only] => only.clone(),
            several => several.iter().map(bracketed).collect::<Vec<_>>().join(" && "),
        };
        Some((condition, subject.unwrap_or_default()))
    }

    /// A value of a type, as expressions write it.
    fn literal(&self, ty: &RawType, value: &Value) -> Option<String> {
        let RawTypeKind::Name(name) = &ty.kind else { return None };
        let is_plain = |text: &str| text.chars().all(|c| !c.is_control() && !matches!(c, '"' | '\\'));
        match (name.as_str(), value) {
            ("bool", Value::Bool(value)) => Some(value.to_string()),
            ("int", Value::Number(value)) if value.fract() == 0.0 && value.abs() <= super::bounded::MAX_SAFE => {
                Some(number(*value))
            }
            ("string", Value::String(text)) if is_plain(text) => Some(format!("\"{text}\"")),
            (name, Value::String(text)) if is_plain(text) => {
                let item = self.enums.iter().find(|item| item.meta.name.value == name)?;
                item.values.iter().find(|known| known.value.value == *text)?;
                let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic())
                    && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                    && !matches!(text.as_str(), "true" | "false" | "null" | "in");
                Some(if is_word { format!("{name}.{text}") } else { format!("{name}[\"{text}\"]") })
            }
            _ => None,
        }
    }
}

/// What the members of a schema demand of an object.
fn demand<'v>(schema: &'v Value, fields: &[RawField]) -> Option<Demand<'v>> {
    if !says_only(schema, &["required", "properties", "not", "type"]) {
        return None;
    }
    let field = |name: &str| fields.iter().find(|field| field.meta.name.value == name);
    let mut demand = Demand::default();
    for name in schema.get("required").and_then(items).unwrap_or_default() {
        let name = name.as_str()?;
        let field = field(name)?;
        // One that is always there has to be demanded by nothing; one with a default cannot be.
        if field.default.is_some() {
            return None;
        }
        let (_, is_optional) = bare(field)?;
        if is_optional {
            demand.require.push(name);
        }
    }
    let refused = members(schema.get("properties")).map(|(key, value)| (*value == Value::Bool(false)).then_some(key));
    demand.forbid.extend(refused.collect::<Option<Vec<_>>>()?);
    if let Some(not) = schema.get("not") {
        let [only] = not.get("required").and_then(items)? else { return None };
        if !says_only(not, &["required"]) {
            return None;
        }
        demand.forbid.push(only.as_str()?);
    }
    let can_be_away = |name: &&str| field(name).and_then(bare).is_some_and(|(_, is_optional)| is_optional);
    demand.forbid.iter().all(can_be_away).then_some(demand)
}

/// The type of a field without `opt`, and whether it had one. None where its key may be absent in another way, or must
/// be there with null.
fn bare(field: &RawField) -> Option<(&RawType, bool)> {
    let RawTypeSource::Type(ty) = &field.ty else { return None };
    match &ty.kind {
        RawTypeKind::Apply(name, arguments) if name == "opt" => {
            arguments.first().filter(|_| field.required.is_none()).map(|inner| (inner, true))
        }
        _ => Some((ty, false)),
    }
}

/// Whether a schema is an object of these keywords and of such as say nothing.
fn says_only(schema: &Value, keywords: &[&str]) -> bool {
    let Value::Object(members) = schema else { return false };
    members.keys().all(|key| {
        let key = key.as_str();
        keywords.contains(&key) || ANNOTATIONS.contains(&key)
    })
}

/// A code that no other rule has.
fn free_code<'r>(wanted: &str, known: impl Iterator<Item = &'r RawRule>) -> String {
    let taken: Vec<String> = known.map(|rule| collision_key(&rule.code.value)).collect();
    let mut code: String = wanted.chars().take(MAX_NAME - 4).collect();
    let whole = code.clone();
    let mut at = 2;
    while taken.contains(&collision_key(&code)) {
        code = format!("{whole}_{at}");
        at += 1;
    }
    code
}
