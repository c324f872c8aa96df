//! The system's clock enters; moments as RFC 3339 texts of one width leave, which never go back within a run.

use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

static LAST: Mutex<i128> = Mutex::new(0);

/// Now, in UTC with microseconds: texts of moments are in the order of the moments.
pub fn now() -> String {
    let micros = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i128::try_from(since.as_micros()).unwrap_or(0),
        Err(before) => -i128::try_from(before.duration().as_micros()).unwrap_or(0),
    };
    let mut last = LAST.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    // A clock that is set back does not reorder what one run writes.
    *last = micros.max(*last);
    text(*last)
}

/// A moment, given in microseconds since 1970.
pub fn text(micros: i128) -> String {
    let (seconds, micros) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}+00:00")
}

/// Year, month and day of the day that is so many days after 1970-01-01. Years are counted from March, so that the day
/// that some years lack comes last.
fn date(days: i128) -> (i128, i128, i128) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i128::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::text;

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
