//! What schemas demand of several members at once enters; rules of the language leave.

use std::collections::BTreeSet;

use super::parts::{child, items, members};
use super::shape::{Shaper, Style};
use crate::json::Value;
use crate::load::raw::{RawField, RawRule, RawText, RawTypeKind, RawTypeSource};
use crate::model::names::collision_key;

impl<'s> Shaper<'s> {
    /// The rules of a record, in the order of its parts.
    pub(super) fn rules(
        &mut self,
        schema: &'s Value,
        pointer: &str,
        parts: &[(&'s Value, String)],
        fields: &mut [RawField],
        read: &mut BTreeSet<&'static str>,
    ) -> Vec<RawRule> {
        if self.is_emitted(pointer) {
            read.insert("allOf");
            return self.written(schema, pointer);
        }
        let mut rules = Vec::new();
        for (part, place) in parts {
            for keyword in ["dependentRequired", "dependencies"] {
                let place = child(place, keyword);
                for (key, demanded) in self.ordered(part.get(keyword), &place) {
                    let Some(names) = items(demanded).map(texts) else { continue };
                    rules.extend(self.dependent(key, &names, fields, &child(&place, key), &rules));
                }
            }
            if part.get("if").is_some() && self.style == Style::Contract {
                match self.conditional(part, place, fields, &rules) {
                    Some(said) => rules.extend(said),
                    None => self.lose_keyword(place, "if"),
                }
            }
        }
        if self.style == Style::Contract {
            read.extend(["if", "then", "else"]);
        }
        if parts.iter().all(|(part, _)| members(part.get("dependencies")).all(|(_, value)| items(value).is_some())) {
            read.insert("dependencies");
        }
        rules
    }

    /// Rules as they were written.
    fn written(&mut self, schema: &Value, pointer: &str) -> Vec<RawRule> {
        let all = schema.get("x-rules").and_then(items).unwrap_or_default();
        let mut rules = Vec::new();
        for (at, rule) in all.iter().enumerate() {
            self.at = self.place(&child(&child(pointer, "x-rules"), &at.to_string()));
            let names = |key| rule.get(key).and_then(items).map(texts).unwrap_or_default();
            let names = |key| names(key).into_iter().map(|name| self.text(name)).collect::<Vec<RawText>>();
            let Some(code) = self.plain(rule, "code") else { continue };
            rules.push(RawRule {
                span: self.at,
                code,
                message: self.plain(rule, "message"),
                when: self.plain(rule, "when"),
                require: names("require"),
                forbid: names("forbid"),
                require_nonblank: names("require_nonblank"),
                check: self.plain(rule, "check"),
                at: self.plain(rule, "at"),
            });
        }
        rules
    }

    /// A rule by which one member demands others; none, and a loss, where one of them is no field or always there.
    fn dependent(
        &mut self,
        key: &str,
        demanded: &[&str],
        fields: &[RawField],
        pointer: &str,
        known: &[RawRule],
    ) -> Option<RawRule> {
        let field = |name: &str| fields.iter().find(|field| field.meta.name.value == name);
        let is_optional = |field: &RawField| match &field.ty {
            RawTypeSource::Type(ty) => {
                matches!(&ty.kind, RawTypeKind::Apply(name, _) if name == "opt") && field.required.is_none()
            }
            RawTypeSource::External { .. } => false,
        };
        // What is always there demands nothing new; a member that has a default cannot be told from one that is there.
        let demanded: Vec<&str> = demanded
            .iter()
            .copied()
            .filter(|name| field(name).is_none_or(|field| is_optional(field) || field.default.is_some()))
            .collect();
        if demanded.is_empty() {
            return None;
        }
        let is_sound =
            field(key).is_some_and(is_optional) && demanded.iter().all(|name| field(name).is_some_and(is_optional));
        let code = format!("{key}_needs_{}", demanded.join("_and_"));
        let is_new = known.iter().all(|rule| collision_key(&rule.code.value) != collision_key(&code));
        if !is_sound || !is_new || crate::model::names::check_field_name(&code).is_err() {
            self.lose(pointer, &format!("what `{}` demands", key.escape_debug()));
            return None;
        }
        self.at = self.place(pointer);
        Some(RawRule {
            span: self.at,
            code: self.text(&code),
            message: None,
            when: Some(self.text(&format!("p.{key} != null"))),
            require: demanded.iter().map(|name| self.text(name)).collect(),
            forbid: Vec::new(),
            require_nonblank: Vec::new(),
            check: None,
            at: None,
        })
    }
}

fn texts(values: &[Value]) -> Vec<&str> {
    values.iter().filter_map(Value::as_str).collect()
}
