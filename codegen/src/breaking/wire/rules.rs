//! The rules of a record in both versions enter; those that refuse what the other version lets through leave.

use std::collections::BTreeSet;

use super::super::meaning::meaning;
use super::super::pair::Place;
use super::super::report::Direction;
use super::super::rules;
use super::Wire;
use crate::interpret::{Scope, Unanswered, evaluate};
use crate::json::Value;
use crate::model::{Presence, Record, Rule, RuleKind, Workspace};

pub(super) fn compare(wire: &mut Wire<'_, '_, '_>, whole: &Place, old: &Record, new: &Record) {
    let before: BTreeSet<String> = old.rules.iter().map(|rule| demand(wire.old, old, rule)).collect();
    let after: BTreeSet<String> = new.rules.iter().map(|rule| demand(wire.new, new, rule)).collect();
    for rule in old.rules.iter().filter(|rule| !after.contains(&demand(wire.old, old, rule))) {
        let heir = new.rules.iter().find(|other| other.code == rule.code);
        let place = match heir {
            Some(heir) => whole.member(&rule.code, rule.span, heir.span),
            None => whole.gone(&rule.code, rule.span),
        };
        if heir.is_some() {
            let message = format!("the rule `{}` of `{}` demands something else", rule.code, whole.name);
            let help = "keep the rule, and give the new demand a code of its own on a new event or a new field";
            wire.report.wire(&rules::WIRE_RULE_SAME, place, Direction::Full, message, help);
        } else if rule.reads.iter().any(|&at| new.field(&old.fields[at].meta.name).is_some()) {
            let message =
                format!("`{}` may break the rule `{}` now, and old readers refuse that", whole.name, rule.code);
            let help = "keep the rule until all readers accept what it forbids";
            wire.report.wire(&rules::WIRE_RULE_SAME, place, Direction::Forward, message, help);
        }
    }
    for rule in new.rules.iter().filter(|rule| !before.contains(&demand(wire.new, new, rule))) {
        let is_changed = old.rules.iter().any(|other| other.code == rule.code);
        if is_changed || holds_of_old(wire.new, old, new, rule) {
            continue;
        }
        let place = whole.come(&rule.code, rule.span);
        let message = format!("the new rule `{}` of `{}` refuses what old JSON may hold", rule.code, whole.name);
        let help = "let the rule speak of new fields only, or declare a new event that has it";
        wire.report.wire(&rules::WIRE_RULE_SAME, place, Direction::Backward, message, help);
    }
}

/// What a rule demands, whatever it is called and however it is written.
pub(super) fn demand(workspace: &Workspace, record: &Record, rule: &Rule) -> String {
    let names =
        |fields: &[usize]| fields.iter().map(|&at| record.fields[at].meta.name.as_str()).collect::<BTreeSet<_>>();
    match &rule.kind {
        RuleKind::Check { check, .. } => format!("check {}", meaning(workspace, &[], check)),
        RuleKind::Conditional { when, require, forbid, require_nonblank } => {
            let when = when.as_ref().map_or_else(String::new, |when| meaning(workspace, &[], when));
            format!("when {when}: {:?} {:?} {:?}", names(require), names(forbid), names(require_nonblank))
        }
    }
}

/// Whether a rule reads new fields alone and is content where they are away, as in all old JSON.
fn holds_of_old(workspace: &Workspace, old: &Record, new: &Record, rule: &Rule) -> bool {
    let fields = || rule.reads.iter().map(|&at| &new.fields[at]);
    if fields().any(|field| old.field(&field.meta.name).is_some()) {
        return false;
    }
    if fields().any(|field| matches!(field.presence, Presence::Required | Presence::Nullable)) {
        // All old JSON is refused for want of the field: that is told about the field.
        return true;
    }
    let filled = fields().filter_map(|field| match &field.presence {
        Presence::Default(value) => Some((field.meta.name.as_str(), value.clone())),
        _ => None,
    });
    let payload = Value::object(filled);
    let unanswered = Unanswered::default();
    let scope = Scope::of_payload(&payload, &unanswered);
    let holds = match &rule.kind {
        RuleKind::Check { check, .. } => *evaluate(workspace, check, &scope) == Value::Bool(true),
        RuleKind::Conditional { when: Some(when), .. } => *evaluate(workspace, when, &scope) != Value::Bool(true),
        RuleKind::Conditional { .. } => false,
    };
    holds && unanswered.call().is_none()
}
