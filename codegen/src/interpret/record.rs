//! A record and an object enter; its declared fields leave with defaults filled in, or the faults of fields and rules.

use std::collections::BTreeMap;

use super::expression::{Scope, evaluate};
use super::scalar::is_blank;
use super::{Judge, params, version};
use crate::fault::{Code, Params, Step};
use crate::json::Value;
use crate::model::{Presence, Record, RecordId, Rule, RuleKind};

/// The member of a tagged union that selected the record, in canonical form; it belongs to the union.
pub(super) type Tag<'a> = (&'a str, Value);

pub(super) fn judge(judge: &mut Judge<'_>, id: RecordId, tag: Option<Tag<'_>>, value: &Value) -> Option<Value> {
    let record = &judge.workspace.records[id];
    let Value::Object(given) = value else { return judge.wrong_type("object", value) };
    match &record.versions {
        None => Some(judge_members(judge, record, tag, given)),
        Some(versions) => version::judge(judge, record, versions, given),
    }
}

/// The same for the members of a value of the current version.
pub(super) fn judge_members<'a>(
    judge: &mut Judge<'a>,
    record: &'a Record,
    tag: Option<Tag<'_>>,
    given: &BTreeMap<String, Value>,
) -> Value {
    let mut members = BTreeMap::new();
    let mut is_faulty = Vec::with_capacity(record.fields.len());
    for field in &record.fields {
        let name = &field.meta.name;
        let before = judge.faults.len();
        match (given.get(name), &field.presence) {
            (None, Presence::Default(default)) => _ = members.insert(name.clone(), default.clone()),
            (None, Presence::Required | Presence::Nullable) => {
                judge.fault_below(Step::Key(name.clone()), Code::Required, Params::new());
            }
            (None | Some(Value::Null), Presence::Optional) => {}
            (Some(value), _) => {
                let canonical = judge.below(Step::Key(name.clone()), &field.ty, value);
                members.extend(canonical.map(|canonical| (name.clone(), canonical)));
            }
        }
        is_faulty.push(judge.faults.len() > before);
    }
    let is_known = |key: &str| record.field(key).is_some() || tag.as_ref().is_some_and(|(name, _)| *name == key);
    for key in given.keys().filter(|key| record.closed && !is_known(key)) {
        judge.fault_below(Step::Key(key.clone()), Code::UnknownKey, Params::new());
    }
    members.extend(tag.map(|(name, value)| (name.to_owned(), value)));
    let payload = Value::Object(members);
    for rule in &record.rules {
        if !rule.reads.iter().any(|&field| is_faulty[field]) {
            judge_rule(judge, record, rule, &payload);
        }
    }
    payload
}

fn judge_rule(judge: &mut Judge<'_>, record: &Record, rule: &Rule, payload: &Value) {
    let unanswered = judge.unanswered;
    let scope = Scope::of_payload(payload, unanswered);
    let workspace = judge.workspace;
    let holds = |condition| *evaluate(workspace, condition, &scope) == Value::Bool(true);
    if !rule.condition().is_none_or(|condition| unanswered.can_ask(workspace, condition)) {
        return;
    }
    let mut broken_at = Vec::new();
    match &rule.kind {
        RuleKind::Conditional { when, require, forbid, require_nonblank } => {
            if !when.as_ref().is_none_or(holds) {
                return;
            }
            let given =
                |field: usize| payload.get(&record.fields[field].meta.name).filter(|&value| *value != Value::Null);
            let has_content = |field| given(field).is_some_and(|value| !value.as_str().is_some_and(is_blank));
            broken_at.extend(require.iter().filter(|&&field| given(field).is_none()).map(|&field| Some(field)));
            broken_at.extend(forbid.iter().filter(|&&field| given(field).is_some()).map(|&field| Some(field)));
            broken_at.extend(require_nonblank.iter().filter(|&&field| !has_content(field)).map(|&field| Some(field)));
        }
        RuleKind::Check { check, at } => broken_at.extend((!holds(check)).then_some(*at)),
    }
    for field in broken_at {
        let facts = params([("rule", rule.code.as_str().into())]);
        match field {
            Some(field) => judge.fault_below(Step::Key(record.fields[field].meta.name.clone()), Code::Rule, facts),
            None => _ = judge.fault::<()>(Code::Rule, facts),
        }
    }
}
