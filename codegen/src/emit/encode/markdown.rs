//! Prose enters, Markdown that shows just these words leaves: no link, code, heading, list, table or HTML.

use super::text::{prose_line, prose_lines};

/// Paragraphs and lines as they stand.
pub fn text(text: &str) -> String {
    lines(text).join("\n")
}

/// One line, fit for a heading or a table cell.
pub fn inline(text: &str) -> String {
    inert_start(inert_marks(&prose_line(text)).replace('|', "\\|"))
}

/// A part of a line that does not stand at its start.
pub fn phrase(text: &str) -> String {
    inert_marks(&prose_line(text)).replace('|', "\\|")
}

/// The lines of [`text`], for sinks that prefix each of them.
pub(super) fn lines(text: &str) -> Vec<String> {
    prose_lines(text).iter().map(|line| inert_start(inert_marks(line.trim_start()))).collect()
}

/// Escapes what has a meaning anywhere in a line. Marks that would only be noise to a reader of the source, such as
/// the underscore inside `event_id`, are left alone where Markdown leaves them alone.
fn inert_marks(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut before = ' ';
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        let mut ahead = rest.clone();
        let next = ahead.next().unwrap_or(' ');
        let active = match c {
            '\\' | '`' | '*' | '[' | ']' | '~' => true,
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            '<' => next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'),
            '&' => next.is_ascii_alphabetic() || next == '#',
            ':' => next == '/' && ahead.next() == Some('/'),
            _ => false,
        };
        if active {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// Escapes what has a meaning at the start of a line: headings, quotes, lists, underlines, table rows.
fn inert_start(line: String) -> String {
    if line.starts_with(['#', '>', '-', '+', '=', '|']) || (line.starts_with(':') && !line.starts_with(":/")) {
        return format!("\\{line}");
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let is_item =
        line[digits..].starts_with(['.', ')']) && !line[digits + 1..].starts_with(|c: char| !c.is_whitespace());
    if digits > 0 && is_item {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    line
}

/// A span of code of one line. In a cell of a table `|` has to be written `\|` besides, even here.
pub fn code(text: &str) -> String {
    let line = prose_line(text);
    let longest = line.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if line.is_empty() || line.starts_with(['`', ' ']) || line.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{line}{pad}{fence}")
}
