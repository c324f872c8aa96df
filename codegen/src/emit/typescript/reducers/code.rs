//! Statements enter, lines of a function's body leave, indented.

use super::super::layout::{Doc, condition, row, text};

/// The body of a function while it is written.
pub(super) struct Code {
    lines: String,
    indent: usize,
}

impl Code {
    pub(super) fn new(indent: usize) -> Self {
        Self { lines: String::new(), indent }
    }

    /// A line as it stands.
    pub(super) fn line(&mut self, code: &str) {
        self.doc(&text(code));
    }

    /// A statement; its semicolon is added.
    pub(super) fn statement(&mut self, code: Doc) {
        self.doc(&row(vec![code, text(";")]));
    }

    /// A line that may be broken.
    pub(super) fn doc(&mut self, code: &Doc) {
        code.write_indented(self.indent, &mut self.lines);
        self.lines.push('\n');
    }

    /// `if (test) { .. }`
    pub(super) fn when(&mut self, test: Doc, body: impl FnOnce(&mut Self)) {
        self.doc(&condition(test));
        self.indented(body);
        self.line("}");
    }

    /// `if (test) statement;`, on one line where it fits.
    pub(super) fn guard(&mut self, test: Doc, statement: Doc) {
        let line = row(vec![text("if ("), test.clone(), text(") "), statement.clone(), text(";")]);
        if line.fits(self.indent) {
            self.doc(&line);
        } else {
            self.when(test, |code| code.statement(statement));
        }
    }

    /// `head { .. }`
    pub(super) fn block(&mut self, head: &str, body: impl FnOnce(&mut Self)) {
        self.line(&format!("{head}{{"));
        self.indented(body);
        self.line("}");
    }

    /// Lines one level deeper.
    pub(super) fn indented(&mut self, body: impl FnOnce(&mut Self)) {
        self.indent += 2;
        body(self);
        self.indent -= 2;
    }

    /// Appends lines that were written at the level they belong to.
    pub(super) fn append(&mut self, other: &Self) {
        self.lines.push_str(&other.lines);
    }

    /// The variables that are declared at the level of the body.
    pub(super) fn declared(&self) -> impl Iterator<Item = &str> {
        let margin = " ".repeat(self.indent) + "const ";
        let declarations = self.lines.lines().filter_map(move |line| line.strip_prefix(&margin));
        declarations.filter_map(|rest| rest.split(':').next())
    }

    /// Lines that stand at their level already.
    pub(super) fn verbatim(&mut self, lines: &str) {
        self.lines.push_str(lines);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn finish(self) -> String {
        self.lines
    }
}
