//! File texts enter; places in them (file, line, column, source line) leave.

pub mod characters;

use std::fmt;
use std::ops::Range;

/// A file of one run, by the order in which it was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte; equal to `start` for a point.
    pub end: u32,
}

impl Span {
    /// The span of `start..end` in `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let offset = |at| u32::try_from(at).expect("a source file is at most 1 MiB");
        Self { file, start: offset(start), end: offset(end) }
    }

    /// The part `start..end` of this span, in bytes from its start.
    #[must_use]
    pub fn part(self, start: usize, end: usize) -> Self {
        Self::new(self.file, self.start as usize + start, self.start as usize + end)
    }
}

/// A value and the place that it was written at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins a value to its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: with(self.value), span: self.span }
    }

    /// The same place, the value borrowed.
    pub fn as_ref(&self) -> Spanned<&T> {
        Spanned { value: &self.value, span: self.span }
    }
}

impl<T: fmt::Debug> fmt::Debug for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}@{}..{}", self.value, self.span.start, self.span.end)
    }
}

/// One-based line and column, the column counted in code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in code points, from 1.
    pub column: usize,
}

#[derive(Debug)]
struct File {
    path: String,
    text: String,
    line_starts: Vec<usize>,
}

/// All texts of one run.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<File>,
}

impl SourceMap {
    /// Adds a file under the path that diagnostics show.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let (path, text) = (path.into(), text.into());
        let line_starts = std::iter::once(0).chain(line_ends(&text)).collect();
        let id = FileId(u32::try_from(self.files.len()).expect("a run reads at most 256 files"));
        self.files.push(File { path, text, line_starts });
        id
    }

    /// All files, in the order in which they were added.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        (0..self.files.len()).map(|at| FileId(u32::try_from(at).expect("a run reads at most 256 files")))
    }

    /// The path given to [`SourceMap::add`].
    pub fn path(&self, file: FileId) -> &str {
        &self.files[file.0 as usize].path
    }

    /// The whole text of a file.
    pub fn text(&self, file: FileId) -> &str {
        &self.files[file.0 as usize].text
    }

    /// The text under a span.
    pub fn snippet(&self, span: Span) -> &str {
        self.text(span.file).get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The bytes of the line that an offset stands on, without its line end.
    pub fn line(&self, file: FileId, offset: u32) -> Range<usize> {
        let file = &self.files[file.0 as usize];
        let offset = (offset as usize).min(file.text.len());
        let next = file.line_starts.partition_point(|&start| start <= offset);
        let start = file.line_starts[next - 1];
        let end = file.line_starts.get(next).map_or(file.text.len(), |&end| end);
        start..start + file.text[start..end].trim_end_matches(['\r', '\n']).len()
    }

    /// Line and column of a byte offset; offsets past the end give the end.
    pub fn position(&self, file: FileId, offset: u32) -> Position {
        let file = &self.files[file.0 as usize];
        let offset = (offset as usize).min(file.text.len());
        let line = file.line_starts.partition_point(|&start| start <= offset);
        let before = file.text.get(file.line_starts[line - 1]..offset).unwrap_or_default();
        Position { line, column: before.chars().count() + 1 }
    }
}

/// Offsets behind each line end; a lone carriage return is one, as in YAML.
fn line_ends(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    (1..=bytes.len()).filter(|&end| match bytes[end - 1] {
        b'\n' => true,
        b'\r' => bytes.get(end) != Some(&b'\n'),
        _ => false,
    })
}
