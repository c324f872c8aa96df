//! A JSON value and a text enter; whether the text stands in the value leaves.

use crate::support::Json;

pub fn mentions(value: Json, text: Box<str>) -> bool {
    is_in(&value, &text)
}

fn is_in(value: &Json, text: &str) -> bool {
    match value {
        Json::String(own) => &**own == text,
        Json::Array(items) => items.iter().any(|item| is_in(item, text)),
        Json::Object(members) => members.iter().any(|(_, item)| is_in(item, text)),
        _ => false,
    }
}
