//! An event whose `v` may be anything enters; lines that try the protocol itself leave, each with its answer.

use super::line::Line;

/// Lines that are cases in any way but the usual one. `event_type` has the field `v` of type `json`.
pub fn protocol(event_type: &str) -> Vec<Line> {
    let known = |rest: &str| format!("{{\"id\":7,\"event_type\":\"{event_type}\",{rest}}}");
    let padding = " ".repeat(1 << 20);
    let deep = |open: usize| "[".repeat(open) + &"]".repeat(open);
    let lines = [
        (String::new(), refused("null", "bad_json", "{}")),
        (" \t\r".to_owned(), refused("null", "bad_json", "{}")),
        ("[]".to_owned(), wrong_type("null", "object", "array")),
        ("null".to_owned(), wrong_type("null", "object", "null")),
        ("1.5".to_owned(), wrong_type("null", "object", "number")),
        ("{\"id\":1,\"id\":1}".to_owned(), refused("null", "duplicate_key", "{}")),
        ("{\"id\":\"\\ud800\"}".to_owned(), refused("null", "lone_surrogate", "{}")),
        ("{\"id\":1e999}".to_owned(), refused("null", "number_not_finite", "{}")),
        ("\u{feff}{}".to_owned(), refused("null", "bad_json", "{}")),
        ("{}".to_owned(), refused("null", "union_tag", "{}")),
        (
            "{\"id\":{\"b\":1.0,\"a\":[\"x\",null]}}".to_owned(),
            refused("{\"a\":[\"x\",null],\"b\":1}", "union_tag", "{}"),
        ),
        ("{\"id\":1e21,\"event_type\":\"toString\",\"payload\":{}}".to_owned(), refused("1e+21", "union_tag", "{}")),
        ("{\"id\":-0,\"event_type\":\"__proto__\",\"payload\":{}}".to_owned(), refused("0", "union_tag", "{}")),
        ("{\"id\":false,\"event_type\":5,\"payload\":{}}".to_owned(), refused("false", "union_tag", "{}")),
        (
            "{\"id\":\"\\u2028\\u007f\\u001f\",\"event_type\":null}".to_owned(),
            refused("\"\u{2028}\u{7f}\\u001f\"", "union_tag", "{}"),
        ),
        (known("\"x\":1"), refused("7", "required", "{}")),
        (known("\"payload\":null"), wrong_type("7", "object", "null")),
        (known("\"payload\":[]"), wrong_type("7", "object", "array")),
        (known("\"payload\":{\"v\":1}"), valid("7")),
        (known("\"payload\":{\"v\":1}") + "\r", valid("7")),
        (known("\"payload_text\":1"), wrong_type("7", "string", "number")),
        (known("\"payload_text\":null,\"payload\":{\"v\":1}"), wrong_type("7", "string", "null")),
        (known("\"payload_text\":\"\""), refused("7", "bad_json", "{}")),
        (known("\"payload_text\":\"{\\\"v\\\":1}\",\"payload\":{}"), valid("7")),
        (known("\"payload_text\":\"{\\\"v\\\":1,\\\"v\\\":1}\""), refused("7", "duplicate_key", "{}")),
        (known("\"payload_base64\":true"), wrong_type("7", "string", "bool")),
        (known("\"payload_base64\":\"\""), refused("7", "bad_json", "{}")),
        (known("\"payload_base64\":\"eyJ2IjoxfQ==\",\"payload\":{}"), valid("7")),
        (known("\"payload_base64\":\"IsCvIg==\""), refused("7", "bad_utf8", "{}")),
        (known(&format!("\"payload\":{{\"v\":1}},\"x\":\"{padding}\"")), valid("7")),
        (known(&format!("\"payload\":{{\"v\":1{padding}}}")), valid("7")),
        (known(&format!("\"payload\":{{\"v\":\"{padding}\"}}")), refused("7", "too_large", "{}")),
        (known(&format!("\"payload_text\":\"{{\\\"v\\\":1{padding}}}\"")), refused("7", "too_large", "{}")),
        (" ".repeat(4 << 20), refused("null", "bad_json", "{}")),
        (" ".repeat((4 << 20) + 1), refused("null", "too_large", "{}")),
        (known(&format!("\"payload\":{{\"v\":{}}}", deep(62))), valid("7")),
        (known(&format!("\"payload\":{{\"v\":{}}}", deep(63))), refused("null", "too_deep", "{}")),
        (known(&format!("\"payload_text\":\"{{\\\"v\\\":{}}}\"", deep(63))), valid("7")),
        (known(&format!("\"payload_text\":\"{{\\\"v\\\":{}}}\"", deep(64))), refused("7", "too_deep", "{}")),
    ];
    let not_base64 = [
        "e",
        "eyJ2IjoxfQ",
        "eyJ2IjoxfQ=",
        "eyJ2\\nIjoxfQ==",
        "eyJ2IjoxfQ==\\n",
        "-_==",
        "====",
        "eyJ2=joxfQ==",
        "eyJ2IjoxfQ==eyJ2",
    ];
    let not_base64 = not_base64.map(|text| {
        (known(&format!("\"payload_base64\":\"{text}\"")), refused("7", "format", "{\"format\":\"base64\"}"))
    });
    let all = lines.into_iter().chain(not_base64).enumerate();
    let line = |(at, (line, answer)): (usize, (String, String))| Line {
        name: format!("protocol {at}"),
        bytes: line.into_bytes(),
        payload: None,
        answer: Some(answer),
    };
    all.map(line).collect()
}

fn valid(id: &str) -> String {
    format!("{{\"errors\":[],\"id\":{id},\"valid\":true}}")
}

fn refused(id: &str, code: &str, params: &str) -> String {
    format!("{{\"errors\":[{{\"code\":\"{code}\",\"params\":{params},\"path\":\"\"}}],\"id\":{id},\"valid\":false}}")
}

fn wrong_type(id: &str, expected: &str, got: &str) -> String {
    refused(id, "type", &format!("{{\"expected\":\"{expected}\",\"got\":\"{got}\"}}"))
}
