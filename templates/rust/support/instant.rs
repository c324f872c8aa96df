//! The text of a date-time enters; the moment that it names leaves.

/// A moment: what date-times are ordered by. The text beside it stays the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    /// Seconds since 1970-01-01T00:00:00Z, rounded down.
    pub seconds: i64,
    /// Nanoseconds since that second.
    pub nanoseconds: u32,
}

impl Instant {
    /// The moment of a text that is known to be a date-time.
    pub(super) fn of_checked(text: &str) -> Self {
        let (head, tail) = text.split_at(19);
        let digits = head.as_bytes();
        let number = |from: usize, to: usize| digits[from..to].iter().copied().fold(0, add_digit);
        let days = days_since_epoch(number(0, 4), number(5, 7), number(8, 10));
        let time = number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19);
        let fraction = tail.strip_prefix('.').unwrap_or("").bytes().take_while(u8::is_ascii_digit);
        let nanoseconds = fraction.chain(std::iter::repeat(b'0')).take(9).fold(0, add_digit);
        Instant {
            seconds: days * 86_400 + time - offset_seconds(tail),
            nanoseconds: u32::try_from(nanoseconds).unwrap_or(0),
        }
    }
}

fn add_digit(value: i64, digit: u8) -> i64 {
    value * 10 + i64::from(digit - b'0')
}

fn offset_seconds(tail: &str) -> i64 {
    let Some(at) = tail.find(['+', '-']) else { return 0 };
    let (sign, digits) = tail[at..].split_at(1);
    let number = |part: &str| part.bytes().fold(0, add_digit);
    let seconds = number(&digits[..2]) * 3600 + number(&digits[3..]) * 60;
    if sign == "-" { -seconds } else { seconds }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar; years begin in March, so that leap days come last.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468
}
