//! Two integers enter; a regular expression of exactly the decimal texts between them leaves.

/// A pattern over the whole text for the integers `min..=max`, written without leading zeros, plus sign or `-0`.
pub(super) fn pattern(min: i128, max: i128) -> String {
    let mut parts = Vec::new();
    if max >= 1 {
        parts.extend(naturals(min.max(1).unsigned_abs(), max.unsigned_abs()));
    }
    if min <= -1 {
        let negative = naturals(max.min(-1).unsigned_abs(), min.unsigned_abs());
        parts.push(format!("-(?:{})", negative.join("|")));
    }
    if min <= 0 && max >= 0 {
        parts.insert(0, "0".to_owned());
    }
    if parts.is_empty() { "a^".to_owned() } else { format!("^(?:{})$", parts.join("|")) }
}

/// Alternatives for `min..=max`, both at least 1, one row of texts of equal length at a time.
fn naturals(min: u128, max: u128) -> Vec<String> {
    let mut found = Vec::new();
    let mut low = min;
    while low <= max {
        let digits = low.to_string().len();
        let high = max.min(10u128.pow(u32::try_from(digits).expect("at most 39 digits")) - 1);
        found.push(row(&low.to_string(), &high.to_string()));
        low = high + 1;
    }
    found
}

/// The texts of one length from `low` to `high`.
fn row(low: &str, high: &str) -> String {
    let rest = low.len() - 1;
    let (first, last) = (&low[..1], &high[..1]);
    let (is_least, is_most) = (low[1..].bytes().all(|b| b == b'0'), high[1..].bytes().all(|b| b == b'9'));
    if is_least && is_most {
        return class(first, last) + &any(rest);
    }
    if first == last {
        return format!("{first}{}", row(&low[1..], &high[1..]));
    }
    let mut parts = Vec::new();
    let (mut from, mut to) = (first.as_bytes()[0], last.as_bytes()[0]);
    if !is_least {
        parts.push(format!("{first}{}", row(&low[1..], &"9".repeat(rest))));
        from += 1;
    }
    if !is_most {
        to -= 1;
    }
    if from <= to {
        parts.push(class(&char::from(from).to_string(), &char::from(to).to_string()) + &any(rest));
    }
    if !is_most {
        parts.push(format!("{last}{}", row(&"0".repeat(rest), &high[1..])));
    }
    format!("(?:{})", parts.join("|"))
}

fn class(first: &str, last: &str) -> String {
    if first == last { first.to_owned() } else { format!("[{first}-{last}]") }
}

fn any(digits: usize) -> String {
    match digits {
        0 => String::new(),
        1 => "[0-9]".to_owned(),
        more => format!("[0-9]{{{more}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn a_pattern_takes_exactly_the_integers_between() {
        for (min, max) in [(-120, 345), (0, 0), (7, 7), (1, 999), (-99, -10), (100, 100_000), (-1, 0), (58, 61)] {
            let regex = regex::Regex::new(&pattern(min, max)).unwrap();
            for value in -130..1_100 {
                assert_eq!(
                    regex.is_match(&value.to_string()),
                    (min..=max).contains(&value),
                    "{value} in {min}..={max}"
                );
            }
            for text in ["-0", "00", "01", "+1", "", "1.0", "1 "] {
                assert!(!regex.is_match(text), "{text} in {min}..={max}");
            }
        }
    }
}
