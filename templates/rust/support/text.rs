//! A string and the constraints on it enter; the first check that fails leaves, or its canonical spelling.

use std::borrow::Cow;

use super::fault::{Code, Params};
use super::format;
use super::shape::{Format, Text};
use super::slots::is_blank;

impl Text {
    /// The first check that fails, in the order of the contract.
    #[inline]
    pub(super) fn fault(&self, text: &str) -> Option<(Code, Params)> {
        // A code point takes one to four bytes: mostly the bytes settle the length.
        let is_long = text.len().div_ceil(4) >= self.min_length as usize && text.len() <= self.max_length as usize;
        if is_long && !self.non_blank && self.format.is_none() && self.pattern.is_none() {
            return None;
        }
        self.fault_in_full(text, is_long)
    }

    fn fault_in_full(&self, text: &str, is_long: bool) -> Option<(Code, Params)> {
        if !is_long {
            let length = text.chars().count();
            if length < self.min_length as usize {
                return Some((Code::MinLength, Params::count(self.min_length)));
            }
            if length > self.max_length as usize {
                return Some((Code::MaxLength, Params::count(self.max_length)));
            }
        }
        if self.non_blank && is_blank(text) {
            return Some((Code::Blank, Params::None));
        }
        if let Some(format) = self.format
            && !format.accepts(text)
        {
            return Some((Code::Format, Params::Format(format.as_str())));
        }
        match self.pattern {
            Some(pattern) if !pattern.accepts(text) => Some((Code::Pattern, Params::Pattern(pattern.source))),
            _ => None,
        }
    }

    /// The spelling that is kept and written.
    #[inline]
    pub(super) fn spell<'a>(&self, text: Cow<'a, str>) -> Cow<'a, str> {
        match self.format {
            Some(Format::Uuid) if has(&text, u8::is_ascii_uppercase) => Cow::Owned(text.to_ascii_lowercase()),
            Some(Format::Ulid) if has(&text, u8::is_ascii_lowercase) => Cow::Owned(text.to_ascii_uppercase()),
            _ => text,
        }
    }
}

/// Whether some byte of a text of sixteen or more is such. A fold, unlike a search, looks at many bytes at a time; the
/// last sixteen may be looked at twice.
#[inline]
fn has(text: &str, is_such: impl Fn(&u8) -> bool) -> bool {
    let (chunks, _) = text.as_bytes().as_chunks::<16>();
    let last = text.as_bytes().last_chunk::<16>();
    chunks.iter().chain(last).any(|chunk| chunk.iter().fold(false, |any, byte| any | is_such(byte)))
}

impl Format {
    /// The name in contracts and faults.
    pub const fn as_str(self) -> &'static str {
        match self {
            Format::Uuid => "uuid",
            Format::Ulid => "ulid",
            Format::HttpUrl => "http-url",
            Format::DateTime => "date-time",
            Format::SemVer => "semver",
        }
    }

    /// Whether a text is of this format.
    #[inline]
    pub fn accepts(self, text: &str) -> bool {
        let text = text.as_bytes();
        match self {
            Format::Uuid => format::is_uuid(text),
            Format::Ulid => format::is_ulid(text),
            Format::HttpUrl => format::is_http_url(text),
            Format::DateTime => format::is_date_time(text),
            Format::SemVer => format::is_semver(text),
        }
    }
}
