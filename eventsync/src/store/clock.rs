//! The system's clock enters; moments as RFC 3339 texts of one width leave, which never go back within a run.

use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

static LAST: Mutex<i128> = Mutex::new(0);

/// 0000-01-01 and the end of 9999, in microseconds since 1970.
const EARLIEST: i128 = -62_167_219_200_000_000;
const LATEST: i128 = 253_402_300_799_999_999;

/// Now, in UTC with microseconds: texts of moments are in the order of the moments.
pub fn now() -> String {
    let micros = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i128::try_from(since.as_micros()).unwrap_or(0),
        Err(before) => -i128::try_from(before.duration().as_micros()).unwrap_or(0),
    };
    text(later(&mut LAST.lock().unwrap_or_else(std::sync::PoisonError::into_inner), micros))
}

/// Lets no later moment of this run be before one that was written earlier, by whatever clock.
pub fn not_before(written: &str) {
    let Some(micros) = micros(written) else { return };
    later(&mut LAST.lock().unwrap_or_else(std::sync::PoisonError::into_inner), micros);
}

/// What a clock says, or the last moment once more: a clock that is set back does not reorder what one run writes.
fn later(last: &mut i128, micros: i128) -> i128 {
    *last = micros.max(*last);
    *last
}

/// A moment, given in microseconds since 1970; the first or last one of four-digit years where it lies beyond these.
pub fn text(micros: i128) -> String {
    // Numbers of 128 bits are slow, and so is the formatting of the standard library: every event has two moments.
    let micros = i64::try_from(micros.clamp(EARLIEST, LATEST)).expect("four digits of years");
    let (seconds, micros) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let mut text = *b"0000-00-00T00:00:00.000000+00:00";
    let fields = [(4, year), (7, month), (10, day), (13, hour), (16, minute), (19, second), (26, micros)];
    for (end, mut number) in fields {
        let mut at = end;
        while number > 0 {
            at -= 1;
            text[at] = b'0' + u8::try_from(number % 10).expect("a digit");
            number /= 10;
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// A moment as RFC 3339 writes it, in UTC; none where the text is no such moment.
pub fn utc(written: &str) -> Option<String> {
    micros(written).map(text)
}

/// Microseconds from 1970 to a moment as RFC 3339 writes it.
fn micros(written: &str) -> Option<i128> {
    let bytes = written.as_bytes();
    let number = |from: usize, to: usize| {
        let digits = written.get(from..to).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse::<i128>().ok()
    };
    let is = |at: usize, any: &str| bytes.get(at).is_some_and(|byte| any.as_bytes().contains(byte));
    let separated = is(4, "-") && is(7, "-") && is(10, "Tt ") && is(13, ":") && is(16, ":");
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let possible = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 60;
    let fraction =
        written.get(19..)?.strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let zone = written.get(19 + fraction + usize::from(fraction > 0)..)?;
    let offset = match zone.as_bytes() {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let at = written.len();
            let minutes = number(at - 5, at - 3)? * 60 + number(at - 2, at)?;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    if !separated || !possible {
        return None;
    }
    let micros = format!("{:0<6}", written.get(20..20 + fraction).unwrap_or_default());
    let micros: i128 = micros.get(..6)?.parse().ok()?;
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + (minute - offset) * 60 + second;
    Some(seconds * 1_000_000 + micros)
}

/// How many days a date lies after 1970-01-01.
fn days(year: i128, month: i128, day: i128) -> i128 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let month = if month > 2 { month - 3 } else { month + 9 };
    era * 146_097 + year * 365 + year / 4 - year / 100 + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// Year, month and day of the day that is so many days after 1970-01-01. Years are counted from March, so that the day
/// that some years lack comes last.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::{later, text, utc};

    #[test]
    fn a_clock_that_steps_while_it_is_read_gives_no_earlier_moment() {
        const HOUR: i128 = 3_600_000_000;
        let start = 1_790_000_000_000_000;
        let mut last = 0;
        let mut told = String::new();
        // Set back a year and right again, an hour at the end of summer time, a little by a time server, a year ahead.
        let steps = [0, 5, -8760 * HOUR, -8760 * HOUR + 9, 20, HOUR, 30, HOUR + 1, HOUR - 900, 8760 * HOUR, 40];
        for step in steps {
            let now = text(later(&mut last, start + step));
            assert!(now >= told, "{step}: {now} follows {told}");
            assert!(now >= text(start + step), "{step}: it never stays behind the clock: {now}");
            told = now;
        }
        assert_eq!(told, text(start + 8760 * HOUR));
    }

    #[test]
    fn moments_of_other_zones_are_written_in_utc() {
        let is = |written: &str, expected: &str| assert_eq!(utc(written).as_deref(), Some(expected), "{written}");
        is("2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000000+00:00");
        is("2024-03-01T01:29:59.1234567+01:30", "2024-02-29T23:59:59.123456+00:00");
        is("2023-12-31T20:00:00.5-05:00", "2024-01-01T01:00:00.500000+00:00");
        for wrong in
            ["", "2024-02-29", "2024-13-01T00:00:00Z", "2024-01-01T00:00:00", "2024-01-01T00:00:00é", "x\u{e9}"]
        {
            assert_eq!(utc(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn moments_are_written_as_the_calendar_has_them() {
        let at = |seconds: i128| text(seconds * 1_000_000);
        assert_eq!(at(0), "1970-01-01T00:00:00.000000+00:00");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00.000000+00:00");
        assert_eq!(at(1_709_251_199), "2024-02-29T23:59:59.000000+00:00");
        assert_eq!(at(4_107_542_399), "2100-02-28T23:59:59.000000+00:00");
        assert_eq!(text(-1), "1969-12-31T23:59:59.999999+00:00");
    }
}
