//! Two payloads of one event enter; where they differ leaves, for people.

use std::collections::BTreeSet;

use event_contracts::support::Json;

/// Places that are named; others are counted.
const MOST_NAMED: usize = 5;

/// Letters of a place that are shown.
const MOST_LETTERS: usize = 80;

/// Says where a source's payload is not what the journal's is.
pub(super) fn difference(journal: &[u8], source: &[u8]) -> String {
    let (journal, source) = match (Json::from_json(journal), Json::from_json(source)) {
        (Ok(journal), Ok(source)) => (journal, source),
        (Err(_), Err(_)) => return "neither payload is read as JSON, and their bytes differ".to_owned(),
        (Err(_), Ok(_)) => return "the journal's payload is not read as JSON, the source's is".to_owned(),
        (Ok(_), Err(_)) => return "the source's payload is not read as JSON, the journal's is".to_owned(),
    };
    let mut places = Places::default();
    places.collect(&journal, &source, "");
    let more = if places.others == 0 { String::new() } else { format!(" and {} more", places.others) };
    format!("differs at {}{more}", places.named.join(", "))
}

/// Places, as JSON pointers, below which nothing is the same any more.
#[derive(Default)]
struct Places {
    named: Vec<String>,
    others: usize,
}

impl Places {
    fn collect(&mut self, journal: &Json, source: &Json, at: &str) {
        match (journal, source) {
            (Json::Object(journal), Json::Object(source)) => {
                for key in journal.keys().chain(source.keys()).collect::<BTreeSet<_>>() {
                    let inner = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                    match (journal.get(key), source.get(key)) {
                        (Some(journal), Some(source)) => self.collect(journal, source, &inner),
                        _ => self.add(&inner),
                    }
                }
            }
            (Json::Array(journal), Json::Array(source)) if journal.len() == source.len() => {
                for (index, (journal, source)) in journal.iter().zip(source).enumerate() {
                    self.collect(journal, source, &format!("{at}/{index}"));
                }
            }
            _ if journal.to_json() == source.to_json() => {}
            _ => self.add(at),
        }
    }

    fn add(&mut self, place: &str) {
        if self.named.len() < MOST_NAMED {
            self.named.push(shown(place));
        } else {
            self.others += 1;
        }
    }
}

fn shown(place: &str) -> String {
    if place.is_empty() {
        return "/".to_owned();
    }
    let start: String = place.chars().take(MOST_LETTERS).collect();
    if start.len() == place.len() { start } else { start + "..." }
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_places_that_differ_are_named_and_those_beyond_a_few_are_counted() {
        let says = |one: &str, other: &str, text: &str| {
            assert_eq!(difference(one.as_bytes(), other.as_bytes()), text);
        };
        says(r#"{"a":{"b/c":1,"d":[1,2]},"e":1}"#, r#"{"a":{"b/c":2,"d":[1,3]}}"#, "differs at /a/b~1c, /a/d/1, /e");
        says(r#"{"a":[1,2]}"#, r#"{"a":[1.0]}"#, "differs at /a");
        says("[1]", "{}", "differs at /");
        says(
            r#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1}"#,
            r#"{"g":1.0}"#,
            "differs at /a, /b, /c, /d, /e and 1 more",
        );
        says("no", "{}", "the journal's payload is not read as JSON, the source's is");
        let long = "é".repeat(500);
        says(&format!(r#"{{"{long}":1}}"#), "{}", &format!("differs at /{}...", "é".repeat(79)));
    }
}
