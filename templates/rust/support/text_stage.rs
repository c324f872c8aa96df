//! Bytes enter; text of the right size and encoding leaves, or the one reason why the text stage refuses them.

use std::collections::HashSet;

use super::fault::{Code, Faults, Params};
use super::reader::{Broken, MOST_DEPTH, Read, Reader};

/// How large a text may be.
pub(super) const MOST_BYTES: usize = 1 << 20;

/// The bytes as text, if size and encoding are right.
pub(super) fn open(bytes: &[u8], most: usize) -> Read<&str> {
    if bytes.len() > most {
        return Err(Broken);
    }
    std::str::from_utf8(bytes).map_err(|_| Broken)
}

/// The highest rule, by rank, that a refused text breaks.
#[cold]
#[inline(never)]
pub(super) fn diagnose(bytes: &[u8], most: usize) -> Faults {
    let code = if bytes.len() > most {
        Code::TooLarge
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        if is_too_deep(bytes) { Code::TooDeep } else { look(text).unwrap_or(Code::BadJson) }
    } else {
        Code::BadUtf8
    };
    Faults::one(code, Params::None)
}

/// Counts brackets outside strings, whatever else is wrong with the text.
fn is_too_deep(bytes: &[u8]) -> bool {
    let (mut depth, mut in_string, mut at) = (0_u32, false, 0);
    while at < bytes.len() {
        match (in_string, bytes[at]) {
            (true, b'\\') => at += 1,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => depth += 1,
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MOST_DEPTH {
            return true;
        }
        at += 1;
    }
    false
}

/// Reads the grammar alone; gives the worst of what it allows and the text stage does not.
fn look(text: &str) -> Read<Code> {
    let mut look = Look { reader: Reader::new(text), worst: None };
    look.reader.space();
    look.value()?;
    look.reader.finish()?;
    look.worst.ok_or(Broken)
}

struct Look<'a> {
    reader: Reader<'a>,
    worst: Option<Code>,
}

impl Look<'_> {
    fn note(&mut self, code: Code) {
        self.worst = Some(self.worst.map_or(code, |worst| worst.min(code)));
    }

    fn value(&mut self) -> Read<()> {
        match self.reader.peek() {
            b'"' => self.string().map(drop),
            b't' => self.reader.word("true"),
            b'f' => self.reader.word("false"),
            b'n' => self.reader.word("null"),
            b'[' => {
                let mut more = !self.reader.open(b']')?;
                while more {
                    self.value()?;
                    more = self.reader.more(b']')?;
                }
                Ok(())
            }
            b'{' => self.object(),
            _ => {
                if self.reader.number()?.float().is_err() {
                    self.note(Code::NumberNotFinite);
                }
                Ok(())
            }
        }
    }

    fn object(&mut self) -> Read<()> {
        let mut keys = HashSet::new();
        let mut more = !self.reader.open(b'}')?;
        while more {
            if self.reader.peek() != b'"' {
                return Err(Broken);
            }
            let key = self.string()?;
            if !keys.insert(key) {
                self.note(Code::DuplicateKey);
            }
            self.reader.colon()?;
            self.value()?;
            more = self.reader.more(b'}')?;
        }
        Ok(())
    }

    /// A string as code points in which surrogates without a partner stay, so that equal keys compare equal.
    fn string(&mut self) -> Read<Vec<u32>> {
        let mut points = Vec::new();
        let mut chars = self.reader.rest().char_indices().skip(1);
        loop {
            let (at, char) = chars.next().ok_or(Broken)?;
            let point = match char {
                '"' => {
                    self.reader.advance(at + 1);
                    break;
                }
                '\0'..' ' => return Err(Broken),
                '\\' => match chars.next().ok_or(Broken)?.1 {
                    char @ ('"' | '\\' | '/') => char.into(),
                    'b' => 0x08,
                    'f' => 0x0c,
                    'n' => 0x0a,
                    'r' => 0x0d,
                    't' => 0x09,
                    'u' => {
                        let mut unit = 0;
                        for _ in 0..4 {
                            unit = unit << 4 | chars.next().and_then(|(_, digit)| digit.to_digit(16)).ok_or(Broken)?;
                        }
                        unit
                    }
                    _ => return Err(Broken),
                },
                char => char.into(),
            };
            match points.last_mut() {
                Some(high @ 0xD800..0xDC00) if (0xDC00..0xE000).contains(&point) => {
                    *high = 0x1_0000 + ((*high - 0xD800) << 10) + (point - 0xDC00);
                }
                _ => points.push(point),
            }
        }
        if points.iter().any(|point| (0xD800..0xE000).contains(point)) {
            self.note(Code::LoneSurrogate);
        }
        Ok(points)
    }
}
