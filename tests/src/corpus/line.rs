//! The id, event and payload text of a case enter; lines for the command `validate` leave, in each form a line can have.

use codegen::json::{Value, canonical};

/// One line and what is known of it beforehand.
#[derive(Debug, Clone)]
pub struct Line {
    /// Names the case in failures.
    pub name: String,
    /// The line without its end.
    pub bytes: Vec<u8>,
    /// The answer, where something other than the implementations tells it.
    pub answer: Option<String>,
}

impl Line {
    /// A line that brings the payload as base64, which can hold any bytes.
    pub fn base64(name: &str, event_type: &str, payload: &[u8]) -> Self {
        Self::of(name, event_type, "payload_base64", &canonical(&encoded(payload).into()))
    }

    /// A line that brings the payload as a string of JSON text.
    pub fn text(name: &str, event_type: &str, payload: &str) -> Self {
        Self::of(name, event_type, "payload_text", &canonical(&payload.into()))
    }

    /// A line that the payload is a part of; one with a line end in it would be two.
    pub fn inline(name: &str, event_type: &str, payload: &str) -> Self {
        Self::of(name, event_type, "payload", &payload.replace('\n', " "))
    }

    fn of(name: &str, event_type: &str, member: &str, payload: &str) -> Self {
        let (id, event_type) = (canonical(&name.into()), canonical(&event_type.into()));
        let line = format!("{{\"id\":{id},\"event_type\":{event_type},\"{member}\":{payload}}}");
        Self { name: format!("{name} as {member}"), bytes: line.into_bytes(), answer: None }
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
