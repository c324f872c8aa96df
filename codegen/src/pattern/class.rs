//! Characters, ranges and escapes enter; a set of code points leaves, which can be joined, intersected and printed.

use std::fmt::Write;

/// A set of code points as patterns can name them: any ASCII characters, the two Unicode line separators together,
/// and all other code points together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Class {
    ascii: u128,
    separators: bool,
    others: bool,
}

impl Class {
    pub(super) const EMPTY: Self = Self { ascii: 0, separators: false, others: false };

    /// `.`: any code point but LF, CR, U+2028 and U+2029.
    pub(super) const DOT: Self = Self { ascii: !(1 << b'\n' | 1 << b'\r'), separators: false, others: true };

    pub(super) fn one(character: u8) -> Self {
        Self::range(character, character)
    }

    pub(super) fn range(first: u8, last: u8) -> Self {
        Self { ascii: (first..=last).fold(0, |bits, character| bits | 1 << character), ..Self::EMPTY }
    }

    /// `\d`, `\w`, `\s` and, in upper case, their complements.
    pub(super) fn named(letter: u8) -> Option<Self> {
        let class = match letter.to_ascii_lowercase() {
            b'd' => Self::range(b'0', b'9'),
            b'w' => Self::range(b'0', b'9').or(Self::range(b'A', b'Z')).or(Self::one(b'_')).or(Self::range(b'a', b'z')),
            b's' => Self::range(b'\t', b'\r').or(Self::one(b' ')),
            _ => return None,
        };
        Some(if letter.is_ascii_uppercase() { class.not() } else { class })
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self {
            ascii: self.ascii | other.ascii,
            separators: self.separators || other.separators,
            others: self.others || other.others,
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            ascii: self.ascii & other.ascii,
            separators: self.separators && other.separators,
            others: self.others && other.others,
        }
    }

    pub(super) fn not(self) -> Self {
        Self { ascii: !self.ascii, separators: !self.separators, others: !self.others }
    }

    /// Bit `n` is set where U+00`n` is in the set.
    pub fn ascii(self) -> u128 {
        self.ascii
    }

    /// Whether U+2028 and U+2029 are in the set.
    pub fn separators(self) -> bool {
        self.separators
    }

    /// Whether every other code point beyond ASCII is in the set.
    pub fn others(self) -> bool {
        self.others
    }

    /// The only member, where there is one alone and it is ASCII.
    pub(super) fn single(self) -> Option<u8> {
        let is_single = self.ascii.is_power_of_two() && !self.separators && !self.others;
        is_single.then(|| u8::try_from(self.ascii.trailing_zeros()).expect("less than 128"))
    }

    /// Whether the code point is in the set.
    pub fn contains(self, character: char) -> bool {
        match character {
            '\0'..='\x7f' => self.ascii >> (character as u32) & 1 == 1,
            '\u{2028}' | '\u{2029}' => self.separators,
            _ => self.others,
        }
    }

    /// Some member of the set, in words.
    pub(super) fn example(self) -> String {
        match (0..=0x7f_u8).filter(|&character| self.contains(character.into())).max_by_key(u8::is_ascii_graphic) {
            Some(character) if character.is_ascii_graphic() => format!("`{}`", char::from(character)),
            Some(character) => format!("U+{character:04X}"),
            None => "a character beyond ASCII".to_owned(),
        }
    }

    /// Adds the set to the body of a pattern; the text means the same in every dialect.
    pub(super) fn render(self, out: &mut String) {
        if let Some(character) = self.single() {
            return render_literal(character.into(), "\\.*+?()[]{}^$|", out);
        }
        out.push('[');
        let listed = if self.others {
            out.push('^');
            self.not()
        } else {
            self
        };
        for (first, last) in listed.ranges() {
            render_literal(first, "\\-[]^", out);
            if first < last {
                out.push('-');
                render_literal(last, "\\-[]^", out);
            }
        }
        out.push(']');
    }

    /// The members one by one where they are finite, as ranges of code points.
    fn ranges(self) -> Vec<(u32, u32)> {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for character in (0..128).filter(|&character| self.ascii >> character & 1 == 1) {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == character => *last = character,
                _ => ranges.push((character, character)),
            }
        }
        if self.separators {
            ranges.push((0x2028, 0x2029));
        }
        ranges
    }
}

fn render_literal(code_point: u32, escaped: &str, out: &mut String) {
    match u8::try_from(code_point) {
        Ok(byte @ b' '..=b'~') => {
            let character = char::from(byte);
            if escaped.contains(character) {
                out.push('\\');
            }
            out.push(character);
        }
        _ => write!(out, "\\u{code_point:04x}").expect("a string takes all"),
    }
}
