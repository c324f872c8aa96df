//! A record with versions and an object enter; its value in the current version leaves, older ones brought up to it.
//!
//! An older value is judged by the shape that its version had; what a step makes of it is judged as if it had come so.

use std::collections::BTreeMap;

use super::expression::{Scope, evaluate};
use super::{Judge, record};
use crate::fault::{Code, Params, Step};
use crate::json::Value;
use crate::model::{Assignment, Bound, Change, IntBounds, Primitive, Record, Upcast, Versions, Workspace};

/// The members of an object.
type Members = BTreeMap<String, Value>;

pub(super) fn judge<'a>(
    judge: &mut Judge<'a>,
    record: &'a Record,
    versions: &Versions,
    given: &Members,
) -> Option<Value> {
    let version = version_of(judge, versions, given)?;
    let Some(upcast) = versions.upcast(version) else {
        return Some(record::judge_members(judge, record, None, given));
    };
    let mut older = given.clone();
    older.remove(&versions.member);
    let before = judge.faults.len();
    let older = judge.record(upcast.shape, &Value::Object(older))?;
    if judge.faults.len() > before {
        return None;
    }
    let mut next = raised(judge, upcast, &older)?;
    next.insert(versions.member.clone(), (version + 1).into());
    self::judge(judge, record, versions, &next)
}

/// The version of a value; none where it says none, or one that nobody knows.
fn version_of(judge: &mut Judge<'_>, versions: &Versions, given: &Members) -> Option<u32> {
    let member = || Step::Key(versions.member.clone());
    let Some(said) = given.get(&versions.member) else {
        if versions.absent.is_none() {
            judge.fault_below(member(), Code::Required, Params::new());
        }
        return versions.absent;
    };
    let limit = |version: u32| Some(Bound { limit: version.into(), exclusive: false });
    let known = Primitive::Int(IntBounds { min: limit(1), max: limit(versions.current) });
    let before = judge.faults.len();
    judge.path.push(member());
    let version = judge.primitive(&known, said);
    judge.path.pop();
    if judge.faults.len() > before {
        return None;
    }
    (1..=versions.current).find(|&one| version == Some(one.into()))
}

/// The members of the next version, made of a good value of this one.
fn raised(judge: &mut Judge<'_>, upcast: &Upcast, older: &Value) -> Option<Members> {
    let (workspace, unanswered) = (judge.workspace, judge.unanswered);
    match &upcast.change {
        Change::Hook(hook) => match unanswered.upcast(workspace, *hook, older)? {
            Value::Object(members) => Some(members),
            other => unreachable!("an upcast returns an object, not {}", other.kind()),
        },
        Change::Fields(values) => {
            if !values.iter().flat_map(|(_, value)| value.expressions()).all(|of| unanswered.can_ask(workspace, of)) {
                return None;
            }
            let scope = Scope::of_payload(older, unanswered);
            Some(values.iter().map(|(name, of)| (name.clone(), value(workspace, of, &scope))).collect())
        }
    }
}

fn value(workspace: &Workspace, of: &Assignment, scope: &Scope<'_>) -> Value {
    match of {
        Assignment::Value(expr) => evaluate(workspace, expr, scope).into_owned(),
        Assignment::List(items, _) => Value::Array(items.iter().map(|item| value(workspace, item, scope)).collect()),
        Assignment::Record(members, _) => {
            Value::Object(members.iter().map(|(name, of)| (name.clone(), value(workspace, of, scope))).collect())
        }
    }
}
