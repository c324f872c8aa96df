//! The entries of a block that stand on one line each enter; how wide their heads and first members are made leaves.

use super::WIDTH;

/// Keys of lists of objects whose value is a name, behind which the next member stands in one column.
const COLUMNS: &[&str] = &["code", "for"];

/// What an entry of a block is.
#[derive(Debug)]
pub(super) struct Entry {
    /// `key:` or `-`.
    pub head: String,
    /// Its value, where that stands on the same line.
    pub inline: Option<Inline>,
    /// Whether an empty line stands before it.
    pub is_apart: bool,
}

/// A value on one line.
#[derive(Debug)]
pub(super) struct Inline {
    /// All of it.
    pub text: String,
    /// For an object in brackets: its first key, and where the first member with its comma ends.
    pub first: Option<(String, usize)>,
    /// Whether it could be a block instead.
    pub can_break: bool,
}

/// Puts the values of neighbouring entries into one column. A row that would get too wide by it leaves its neighbours
/// as they are.
pub(super) fn values(entries: &mut [Entry], indent: usize) {
    for run in runs(entries) {
        let widest = run.iter().map(|entry| width(&entry.head)).max().unwrap_or_default();
        let fits = |entry: &Entry| {
            let value = entry.inline.as_ref().map_or(0, |inline| width(&inline.text));
            let (aligned, plain) = (indent + widest + 1 + value, indent + width(&entry.head) + 1 + value);
            aligned <= WIDTH || plain > WIDTH
        };
        if run.iter().all(fits) {
            for entry in run.iter_mut().filter(|entry| entry.inline.as_ref().is_some_and(|one| !one.text.is_empty())) {
                entry.head += &" ".repeat(widest - width(&entry.head));
            }
        }
    }
}

/// Puts the second members of neighbouring objects into one column, where the first names them.
pub(super) fn members(entries: &mut [Entry], indent: usize) {
    for run in runs(entries) {
        let firsts = run.iter().map(|entry| entry.inline.as_ref().and_then(|inline| inline.first.as_ref()));
        let Some(firsts) = firsts.collect::<Option<Vec<_>>>() else { continue };
        let one = &firsts[0].0;
        if !COLUMNS.contains(&one.as_str()) || firsts.iter().any(|(key, _)| key != one) {
            continue;
        }
        let head = |entry: &Entry| {
            let inline = entry.inline.as_ref()?;
            let (_, end) = inline.first.as_ref()?;
            (*end < inline.text.len()).then(|| width(&inline.text[..*end]))
        };
        let Some(widest) = run.iter().filter_map(head).max() else { continue };
        let fits = |entry: &Entry| {
            let all = entry.inline.as_ref().map_or(0, |inline| width(&inline.text));
            head(entry).is_none_or(|head| indent + 2 + all + widest - head <= WIDTH)
        };
        if !run.iter().all(fits) {
            continue;
        }
        for entry in run {
            let (Some(head), Some(inline)) = (head(entry), &mut entry.inline) else { continue };
            let end = inline.first.as_ref().map_or(0, |(_, end)| *end);
            inline.text.insert_str(end, &" ".repeat(widest - head));
        }
    }
}

/// Neighbouring entries on one line each, no empty line between.
fn runs(entries: &mut [Entry]) -> impl Iterator<Item = &mut [Entry]> {
    let joined = |one: &Entry, next: &Entry| one.inline.is_some() && next.inline.is_some() && !next.is_apart;
    entries.chunk_by_mut(joined).filter(|run| run[0].inline.is_some())
}

pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}
