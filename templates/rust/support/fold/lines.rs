//! JSON Lines of envelopes enter; the printed state of a reducer leaves, or the lines that are no envelopes.

use std::io::{self, BufRead, Seek, SeekFrom};

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

    /// Reads the line that begins so many bytes behind the beginning a second time, as [`Source::line`] does.
    ///
    /// # Errors
    /// Those of reading.
    fn again(&mut self, _from: usize, _text: &mut Vec<u8>) -> io::Result<usize> {
        Ok(0)
    }
}

impl<R: BufRead> Source for R {
    fn line(&mut self, text: &mut Vec<u8>) -> io::Result<usize> {
        let from = text.len();
        let mut taken = 0;
        loop {
            let available = match self.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                available => available?,
            };
            let end = line_end(available);
            let length = end.unwrap_or(available.len());
            let room = MOST_LINE_BYTES + 1 - (text.len() - from);
            text.extend_from_slice(&available[..length.min(room)]);
            let passed = length + usize::from(end.is_some());
            self.consume(passed);
            taken += passed;
            if end.is_some() || passed == 0 {
                return Ok(taken);
            }
        }
    }
}

/// Where the first line ends, if it does. A fold, unlike a search, looks at many bytes at a time.
fn line_end(bytes: &[u8]) -> Option<usize> {
    let is_end = |&byte: &u8| byte == b'\n';
    let (chunks, _) = bytes.as_chunks::<32>();
    let is_inside = |chunk: &[u8; 32]| !chunk.iter().fold(false, |any, byte| any | is_end(byte));
    let start = chunks.iter().take_while(|chunk| is_inside(chunk)).count() * 32;
    bytes[start..].iter().position(is_end).map(|at| start + at)
}

/// A file, of which lines can be read a second time.
#[derive(Debug)]
pub struct File {
    reader: io::BufReader<std::fs::File>,
    path: std::path::PathBuf,
    /// The same file, and where it is read a second time.
    again: Option<(io::BufReader<std::fs::File>, usize)>,
}

impl File {
    /// Opens a file.
    ///
    /// # Errors
    /// Those of opening it.
    pub fn open(path: impl Into<std::path::PathBuf>) -> io::Result<Self> {
        let path = path.into();
        Ok(File { reader: io::BufReader::with_capacity(1 << 16, std::fs::File::open(&path)?), path, again: None })
    }
}

impl Source for File {
    fn line(&mut self, text: &mut Vec<u8>) -> io::Result<usize> {
        self.reader.line(text)
    }

    fn is_read_again(&self) -> bool {
        self.reader.get_ref().metadata().is_ok_and(|metadata| metadata.is_file())
    }

    fn again(&mut self, from: usize, text: &mut Vec<u8>) -> io::Result<usize> {
        let (reader, at) = match &mut self.again {
            Some(again) => again,
            None => self.again.insert((io::BufReader::new(std::fs::File::open(&self.path)?), 0)),
        };
        if *at != from {
            reader.seek(SeekFrom::Start(from as u64))?;
        }
        let taken = reader.line(text)?;
        *at = from + taken;
        Ok(taken)
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
    (find(reducers, name, options)?.replay)(source, options)
}

/// The reducer of a name.
///
/// # Errors
/// `NotFound` if no reducer has the name, `InvalidInput` if it is to reduce entities by themselves and cannot.
pub fn find<'r>(reducers: &'r [Reducer], name: &str, options: ReplayOptions) -> io::Result<&'r Reducer> {
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
    Ok(reducer)
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
    if options.partition { replay.finish_parts().to_json() } else { replay.print() }
}

/// The digest of a line that was read before.
pub(super) fn digest_of<F: Fold>(line: &[u8]) -> Digest {
    Entry::of_line::<F::Envelope>(line, F::LOG, |_| None).map_or([0; 32], |entry| entry.digest::<F::Envelope>())
}
