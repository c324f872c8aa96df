//! Events in any order enter; the same events in their order leave, however many there are.
//!
//! What is over a budget of memory is kept elsewhere as sorted runs of lines, which are merged in the end.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::io::{self, BufRead};

use super::lines::{MAX_LINE, read_line};
use super::{Received, receive};
use crate::model::{Profile, Workspace};

/// Where sorted runs are kept.
pub trait Runs {
    /// Keeps lines, which are in order, as one run.
    fn keep(&mut self, lines: &mut dyn Iterator<Item = &[u8]>) -> io::Result<()>;
    /// Every run that was kept, from its start.
    fn read(&mut self) -> io::Result<Vec<Box<dyn BufRead + '_>>>;
}

/// Events that wait for their order.
pub(super) struct Unsorted<'a> {
    workspace: &'a Workspace,
    profile: &'a Profile,
    runs: &'a mut dyn Runs,
    /// How many bytes of lines are held in memory.
    budget: usize,
    held: Vec<(Received, Vec<u8>)>,
    held_bytes: usize,
    has_runs: bool,
}

impl<'a> Unsorted<'a> {
    pub fn new(workspace: &'a Workspace, profile: &'a Profile, runs: &'a mut dyn Runs, budget: usize) -> Self {
        Self { workspace, profile, runs, budget, held: Vec::new(), held_bytes: 0, has_runs: false }
    }

    /// Takes an event and the line it came from.
    pub fn add(&mut self, event: Received, line: &[u8]) -> io::Result<()> {
        self.held_bytes += line.len();
        self.held.push((event, line.to_vec()));
        if self.held_bytes > self.budget { self.keep() } else { Ok(()) }
    }

    fn keep(&mut self) -> io::Result<()> {
        self.sort();
        self.runs.keep(&mut self.held.iter().map(|(_, line)| line.as_slice()))?;
        self.held.clear();
        (self.held_bytes, self.has_runs) = (0, true);
        Ok(())
    }

    fn sort(&mut self) {
        self.held.sort_by(|(event, _), (other, _)| event.order(other));
    }

    /// Gives out every event in order.
    pub fn for_each(mut self, mut take: impl FnMut(Received)) -> io::Result<()> {
        if !self.has_runs {
            self.sort();
            self.held.into_iter().for_each(|(event, _)| take(event));
            return Ok(());
        }
        self.keep()?;
        let mut readers = self.runs.read()?;
        let mut heads = BinaryHeap::new();
        for (run, reader) in readers.iter_mut().enumerate() {
            heads.extend(next(self.workspace, self.profile, reader)?.map(|event| Head { event, run }));
        }
        while let Some(Head { event, run }) = heads.pop() {
            take(event);
            let following = next(self.workspace, self.profile, &mut readers[run])?;
            heads.extend(following.map(|event| Head { event, run }));
        }
        Ok(())
    }
}

fn next(workspace: &Workspace, profile: &Profile, reader: &mut impl BufRead) -> io::Result<Option<Received>> {
    let mut line = Vec::new();
    if !read_line(reader, &mut line)? {
        return Ok(None);
    }
    let event = receive(workspace, profile, &line, MAX_LINE);
    event.map(Some).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a sorted run has changed on disk"))
}

/// The first event of a run that was not given out yet; the heap gives the smallest first.
struct Head {
    event: Received,
    run: usize,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        other.event.order(&self.event).then(other.run.cmp(&self.run))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Head {}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
