//! Nested Rust expressions enter; their text leaves, broken over lines exactly where `prettyplease` would break it.
//!
//! Parsing and printing a thousand types costs more than everything else together; so the text is laid out as it is
//! made, and a test holds it to what the printer says.

use super::text::put;

/// Columns a line may fill.
const MARGIN: usize = 89;

/// Columns that deep indentation leaves at least.
const MIN_SPACE: usize = 60;

/// Columns a struct literal on one line may fill.
const MAX_STRUCT: usize = 35;

const INDENT: usize = 4;

/// An expression made of lists.
#[derive(Debug, Clone)]
pub(super) enum Doc {
    /// One token, as far as line breaks go.
    Text(String),
    /// `path(a, b)`
    Call(String, Vec<Doc>),
    /// `&[a, b]`, behind what stands before the bracket.
    Array(&'static str, Vec<Doc>),
    /// `&[1, 2]`: as many on a line as fit.
    Row(&'static str, Vec<String>),
    /// `Path { a: 1, ..rest }`
    Struct(String, Vec<(&'static str, Doc)>, Option<String>),
}

/// Where an expression is written.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Columns that its line is indented by.
    indent: usize,
    /// Columns before it.
    column: usize,
    /// Columns behind it, up to the next place for a break.
    tail: usize,
}

impl Place {
    /// Inside something that fits on its line.
    const FLAT: Self = Self { indent: 0, column: 0, tail: 0 };

    /// On a line of its own below a line, behind so many columns.
    fn below(indent: usize, before: usize, is_last: bool) -> Self {
        let indent = indent + INDENT;
        Self { indent, column: indent + before, tail: usize::from(!is_last) }
    }

    fn fits(self, width: usize) -> bool {
        self.column + width + self.tail <= MARGIN.max(self.indent + MIN_SPACE)
    }
}

impl Doc {
    /// A token.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Doc::Text(text.into())
    }

    /// A call.
    pub(super) fn call(path: impl Into<String>, arguments: Vec<Doc>) -> Self {
        Doc::Call(path.into(), arguments)
    }

    /// A reference to an array of tokens.
    pub(super) fn array_of<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Self {
        Doc::Array("&", items.into_iter().map(Doc::text).collect())
    }

    /// A reference to an array of numbers.
    pub(super) fn numbers<T: ToString>(items: impl IntoIterator<Item = T>) -> Self {
        Doc::Row("&", items.into_iter().map(|item| item.to_string()).collect())
    }

    /// The text of `prefix`, the expression and `suffix`, at an indentation of so many columns.
    pub(super) fn line(&self, indent: usize, prefix: &str, suffix: &str) -> String {
        let mut out = format!("{:indent$}{prefix}", "");
        // What stands behind a group up to the next place for a break has to fit with it.
        let tail = suffix.find('<').map_or(suffix.len(), |at| at + 1);
        self.write(&mut out, Place { indent, column: indent + prefix.len(), tail });
        out.push_str(suffix);
        out.push('\n');
        out
    }

    /// Columns on one line; none where a struct literal is too wide for that.
    fn width(&self) -> Option<usize> {
        match self {
            Doc::Text(text) => Some(text.len()),
            Doc::Call(path, arguments) => Some(path.len() + 2 + list_width(arguments)?),
            Doc::Array(prefix, items) => Some(prefix.len() + 2 + list_width(items)?),
            Doc::Row(prefix, items) => Some(prefix.len() + row_width(items)),
            Doc::Struct(path, fields, rest) => {
                let values = fields.iter().map(|(name, value)| Some(name.len() + 2 + value.width()?));
                let rest = rest.iter().map(|rest| Some(rest.len() + 2));
                let parts = values.chain(rest).collect::<Option<Vec<_>>>()?;
                let width = path.len() + 5 + parts.iter().sum::<usize>() + 2 * parts.len().saturating_sub(1);
                (width <= path_start(path) + MAX_STRUCT).then_some(width)
            }
        }
    }

    fn write(&self, out: &mut String, at: Place) {
        let Place { indent, column, tail } = at;
        match self {
            Doc::Text(text) => out.push_str(text),
            Doc::Call(path, arguments) => {
                out.push_str(path);
                out.push('(');
                let inside = Place { indent, column: column + path.len() + 1, tail: tail + 1 };
                match &arguments[..] {
                    [only] if only.is_block() => only.write(out, inside),
                    _ => write_list(arguments, out, inside),
                }
                out.push(')');
            }
            Doc::Array(prefix, items) => {
                out.push_str(prefix);
                out.push('[');
                write_list(items, out, Place { indent, column: column + prefix.len() + 1, tail: tail + 1 });
                out.push(']');
            }
            Doc::Row(prefix, items) => {
                out.push_str(prefix);
                out.push('[');
                if at.fits(prefix.len() + row_width(items)) {
                    out.push_str(&items.join(", "));
                } else {
                    write_row(items, out, indent);
                }
                out.push(']');
            }
            Doc::Struct(path, fields, rest) => {
                let fits = self.width().is_some_and(|width| at.fits(width));
                let (start, end, separator) = if fits {
                    (" ".to_owned(), " ".to_owned(), ", ".to_owned())
                } else {
                    let inner = indent + INDENT;
                    (format!("\n{:inner$}", ""), format!("\n{:indent$}", ""), format!(",\n{:inner$}", ""))
                };
                out.push_str(path);
                out.push_str(" {");
                for (nth, (name, value)) in fields.iter().enumerate() {
                    out.push_str(if nth == 0 { &start } else { &separator });
                    put!(out, "{name}: ");
                    let is_last = nth + 1 == fields.len() && rest.is_none();
                    let below = Place::below(indent, name.len() + 2, is_last);
                    value.write(out, if fits { Place::FLAT } else { below });
                }
                match rest {
                    Some(rest) => out.extend([if fields.is_empty() { &start } else { &separator }, "..", rest]),
                    None if !fits => out.push(','),
                    None => {}
                }
                out.push_str(&end);
                out.push('}');
            }
        }
    }

    /// Whether it hugs the parentheses of a call that takes nothing else.
    fn is_block(&self) -> bool {
        match self {
            Doc::Struct(path, ..) => !path.starts_with('&'),
            Doc::Array(prefix, _) | Doc::Row(prefix, _) => prefix.is_empty(),
            Doc::Text(_) | Doc::Call(..) => false,
        }
    }
}

/// Items as `prettyplease` itself prints them, indented, each behind a blank line: for what is rare or hard to foresee.
pub(super) fn laid_out(items: &[String], indent: usize) -> String {
    // The printer breaks lines by their indentation: the items are printed as deep as they will stand.
    let depth = indent / 4;
    let (open, close) = ("mod m {".repeat(depth), "}".repeat(depth));
    let mut out = String::new();
    for item in items {
        let file = syn::parse_file(&format!("{open}{item}{close}")).expect("what is emitted is Rust");
        let printed = prettyplease::unparse(&file);
        let lines: Vec<&str> = printed.lines().collect();
        put!(out, "\n{}\n", lines[depth..lines.len() - depth].join("\n"));
    }
    out
}

/// Printed items with a blank line before each method and its comment: the printer puts none.
pub(super) fn spaced(text: &str) -> String {
    let mut out = String::new();
    let (mut last, mut is_after_comment) = ("", false);
    for line in text.lines() {
        let is_comment = line.starts_with("    ///");
        let is_method = ["    fn ", "    pub fn ", "    pub(crate) fn "].iter().any(|start| line.starts_with(start));
        if (is_comment || is_method) && !is_after_comment && last == "    }" || is_method && last.ends_with(';') {
            out.push('\n');
        }
        put!(out, "{line}\n");
        (last, is_after_comment) = (line, is_comment);
    }
    out
}

/// The text with every top-level item printed that has a line too wide for it: a long type, say.
pub(super) fn fitted(text: &str) -> String {
    let mut out = String::new();
    let mut item = String::new();
    for line in text.lines() {
        if line.is_empty() && item.lines().last().is_some_and(|last| !last.starts_with(' ')) {
            push_fitted(&mut out, &item);
            item.clear();
        } else {
            put!(item, "{line}\n");
        }
    }
    push_fitted(&mut out, &item);
    out
}

fn push_fitted(out: &mut String, item: &str) {
    let is_wide = |line: &str| line.len() > MARGIN + 1 && !line.trim_start().starts_with("//");
    if !out.is_empty() {
        out.push('\n');
    }
    if item.lines().any(is_wide) {
        out.push_str(laid_out(&[item.to_owned()], 0).trim_start());
    } else {
        out.push_str(item);
    }
}

/// A reference before the path is not part of the literal.
fn path_start(path: &str) -> usize {
    usize::from(path.starts_with('&'))
}

fn list_width(items: &[Doc]) -> Option<usize> {
    let widths = items.iter().map(Doc::width).collect::<Option<Vec<_>>>()?;
    Some(widths.iter().sum::<usize>() + 2 * items.len().saturating_sub(1))
}

fn row_width(items: &[String]) -> usize {
    2 + items.iter().map(String::len).sum::<usize>() + 2 * items.len().saturating_sub(1)
}

fn write_list(items: &[Doc], out: &mut String, at: Place) {
    let indent = at.indent;
    let fits = list_width(items).is_some_and(|width| at.fits(width));
    for (nth, item) in items.iter().enumerate() {
        if fits {
            out.push_str(if nth == 0 { "" } else { ", " });
            item.write(out, Place::FLAT);
        } else {
            let below = Place::below(indent, 0, nth + 1 == items.len());
            put!(out, "\n{:1$}", "", below.indent);
            item.write(out, below);
            out.push(',');
        }
    }
    if !fits {
        put!(out, "\n{:indent$}", "");
    }
}

fn write_row(items: &[String], out: &mut String, indent: usize) {
    let inner = indent + INDENT;
    let limit = MARGIN.max(inner + MIN_SPACE);
    let mut column = limit;
    for item in items {
        if column + 1 + item.len() + 1 > limit {
            put!(out, "\n{:inner$}", "");
            column = inner;
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(item);
        out.push(',');
        column += item.len() + 1;
    }
    put!(out, "\n{:indent$}", "");
}
