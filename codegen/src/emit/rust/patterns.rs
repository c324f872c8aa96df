//! An accepted pattern enters; the constant that the support code matches with leaves.

use super::layout::Doc;
use crate::emit::encode::rust;
use crate::pattern::{Class, Matcher, Pattern, Run, Table};

/// The matcher of a pattern.
pub(super) fn compiled(pattern: &Pattern) -> Doc {
    let matcher = match pattern.matcher() {
        Matcher::Runs(runs) => {
            let runs = runs.iter().map(run).collect();
            Doc::call("support::Matcher::Runs", vec![Doc::Array("&", runs)])
        }
        Matcher::Table(automaton) => Doc::call("support::Matcher::Table", vec![table(&automaton)]),
    };
    let source = Doc::text(rust::string(pattern.source()));
    Doc::Struct("&support::Pattern".into(), vec![("source", source), ("matcher", matcher)], None)
}

fn run(run: &Run) -> Doc {
    let max = run.max.map_or_else(|| "u32::MAX".to_owned(), |max| max.to_string());
    let fields = vec![("set", set(run.class)), ("min", number(run.min)), ("max", Doc::text(max))];
    Doc::Struct("support::Run".into(), fields, None)
}

fn set(class: Class) -> Doc {
    let fields = vec![
        ("ascii", Doc::text(hexadecimal(class.ascii()))),
        ("separators", Doc::text(class.separators().to_string())),
        ("others", Doc::text(class.others().to_string())),
    ];
    Doc::Struct("support::CharSet".into(), fields, None)
}

/// Tables are byte strings: arrays of numbers cost the compiler far more.
fn table(table: &Table) -> Doc {
    let symbols = table.next.first().map_or(0, Vec::len);
    let cells = table.next.iter().flatten().flat_map(|cell| cell.map_or(0, |next| next + 1).to_le_bytes());
    let bytes = |bytes: &[u8]| Doc::text(rust::byte_string(bytes));
    let accepts: Vec<u8> = table.accepting.iter().map(|&accepts| u8::from(accepts)).collect();
    let fields = vec![
        ("ascii", bytes(&table.ascii)),
        ("separators", number(table.separators.into())),
        ("others", number(table.others.into())),
        ("symbols", Doc::text(symbols.to_string())),
        ("next", bytes(&cells.collect::<Vec<_>>())),
        ("accepts", bytes(&accepts)),
    ];
    Doc::Struct("support::Table".into(), fields, None)
}

fn number(number: u32) -> Doc {
    Doc::text(number.to_string())
}

/// Groups of four digits, as readers of long literals expect.
fn hexadecimal(value: u128) -> String {
    let digits = format!("{value:x}");
    let head = digits.len() % 4;
    let mut groups: Vec<&str> = Vec::new();
    groups.extend((head > 0).then(|| &digits[..head]));
    groups.extend((head..digits.len()).step_by(4).map(|at| &digits[at..at + 4]));
    format!("0x{}", groups.join("_"))
}
