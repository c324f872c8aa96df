//! A scalar or key as it was written enters; its canonical form leaves, on one line or as a block.

use super::WIDTH;
use crate::emit::encode::yaml;
use crate::load::yaml::Style;
use crate::source::characters::is_refused_in_source;

/// A key; `source` is how it was written.
pub(super) fn key(value: &str, source: &str) -> String {
    let marks = ['"', '\'', '[', ']', '{', '}', ',', '#', '&', '*', '!', '|', '>', '%', '@', '`'];
    let is_mark = value.starts_with(marks) || value.starts_with("- ") || value.starts_with("? ");
    let is_plain = source == value && !is_mark && !value.ends_with(':') && !value.contains([':', '#']);
    if is_plain { source.to_owned() } else { quoted(value, source) }
}

/// A scalar on one line; none where it has to be, or was and should stay, a block.
pub(super) fn on_a_line(value: &str, style: Style, source: &str) -> Option<String> {
    match style {
        Style::Block => None,
        Style::Plain if source.contains(['\r', '\n']) => (!value.contains('\n')).then(|| value.to_owned()),
        Style::Plain => Some(source.to_owned()),
        Style::Quoted => Some(quoted(value, source)),
    }
}

/// In double quotes: as written if it was, else by the encoder, whose escapes a contract may hold.
fn quoted(value: &str, source: &str) -> String {
    let as_written = source.starts_with('"') && source.len() > 1 && source.ends_with('"');
    // What is a backslash or a quote in double quotes is easier to read in single ones.
    let is_single = source.starts_with('\'') && value.contains(['"', '\\']);
    if (as_written || is_single) && !source.contains(['\r', '\n']) {
        return source.to_owned();
    }
    yaml::string(value)
}

/// A block scalar as it was written.
pub(super) struct Source<'a> {
    /// Its `|` or `>`, and what stands behind that.
    pub header: &'a str,
    /// From its first character that is no space.
    pub text: &'a str,
    /// The column of that, from 0.
    pub column: usize,
}

/// The lines of a block below a key: its header, then its content without indent.
pub(super) fn as_block(value: &str, source: Option<&Source<'_>>) -> (String, Vec<String>) {
    let chomp = if value.ends_with('\n') { "" } else { "-" };
    let content = value.strip_suffix('\n').unwrap_or(value);
    let first = content.lines().next().unwrap_or_default();
    // What would need an indicator of its indent, or has spaces or lines at an end that nobody sees, is quoted.
    let is_unseen = |line: &str| line.ends_with(|c: char| c.is_whitespace());
    let is_odd = first.is_empty() || first.starts_with([' ', '\t']) || content.ends_with('\n');
    if is_odd || content.contains('\r') || content.split('\n').any(is_unseen) {
        return (yaml::string(value), Vec::new());
    }
    if let Some(source) = source.filter(|source| source.header.starts_with('>')) {
        let is_plain = !source.header.contains(|c: char| c.is_ascii_digit());
        if let Some(lines) = is_plain.then(|| dedented(source)).flatten() {
            return (format!(">{chomp}"), lines);
        }
    }
    (format!("|{chomp}"), content.split('\n').map(str::to_owned).collect())
}

/// The lines of a folded block as they were, each without the indent of the first.
fn dedented(source: &Source<'_>) -> Option<Vec<String>> {
    let indent = " ".repeat(source.column);
    let mut lines = source.text.lines();
    let mut dedented = vec![lines.next()?];
    for line in lines {
        match line.strip_prefix(&indent) {
            Some(line) => dedented.push(line),
            None if line.trim().is_empty() => dedented.push(""),
            None => return None,
        }
    }
    let is_unseen = |line: &&str| line.ends_with(|c: char| c.is_whitespace());
    if dedented.iter().any(is_unseen) { None } else { Some(dedented.into_iter().map(str::to_owned).collect()) }
}

/// A text of words over several lines, as a folded block; none where folding would not give it back.
pub(super) fn folded(value: &str, indent: usize) -> Option<(String, Vec<String>)> {
    let is_plain = !value.contains(['\n', '\r', '\t'])
        && value.split(' ').all(|word| !word.is_empty())
        && !value.contains(is_refused_in_source);
    if !is_plain {
        return None;
    }
    let mut lines: Vec<String> = Vec::new();
    for word in value.split(' ') {
        match lines.last_mut() {
            Some(line) if indent + line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    Some((">-".to_owned(), lines))
}
