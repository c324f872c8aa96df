//! JSON Lines of events enter; one line of verdict and errors leaves for each, in order.
//!
//! A line is `{"id", "event_type", "payload"}`, where `payload_text` (JSON text) or `payload_base64` (its bytes) may
//! stand for `payload`. Every generated package answers with the same bytes.

use std::io::{self, BufRead, Write};

use super::base64;
use super::{Stopped, check_payload, decode_payload, params, unanswered};
use crate::fault::{Code, Fault};
use crate::json::{self, MAX_BYTES, Value};
use crate::model::Workspace;

/// The largest line: it has room for the text of a payload in any of its three forms.
pub(super) const MAX_LINE: usize = 4 << 20;

/// Judges every line; whether all of them are valid. The first that cannot be judged ends it.
pub fn validate_lines(workspace: &Workspace, mut input: impl BufRead, mut output: impl Write) -> Result<bool, Stopped> {
    let (mut all_valid, mut line) = (true, Vec::new());
    while read_line(&mut input, &mut line)? {
        let (id, outcome) = judge_line(workspace, &line);
        let faults = outcome.err().unwrap_or_default();
        if let Some(call) = unanswered(&faults) {
            output.flush()?;
            return Err(Stopped::Unanswered(call.clone()));
        }
        all_valid &= faults.is_empty();
        let answer = Value::object([
            ("errors", Value::Array(faults.iter().map(Fault::to_value).collect())),
            ("id", id),
            ("valid", faults.is_empty().into()),
        ]);
        writeln!(output, "{}", json::canonical(&answer))?;
    }
    output.flush()?;
    Ok(all_valid)
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

/// The id of a case, null where the line has none that can be read, and the verdict.
fn judge_line(workspace: &Workspace, line: &[u8]) -> (Value, Result<Value, Vec<Fault>>) {
    match json::read_within(line, MAX_LINE) {
        Ok(case @ Value::Object(_)) => {
            let id = case.get("id").cloned().unwrap_or(Value::Null);
            (id, judge_case(workspace, &case, line.len()))
        }
        Ok(other) => (Value::Null, Err(wrong_type("object", &other))),
        Err(code) => (Value::Null, whole(code)),
    }
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
        Some(payload) if line_length > MAX_BYTES && json::canonical(payload).len() > MAX_BYTES => whole(Code::TooLarge),
        Some(payload) => check_payload(workspace, event, payload),
    }
}

fn whole(code: Code) -> Result<Value, Vec<Fault>> {
    Err(vec![Fault::whole(code)])
}

fn wrong_type(expected: &str, value: &Value) -> Vec<Fault> {
    let params = params([("expected", expected.into()), ("got", value.kind().into())]);
    vec![Fault { params, ..Fault::whole(Code::Type) }]
}
