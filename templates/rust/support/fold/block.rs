//! A source of lines enters; its lines leave many at a time, so that one stays while the next is looked at.

use std::io;

use super::lines::Source;

/// How many bytes are read at a time, up to the end of the line. They stay in the cache of a processor.
const BLOCK_BYTES: usize = 1 << 18;

/// Lines in a row.
#[derive(Default)]
pub(super) struct Block {
    text: Vec<u8>,
    lines: Vec<Line>,
    /// Where the first line behind them begins in the source.
    behind: usize,
}

/// Where a line stands in the block, and where it begins in the source.
struct Line {
    from: usize,
    to: usize,
    here: usize,
}

impl Block {
    /// Reads the next lines instead of these; tells whether there are any.
    pub(super) fn fill(&mut self, source: &mut dyn Source) -> io::Result<bool> {
        self.text.clear();
        self.lines.clear();
        while self.text.len() < BLOCK_BYTES {
            let from = self.text.len();
            let taken = source.line(&mut self.text)?;
            if taken == 0 {
                break;
            }
            self.lines.push(Line { from, to: self.text.len(), here: self.behind });
            self.behind += taken;
        }
        Ok(!self.lines.is_empty())
    }

    /// The lines, each with the number of bytes before it in the source.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.lines.iter().map(|line| (line.here, &self.text[line.from..line.to]))
    }
}
