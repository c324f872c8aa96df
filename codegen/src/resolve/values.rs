//! Defaults and examples as written enter; values in canonical wire form leave, or a finding.

use std::collections::BTreeMap;

use super::{Resolver, rules};
use crate::diagnostic::{Diagnostic, Rule};
use crate::interpret;
use crate::json::Value;
use crate::load::ambiguous;
use crate::load::raw::{RawField, RawMeta};
use crate::load::rules::YAML_AMBIGUOUS;
use crate::load::yaml::{Node, NodeKind, Style};
use crate::model::{EnumType, MixinId, Presence, RecordId, Type};

impl<'a> Resolver<'a> {
    /// Judges every default and example, and fills in what absence means.
    pub(super) fn resolve_values(&mut self) {
        self.scalar_defaults();
        for id in self.record_order.clone() {
            self.record_defaults(id);
        }
        self.mixin_defaults();
        self.examples();
    }

    fn scalar_defaults(&mut self) {
        let mut ids = self.workspace.scalars.entries().map(|(id, _)| id).collect::<Vec<_>>().into_iter();
        for (_, contract) in self.families() {
            for raw in &contract.scalars {
                let id = ids.next().expect("ids follow the order of declarations");
                if let Some(node) = &raw.default {
                    let default = self.judge(&Type::Scalar(id), node, &rules::DEFAULT_INVALID, "default");
                    self.workspace.scalars.get_mut(id).default = default;
                }
            }
        }
    }

    fn record_defaults(&mut self, id: RecordId) {
        let fields = self.workspace.records[id].fields.clone();
        let raw = self.raw_fields(id);
        for (index, field) in fields.iter().enumerate() {
            if field.presence != Presence::Required {
                continue;
            }
            let own = raw.get(field.meta.name.as_str()).and_then(|raw| raw.default.as_ref());
            if let Some(default) = self.default_of(&field.ty, own) {
                self.workspace.records.get_mut(id).fields[index].presence = Presence::Default(default);
            }
        }
    }

    fn mixin_defaults(&mut self) {
        let ids: Vec<MixinId> = self.workspace.mixins.entries().map(|(id, _)| id).collect();
        for (id, raw) in ids.into_iter().zip(self.mixins.clone()) {
            for (index, raw) in raw.fields.iter().enumerate() {
                let field = self.workspace.mixins[id].fields[index].clone();
                if field.presence == Presence::Required
                    && let Some(default) = self.default_of(&field.ty, raw.default.as_ref())
                {
                    self.workspace.mixins.get_mut(id).fields[index].presence = Presence::Default(default);
                }
            }
        }
    }

    /// The field's own default, else that of its scalar.
    fn default_of(&mut self, ty: &Type, own: Option<&Node>) -> Option<Value> {
        match own {
            Some(node) => self.judge(ty, node, &rules::DEFAULT_INVALID, "default"),
            None => match self.workspace.plain(ty) {
                Type::Scalar(id) => self.workspace.scalars[*id].default.clone(),
                _ => None,
            },
        }
    }

    /// The fields of a record as written, those of its mixins included, by name.
    pub(super) fn raw_fields(&self, id: RecordId) -> BTreeMap<&'a str, &'a RawField> {
        let mixins = self.workspace.records[id].mixins.iter();
        let mixed = mixins.flat_map(|&mixin| &self.mixins[usize::from(mixin)].fields);
        let own = self.records[usize::from(id)];
        mixed.chain(&own.fields).map(|field| (field.meta.name.value.as_str(), field)).collect()
    }

    fn examples(&mut self) {
        let families = self.families();
        let contracts = || families.iter().map(|(_, contract)| *contract);
        for (at, raw) in contracts().flat_map(|c| &c.scalars).enumerate() {
            let examples = self.judge_all(&Type::Scalar(at.into()), &raw.meta);
            self.workspace.scalars.get_mut(at.into()).meta.examples = examples;
        }
        for (at, raw) in contracts().flat_map(|c| &c.types).enumerate() {
            let examples = self.judge_all(&Type::Named(at.into()), &raw.meta);
            self.workspace.types.get_mut(at.into()).meta.examples = examples;
        }
        for (at, raw) in contracts().flat_map(|c| &c.enums).enumerate() {
            let examples = self.judge_all(&Type::Enum(EnumType { id: at.into(), only: None }), &raw.meta);
            self.workspace.enums.get_mut(at.into()).meta.examples = examples;
        }
        for (at, raw) in contracts().flat_map(|c| &c.unions).enumerate() {
            let examples = self.judge_all(&Type::Union(at.into()), &raw.meta);
            self.workspace.unions.get_mut(at.into()).meta.examples = examples;
        }
        for (at, raw) in self.records.clone().into_iter().enumerate() {
            let id = RecordId::from(at);
            let examples = self.judge_all(&Type::Record(id), &raw.meta);
            self.workspace.records.get_mut(id).meta.examples = examples;
            self.field_examples(id);
        }
        for (at, raw) in self.mixins.clone().into_iter().enumerate() {
            self.refuse_examples(&raw.meta, "mixin");
            for (index, raw) in raw.fields.iter().enumerate() {
                let ty = self.workspace.mixins[MixinId::from(at)].fields[index].ty.clone();
                let examples = self.judge_all(&ty, &raw.meta);
                self.workspace.mixins.get_mut(at.into()).fields[index].meta.examples = examples;
            }
        }
        let groups = contracts().flat_map(|c| &c.groups).map(|item| (&item.meta, "group"));
        let machines = contracts().flat_map(|c| &c.machines).map(|item| (&item.meta, "machine"));
        let tables = contracts().flat_map(|c| &c.tables).map(|item| (&item.meta, "table"));
        for (meta, what) in groups.chain(machines).chain(tables) {
            self.refuse_examples(meta, what);
        }
    }

    fn field_examples(&mut self, id: RecordId) {
        let raw_fields = self.raw_fields(id);
        for index in 0..self.workspace.records[id].fields.len() {
            let field = &self.workspace.records[id].fields[index];
            let ty = field.ty.clone();
            let Some(raw) = raw_fields.get(field.meta.name.as_str()).map(|raw| &raw.meta) else {
                continue;
            };
            if !raw.examples.is_empty() {
                let examples = self.judge_all(&ty, raw);
                self.workspace.records.get_mut(id).fields[index].meta.examples = examples;
            }
        }
    }

    fn judge_all(&mut self, ty: &Type, raw: &RawMeta) -> Vec<Value> {
        raw.examples.iter().filter_map(|node| self.judge(ty, node, &rules::EXAMPLE_INVALID, "example")).collect()
    }

    fn refuse_examples(&mut self, raw: &RawMeta, what: &str) {
        if let Some(node) = raw.examples.first() {
            let message = format!("a {what} has no values, so it has no examples");
            self.out.push(Diagnostic::new(&rules::EXAMPLE_INVALID, node.span, message));
        }
    }

    /// The canonical form of a value that a contract gives for a type.
    pub(super) fn judge(&mut self, ty: &Type, node: &Node, rule: &'static Rule, what: &str) -> Option<Value> {
        let value = self.value(node, rule)?;
        match interpret::check_value(&self.workspace, ty, &value) {
            Ok(value) => Some(value),
            Err(faults) if interpret::unanswered(&faults).is_some() => {
                let message = format!("a rule of the {what} calls a hook with args that none of its vectors has");
                self.out.push(Diagnostic::new(rule, node.span, message).help("add that vector to the hook first"));
                None
            }
            Err(faults) => {
                let first = &faults[0];
                let path = first.pointer();
                let place = if path.is_empty() { String::new() } else { format!(" at `{path}`") };
                let message = format!("the {what} is refused by its own type{place}: `{}`", first.code.as_str());
                let mut finding = Diagnostic::new(rule, node.span, message);
                if matches!(&node.kind, NodeKind::Scalar(_, Style::Plain)) && first.code.as_str() == "type" {
                    finding = finding.help("if a text is meant, quote it");
                }
                self.out.push(finding);
                None
            }
        }
    }

    /// A YAML value as JSON; plain scalars that YAML versions read differently must be quoted.
    fn value(&mut self, node: &Node, rule: &'static Rule) -> Option<Value> {
        match &node.kind {
            NodeKind::Scalar(text, Style::Quoted | Style::Block) => Some(Value::String(text.clone())),
            NodeKind::Scalar(text, Style::Plain) => self.plain_value(text, node, rule),
            NodeKind::Sequence(items) => {
                let values: Vec<_> = items.iter().map(|item| self.value(item, rule)).collect();
                values.into_iter().collect::<Option<_>>().map(Value::Array)
            }
            NodeKind::Mapping(members) => {
                let values: Vec<_> =
                    members.iter().map(|(key, node)| Some((key.value.clone(), self.value(node, rule)?))).collect();
                values.into_iter().collect::<Option<_>>().map(Value::Object)
            }
        }
    }

    fn plain_value(&mut self, text: &str, node: &Node, rule: &'static Rule) -> Option<Value> {
        match text {
            "null" => return Some(Value::Null),
            "true" => return Some(Value::Bool(true)),
            "false" => return Some(Value::Bool(false)),
            _ => {}
        }
        if is_json_number(text) {
            let number: f64 = text.parse().expect("the JSON grammar of numbers is within Rust's");
            if number.is_finite() {
                return Some(Value::Number(number + 0.0));
            }
        }
        if is_json_number(text)
            || matches!(text.trim_start_matches(['+', '-']).to_ascii_lowercase().as_str(), ".inf" | ".nan")
        {
            self.out.push(Diagnostic::new(rule, node.span, format!("`{text}` is no finite number")));
            return None;
        }
        if ambiguous(text) {
            self.out.push(
                Diagnostic::new(&YAML_AMBIGUOUS, node.span, format!("`{text}` means different things to YAML readers"))
                    .help(format!("quote it: \"{text}\"")),
            );
            return None;
        }
        Some(Value::String(text.to_owned()))
    }
}

fn is_json_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}
