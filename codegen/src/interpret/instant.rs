//! A date-time of the wire profile enters; the moment it names leaves.

/// A moment, counted from 1970-01-01T00:00:00Z; the nanoseconds are never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    /// Whole seconds, rounded down.
    pub seconds: i64,
    /// What is left, below one second.
    pub nanoseconds: u32,
}

/// The moment of a text that the format `date-time` accepts; none for any other text.
pub fn instant(text: &str) -> Option<Instant> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let rest = text.get(19..)?;
    let (fraction, offset) = rest.split_at(rest.find(['Z', '+', '-'])?);
    let nanoseconds = format!("{:0<9}", fraction.trim_start_matches('.')).parse().ok()?;
    let seconds = ((days_from_epoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    Some(Instant { seconds: seconds - offset_seconds(offset)?, nanoseconds })
}

fn offset_seconds(offset: &str) -> Option<i64> {
    let number = |from: usize, to: usize| offset.get(from..to)?.parse::<i64>().ok();
    match offset.as_bytes()[0] {
        b'Z' => Some(0),
        sign => {
            let seconds = (number(1, 3)? * 60 + number(4, 6)?) * 60;
            Some(if sign == b'-' { -seconds } else { seconds })
        }
    }
}

/// Days since 1970-01-01 in the Gregorian calendar. The year is taken to begin in March, so that the leap day is its
/// last; 719,468 days lie between 0000-03-01 and the epoch.
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}
