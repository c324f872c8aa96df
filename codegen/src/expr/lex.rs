//! The text of an expression enters; its tokens leave, each with the bytes it covers.

use std::ops::Range;

/// Largest integer that every target holds exactly.
const MAX_INT: i64 = (1 << 53) - 1;

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Word(String),
    Int(i64),
    Float(f64),
    Text(String),
    /// An operator or bracket.
    Sign(&'static str),
    End,
}

/// A token and its bytes.
pub(super) type Placed = (Token, Range<usize>);

/// What cannot be read: its bytes, the message and the way out.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<&'static str>,
}

/// Longest first, so that `<=` is not read as `<`.
const SIGNS: [&str; 19] =
    ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "?", ":", "+", "-", "(", ")", "[", "]", ",", "."];

/// All tokens of a text, [`Token::End`] last.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, Fault> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if matches!(first, ' ' | '\t' | '\n' | '\r') {
            at += 1;
            continue;
        }
        let rest = &text[at..];
        let (token, length) = match first {
            'a'..='z' | 'A'..='Z' | '_' => word(rest),
            '0'..='9' => number(rest, at)?,
            '"' | '\'' => string(rest, at, first)?,
            _ => sign(rest, at)?,
        };
        found.push((token, at..at + length));
        at += length;
    }
    found.push((Token::End, text.len()..text.len()));
    Ok(found)
}

fn is_word_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn word(rest: &str) -> (Token, usize) {
    let length = rest.find(|c| !is_word_part(c)).unwrap_or(rest.len());
    (Token::Word(rest[..length].into()), length)
}

fn sign(rest: &str, at: usize) -> Result<(Token, usize), Fault> {
    if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
        return Ok((Token::Sign(sign), sign.len()));
    }
    let found = rest.chars().next().unwrap_or_default();
    let help = match found {
        '=' => Some("equality is written `==`"),
        '&' => Some("`and` is written `&&`"),
        '|' => Some("`or` is written `||`"),
        '*' | '/' | '%' => Some("integers can be added and subtracted only"),
        '{' => Some("maps and records are not written in expressions"),
        _ => None,
    };
    Err(Fault {
        at: at..at + found.len_utf8(),
        message: format!("`{}` is no part of an expression", found.escape_default()),
        help,
    })
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), Fault> {
    let digits = |from: usize| rest[from..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |n| from + n);
    let whole = digits(0);
    let mut end = whole;
    if rest[end..].starts_with('.') && digits(end + 1) > end + 1 {
        end = digits(end + 1);
    }
    if rest[end..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
        if digits(end + 1 + sign) > end + 1 + sign {
            end = digits(end + 1 + sign);
        }
    }
    let text = &rest[..end];
    let fault = |message: String, help| Err(Fault { at: at..at + end, message, help });
    if rest[end..].starts_with(is_word_part) {
        return fault(format!("`{text}` runs into a word"), Some("numbers are decimal and carry no suffix"));
    }
    if whole > 1 && text.starts_with('0') {
        return fault(format!("`{text}` begins with a zero"), Some("numbers are decimal; leave the zero out"));
    }
    if end > whole {
        return match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok((Token::Float(value), end)),
            _ => fault(format!("`{text}` is no finite number"), None),
        };
    }
    match text.parse::<i64>() {
        Ok(value) if value <= MAX_INT => Ok((Token::Int(value), end)),
        _ => {
            fault(format!("`{text}` is not within ±{MAX_INT}"), Some("larger integers cannot be held by every target"))
        }
    }
}

fn string(rest: &str, at: usize, quote: char) -> Result<(Token, usize), Fault> {
    let mut value = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((offset, c)) = chars.next() {
        match c {
            _ if c == quote => return Ok((Token::Text(value), offset + 1)),
            '\n' | '\r' => break,
            '\\' => {
                let escape = chars.next().map(|(_, c)| c);
                let Some((meant, more)) = escape.and_then(|c| unescape(c, &rest[offset + 2..])) else {
                    let shown = escape.map_or(String::new(), |c| c.escape_debug().to_string());
                    let end = offset + 1 + escape.map_or(0, char::len_utf8);
                    return Err(Fault {
                        at: at + offset..at + end,
                        message: format!("unknown escape `\\{shown}`"),
                        help: Some(r#"a string knows `\\`, `\"`, `\'`, `\n`, `\r`, `\t` and `\uXXXX`"#),
                    });
                };
                value.push(meant);
                for _ in 0..more {
                    chars.next();
                }
            }
            _ => value.push(c),
        }
    }
    Err(Fault { at: at..at + rest.len(), message: "string without an end".into(), help: None })
}

/// What the escape means, and how many characters behind its letter belong to it.
fn unescape(letter: char, rest: &str) -> Option<(char, usize)> {
    Some(match letter {
        '\\' | '"' | '\'' => (letter, 0),
        'n' => ('\n', 0),
        'r' => ('\r', 0),
        't' => ('\t', 0),
        'u' => {
            let digits = rest.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
            (char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, 4)
        }
        _ => return None,
    })
}
