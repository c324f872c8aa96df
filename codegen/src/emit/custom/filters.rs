//! Nothing enters; the filters that templates have besides those of minijinja leave: casing, and one way into each sink.

use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, Output, State, Value};

use crate::emit::{casing, encode};

/// How wide comments are unless told.
const WIDTH: usize = 100;

/// What a sink makes of a text.
type Encoder = fn(&str) -> String;

/// The sinks of `quote`.
const SINKS: [(&str, Encoder); 9] = [
    ("html", encode::html::attribute),
    ("json", encode::json::string),
    ("python", encode::python::string),
    ("rust", encode::rust::string),
    ("sql", encode::sql::string),
    ("sql-name", encode::sql::name),
    ("toml", encode::toml::string),
    ("typescript", encode::typescript::string),
    ("yaml", encode::yaml::string),
];

pub(super) fn add(environment: &mut Environment) {
    environment.add_filter("snake", |name: &str| casing::snake(name));
    environment.add_filter("constant", |name: &str| casing::screaming(name));
    environment.add_filter("pascal", |name: &str| casing::pascal(name));
    environment.add_filter("camel", |name: &str| casing::camel(name));
    environment.add_filter("kebab", |name: &str| casing::snake(name).replace('_', "-"));
    environment.add_filter("quote", quote);
    environment.add_filter("json", json);
    environment.add_filter("html", |text: &str| encode::html::text(text));
    environment.add_filter("markdown", |text: &str| encode::markdown::inline(text));
    environment.add_filter("comment", comment);
}

/// What `{{ value }}` writes: texts and numbers as they are, `true` and `false`, and nothing that has no one text.
pub(super) fn print(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let refused = |message: &'static str| Err(Error::new(ErrorKind::InvalidOperation, message));
    match value.kind() {
        ValueKind::None => refused("this is null: ask `is none` first, or give a value by `or`"),
        ValueKind::Bool => out.write_str(if value.is_true() { "true" } else { "false" }).map_err(Error::from),
        ValueKind::Seq | ValueKind::Map => refused("this is a list or an object: loop over it, or write it by `json`"),
        _ => minijinja::escape_formatter(out, state, value),
    }
}

/// A literal of a language, with its quotes.
fn quote(text: &str, sink: &str) -> Result<String, Error> {
    let known = SINKS.iter().find(|(name, _)| *name == sink);
    known.map(|(_, encode)| encode(text)).ok_or_else(|| {
        let names = SINKS.map(|(name, _)| name).join("`, `");
        Error::new(ErrorKind::InvalidOperation, format!("`quote` knows `{names}`, not `{sink}`"))
    })
}

/// Any value as JSON, members by name.
fn json(value: &Value) -> Result<String, Error> {
    let text = serde_json::to_string(value)
        .map_err(|error| Error::new(ErrorKind::BadSerialization, format!("this is no JSON: {error}")))?;
    Ok(encode::json::seen(text))
}

/// Prose as lines of comment, each behind the mark and broken between words.
fn comment(prose: &str, mark: &str, width: Option<usize>) -> String {
    let room = width.unwrap_or(WIDTH).saturating_sub(mark.chars().count() + 1);
    let mut lines = Vec::new();
    for line in encode::prose_lines(prose) {
        let mut current = String::new();
        for word in line.split(' ').filter(|word| !word.is_empty()) {
            if !current.is_empty() && current.chars().count() + 1 + word.chars().count() > room {
                lines.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("{mark} {line}").trim_end().to_owned()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_cannot_leave_its_comment() {
        assert_eq!(comment("one two three", "--", Some(10)), "-- one two\n-- three");
        assert_eq!(comment("a\r\nb\u{2028}DROP TABLE x;\n\nc", "--", None), "-- a\n-- b\n-- DROP TABLE x;\n--\n-- c");
        assert_eq!(comment("a-word-longer-than-a-line b", "//", Some(5)), "// a-word-longer-than-a-line\n// b");
        assert_eq!(comment("", "//", None), "");
    }

    #[test]
    fn a_literal_cannot_end_early() {
        assert_eq!(quote("it's", "sql").unwrap(), "'it''s'");
        assert_eq!(quote("a\"b", "sql-name").unwrap(), "\"a\"\"b\"");
        assert_eq!(quote("a\"b", "json").unwrap(), r#""a\"b""#);
        assert!(quote("a", "cobol").unwrap_err().to_string().contains("not `cobol`"));
    }
}
