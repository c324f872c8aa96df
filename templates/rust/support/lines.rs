//! JSON Lines of payloads enter; one line of verdict a case leaves, in order.

use std::io::{self, BufRead, Write};

use super::base64;
use super::decode::got;
use super::doors::read_text;
use super::fault::{Code, Faults, Params};
use super::json::Json;
use super::path::Path;
use super::reader::{Broken, Keys, Read, Reader};
use super::shape::Kind;
use super::slots::Slot;
use super::text_stage::{self, MOST_BYTES};

/// How large a line may be; the payload inside keeps its own limit.
pub(super) const MOST_LINE_BYTES: usize = 4 << 20;

/// Judges every line and writes `{"errors":[..],"id":..,"valid":..}` for it; tells whether all are valid.
///
/// A line is `{"id", "event_type", "payload"}`; instead of `payload` it may carry the text to judge as
/// `payload_text`, or its bytes as `payload_base64`. `find` gives the kind of an event type's payload.
///
/// # Errors
/// Those of reading and writing.
pub fn validate_lines(
    input: impl BufRead,
    output: impl Write,
    find: impl Fn(&str) -> Option<&'static Kind>,
) -> io::Result<bool> {
    answer_lines(input, output, |line| judge(line, &find))
}

/// Writes what is judged of every line; tells whether all are valid.
pub(super) fn answer_lines(
    mut input: impl BufRead,
    mut output: impl Write,
    judge: impl Fn(&[u8]) -> (Json, Result<(), Faults>),
) -> io::Result<bool> {
    let mut all_valid = true;
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        let (id, verdict) = judge(text);
        all_valid &= verdict.is_ok();
        writeln!(output, "{}", answer(id, verdict))?;
        line.clear();
    }
    output.flush()?;
    Ok(all_valid)
}

fn answer(id: Json, verdict: Result<(), Faults>) -> Json {
    let valid = verdict.is_ok();
    let faults = verdict.err().into_iter().flatten();
    let members = [
        ("errors", Json::Array(faults.map(|fault| fault.to_json()).collect())),
        ("id", id),
        ("valid", Json::Bool(valid)),
    ];
    Json::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

/// What a line says, each member as its text.
#[derive(Default)]
struct Case<'a> {
    id: Option<&'a str>,
    event_type: Option<&'a str>,
    payload: Option<&'a str>,
    payload_text: Option<&'a str>,
    payload_base64: Option<&'a str>,
}

fn judge(line: &[u8], find: &impl Fn(&str) -> Option<&'static Kind>) -> (Json, Result<(), Faults>) {
    let opened = text_stage::open(line, MOST_LINE_BYTES).and_then(members);
    let case = match opened {
        Err(Broken) => return (Json::Null, Err(text_stage::diagnose(line, MOST_LINE_BYTES))),
        Ok(Err(got)) => return (Json::Null, Err(mismatch("object", got))),
        Ok(Ok(case)) => case,
    };
    let id = case.id.map_or(Json::Null, Json::of_checked);
    let event_type = case.event_type.map(Json::of_checked);
    let kind = match &event_type {
        Some(Json::String(name)) => find(name),
        _ => None,
    };
    let verdict = match kind {
        None => Err(Faults::undeclared()),
        Some(kind) => payload(&case, line.len(), kind),
    };
    (id, verdict)
}

fn payload(case: &Case<'_>, line_bytes: usize, kind: &'static Kind) -> Result<(), Faults> {
    if let Some(raw) = case.payload_text {
        return check(kind, string(raw)?.as_bytes(), MOST_BYTES);
    }
    if let Some(raw) = case.payload_base64 {
        let bytes = base64::decode(&string(raw)?).ok_or_else(|| Faults::one(Code::Format, Params::Format("base64")))?;
        return check(kind, &bytes, MOST_BYTES);
    }
    let Some(raw) = case.payload else { return Err(Faults::one(Code::Required, Params::None)) };
    if line_bytes > MOST_BYTES && Json::of_checked(raw).to_json().len() > MOST_BYTES {
        return Err(Faults::one(Code::TooLarge, Params::None));
    }
    check(kind, raw.as_bytes(), usize::MAX)
}

fn check(kind: &'static Kind, text: &[u8], most: usize) -> Result<(), Faults> {
    read_text(text, most, |decoder| decoder.value(kind, &mut Slot::None, &Path::Root))
}

fn string(raw: &str) -> Result<Box<str>, Faults> {
    match Json::of_checked(raw) {
        Json::String(text) => Ok(text),
        _ => Err(mismatch("string", got(raw.as_bytes()[0]))),
    }
}

pub(super) fn mismatch(expected: &'static str, got: &'static str) -> Faults {
    Faults::one(Code::Type, Params::Kinds { expected, got })
}

/// The members of a line that is an object, or the kind of what it is instead.
fn members(text: &str) -> Read<Result<Case<'_>, &'static str>> {
    let mut reader = Reader::new(text);
    let mut case = Case::default();
    reader.space();
    let kind = got(reader.peek());
    if kind != "object" {
        reader.skip()?;
        return reader.finish().map(|()| Err(kind));
    }
    let mut keys = Keys::default();
    let mut more = !reader.open(b'}')?;
    while more {
        let key = reader.key()?;
        let value = Some(reader.raw()?);
        match &*key {
            "id" => case.id = value,
            "event_type" => case.event_type = value,
            "payload" => case.payload = value,
            "payload_text" => case.payload_text = value,
            "payload_base64" => case.payload_base64 = value,
            _ => {}
        }
        keys.add(key)?;
        more = reader.more(b'}')?;
    }
    reader.finish().map(|()| Ok(case))
}
