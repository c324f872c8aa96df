//! JSON Lines of envelopes enter; the printed state of a reducer leaves, or the lines that are no envelopes.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use super::super::doors;
use super::super::fault::Faults;
use super::event::{Entry, MOST_LINE_BYTES};
use super::folding::Fold;
use super::replay::{PartKey, Replay};
use super::sha256::Digest;
use super::sorted::replay_sorted;
use super::unsorted::replay_unsorted;

/// How a log is read.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReplayOptions {
    /// One state for each entity.
    pub partition: bool,
    /// The log is in order already: it is folded as it is read, and nothing but state and ids is kept.
    pub sorted: bool,
    /// Lines that are no envelope are left out.
    pub skip_invalid: bool,
}

/// A line that could not be used.
#[derive(Debug, Clone, PartialEq)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: usize,
    /// What is wrong with it; none where it only stands in the wrong place.
    pub faults: Option<Faults>,
}

/// What a log came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// The printed state; none where a line kept it from being made.
    pub state: Option<String>,
    /// Lines that were left out, or that stopped it.
    pub bad: Vec<BadLine>,
}

/// A log that is read line by line.
pub trait Source {
    /// Adds the next line, without its end, to what was read; of one that is too long no more than shows that it is.
    /// Gives the number of bytes it takes, 0 where there is none.
    ///
    /// # Errors
    /// Those of reading.
    fn line(&mut self, text: &mut Vec<u8>) -> io::Result<usize>;

    /// Whether lines can be read a second time.
    fn is_read_again(&self) -> bool {
        false
    }

    /// Reads the line that begins so many bytes behind the beginning a second time.
    ///
    /// # Errors
    /// Those of reading.
    fn again(&mut self, _from: usize, _text: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }
}

impl<R: BufRead> Source for R {
    fn line(&mut self, text: &mut Vec<u8>) -> io::Result<usize> {
        let most = MOST_LINE_BYTES + 2;
        let mut taken = self.by_ref().take(most as u64).read_until(b'\n', text)?;
        if text.last() == Some(&b'\n') && taken > 0 {
            text.pop();
        } else if taken == most {
            text.pop();
            taken += pass_line(self)?;
        }
        Ok(taken)
    }
}

/// Passes the rest of a line; how many bytes that is.
fn pass_line(input: &mut impl BufRead) -> io::Result<usize> {
    let mut passed = 0;
    loop {
        let available = input.fill_buf()?;
        let end = available.iter().position(|&byte| byte == b'\n');
        let length = end.map_or(available.len(), |end| end + 1);
        input.consume(length);
        passed += length;
        if end.is_some() || length == 0 {
            return Ok(passed);
        }
    }
}

/// A file, of which lines can be read a second time.
#[derive(Debug)]
pub struct File {
    reader: io::BufReader<std::fs::File>,
    path: std::path::PathBuf,
}

impl File {
    /// Opens a file.
    ///
    /// # Errors
    /// Those of opening it.
    pub fn open(path: impl Into<std::path::PathBuf>) -> io::Result<Self> {
        let path = path.into();
        Ok(File { reader: io::BufReader::with_capacity(1 << 16, std::fs::File::open(&path)?), path })
    }
}

impl Source for File {
    fn line(&mut self, text: &mut Vec<u8>) -> io::Result<usize> {
        self.reader.line(text)
    }

    fn is_read_again(&self) -> bool {
        self.reader.get_ref().metadata().is_ok_and(|metadata| metadata.is_file())
    }

    fn again(&mut self, from: usize, text: &mut Vec<u8>) -> io::Result<()> {
        let mut file = std::fs::File::open(&self.path)?;
        file.seek(SeekFrom::Start(from as u64))?;
        io::BufReader::new(file).line(text).map(drop)
    }
}

/// A reducer of the package, by name.
#[derive(Debug, Clone, Copy)]
pub struct Reducer {
    /// Its name.
    pub name: &'static str,
    /// Whether it reduces entities by themselves.
    pub has_parts: bool,
    /// Reads a log.
    pub replay: fn(&mut dyn Source, ReplayOptions) -> io::Result<Replayed>,
}

/// Reduces the events of a log by the reducer of a name.
///
/// # Errors
/// `NotFound` if no reducer has the name, `InvalidInput` if it is to reduce entities by themselves and cannot; else
/// those of reading.
pub fn replay(
    reducers: &[Reducer],
    name: &str,
    source: &mut dyn Source,
    options: ReplayOptions,
) -> io::Result<Replayed> {
    let Some(reducer) = reducers.iter().find(|reducer| reducer.name == name) else {
        let known: Vec<&str> = reducers.iter().map(|reducer| reducer.name).collect();
        let message = match &known[..] {
            [] => "the contracts declare no reducer".to_owned(),
            known => format!("there is no reducer `{name}`; there are {}", known.join(", ")),
        };
        return Err(io::Error::new(io::ErrorKind::NotFound, message));
    };
    if options.partition && !reducer.has_parts {
        let message = format!("the reducer `{name}` has no `partition_by`");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    (reducer.replay)(source, options)
}

/// Reduces the events of a log.
///
/// # Errors
/// Those of reading.
pub fn replay_source<F: Fold>(
    source: &mut dyn Source,
    options: ReplayOptions,
    part_key: Option<PartKey>,
) -> io::Result<Replayed> {
    let part_key = part_key.filter(|_| options.partition);
    if options.sorted {
        replay_sorted::<F>(source, options, part_key)
    } else {
        replay_unsorted::<F>(source, options, part_key)
    }
}

/// The state as text.
pub(super) fn printed<F: Fold>(replay: Replay<F>, options: ReplayOptions) -> String {
    if options.partition { replay.finish_parts().to_json() } else { doors::to_json(&replay.finish()) }
}

/// The digest of a line that was read before.
pub(super) fn digest_of<F: Fold>(line: &[u8]) -> Digest {
    Entry::of_line::<F::Envelope>(line, F::LOG).map_or([0; 32], |entry| entry.digest::<F::Envelope>())
}
