//! Bytes enter; the JSON value that they spell leaves, or the highest in rank of all that is wrong with the text.

use std::collections::BTreeMap;

use super::Value;
use crate::fault::Code;

/// The largest text of one value.
pub const MAX_BYTES: usize = 1 << 20;

/// The most brackets that may be open at once.
pub const MAX_DEPTH: usize = 64;

/// Reads one value within the limits of the format.
pub fn read(bytes: &[u8]) -> Result<Value, Code> {
    read_within(bytes, MAX_BYTES)
}

/// Reads one value of at most `max_bytes`.
pub fn read_within(bytes: &[u8], max_bytes: usize) -> Result<Value, Code> {
    if bytes.len() > max_bytes {
        return Err(Code::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Code::BadUtf8)?;
    if is_too_deep(bytes) {
        return Err(Code::TooDeep);
    }
    let mut reader = Reader { text, at: 0, worst: None };
    let value = reader.document().ok_or(Code::BadJson)?;
    reader.worst.map_or(Ok(value), Err)
}

/// A flat scan that asks nothing of the text but where its strings end. A closing bracket without partner counts for
/// nothing.
fn is_too_deep(bytes: &[u8]) -> bool {
    let (mut depth, mut in_string) = (0_usize, false);
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' if in_string => _ = rest.next(),
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

/// Reads the grammar; none is a text outside it. What the grammar allows and we refuse is noted in `worst`.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    worst: Option<Code>,
}

impl Reader<'_> {
    fn document(&mut self) -> Option<Value> {
        self.skip_space();
        let value = self.value()?;
        self.skip_space();
        (self.at == self.text.len()).then_some(value)
    }

    fn value(&mut self) -> Option<Value> {
        match self.peek()? {
            b'{' => self.object(),
            b'[' => self.array(),
            b'"' => self.string().map(|text| Value::String(self.scalar_values(text))),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self) -> Option<Value> {
        self.at += 1;
        let mut members = BTreeMap::new();
        self.skip_space();
        if self.eat(b'}') {
            return Some(Value::Object(BTreeMap::new()));
        }
        loop {
            self.skip_space();
            let key = self.string()?;
            self.skip_space();
            self.expect(b':')?;
            self.skip_space();
            if members.insert(key, self.value()?).is_some() {
                self.note(Code::DuplicateKey);
            }
            self.skip_space();
            if !self.eat(b',') {
                break;
            }
        }
        self.expect(b'}')?;
        Some(Value::Object(members.into_iter().map(|(key, value)| (self.scalar_values(key), value)).collect()))
    }

    fn array(&mut self) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_space();
        if self.eat(b']') {
            return Some(Value::Array(items));
        }
        loop {
            self.skip_space();
            items.push(self.value()?);
            self.skip_space();
            if !self.eat(b',') {
                break;
            }
        }
        self.expect(b']')?;
        Some(Value::Array(items))
    }

    /// Bytes of a string in UTF-8, where a surrogate without partner has the three bytes that its number would have:
    /// so two keys are equal only if they have the same units.
    fn string(&mut self) -> Option<Vec<u8>> {
        self.expect(b'"')?;
        let mut out = Vec::new();
        loop {
            let plain =
                self.text.as_bytes()[self.at..].iter().position(|byte| matches!(byte, b'"' | b'\\' | ..b' '))?;
            out.extend(&self.text.as_bytes()[self.at..self.at + plain]);
            self.at += plain;
            match self.take()? {
                b'"' => return Some(out),
                b'\\' => push_code_point(self.escape()?, &mut out),
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<u32> {
        Some(match self.take()? {
            byte @ (b'"' | b'\\' | b'/') => byte.into(),
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => 0x0a,
            b'r' => 0x0d,
            b't' => 0x09,
            b'u' => {
                let unit = self.four_digits()?;
                match self.following_low_surrogate() {
                    Some(low) if (0xd800..0xdc00).contains(&unit) => {
                        self.at += 6;
                        0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
                    }
                    _ => unit,
                }
            }
            _ => return None,
        })
    }

    fn following_low_surrogate(&mut self) -> Option<u32> {
        let at = self.at;
        let is_escape = self.eat(b'\\') && self.eat(b'u');
        let unit = if is_escape { self.four_digits() } else { None };
        self.at = at;
        unit.filter(|unit| (0xdc00..0xe000).contains(unit))
    }

    fn four_digits(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| Some(unit << 4 | char::from(self.take()?).to_digit(16)?))
    }

    fn number(&mut self) -> Option<Value> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        let number: f64 = self.text[start..self.at].parse().expect("the grammar of JSON numbers is part of Rust's");
        if number.is_infinite() {
            self.note(Code::NumberNotFinite);
        }
        Some(number.into())
    }

    fn digits(&mut self) -> Option<()> {
        let digits = self.text.as_bytes()[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        (digits > 0).then_some(())
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        self.text[self.at..].starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn scalar_values(&mut self, bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap_or_else(|_| {
            self.note(Code::LoneSurrogate);
            String::new()
        })
    }

    fn note(&mut self, code: Code) {
        self.worst = Some(self.worst.map_or(code, |worst| worst.min(code)));
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn eat(&mut self, wanted: u8) -> bool {
        let there = self.peek() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, wanted: u8) -> Option<()> {
        self.eat(wanted).then_some(())
    }
}

fn push_code_point(code_point: u32, out: &mut Vec<u8>) {
    if let Some(character) = char::from_u32(code_point) {
        out.extend(character.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        let [_, _, high, low] = code_point.to_be_bytes();
        out.extend([0xe0 | high >> 4, 0x80 | (high & 0x0f) << 2 | low >> 6, 0x80 | low & 0x3f]);
    }
}
