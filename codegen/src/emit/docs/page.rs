//! What a page says, free of the form in which it is shown: HTML and Markdown are made of the same blocks.

/// A page of the reference.
#[derive(Debug)]
pub(super) struct Page {
    /// Its file without ending.
    pub file: String,
    /// Its heading.
    pub title: String,
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Debug)]
pub(super) enum Block {
    /// A heading of level 2 or 3 with the name that links use.
    Heading { level: usize, anchor: String, title: String, kind: &'static str },
    /// Prose of a contract, with its paragraphs.
    Prose(String),
    /// One paragraph of our words.
    Words(Vec<Inline>),
    /// Points.
    List(Vec<Vec<Inline>>),
    /// The head, then rows of as many cells.
    Table { head: Vec<Vec<Inline>>, rows: Vec<Vec<Vec<Inline>>> },
    /// JSON, in canonical text.
    Code(String),
    /// A drawing in both forms.
    Drawing { svg: String, mermaid: String },
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Inline {
    /// Words, ours or a contract's.
    Text(String),
    /// Names, values and expressions.
    Code(String),
    /// A name that leads to where it is declared.
    Link { file: String, anchor: String, name: String },
    /// A word that stands out, such as `deprecated`.
    Badge(&'static str),
}

/// Words.
pub(super) fn text(words: impl Into<String>) -> Inline {
    Inline::Text(words.into())
}

/// Code.
pub(super) fn code(code: impl Into<String>) -> Inline {
    Inline::Code(code.into())
}

/// Several pieces with a word between each two.
pub(super) fn joined(parts: impl IntoIterator<Item = Vec<Inline>>, between: &str) -> Vec<Inline> {
    let mut out = Vec::new();
    for part in parts {
        if !out.is_empty() {
            out.push(text(between));
        }
        out.extend(part);
    }
    out
}

/// Names as code, with commas.
pub(super) fn codes<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<Inline> {
    joined(names.into_iter().map(|name| vec![code(name)]), ", ")
}

impl Page {
    pub fn heading(&mut self, level: usize, kind: &'static str, name: &str) {
        let anchor = if kind.is_empty() { anchor("section", name) } else { anchor(kind, name) };
        self.blocks.push(Block::Heading { level, anchor, title: name.to_owned(), kind });
    }

    pub fn words(&mut self, words: Vec<Inline>) {
        self.blocks.push(Block::Words(words));
    }

    pub fn prose(&mut self, prose: Option<&str>) {
        self.blocks.extend(prose.map(|prose| Block::Prose(prose.to_owned())));
    }

    /// A table without the columns that are empty in every row; nothing where there are no rows.
    pub fn table(&mut self, head: &[&str], rows: Vec<Vec<Vec<Inline>>>) {
        let is_used = |column: usize| {
            let says_something = |part: &Inline| *part != Inline::Text(String::new());
            rows.iter().any(|row| row[column].iter().any(says_something))
        };
        let used: Vec<bool> = (0..head.len()).map(is_used).collect();
        let of = |cells: Vec<Vec<Inline>>| {
            cells.into_iter().zip(&used).filter(|(_, used)| **used).map(|(cell, _)| cell).collect()
        };
        let words = |word: &&str| if word.is_empty() { Vec::new() } else { vec![text(*word)] };
        let head = of(head.iter().map(words).collect());
        let rows: Vec<_> = rows.into_iter().map(of).collect();
        if !rows.is_empty() {
            self.blocks.push(Block::Table { head, rows });
        }
    }

    /// Points; nothing where there are none.
    pub fn list(&mut self, points: Vec<Vec<Inline>>) {
        if !points.is_empty() {
            self.blocks.push(Block::List(points));
        }
    }
}

/// The name of a place in a page. Names of declarations are identifiers; those of sections are our words.
pub(super) fn anchor(kind: &str, name: &str) -> String {
    format!("{kind}-{}", name.to_lowercase().replace(' ', "-"))
}
