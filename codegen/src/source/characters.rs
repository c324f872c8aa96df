//! A character enters; whether a text may hold it leaves.

/// Whether a character reorders the text around it on a screen.
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether no text of a contract may hold the character, even escaped: controls but tab and the line ends that some
/// language knows, the byte order mark, noncharacters.
pub fn is_refused_in_text(c: char) -> bool {
    let line_end = matches!(c, '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}');
    (c.is_control() && !line_end) || c == '\u{feff}' || is_noncharacter(c)
}

/// Whether a contract file may not hold the character as it is: what [`is_refused_in_text`] refuses, what reorders
/// text, and line ends that only some editors show.
pub fn is_refused_in_source(c: char) -> bool {
    let odd_line_end = matches!(c, '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    odd_line_end || is_refused_in_text(c) || is_bidi_control(c)
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether Windows takes a file of this name for a device, whatever its ending.
pub fn is_device(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    let port = numbered.is_some_and(|number| {
        let mut digits = number.chars();
        digits.next().is_some_and(|d| d.is_ascii_digit() || "¹²³".contains(d)) && digits.next().is_none()
    });
    port || matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
}
