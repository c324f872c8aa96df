//! Rules between fields as written enter; typed rules leave.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::symbols::Symbols;
use super::{Resolver, rules};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::expr::{self, Binding, Environment};
use crate::load::raw::{RawRecord, RawRule, RawText};
use crate::model::{Expr, FamilyId, MixinId, Presence, RecordId, Rule, RuleKind, Type};
use crate::source::{Span, Spanned};

impl Resolver<'_> {
    pub(super) fn resolve_conditions(&mut self) {
        for at in 0..self.records.len() {
            let id = RecordId::from(at);
            let mixins = self.workspace.records[id].mixins.clone();
            let mut found = Vec::new();
            for mixin in mixins {
                found.extend(self.sugar(id, Some(mixin)));
                found.extend(self.written_rules(id, self.mixins[usize::from(mixin)]));
            }
            found.extend(self.sugar(id, None));
            found.extend(self.written_rules(id, self.records[at]));
            self.check_codes(&found);
            self.workspace.records.get_mut(id).rules = found;
        }
    }

    fn written_rules(&mut self, id: RecordId, raw: &RawRecord) -> Vec<Rule> {
        raw.rules.iter().filter_map(|rule| self.rule(id, raw, rule)).collect()
    }

    fn check_codes(&mut self, found: &[Rule]) {
        let mut places = BTreeMap::new();
        for rule in found {
            let first = *places.entry(&rule.code).or_insert(rule.span);
            if first != rule.span {
                let message = format!("the rule code `{}` stands twice in this record", rule.code);
                self.out.push(
                    Diagnostic::new(&rules::DUPLICATE_RULE_CODE, rule.span, message).related(first, "first here"),
                );
            }
        }
    }

    /// `required_when` and `forbidden_when` of the fields of a mixin, or of the record's own, in their order.
    fn sugar(&mut self, id: RecordId, mixin: Option<MixinId>) -> Vec<Rule> {
        let raw = self.raw_fields(id);
        let fields = &self.workspace.records[id].fields;
        let written: Vec<_> = fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.mixin == mixin)
            .filter_map(|(at, field)| Some((at, raw.get(field.meta.name.as_str())?)))
            .flat_map(|(at, field)| {
                let required = field.required_when.as_ref().map(|when| (at, true, when.clone()));
                let forbidden = field.forbidden_when.as_ref().map(|when| (at, false, when.clone()));
                required.into_iter().chain(forbidden)
            })
            .collect();
        written.into_iter().filter_map(|(at, required, when)| self.sugar_rule(id, at, required, &when)).collect()
    }

    fn sugar_rule(&mut self, id: RecordId, at: usize, required: bool, when: &RawText) -> Option<Rule> {
        let guard = self.guard(self.workspace.records[id].family, when, vec![Binding::payload(Type::Record(id))])?;
        let name = self.workspace.records[id].fields[at].meta.name.clone();
        let place = Spanned::new(name.clone(), when.span);
        if !self.may_be_absent(id, at, &place) {
            return None;
        }
        let suffix = if required { "required" } else { "forbidden" };
        let (require, forbid) = if required { (vec![at], Vec::new()) } else { (Vec::new(), vec![at]) };
        let kind = RuleKind::Conditional { when: Some(guard), require, forbid, require_nonblank: Vec::new() };
        Some(self.finished(id, format!("{name}_{suffix}"), None, when.span, kind))
    }

    fn rule(&mut self, id: RecordId, record: &RawRecord, raw: &RawRule) -> Option<Rule> {
        let family = self.workspace.records[id].family;
        let bindings = || vec![Binding::payload(Type::Record(id))];
        let kind = if let Some(check) = &raw.check {
            let check = self.guard(family, check, bindings());
            let at = match &raw.at {
                Some(name) => Some(self.field_index(id, name, record)?),
                None => None,
            };
            RuleKind::Check { check: check?, at }
        } else {
            let when = match &raw.when {
                Some(when) => Some(self.guard(family, when, bindings())?),
                None => None,
            };
            let require = self.field_indices(id, &raw.require, record)?;
            let forbid = self.field_indices(id, &raw.forbid, record)?;
            let require_nonblank = self.field_indices(id, &raw.require_nonblank, record)?;
            let named = raw.require.iter().zip(&require).chain(raw.forbid.iter().zip(&forbid));
            let mut fits = true;
            for (name, &at) in named {
                fits &= self.may_be_absent(id, at, name);
            }
            for (name, &at) in raw.require_nonblank.iter().zip(&require_nonblank) {
                fits &= self.may_be_blank(id, at, name);
            }
            if !fits {
                return None;
            }
            RuleKind::Conditional { when, require, forbid, require_nonblank }
        };
        let message = raw.message.as_ref().map(|message| message.value.clone());
        Some(self.finished(id, raw.code.value.clone(), message, raw.span, kind))
    }

    fn finished(&self, id: RecordId, code: String, message: Option<String>, span: Span, kind: RuleKind) -> Rule {
        let record = &self.workspace.records[id];
        let mut reads: BTreeSet<usize> = BTreeSet::new();
        match &kind {
            RuleKind::Conditional { when, require, forbid, require_nonblank } => {
                reads.extend(when.iter().flat_map(|when| expr::reads(when, record)));
                reads.extend(require.iter().chain(forbid).chain(require_nonblank));
            }
            RuleKind::Check { check, at } => {
                reads.extend(expr::reads(check, record));
                reads.extend(at);
            }
        }
        Rule { code, message, span, kind, reads: reads.into_iter().collect() }
    }

    fn field_indices(&mut self, id: RecordId, names: &[RawText], record: &RawRecord) -> Option<Vec<usize>> {
        let found: Vec<_> = names.iter().map(|name| self.field_index(id, name, record)).collect();
        found.into_iter().collect()
    }

    pub(super) fn field_index(&mut self, id: RecordId, name: &RawText, record: &RawRecord) -> Option<usize> {
        let fields = &self.workspace.records[id];
        let found = fields.field(&name.value);
        if found.is_none() {
            let message = format!("`{}` has no field `{}`", record.meta.name.value, name.value);
            let mut finding = Diagnostic::new(&rules::UNKNOWN_NAME, name.span, message);
            let known = fields.fields.iter().map(|field| field.meta.name.as_str());
            if let Some(near) = did_you_mean(&name.value, known) {
                finding = finding.help(format!("did you mean `{near}`?"));
            }
            self.out.push(finding);
        }
        found
    }

    /// Only an `opt` can be demanded or forbidden.
    fn may_be_absent(&mut self, id: RecordId, at: usize, name: &RawText) -> bool {
        let field = &self.workspace.records[id].fields[at];
        let optional = matches!(field.presence, Presence::Optional | Presence::Nullable);
        if !optional {
            let message = format!("`{}` always has a value, so it can be neither demanded nor forbidden", name.value);
            self.out.push(
                Diagnostic::new(&rules::RULE_FIELD, name.span, message)
                    .related(field.meta.span, "the field")
                    .help("make its type `opt<..>`"),
            );
        }
        optional
    }

    /// Only a text can be blank.
    fn may_be_blank(&mut self, id: RecordId, at: usize, name: &RawText) -> bool {
        let field = &self.workspace.records[id].fields[at];
        let (ty, span) = (field.ty.clone(), field.meta.span);
        let textual = self.is_textual(self.workspace.unwrapped(&ty));
        if !textual {
            let message = format!("`{}` is no text, so it cannot be blank", name.value);
            self.out.push(Diagnostic::new(&rules::RULE_FIELD, name.span, message).related(span, "the field"));
        }
        textual
    }

    /// A checked expression of type bool.
    pub(super) fn guard(&mut self, family: FamilyId, text: &RawText, bindings: Vec<Binding>) -> Option<Expr> {
        let place = |start, end| place_in(self.sources, text, start, end);
        let ast = match expr::parse(&text.value, &place) {
            Ok(ast) => ast,
            Err(finding) => {
                self.out.push(*finding);
                return None;
            }
        };
        let hooks = self.hooks_of(family);
        let symbols: RefCell<&mut Symbols> = RefCell::new(&mut self.symbols);
        let enum_named = |name: &str, span: Span| symbols.borrow_mut().lookup_enum(family, name, span);
        let environment =
            Environment { workspace: &self.workspace, enum_named: &enum_named, hooks: &hooks, bindings, lets: &[] };
        match expr::check_guard(&ast, &environment, &[]) {
            Ok(checked) => {
                self.use_hooks(family, &checked.hooks());
                Some(checked)
            }
            Err(findings) => {
                self.out.extend(findings);
                None
            }
        }
    }

    /// The place of a part of a text, where the text stands in the source as it is; else the whole.
    pub(super) fn inside(&self, text: &RawText, start: usize, end: usize) -> Span {
        place_in(self.sources, text, start, end)
    }
}

fn place_in(sources: &crate::source::SourceMap, text: &RawText, start: usize, end: usize) -> Span {
    let written = sources.snippet(text.span);
    if written == text.value {
        text.span.part(start, end.min(written.len()))
    } else if written.get(1..written.len().saturating_sub(1)) == Some(&text.value) {
        text.span.part(start + 1, (end + 1).min(written.len()))
    } else {
        text.span
    }
}
