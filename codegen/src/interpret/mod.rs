//! A type and a value enter; the value in canonical form leaves, or everything that is wrong with it.
//!
//! This is the executable meaning of the contract language: what it says, every target says. It is written to be
//! read; the generated code is written to be fast.

mod base64;
mod container;
mod expression;
mod instant;
mod lines;
mod machine;
mod operators;
mod record;
mod reduce;
mod replay_lines;
mod scalar;
mod sorted;
mod unanswered;
mod union;
mod version;

pub use expression::{Scope, evaluate};
pub use instant::{Instant, instant};
pub use lines::{LineForm, Verdict, judge_lines, validate_lines};
pub use machine::{is_allowed, is_terminal, next, successors, violations};
pub use reduce::{Asked, Fold, Observed, Received, Replay, order, receive, receive_value, reduce};
pub use replay_lines::{BadLine, ReplayOptions, Replayed, replay_lines, state_line};
pub use sorted::Runs;
pub use unanswered::{Stopped, Unanswered, unanswered};

use crate::fault::{Code, Fault, MAX_FAULTS, Params, Step, settle};
use crate::json::{self, MAX_DEPTH, Value};
use crate::model::{EventId, RecordId, Type, Workspace};

/// Judges the text of an event's payload.
pub fn decode_payload(workspace: &Workspace, event: EventId, text: &[u8]) -> Result<Value, Vec<Fault>> {
    let value = json::read(text).map_err(|code| vec![Fault::whole(code)])?;
    check_payload(workspace, event, &value)
}

/// Judges the payload of an event.
pub fn check_payload(workspace: &Workspace, event: EventId, payload: &Value) -> Result<Value, Vec<Fault>> {
    check_value(workspace, &workspace.events[event].payload.ty(), payload)
}

/// Judges a value against any type. Options that are absent stay absent, or null where their key has to be there.
///
/// Where a rule calls a hook that no vector answers, the value is not judged: [`unanswered`] finds that among the faults.
pub fn check_value(workspace: &Workspace, ty: &Type, value: &Value) -> Result<Value, Vec<Fault>> {
    let unanswered = Unanswered::default();
    let mut judge = Judge { workspace, unanswered: &unanswered, path: Vec::new(), faults: Vec::new() };
    let canonical = judge.value(ty, value);
    if let Some(call) = unanswered.call() {
        return Err(vec![call.clone()]);
    }
    match canonical {
        Some(canonical) if judge.faults.is_empty() => Ok(canonical),
        _ => Err(settle(judge.faults)),
    }
}

/// One run over one value: where it stands, and what it found so far.
struct Judge<'a> {
    workspace: &'a Workspace,
    unanswered: &'a Unanswered,
    path: Vec<Step>,
    faults: Vec<Fault>,
}

impl<'a> Judge<'a> {
    /// The canonical form of a value without faults; what is returned beside faults is never looked at.
    fn value(&mut self, ty: &'a Type, value: &Value) -> Option<Value> {
        let is_container = matches!(value, Value::Array(_) | Value::Object(_));
        if is_container && self.path.len() >= MAX_DEPTH {
            return self.fault(Code::TooDeep, Params::new());
        }
        match ty {
            Type::Primitive(primitive) => self.primitive(primitive, value),
            Type::Scalar(id) => self.primitive(&self.workspace.scalars[*id].primitive, value),
            Type::Enum(ty) => self.enumeration(ty, value),
            Type::Record(id) => self.record(*id, value),
            Type::Union(id) => self.union(*id, value),
            Type::Named(id) => self.value(&self.workspace.types[*id].ty, value),
            Type::External(id) => self.value(&self.workspace.externals[*id].shape, value),
            Type::Opt(_) if *value == Value::Null => Some(Value::Null),
            Type::Opt(inner) => self.value(inner, value),
            Type::List(item, items) => self.list(item, *items, value),
            Type::Set(item, items) => self.set(item, *items, value),
            Type::Map(key, item, items) => self.map(key, item, *items, value),
            Type::Tuple(types) => self.tuple(types, value),
        }
    }

    /// The same for a value one step further down.
    fn below(&mut self, step: Step, ty: &'a Type, value: &Value) -> Option<Value> {
        self.path.push(step);
        let canonical = self.value(ty, value);
        self.path.pop();
        canonical
    }

    fn record(&mut self, id: RecordId, value: &Value) -> Option<Value> {
        record::judge(self, id, None, value)
    }

    /// Notes a fault of the value that is being judged.
    fn fault<T>(&mut self, code: Code, params: Params) -> Option<T> {
        self.faults.push(Fault { code, path: self.path.clone(), params });
        None
    }

    /// Notes a fault one step further down.
    fn fault_below(&mut self, step: Step, code: Code, params: Params) {
        self.path.push(step);
        self.fault::<()>(code, params);
        self.path.pop();
    }

    /// Notes that a value is of another JSON kind than `expected`.
    fn wrong_type<T>(&mut self, expected: &str, value: &Value) -> Option<T> {
        self.fault(Code::Type, params([("expected", expected.into()), ("got", value.kind().into())]))
    }

    /// Whether a container that began at `start` may stop: what it has yet to find sorts behind what is kept.
    fn has_enough_since(&self, start: usize) -> bool {
        self.faults.len() - start >= MAX_FAULTS
    }
}

fn params<'a>(facts: impl IntoIterator<Item = (&'a str, Value)>) -> Params {
    facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect()
}

/// Whether a contract keeps an event type from coming back.
fn is_reserved_event(workspace: &Workspace, event_type: &str) -> bool {
    workspace.families.iter().any(|family| family.reserved.events.iter().any(|name| name == event_type))
}
