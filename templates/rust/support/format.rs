//! Bytes enter; whether they are of one of the five published string profiles leaves.
//!
//! Each matcher accepts exactly what the regular expression of its profile does; by hand they are several times
//! faster, and tests hold the two equal.

const HEX: u8 = 1;
const ALNUM: u8 = 2;
const ALPHA: u8 = 4;
const PATH: u8 = 8;
const BASE32: u8 = 16;

/// What each byte may be part of.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    loop {
        let mut class = 0;
        if byte.is_ascii_hexdigit() {
            class |= HEX;
        }
        if byte.is_ascii_alphanumeric() {
            class |= ALNUM | PATH;
            if !matches!(byte.to_ascii_uppercase(), b'I' | b'L' | b'O' | b'U') {
                class |= BASE32;
            }
        }
        if byte.is_ascii_alphabetic() {
            class |= ALPHA;
        }
        if matches!(byte, b'!' | b'$' | b'&'..=b'/' | b':' | b';' | b'=' | b'@' | b'_' | b'~') {
            class |= PATH;
        }
        classes[byte as usize] = class;
        if byte == u8::MAX {
            break classes;
        }
        byte += 1;
    }
};

#[inline]
fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

/// 8-4-4-4-12 hexadecimal digits.
pub(super) fn is_uuid(text: &[u8]) -> bool {
    text.len() == 36
        && text.iter().enumerate().fold(true, |good, (at, &byte)| {
            good & if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { is(byte, HEX) }
        })
}

/// 26 characters of base 32, of which the first fits three bits.
pub(super) fn is_ulid(text: &[u8]) -> bool {
    text.len() == 26 && text[0] <= b'7' && text.iter().fold(true, |good, &byte| good & is(byte, BASE32))
}

/// A real day and time of day with an offset.
pub(super) fn is_date_time(text: &[u8]) -> bool {
    let Some((head, tail)) = text.split_first_chunk::<19>() else { return false };
    let punctuation = (head[4], head[7], head[10], head[13], head[16]);
    if punctuation != (b'-', b'-', b'T', b':', b':') {
        return false;
    }
    let number = |at| two_digits(head, at);
    let (Some(century), Some(year), Some(month), Some(day)) = (number(0), number(2), number(5), number(8)) else {
        return false;
    };
    let (Some(hour), Some(minute), Some(second)) = (number(11), number(14), number(17)) else { return false };
    is_day(century, year, month, day) && hour < 24 && minute < 60 && second < 60 && is_fraction_and_offset(tail)
}

fn is_day(century: u8, year: u8, month: u8, day: u8) -> bool {
    let is_leap = if year == 0 { century } else { year }.is_multiple_of(4);
    let days = match month {
        2 => 28 + u8::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (century, year) != (0, 0) && (1..=days).contains(&day)
}

fn is_fraction_and_offset(tail: &[u8]) -> bool {
    let offset = match tail {
        [b'.', rest @ ..] => {
            let digits = digits(rest);
            if !(1..=9).contains(&digits) {
                return false;
            }
            &rest[digits..]
        }
        rest => rest,
    };
    match offset {
        [b'Z'] => true,
        [b'+' | b'-', _, _, b':', _, _] => {
            two_digits(offset, 1).is_some_and(|hours| hours < 24)
                && two_digits(offset, 4).is_some_and(|minutes| minutes < 60)
        }
        _ => false,
    }
}

#[inline]
fn two_digits(text: &[u8], at: usize) -> Option<u8> {
    let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| tens * 10 + ones)
}

/// How many digits a text begins with.
fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Scheme, host, port, path, query and fragment of the conservative profile.
pub(super) fn is_http_url(text: &[u8]) -> bool {
    if text.len() > 2048 {
        return false;
    }
    let Some(rest) = text.strip_prefix(b"http") else { return false };
    let rest = rest.strip_prefix(b"s").unwrap_or(rest);
    let Some(rest) = rest.strip_prefix(b"://") else { return false };
    match past_host(rest).and_then(past_port) {
        Some(rest) => is_path_query_fragment(rest),
        None => false,
    }
}

/// What follows the host: a dotted quad, or labels of which the last begins with a letter.
fn past_host(mut rest: &[u8]) -> Option<&[u8]> {
    let (mut labels, mut octets) = (0, 0);
    loop {
        let length = rest.iter().take_while(|&&byte| is(byte, ALNUM) || byte == b'-').count();
        let (label, after) = rest.split_at(length);
        if !is_label(label) {
            return None;
        }
        labels += 1;
        octets += u32::from(is_octet(label));
        match after {
            [b'.', after @ ..] => rest = after,
            _ if is(label[0], ALPHA) || (labels, octets) == (4, 4) => return Some(after),
            _ => return None,
        }
    }
}

fn is_label(label: &[u8]) -> bool {
    match label {
        [] | [b'-', ..] | [.., b'-'] | [_, _, b'-', b'-', ..] => false,
        label => label.len() <= 63,
    }
}

fn is_octet(label: &[u8]) -> bool {
    match label {
        [b'0'] => true,
        [b'1'..=b'9', ..] if label.len() <= 3 && digits(label) == label.len() => {
            label.iter().fold(0, |value, byte| value * 10 + u32::from(byte - b'0')) < 256
        }
        _ => false,
    }
}

fn past_port(rest: &[u8]) -> Option<&[u8]> {
    let [b':', rest @ ..] = rest else { return Some(rest) };
    let (port, rest) = rest.split_at(digits(rest));
    let is_number = matches!(port, [b'1'..=b'9', ..]) && port.len() <= 5;
    let value = || port.iter().fold(0, |value, byte| value * 10 + u32::from(byte - b'0'));
    (is_number && value() < 65_536).then_some(rest)
}

fn is_path_query_fragment(rest: &[u8]) -> bool {
    // What may follow grows poorer: a path, then a query, then a fragment.
    let mut part = match rest.first() {
        None => return true,
        Some(first @ (b'/' | b'?' | b'#')) => *first,
        Some(_) => return false,
    };
    let mut at = 1;
    while let Some(&byte) = rest.get(at) {
        at += match byte {
            byte if is(byte, PATH) => 1,
            b'%' if rest.len() > at + 2 && is(rest[at + 1], HEX) && is(rest[at + 2], HEX) => 3,
            b'?' if part == b'/' => {
                part = b'?';
                1
            }
            b'?' => 1,
            b'#' if part != b'#' => {
                part = b'#';
                1
            }
            _ => return false,
        };
    }
    true
}

/// Three numbers, then dotted identifiers before and after a plus.
pub(super) fn is_semver(text: &[u8]) -> bool {
    // Most versions are three digits.
    if let [major, b'.', minor, b'.', patch] = text {
        return [major, minor, patch].iter().all(|byte| byte.is_ascii_digit());
    }
    if text.len() > 256 {
        return false;
    }
    let (text, build) = split_off(text, b'+');
    let (core, pre) = split_off(text, b'-');
    let is_word = |word: &[u8]| !word.is_empty() && word.iter().all(|&byte| is(byte, ALNUM) || byte == b'-');
    let is_number = |word: &[u8]| !word.is_empty() && digits(word) == word.len();
    let is_plain = |word: &[u8]| word.len() == 1 || word[0] != b'0';
    let dotted = |part: Option<&[u8]>, good: &dyn Fn(&[u8]) -> bool| {
        part.is_none_or(|part| part.split(|&byte| byte == b'.').all(good))
    };
    dotted(Some(core), &|word| is_number(word) && is_plain(word) && word.len() <= 15)
        && core.split(|&byte| byte == b'.').count() == 3
        && dotted(pre, &|word| is_word(word) && (!is_number(word) || is_plain(word)))
        && dotted(build, &is_word)
}

/// The text before the first such byte, and the text after it.
fn split_off(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&other| other == byte) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}
