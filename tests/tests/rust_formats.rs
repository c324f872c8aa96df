//! Do the hand-written matchers of the Rust crate accept what the published regular expressions do, and nothing else?

use event_contracts::support::Format;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use regex::Regex;
use serde_json::Value;
use tests::{root, vectors};

const FORMATS: [Format; 5] = [Format::Uuid, Format::Ulid, Format::HttpUrl, Format::DateTime, Format::SemVer];

/// The published profile of a format: its regular expression over the whole text, and its cap.
fn profile(format: Format) -> (Regex, usize) {
    let text = std::fs::read_to_string(root().join("tests/vectors/formats.json")).unwrap();
    let profiles: Value = serde_json::from_str(&text).unwrap();
    let profile = &profiles[format.as_str()];
    let regex = Regex::new(&format!(r"\A(?:{})\z", profile["regex"].as_str().unwrap())).unwrap();
    (regex, usize::try_from(profile["max_code_points"].as_u64().unwrap()).unwrap())
}

/// Texts of the vectors for a format, good and bad.
fn seeds(format: Format) -> Vec<String> {
    let cases = vectors("scalars.json").into_iter().filter(|case| case["format"] == format.as_str());
    cases.filter_map(|case| serde_json::from_str(case["text"].as_str()?).ok()).collect()
}

#[derive(Debug, Clone)]
enum Change {
    Replace(Index, char),
    Insert(Index, char),
    Remove(Index),
    Double(Index, Index),
}

/// Characters that mean something in a format, or almost do.
fn character() -> impl Strategy<Value = char> {
    let telling: Vec<char> =
        "0123456789abcdfghilouzABCDFGHILOUZTt-+.:/?#%@[]_~!$&'()*,;= \n\u{e9}\u{0}".chars().collect();
    select(telling)
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), character()).prop_map(|(at, char)| Change::Replace(at, char)),
        (any::<Index>(), character()).prop_map(|(at, char)| Change::Insert(at, char)),
        any::<Index>().prop_map(Change::Remove),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Double(from, to)),
    ]
}

fn changed(seed: &str, changes: &[Change]) -> String {
    let mut text: Vec<char> = seed.chars().collect();
    for change in changes {
        let places = text.len() + 1;
        match change {
            Change::Insert(at, char) => text.insert(at.index(places), *char),
            _ if text.is_empty() => {}
            Change::Replace(at, char) => {
                let at = at.index(text.len());
                text[at] = *char;
            }
            Change::Remove(at) => _ = text.remove(at.index(text.len())),
            Change::Double(from, to) => {
                let (from, to) = (from.index(places), to.index(places));
                let part = text[from.min(to)..from.max(to)].to_vec();
                text.splice(from.max(to)..from.max(to), part);
            }
        }
    }
    text.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn matchers_are_their_regular_expressions(
        format in select(FORMATS.to_vec()),
        seed in any::<Index>(),
        changes in prop::collection::vec(change(), 0..4),
    ) {
        thread_local! {
            static KNOWN: Vec<(Regex, usize, Vec<String>)> = FORMATS.map(|format| {
                let (regex, cap) = profile(format);
                (regex, cap, seeds(format))
            }).into();
        }
        let at = FORMATS.iter().position(|other| *other == format).unwrap();
        let (text, expected) = KNOWN.with(|known| {
            let (regex, cap, seeds) = &known[at];
            let text = changed(&seeds[seed.index(seeds.len())], &changes);
            let expected = text.chars().count() <= *cap && regex.is_match(&text);
            (text, expected)
        });
        prop_assert_eq!(format.accepts(&text), expected, "{} {:?}", format.as_str(), text);
    }
}

#[test]
fn every_day_of_the_calendar_is_judged_as_its_regular_expression_does() {
    let (regex, _) = profile(Format::DateTime);
    for year in [0, 1, 4, 100, 400, 1900, 2000, 2023, 2024, 9999] {
        for (month, day) in (0..=13).flat_map(|month| (0..=32).map(move |day| (month, day))) {
            let text = format!("{year:04}-{month:02}-{day:02}T00:00:00Z");
            assert_eq!(Format::DateTime.accepts(&text), regex.is_match(&text), "{text}");
        }
    }
}
