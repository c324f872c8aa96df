//! The rules of records enter; findings about those that nothing breaks, that nothing keeps, or that together leave
//! no value leave.

use std::collections::BTreeSet;

use super::exact::payloads;
use super::rules;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::interpret::{Scope, Unanswered, evaluate};
use crate::json::Value;
use crate::model::{Expr, Record, Rule, RuleKind, Workspace};

pub(crate) fn check(workspace: &Workspace, out: &mut Diagnostics) {
    for record in &workspace.records {
        let never_kept = record.rules.iter().filter(|rule| check_rule(workspace, record, rule, out)).count();
        if never_kept == 0 {
            check_together(workspace, record, out);
        }
    }
}

/// Reports a rule that decides nothing; whether no value keeps it.
fn check_rule(workspace: &Workspace, record: &Record, rule: &Rule, out: &mut Diagnostics) -> bool {
    let fields = rule.reads.iter().copied().collect();
    let conditions: Vec<&Expr> = rule.condition().into_iter().collect();
    let Some(payloads) = payloads(workspace, record, &conditions, &fields) else { return false };
    let concerned: Vec<&Value> = payloads.iter().filter(|payload| applies(workspace, rule, payload)).collect();
    let broken = concerned.iter().filter(|payload| is_broken(workspace, record, rule, payload)).count();
    let finding =
        |rule_of: &'static crate::diagnostic::Rule, message: String| Diagnostic::new(rule_of, rule.span, message);
    if concerned.is_empty() {
        let message = format!("the condition of the rule `{}` holds for no value", rule.code);
        out.push(finding(&rules::RULE_REDUNDANT, message).help("remove the rule, or ask for what can happen"));
    } else if broken == 0 {
        let message = format!("no value breaks the rule `{}`", rule.code);
        out.push(finding(&rules::RULE_REDUNDANT, message).help("remove it: types and presence say so already"));
    } else if broken == payloads.len() {
        let message = format!("no value keeps the rule `{}`, so `{}` accepts nothing", rule.code, record.meta.name);
        out.push(finding(&rules::RECORD_UNSATISFIABLE, message).help("ask for something that can be"));
        return true;
    } else if broken == concerned.len() && !matches!(rule.kind, RuleKind::Check { .. }) {
        let message = format!("wherever the condition of the rule `{}` holds, the rule is broken", rule.code);
        out.push(
            finding(&rules::RULE_UNSATISFIABLE, message)
                .help("ask for something that can be, or say what must not be as a `check`"),
        );
    }
    false
}

/// Rules that each can be kept, but not together.
fn check_together(workspace: &Workspace, record: &Record, out: &mut Diagnostics) {
    let [_, second, ..] = record.rules.as_slice() else { return };
    let conditions: Vec<&Expr> = record.rules.iter().filter_map(Rule::condition).collect();
    let fields: BTreeSet<usize> = record.rules.iter().flat_map(|rule| rule.reads.iter().copied()).collect();
    let Some(payloads) = payloads(workspace, record, &conditions, &fields) else { return };
    let keeps = |payload: &Value, rule: &Rule| {
        !(applies(workspace, rule, payload) && is_broken(workspace, record, rule, payload))
    };
    if !payloads.iter().any(|payload| record.rules.iter().all(|rule| keeps(payload, rule))) {
        let message = format!("no value keeps all rules of `{}`, so it accepts nothing", record.meta.name);
        let finding = Diagnostic::new(&rules::RECORD_UNSATISFIABLE, record.meta.span, message);
        out.push(finding.related(second.span, "rules that exclude each other").help("take one of them back"));
    }
}

fn holds(workspace: &Workspace, condition: &Expr, payload: &Value) -> bool {
    // Payloads are made for conditions without hooks alone.
    *evaluate(workspace, condition, &Scope::of_payload(payload, &Unanswered::default())) == Value::Bool(true)
}

fn applies(workspace: &Workspace, rule: &Rule, payload: &Value) -> bool {
    match &rule.kind {
        RuleKind::Conditional { when, .. } => when.as_ref().is_none_or(|when| holds(workspace, when, payload)),
        RuleKind::Check { .. } => true,
    }
}

fn is_broken(workspace: &Workspace, record: &Record, rule: &Rule, payload: &Value) -> bool {
    let member = |at: &usize| payload.get(&record.fields[*at].meta.name).unwrap_or(&Value::Null);
    let is_blank = |value: &Value| value.as_str().is_none_or(|text| text.trim().is_empty());
    match &rule.kind {
        RuleKind::Conditional { require, forbid, require_nonblank, .. } => {
            require.iter().any(|at| *member(at) == Value::Null)
                || forbid.iter().any(|at| *member(at) != Value::Null)
                || require_nonblank.iter().any(|at| is_blank(member(at)))
        }
        RuleKind::Check { check, .. } => !holds(workspace, check, payload),
    }
}
