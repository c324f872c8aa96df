//! Do patterns mean what the vectors say, and does another engine agree?

use codegen::pattern::{self, Matcher, Pattern, Reason};
use proptest::prelude::*;
use tests::vectors;

#[test]
fn every_vector_is_refused_or_rendered_and_matched_as_it_says() {
    for case in vectors("patterns.json") {
        let id = case["id"].as_str().unwrap();
        let source = case["pattern"].as_str().unwrap();
        match (pattern::parse(source), case["reason"].as_str()) {
            (Err(refusal), Some(reason)) => {
                assert_eq!(refusal.reason.as_str(), reason, "{id} {source}");
                assert!(refusal.offset <= source.len(), "{id}");
            }
            (Ok(pattern), None) => {
                let rendered = &case["rendered"];
                assert_eq!(pattern.rust(), rendered["rust"], "{id}");
                assert_eq!(pattern.python(), rendered["python"], "{id}");
                assert_eq!(pattern.typescript(), rendered["typescript"], "{id}");
                assert_eq!(pattern.json_schema(), rendered["json_schema"], "{id}");
                assert_eq!(pattern.source(), source, "{id}");
                for sample in case["samples"].as_array().unwrap() {
                    let text = sample["text"].as_str().unwrap();
                    assert_eq!(decisions(&pattern, text), [sample["matches"].as_bool().unwrap(); 3], "{id} {text:?}");
                }
            }
            (outcome, reason) => panic!("{id} {source}: {outcome:?}, expected {reason:?}"),
        }
    }
}

#[test]
fn what_backtracks_without_bound_on_the_empty_text_is_ambiguous() {
    for source in ["(?:a?|b?)c", "(?:a|b?)a", "(?:a?|b*)"] {
        assert_eq!(pattern::parse(source).unwrap_err().reason, Reason::Ambiguous, "{source}");
    }
    assert_eq!(pattern::parse("(?:a?)?").unwrap_err().reason, Reason::EmptyLoop);
}

#[test]
fn alternatives_that_begin_alike_are_merged_through_groups() {
    for (source, body) in [
        ("(?:foo|far)|fab", "f(?:oo|a(?:r|b))"),
        ("a|ab?", "ab?"),
        ("a+b|a+c", "a+(?:b|c)"),
        ("a{2,}|b{1}", "(?:a{2,}|b)"),
    ] {
        assert_eq!(pattern::parse(source).unwrap().body(), body, "{source}");
    }
}

#[test]
fn an_ambiguous_pattern_can_be_lowered_unless_its_table_would_be_too_large() {
    let lowered = pattern::parse_ambiguous("(?:a|[ab])+").unwrap();
    assert!(!lowered.is_linear());
    assert_eq!(decisions(&lowered, "abba"), [true; 3]);
    let refusal = pattern::parse_ambiguous("[ab]*a[ab]{14}").unwrap_err();
    assert_eq!(refusal.reason, Reason::CountTooBig);
}

#[test]
fn a_row_of_classes_is_runs_and_equal_rests_share_their_states() {
    assert!(matches!(pattern::parse("[A-Z]{3}[0-9]+x?").unwrap().matcher(), Matcher::Runs(runs) if runs.len() == 3));
    let Matcher::Table(table) = pattern::parse("(?:axyz|bxyz|cxyz)").unwrap().matcher() else { panic!("no row") };
    assert_eq!(table.next.len(), 5);
}

/// The reference matcher, what a generated program does, and the `regex` crate over the rendered text.
fn decisions(pattern: &Pattern, text: &str) -> [bool; 3] {
    let emitted = match pattern.matcher() {
        Matcher::Table(table) => table.is_match(text),
        Matcher::Runs(runs) => {
            let mut rest = text.chars().peekable();
            let complete = runs.iter().all(|run| {
                let mut taken = 0;
                while run.max != Some(taken) && rest.next_if(|&character| run.class.contains(character)).is_some() {
                    taken += 1;
                }
                taken >= run.min
            });
            complete && rest.next().is_none()
        }
    };
    [pattern.is_match(text), emitted, regex::Regex::new(&pattern.rust()).unwrap().is_match(text)]
}

/// A pattern of our language, and one written apart from it that means the same to the `regex` crate.
fn source_and_twin() -> impl Strategy<Value = (String, String)> {
    let atom = prop::sample::select(vec![
        ("a", "a"),
        ("b", "b"),
        (r"\.", r"\."),
        (r"\d", "[0-9]"),
        (r"\W", "[^0-9A-Za-z_]"),
        (r"\s", r"[\t-\r ]"),
        (".", r"[^\n\r\x{2028}\x{2029}]"),
        ("[^a]", "[^a]"),
        ("[ab0]", "[ab0]"),
        (r"[\w-]", "[0-9A-Za-z_-]"),
    ])
    .prop_map(|(ours, twin)| (ours.to_owned(), twin.to_owned()));
    atom.prop_recursive(4, 24, 4, |inner| {
        let quantifier = prop::sample::select(vec!["?", "*", "+", "{2}", "{1,3}", "{2,}", "{0,2}"]);
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..5).prop_map(|parts| joined(&parts, "")),
            2 => prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| grouped(&joined(&parts, "|"), "")),
            2 => (inner, quantifier).prop_map(|(part, quantifier)| grouped(&part, quantifier)),
        ]
    })
}

fn joined(parts: &[(String, String)], with: &str) -> (String, String) {
    let (ours, twins): (Vec<_>, Vec<_>) = parts.iter().cloned().unzip();
    (ours.join(with), twins.join(with))
}

fn grouped((ours, twin): &(String, String), quantifier: &str) -> (String, String) {
    (format!("({ours}){quantifier}"), format!("(?:{twin}){quantifier}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn another_engine_agrees_on_every_accepted_pattern(
        (source, twin) in source_and_twin(),
        texts in prop::collection::vec("[ab0._ \n\u{2028}é😀-]{0,8}", 12),
    ) {
        if let Ok(pattern) = pattern::parse_ambiguous(&source) {
            let twin = regex::Regex::new(&format!(r"\A(?:{twin})\z")).unwrap();
            for text in texts {
                prop_assert_eq!(decisions(&pattern, &text), [twin.is_match(&text); 3], "{} on {:?}", source, text);
            }
        }
    }
}
