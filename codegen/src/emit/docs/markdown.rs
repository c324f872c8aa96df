//! A page enters; it leaves as Markdown.

use std::fmt::Write;

use super::page::{Block, Inline, Page};
use crate::emit::encode::markdown::{code, inline, phrase, text};

pub(super) fn page(page: &Page, header: &str) -> String {
    let mut out = format!("<!-- {header} -->\n\n# {}\n", inline(&page.title));
    for block in &page.blocks {
        out.push('\n');
        write(block, &mut out);
    }
    out
}

fn write(block: &Block, out: &mut String) {
    let written = match block {
        Block::Heading { level, anchor, title, kind } => {
            let marks = "#".repeat(*level);
            let kind = if kind.is_empty() { String::new() } else { format!("{kind} ") };
            writeln!(out, "<a id=\"{anchor}\"></a>\n\n{marks} {kind}{}", inline(title))
        }
        Block::Prose(prose) => writeln!(out, "{}", text(prose)),
        Block::Words(words) => writeln!(out, "{}", line(words)),
        Block::List(points) => points.iter().try_for_each(|point| writeln!(out, "- {}", line(point))),
        Block::Table { head, rows } => {
            let row = |cells: &[Vec<Inline>]| {
                let cells: Vec<String> = cells.iter().map(|cell| format!(" {} |", cell_line(cell))).collect();
                format!("|{}\n", cells.concat())
            };
            out.push_str(&row(head));
            out.extend(["|", &"---|".repeat(head.len()), "\n"]);
            out.extend(rows.iter().map(|cells| row(cells)));
            Ok(())
        }
        Block::Code(json) => writeln!(out, "```json\n{json}\n```"),
        Block::Drawing { mermaid, .. } => writeln!(out, "```mermaid\n{mermaid}```"),
    };
    written.expect("a string takes any text");
}

/// A line in which no bar ends the cell that it stands in.
fn cell_line(words: &[Inline]) -> String {
    let line = line(words);
    let mut out = String::with_capacity(line.len());
    let mut before = ' ';
    for c in line.chars() {
        if c == '|' && before != '\\' {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

fn line(words: &[Inline]) -> String {
    words.iter().enumerate().map(|(at, part)| word(part, at == 0)).collect()
}

fn word(word: &Inline, is_first: bool) -> String {
    match word {
        Inline::Text(words) => {
            // Blanks at the ends hold pieces apart; the encoders speak of words.
            let inner = words.trim_matches(' ');
            let (before, after) = words.split_once(inner).unwrap_or((words, ""));
            let inner = if is_first { inline(inner) } else { phrase(inner) };
            if inner.is_empty() { words.clone() } else { format!("{before}{inner}{after}") }
        }
        Inline::Code(words) => code(words),
        Inline::Link { file, anchor, name } if anchor.is_empty() => format!("[{}]({file}.md)", phrase(name)),
        Inline::Link { file, anchor, name } => format!("[{}]({file}.md#{anchor})", phrase(name)),
        Inline::Badge(word) => format!("**{word}**"),
    }
}
