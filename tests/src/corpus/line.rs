//! The id, event and payload text of a case enter; lines for the command `validate` leave, in each form a line can have.

use codegen::json::{Value, canonical, read};

/// One line and what is known of it beforehand.
#[derive(Debug, Clone)]
pub struct Line {
    /// Names the case in failures.
    pub name: String,
    /// The line without its end.
    pub bytes: Vec<u8>,
    /// The event and the text of the payload, where the line has both.
    pub payload: Option<(String, Vec<u8>)>,
    /// The answer, where something other than the implementations tells it.
    pub answer: Option<String>,
}

impl Line {
    /// A line that brings the payload as base64, which can hold any bytes.
    pub fn base64(name: &str, event_type: &str, payload: &[u8]) -> Self {
        Self::of(name, event_type, payload, "payload_base64", &canonical(&encoded(payload).into()))
    }

    /// A line that brings the payload as a string of JSON text.
    pub fn text(name: &str, event_type: &str, payload: &str) -> Self {
        Self::of(name, event_type, payload.as_bytes(), "payload_text", &canonical(&payload.into()))
    }

    /// A line that the payload is a part of; one with a line end in it would be two.
    pub fn inline(name: &str, event_type: &str, payload: &str) -> Self {
        Self::of(name, event_type, payload.as_bytes(), "payload", &payload.replace('\n', " "))
    }

    /// A line that holds its own answer beside the case.
    pub fn with_answer(line: &str) -> Self {
        let case = read(line.as_bytes()).expect("a fixture is JSON");
        let part = |name: &str| case.get(name).cloned().expect("a fixture has the members of case and answer");
        let answer = Value::object(["errors", "id", "valid"].map(|name| (name, part(name))));
        let event_type = part("event_type").as_str().expect("an event type is a text").to_owned();
        Self {
            name: canonical(&part("id")),
            bytes: line.as_bytes().to_vec(),
            payload: Some((event_type, canonical(&part("payload")).into_bytes())),
            answer: Some(canonical(&answer)),
        }
    }

    fn of(name: &str, event_type: &str, payload: &[u8], member: &str, written: &str) -> Self {
        let (id, event) = (canonical(&name.into()), canonical(&event_type.into()));
        let line = format!("{{\"id\":{id},\"event_type\":{event},\"{member}\":{written}}}");
        let payload = Some((event_type.to_owned(), payload.to_vec()));
        Self { name: format!("{name} as {member}"), bytes: line.into_bytes(), payload, answer: None }
    }
}

/// The answer to a line.
pub fn answer(id: &str, errors: Vec<Value>) -> String {
    let valid = errors.is_empty().into();
    canonical(&Value::object([("id", id.into()), ("valid", valid), ("errors", Value::Array(errors))]))
}

fn encoded(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit) & 63) as usize;
            text.push(if digit <= group.len() { char::from(ALPHABET[value]) } else { '=' });
        }
    }
    text
}
