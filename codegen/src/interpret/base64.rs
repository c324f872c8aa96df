//! Standard base64 with padding enters; the bytes leave.

/// The bytes of a text in groups of four digits, the last one padded; none for any other text. Bits of the last digit
/// that no byte needs are not looked at.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').as_bytes();
    let padding = text.len() - digits.len();
    if !text.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for group in digits.chunks(4) {
        let mut bits = 0;
        for digit in 0..4 {
            bits = bits << 6 | group.get(digit).map_or(Some(0), |&byte| value_of(byte))?;
        }
        let [_, decoded @ ..] = u32::to_be_bytes(bits);
        bytes.extend_from_slice(&decoded[..group.len() - 1]);
    }
    Some(bytes)
}

fn value_of(digit: u8) -> Option<u32> {
    let value = match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(value.into())
}
