//! Standard base64 with padding enters; bytes leave.

/// The bytes of a text, if it is base64.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let (groups, []) = text.as_bytes().as_chunks::<4>() else { return None };
    let mut bytes = Vec::with_capacity(groups.len() * 3);
    for (index, group) in groups.iter().enumerate() {
        let padding = match group {
            [.., b'=', b'='] => 2,
            [.., b'='] => 1,
            _ => 0,
        };
        if padding > 0 && index + 1 < groups.len() {
            return None;
        }
        let digits = group[..4 - padding].iter().map(|&byte| digit(byte));
        let bits = digits.chain([Some(0), Some(0)]).take(4).try_fold(0, |bits, digit| Some(bits << 6 | digit?))?;
        bytes.extend(u32::to_be_bytes(bits)[1..4 - padding].iter());
    }
    Some(bytes)
}

fn digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}
