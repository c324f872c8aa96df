//! A case of `tests/vectors` enters; the bytes it puts in leave.

use serde_json::Value;

/// A text member of a case; empty where it is absent.
pub fn text<'a>(case: &'a Value, member: &str) -> &'a str {
    case[member].as_str().unwrap_or_default()
}

/// The bytes that a case puts in: `text`, `bytes` or `base64`, or `repeat`.
pub fn input(case: &Value) -> Vec<u8> {
    if let Some(text) = case["text"].as_str() {
        return text.as_bytes().to_vec();
    }
    if let Some(coded) = case["base64"].as_str().or_else(|| case["bytes"].as_str()) {
        return decode_base64(coded);
    }
    repeated(&case["repeat"]).into_bytes()
}

/// `prefix + unit * count + suffix`.
pub fn repeated(repeat: &Value) -> String {
    let count = usize::try_from(repeat["count"].as_u64().expect("a case has an input")).expect("a count fits");
    [text(repeat, "prefix"), &text(repeat, "unit").repeat(count), text(repeat, "suffix")].concat()
}

fn decode_base64(coded: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut filled) = (0_u32, 0);
    for digit in coded.trim_end_matches('=').bytes() {
        let value = ALPHABET.iter().position(|&of| of == digit).expect("a vector is valid base64");
        bits = (bits << 6 & 0xffff) | u32::try_from(value).expect("a digit is below 64");
        filled += 6;
        if filled >= 8 {
            filled -= 8;
            bytes.push(u8::try_from(bits >> filled & 0xff).expect("eight bits are kept"));
        }
    }
    bytes
}
