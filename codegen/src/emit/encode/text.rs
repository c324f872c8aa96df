//! Text enters; what every encoder needs to know of its characters and lines leaves.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character cannot be seen, or changes how its neighbours are shown: controls, format and bidirectional
/// characters, spaces other than U+0020, line separators, fillers, variation selectors, private use, noncharacters.
pub(super) fn is_invisible(c: char) -> bool {
    // Nearly every character of nearly every text ends here.
    if matches!(c, ' '..='~') {
        return false;
    }
    matches!(u32::from(c),
        0..=0x1f | 0x7f..=0xa0 | 0xad | 0x34f | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x890..=0x891 | 0x8e2
        | 0x115f..=0x1160 | 0x1680 | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x2000..=0x200f | 0x2028..=0x202f
        | 0x205f..=0x206f | 0x2800 | 0x3000 | 0x3164 | 0xe000..=0xf8ff | 0xfdd0..=0xfdef | 0xfe00..=0xfe0f | 0xfeff
        | 0xffa0 | 0xfff0..=0xfffb | 0xfffe..=0xffff | 0x1_10bd | 0x1_10cd | 0x1_3430..=0x1_345f
        | 0x1_bca0..=0x1_bca3 | 0x1_d173..=0x1_d17a | 0xe_0000..=0x10_ffff)
        || u32::from(c) & 0xfffe == 0xfffe
}

/// A double-quoted literal: `short` knows the escapes with a name, `numeric` writes any character that is not seen.
pub(super) fn quoted(
    text: &str,
    short: impl Fn(char) -> Option<&'static str>,
    numeric: impl Fn(char) -> String,
) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        let escape: Cow<str> = match short(c) {
            Some(escape) => escape.into(),
            None if is_invisible(c) => numeric(c).into(),
            None => continue,
        };
        out.push_str(&text[plain..at]);
        out.push_str(&escape);
        plain = at + c.len_utf8();
    }
    out.push_str(&text[plain..]);
    out.push('"');
    out
}

/// The escapes that all our sinks with backslashes share.
pub(super) fn common_escape(c: char) -> Option<&'static str> {
    match c {
        '"' => Some("\\\""),
        '\\' => Some("\\\\"),
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\t' => Some("\\t"),
        _ => None,
    }
}

/// `\u` escapes of four digits, in pairs above U+FFFF.
pub(super) fn utf16_escape(c: char) -> String {
    let units: Vec<String> = c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
    units.concat()
}

/// Prose as lines: whatever ends a line anywhere ends one here, tabs are spaces, characters that are not seen are
/// named, lines have no trailing space, and neither the first nor the last is blank.
pub fn prose_lines(text: &str) -> Vec<String> {
    let unix = text.replace("\r\n", "\n");
    let ends = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    let mut lines: Vec<String> =
        unix.split(ends).map(|line| named(&line.replace('\t', " ")).trim_end().to_owned()).collect();
    let last = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |at| at + 1);
    lines.truncate(last);
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
    lines.split_off(first)
}

/// Prose as one line, for headings and table cells.
pub(super) fn prose_line(text: &str) -> String {
    let lines = prose_lines(text);
    let words: Vec<&str> = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    words.join(" ")
}

/// The text with every character that is not seen replaced by its name.
fn named(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) {
            write!(out, "U+{:04X}", u32::from(c)).expect("a string takes any text");
        } else {
            out.push(c);
        }
    }
    out
}
