//! JSON Lines of events enter; one line of verdict and errors leaves for each, in order.
//!
//! A line is `{"id", "event_type", "payload"}`, where `payload_text` (JSON text) or `payload_base64` (its bytes) may
//! stand for `payload`. Every generated package answers with the same bytes. A line may also be a whole event.

use std::io::{self, BufRead, Write};
use std::iter;

use super::base64;
use super::{Stopped, check_payload, check_value, decode_payload, params, unanswered};
use crate::fault::{Code, Fault, Step, settle};
use crate::json::{self, MAX_BYTES, Value};
use crate::model::{EventId, RecordId, Type, Workspace};

/// The largest line: it has room for the text of a payload in any of its three forms.
pub(super) const MAX_LINE: usize = 4 << 20;

/// What a line holds.
#[derive(Debug, Clone, Copy)]
pub enum LineForm {
    /// A case: id, event type and payload.
    Case,
    /// A whole event: its envelope, and the field of it that identifies the event.
    Envelope(RecordId, Option<usize>),
}

/// What became of a line.
#[derive(Debug)]
pub struct Verdict {
    /// Its number, from 1.
    pub line: usize,
    /// The id that it gives itself, null where none can be read.
    pub id: Value,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

impl Verdict {
    /// The answer that stands for the line.
    pub fn answer(&self) -> String {
        let answer = Value::object([
            ("errors", Value::Array(self.faults.iter().map(Fault::to_value).collect())),
            ("id", self.id.clone()),
            ("valid", self.faults.is_empty().into()),
        ]);
        json::canonical(&answer)
    }
}

/// Answers every line; whether all of them are valid. The first that cannot be judged ends it.
pub fn validate_lines(workspace: &Workspace, input: impl BufRead, mut output: impl Write) -> Result<bool, Stopped> {
    let mut all_valid = true;
    let judged = judge_lines(workspace, LineForm::Case, input, |verdict| {
        all_valid &= verdict.faults.is_empty();
        writeln!(output, "{}", verdict.answer())
    });
    output.flush()?;
    judged?;
    Ok(all_valid)
}

/// Judges every line, and tells of each in order. The first that cannot be judged ends it.
pub fn judge_lines(
    workspace: &Workspace,
    form: LineForm,
    mut input: impl BufRead,
    mut tell: impl FnMut(Verdict) -> io::Result<()>,
) -> Result<(), Stopped> {
    let (mut number, mut line) = (0, Vec::new());
    while read_line(&mut input, &mut line)? {
        number += 1;
        let (id, faults) = judge_line(workspace, form, &line);
        if let Some(call) = unanswered(&faults) {
            return Err(Stopped::Unanswered(call.clone()));
        }
        tell(Verdict { line: number, id, faults })?;
    }
    Ok(())
}

/// The next line without its end; of one that is too long no more than shows that it is.
pub(super) fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut is_there = false;
    loop {
        let available = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            available => available?,
        };
        if available.is_empty() {
            return Ok(is_there);
        }
        is_there = true;
        let end = available.iter().position(|&byte| byte == b'\n');
        let piece = end.unwrap_or(available.len());
        let kept = piece.min(MAX_LINE + 1 - line.len());
        line.extend_from_slice(&available[..kept]);
        input.consume(end.map_or(piece, |end| end + 1));
        if end.is_some() {
            return Ok(true);
        }
    }
}

/// The id of a line, null where it has none that can be read, and what is wrong with it.
fn judge_line(workspace: &Workspace, form: LineForm, line: &[u8]) -> (Value, Vec<Fault>) {
    let outcome = match json::read_within(line, MAX_LINE) {
        Ok(object @ Value::Object(_)) => match form {
            LineForm::Case => {
                let id = object.get("id").cloned().unwrap_or(Value::Null);
                return (id, judge_case(workspace, &object, line.len()).err().unwrap_or_default());
            }
            LineForm::Envelope(envelope, id) => {
                let id = id.and_then(|at| object.get(&workspace.records[envelope].fields[at].meta.name));
                let id = id.cloned().unwrap_or(Value::Null);
                return (id, judge_event(workspace, envelope, &object, line.len()));
            }
        },
        Ok(other) => wrong_type("object", &other),
        Err(code) => vec![Fault::whole(code)],
    };
    (Value::Null, outcome)
}

/// Everything that is wrong with an envelope, and below `/payload` with what it carries.
fn judge_event(workspace: &Workspace, envelope: RecordId, event: &Value, line_length: usize) -> Vec<Fault> {
    let below = |name: &str, fault: Fault| {
        let path = iter::once(Step::Key(name.to_owned())).chain(fault.path).collect();
        Fault { path, ..fault }
    };
    let (decoded, mut faults) = match check_value(workspace, &Type::Record(envelope), event) {
        Ok(decoded) => (Some(decoded), Vec::new()),
        Err(faults) => (None, faults),
    };
    // What stands beside a fault is judged as received.
    let event = decoded.as_ref().unwrap_or(event);
    let Some(Value::String(event_type)) = event.get("event_type") else { return faults };
    match (workspace.event_named(event_type), event.get("payload")) {
        (None, _) => faults.push(below("event_type", Fault::whole(Code::UnionTag))),
        (Some(named), Some(payload @ Value::Object(_))) => {
            let outcome = judge_payload(workspace, named, payload, line_length);
            faults.extend(outcome.err().into_iter().flatten().map(|fault| below("payload", fault)));
        }
        _ => {}
    }
    settle(faults)
}

fn judge_case(workspace: &Workspace, case: &Value, line_length: usize) -> Result<Value, Vec<Fault>> {
    let event_type = case.get("event_type").and_then(Value::as_str);
    let Some(event) = event_type.and_then(|name| workspace.event_named(name)) else { return whole(Code::UnionTag) };
    if let Some(text) = case.get("payload_text") {
        let Value::String(text) = text else { return Err(wrong_type("string", text)) };
        return decode_payload(workspace, event, text.as_bytes());
    }
    if let Some(coded) = case.get("payload_base64") {
        let Value::String(coded) = coded else { return Err(wrong_type("string", coded)) };
        let Some(bytes) = base64::decode(coded) else {
            return Err(vec![Fault { params: params([("format", "base64".into())]), ..Fault::whole(Code::Format) }]);
        };
        return decode_payload(workspace, event, &bytes);
    }
    match case.get("payload") {
        None => whole(Code::Required),
        Some(payload) => judge_payload(workspace, event, payload, line_length),
    }
}

/// A payload that was read with its line has the limit of one that stands alone.
fn judge_payload(
    workspace: &Workspace,
    event: EventId,
    payload: &Value,
    line_length: usize,
) -> Result<Value, Vec<Fault>> {
    if line_length > MAX_BYTES && json::canonical(payload).len() > MAX_BYTES {
        return whole(Code::TooLarge);
    }
    check_payload(workspace, event, payload)
}

fn whole(code: Code) -> Result<Value, Vec<Fault>> {
    Err(vec![Fault::whole(code)])
}

fn wrong_type(expected: &str, value: &Value) -> Vec<Fault> {
    let params = params([("expected", expected.into()), ("got", value.kind().into())]);
    vec![Fault { params, ..Fault::whole(Code::Type) }]
}
