//! A JSON text that was read enters; where each of its values stands leaves, by JSON Pointer.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use super::{Value, read_within};

/// Places in a text.
#[derive(Debug, Default)]
pub struct Places {
    by_pointer: BTreeMap<String, Range<usize>>,
    /// A key that its object has twice.
    repeated: Option<Range<usize>>,
}

impl Places {
    /// The places of a text that is valid JSON; of another one, those before the first fault.
    pub fn new(text: &str) -> Self {
        let mut scan = Scan { text, at: 0, places: Self::default() };
        scan.space();
        let start = scan.at;
        scan.places.by_pointer.insert(String::new(), start..(start + 1).min(text.len()));
        scan.value(&mut String::new());
        scan.places
    }

    /// The key of the value that a pointer leads to, or the value where it has none.
    pub fn of(&self, pointer: &str) -> Option<Range<usize>> {
        self.by_pointer.get(pointer).cloned()
    }

    /// The second of two equal keys.
    pub fn repeated(&self) -> Option<Range<usize>> {
        self.repeated.clone()
    }
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    places: Places,
}

impl Scan<'_> {
    fn value(&mut self, pointer: &mut String) -> Option<()> {
        self.space();
        match self.peek()? {
            b'{' => self.object(pointer),
            b'[' => self.array(pointer),
            b'"' => self.string().map(|_| ()),
            _ => {
                self.word();
                Some(())
            }
        }
    }

    fn object(&mut self, pointer: &mut String) -> Option<()> {
        self.at += 1;
        loop {
            self.space();
            if self.peek()? == b'}' {
                self.at += 1;
                return Some(());
            }
            let range = self.string()?;
            let key = match read_within(self.text[range.clone()].as_bytes(), range.len()) {
                Ok(Value::String(key)) => key,
                _ => String::new(),
            };
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            if self.places.by_pointer.insert(pointer.clone(), range.clone()).is_some() {
                self.places.repeated.get_or_insert(range);
            }
            self.space();
            self.at += usize::from(self.peek()? == b':');
            self.value(pointer)?;
            pointer.truncate(length);
            self.comma()?;
        }
    }

    fn array(&mut self, pointer: &mut String) -> Option<()> {
        self.at += 1;
        for index in 0_usize.. {
            self.space();
            if self.peek()? == b']' {
                self.at += 1;
                return Some(());
            }
            let (start, length) = (self.at, pointer.len());
            write!(pointer, "/{index}").expect("a string takes everything");
            self.value(pointer)?;
            // Of what goes over several lines the first character is enough.
            let is_short = !self.text[start..self.at].contains('\n');
            let end = if is_short { self.at } else { start + 1 };
            self.places.by_pointer.insert(pointer.clone(), start..end);
            pointer.truncate(length);
            self.comma()?;
        }
        None
    }

    fn string(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let mut bytes = self.text.as_bytes()[start..].iter().enumerate().skip(1);
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'\\' => _ = bytes.next(),
                b'"' => {
                    self.at = start + at + 1;
                    return Some(start..self.at);
                }
                _ => {}
            }
        }
        None
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}' | ':'));
        self.at += end.unwrap_or(rest.len()).max(1).min(rest.len());
    }

    fn comma(&mut self) -> Option<()> {
        self.space();
        self.at += usize::from(self.peek()? == b',');
        Some(())
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn members_stand_at_their_keys_and_items_at_themselves() {
        let text = " {\"a\": [1, {\"b/c~\": null}], \"d\": {}, \"\\u0061\": 2}";
        let places = Places::new(text);
        let of = |pointer: &str| places.of(pointer).map(|range| &text[range]);
        assert_eq!(of(""), Some("{"));
        assert_eq!(of("/a/0"), Some("1"));
        assert_eq!(of("/a/1/b~1c~0"), Some("\"b/c~\""));
        assert_eq!(of("/d"), Some("\"d\""));
        assert_eq!(of("/e"), None);
        assert_eq!(places.repeated().map(|range| &text[range]), Some("\"\\u0061\""));
    }

    #[test]
    fn what_is_no_json_ends_it() {
        for text in ["", "{", "{\"a\"", "[1,", "\"", "{\"a\": [}", "{1: 2}", "é"] {
            assert!(Places::new(text).repeated().is_none(), "{text}");
        }
    }
}
