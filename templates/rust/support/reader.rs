//! JSON text enters; strings, numbers, keys and skipped values leave, one pull at a time.
//!
//! Everything here fails with [`Broken`] and nothing more: which rule of the text stage was broken is found by a
//! second, slower look (`text_stage`), so that good text pays nothing for it.

use std::borrow::Cow;
use std::collections::HashSet;

use super::json::{Json, Object};
use super::number::Number;
use super::scan::{is_same, plain_until};

/// The text stage refuses this text.
#[derive(Debug)]
pub(super) struct Broken;

/// What a pull gives.
pub(super) type Read<T> = Result<T, Broken>;

/// How many brackets may be open at once.
pub(super) const MOST_DEPTH: u32 = 64;

/// Text and a place in it.
pub(super) struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: u32,
    most_depth: u32,
}

/// A number as it was spelled: short integers are read at once, the rest when it is known what they should be.
pub(super) enum Numeral<'a> {
    /// At most fifteen digits.
    Int(i64),
    /// Anything else.
    Text(&'a str),
}

/// A place to return to.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    at: usize,
    depth: u32,
}

impl Mark {
    /// The offset in the text.
    pub(super) fn offset(self) -> usize {
        self.at
    }
}

impl<'a> Reader<'a> {
    /// Starts at the beginning.
    pub(super) fn new(text: &'a str) -> Self {
        Self::within(text, MOST_DEPTH)
    }

    /// Starts at the beginning of a text in which so many brackets may be open at once.
    pub(super) fn within(text: &'a str, most_depth: u32) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0, depth: 0, most_depth }
    }

    /// Where it stands now.
    pub(super) fn mark(&self) -> Mark {
        Mark { at: self.at, depth: self.depth }
    }

    /// Goes back, or forward to a place seen before.
    pub(super) fn seek(&mut self, mark: Mark) {
        self.at = mark.at;
        self.depth = mark.depth;
    }

    /// The text since a place.
    pub(super) fn since(&self, mark: Mark) -> &'a str {
        &self.text[mark.at..self.at]
    }

    /// The text from here on.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Passes bytes that were looked at in [`Reader::rest`].
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// The next byte, 0 at the end.
    #[inline]
    pub(super) fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    /// Passes white space. Mostly there is none.
    #[inline]
    pub(super) fn space(&mut self) {
        if self.peek() <= b' ' {
            self.some_space();
        }
    }

    #[inline(never)]
    fn some_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    /// Nothing but white space may follow.
    pub(super) fn finish(&mut self) -> Read<()> {
        self.space();
        if self.at == self.bytes.len() { Ok(()) } else { Err(Broken) }
    }

    /// Passes an opening bracket; tells whether the container is empty, and then passes its end too.
    #[inline]
    pub(super) fn open(&mut self, end: u8) -> Read<bool> {
        self.at += 1;
        self.depth += 1;
        if self.depth > self.most_depth {
            return Err(Broken);
        }
        self.space();
        let empty = self.peek() == end;
        if empty {
            self.at += 1;
            self.depth -= 1;
        }
        Ok(empty)
    }

    /// Passes a comma, or the end of the container; tells whether another item follows.
    #[inline]
    pub(super) fn more(&mut self, end: u8) -> Read<bool> {
        self.space();
        let byte = self.peek();
        self.at += 1;
        if byte == b',' {
            self.space();
            Ok(true)
        } else if byte == end {
            self.depth -= 1;
            Ok(false)
        } else {
            Err(Broken)
        }
    }

    /// Passes a key and its colon.
    #[inline]
    pub(super) fn key(&mut self) -> Read<Cow<'a, str>> {
        if self.peek() != b'"' {
            return Err(Broken);
        }
        let key = self.string()?;
        self.colon()?;
        Ok(key)
    }

    /// Passes the colon behind a key.
    #[inline]
    pub(super) fn colon(&mut self) -> Read<()> {
        self.space();
        if self.peek() != b':' {
            return Err(Broken);
        }
        self.at += 1;
        self.space();
        Ok(())
    }

    /// Passes the key if it is this one, spelled plainly and with its colon behind it.
    #[inline]
    pub(super) fn expect_key(&mut self, name: &str) -> bool {
        let length = name.len();
        let Some(([b'"', found @ ..], _)) = self.bytes[self.at..].split_at_checked(length + 3) else { return false };
        let (key, behind) = found.split_at(length);
        let hit = behind == b"\":" && is_same(key, name.as_bytes());
        if hit {
            self.at += length + 3;
            self.space();
        }
        hit
    }

    /// Passes `true`, `false` or `null`.
    #[inline]
    pub(super) fn word(&mut self, word: &str) -> Read<()> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(())
        } else {
            Err(Broken)
        }
    }

    /// Passes a string, unescaped where it has to be.
    #[inline]
    pub(super) fn string(&mut self) -> Read<Cow<'a, str>> {
        let from = self.at + 1;
        let to = plain_until(self.bytes, from);
        if self.bytes.get(to) == Some(&b'"') {
            self.at = to + 1;
            return Ok(Cow::Borrowed(&self.text[from..to]));
        }
        self.escaped(from, to).map(Cow::Owned)
    }

    #[cold]
    fn escaped(&mut self, from: usize, mut to: usize) -> Read<String> {
        let mut out = String::from(&self.text[from..to]);
        loop {
            match self.bytes.get(to) {
                Some(b'"') => {
                    self.at = to + 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    let (char, after) = self.escape(to + 1)?;
                    out.push(char);
                    to = after;
                }
                _ => return Err(Broken),
            }
            let next = plain_until(self.bytes, to);
            out.push_str(&self.text[to..next]);
            to = next;
        }
    }

    /// The character of the escape whose letter stands at `at`, and where the text goes on.
    fn escape(&self, at: usize) -> Read<(char, usize)> {
        let char = match self.bytes.get(at) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(at + 1),
            _ => return Err(Broken),
        };
        Ok((char, at + 1))
    }

    fn unicode_escape(&self, at: usize) -> Read<(char, usize)> {
        let first = self.hex(at)?;
        if !(0xD800..0xDC00).contains(&first) || self.bytes.get(at + 4..at + 6) != Some(b"\\u") {
            return Ok((char::from_u32(first).ok_or(Broken)?, at + 4));
        }
        let second = self.hex(at + 6)?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(Broken);
        }
        let scalar = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        Ok((char::from_u32(scalar).ok_or(Broken)?, at + 10))
    }

    fn hex(&self, at: usize) -> Read<u32> {
        let digits = self.bytes.get(at..at + 4).ok_or(Broken)?;
        let add = |value: u32, &byte: &u8| Some(value << 4 | char::from(byte).to_digit(16)?);
        digits.iter().try_fold(0, add).ok_or(Broken)
    }

    /// Passes a number.
    #[inline]
    pub(super) fn number(&mut self) -> Read<Numeral<'a>> {
        let from = self.at;
        let negative = self.peek() == b'-';
        self.at += usize::from(negative);
        let first = self.at;
        let mut value = 0_i64;
        while let digit @ b'0'..=b'9' = self.peek() {
            value = value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            self.at += 1;
        }
        let digits = self.at - first;
        if digits == 0 || (digits > 1 && self.bytes[first] == b'0') {
            return Err(Broken);
        }
        if digits <= 15 && !matches!(self.peek(), b'.' | b'e' | b'E') {
            return Ok(Numeral::Int(if negative { -value } else { value }));
        }
        if self.peek() == b'.' {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), b'+' | b'-'));
            self.digits()?;
        }
        Ok(Numeral::Text(&self.text[from..self.at]))
    }

    fn digits(&mut self) -> Read<()> {
        let from = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        if self.at == from { Err(Broken) } else { Ok(()) }
    }

    /// Passes any value and gives its text; what the text stage forbids inside still counts.
    pub(super) fn raw(&mut self) -> Read<&'a str> {
        let start = self.mark();
        self.skip()?;
        Ok(self.since(start))
    }

    /// Passes any value; what the text stage forbids inside still counts.
    pub(super) fn skip(&mut self) -> Read<()> {
        match self.peek() {
            b'"' => self.string().map(drop),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            b'[' => {
                let mut more = !self.open(b']')?;
                while more {
                    self.skip()?;
                    more = self.more(b']')?;
                }
                Ok(())
            }
            b'{' => {
                let mut keys = Keys::default();
                let mut more = !self.open(b'}')?;
                while more {
                    let key = self.key()?;
                    keys.add(key)?;
                    self.skip()?;
                    more = self.more(b'}')?;
                }
                Ok(())
            }
            _ => self.number()?.float().map(drop),
        }
    }

    /// Passes any value and builds it.
    pub(super) fn json(&mut self) -> Read<Json> {
        Ok(match self.peek() {
            b'"' => Json::String(self.string()?.into()),
            b't' => self.word("true").map(|()| Json::Bool(true))?,
            b'f' => self.word("false").map(|()| Json::Bool(false))?,
            b'n' => self.word("null").map(|()| Json::Null)?,
            b'[' => {
                let mut items = Vec::new();
                let mut more = !self.open(b']')?;
                while more {
                    items.push(self.json()?);
                    more = self.more(b']')?;
                }
                Json::Array(items)
            }
            b'{' => {
                let mut members = Object::new();
                let mut more = !self.open(b'}')?;
                while more {
                    let key = self.key()?.into();
                    if members.insert(key, self.json()?).is_some() {
                        return Err(Broken);
                    }
                    more = self.more(b'}')?;
                }
                Json::Object(members)
            }
            _ => Json::Number(Number::of_checked(self.number()?.float()?)),
        })
    }
}

impl Numeral<'_> {
    /// The nearest binary64, never minus zero.
    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "fifteen digits are exact")]
    pub(super) fn float(&self) -> Read<f64> {
        match self {
            Numeral::Int(value) => Ok(*value as f64),
            Numeral::Text(text) => {
                let value: f64 = text.parse().map_err(|_| Broken)?;
                if value.is_finite() { Ok(value + 0.0) } else { Err(Broken) }
            }
        }
    }
}

/// Keys met in one object: a short list first, a hashed set once it grows, so that no text costs quadratic time.
#[derive(Default)]
pub(super) struct Keys<'a> {
    few: Vec<Cow<'a, str>>,
    many: HashSet<Cow<'a, str>>,
}

impl<'a> Keys<'a> {
    /// Takes a key; fails when it was met before.
    pub(super) fn add(&mut self, key: Cow<'a, str>) -> Read<()> {
        if !self.many.is_empty() {
            return if self.many.insert(key) { Ok(()) } else { Err(Broken) };
        }
        if self.few.contains(&key) {
            return Err(Broken);
        }
        self.few.push(key);
        if self.few.len() > 16 {
            self.many.extend(self.few.drain(..));
        }
        Ok(())
    }
}
