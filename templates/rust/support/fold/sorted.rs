//! A log in its order enters; the state it makes leaves, and nothing but state and ids was kept meanwhile.

use std::cmp::Ordering;
use std::io;
use std::marker::PhantomData;

use super::super::slots::Record;
use super::block::Block;
use super::event::Entry;
use super::folding::Fold;
use super::key::Key;
use super::lines::{BadLine, ReplayOptions, Replayed, Source, digest_of, printed};
use super::replay::{Origin, PartKey, Replay};
use super::sha256::Digest;

/// Lines that were passed. Where they cannot be read again, their digests are kept.
struct Passed<'s, F> {
    source: &'s mut dyn Source,
    digests: Option<Vec<Digest>>,
    fold: PhantomData<F>,
}

impl<F: Fold> Origin for Passed<'_, F> {
    fn digest(&mut self, place: usize) -> io::Result<Digest> {
        if let Some(digests) = &self.digests {
            return Ok(digests[place]);
        }
        let mut line = Vec::new();
        self.source.again(place, &mut line)?;
        Ok(digest_of::<F>(&line))
    }

    fn is_copy(&mut self, place: usize, other: usize) -> bool {
        let (mut line, mut other_line) = (Vec::new(), Vec::new());
        self.digests.is_none()
            && self.source.again(place, &mut line).is_ok()
            && self.source.again(other, &mut other_line).is_ok()
            && line == other_line
    }
}

/// A line that was read, and waits until the one behind it is known.
struct Read<'b> {
    entry: Entry<'b>,
    line: &'b [u8],
    here: usize,
}

/// The keys of the last two lines.
#[derive(Default)]
struct Keys {
    last: LazyKey,
    before: LazyKey,
}

/// What orders a line. Mostly the first part decides: the others are added where it does not.
#[derive(Default)]
struct LazyKey {
    key: Key,
    first: usize,
}

impl Keys {
    /// How a line stands to the one before it, and whether they happened together.
    fn next<E: Record>(&mut self, entry: &Entry<'_>, before: Option<&Entry<'_>>) -> (Ordering, bool) {
        std::mem::swap(&mut self.last, &mut self.before);
        self.last.begin::<E>(entry);
        let order = self.last.first().cmp(self.before.first());
        if order.is_ne() {
            return (order, false);
        }
        if let Some(before) = before {
            self.before.complete::<E>(before);
        }
        self.last.complete::<E>(entry);
        (self.last.key.cmp(&self.before.key), true)
    }
}

impl LazyKey {
    fn begin<E: Record>(&mut self, entry: &Entry<'_>) {
        self.key.clear();
        entry.first_key::<E>(&mut self.key);
        self.first = self.key.as_bytes().len();
    }

    fn first(&self) -> &[u8] {
        &self.key.as_bytes()[..self.first]
    }

    fn complete<E: Record>(&mut self, entry: &Entry<'_>) {
        if self.key.as_bytes().len() == self.first {
            entry.further_key::<E>(&mut self.key);
        }
    }
}

/// Folds a log as it is read.
pub(super) fn replay_sorted<F: Fold>(
    source: &mut dyn Source,
    options: ReplayOptions,
    part_key: Option<PartKey>,
) -> io::Result<Replayed> {
    let digests = (!source.is_read_again()).then(Vec::new);
    let mut passed = Passed::<F> { source, digests, fold: PhantomData };
    let mut replay = Replay::<F>::new(part_key);
    let (mut bad, mut number) = (Vec::new(), 0);
    let (mut block, mut before, mut keys) = (Block::default(), Vec::new(), Keys::default());
    while block.fill(passed.source)? {
        let mut waiting: Option<Read<'_>> = None;
        for (here, line) in block.lines() {
            number += 1;
            let entry = match Entry::of_line::<F::Envelope>(line, F::LOG, F::payload_kind) {
                Ok(entry) => entry,
                Err(faults) => {
                    bad.push(BadLine { line: number, faults: Some(faults) });
                    continue;
                }
            };
            let (order, is_together) = keys.next::<F::Envelope>(&entry, waiting.as_ref().map(|read| &read.entry));
            let other = waiting.as_ref().map_or(&*before, |waiting| waiting.line);
            let is_behind =
                order.is_gt() || order.is_eq() && (line == other || digest_of::<F>(line) >= digest_of::<F>(other));
            if !is_behind {
                bad.push(BadLine { line: number, faults: None });
                return Ok(Replayed { state: None, bad });
            }
            if let Some(mut read) = waiting.replace(Read { entry, line, here }) {
                read.entry.is_last = !is_together;
                passed.apply(&mut replay, read)?;
            }
        }
        if let Some(read) = waiting {
            before.clear();
            before.extend_from_slice(read.line);
            keys.last.complete::<F::Envelope>(&read.entry);
            passed.apply(&mut replay, read)?;
        }
    }
    if !bad.is_empty() && !options.skip_invalid {
        return Ok(Replayed { state: None, bad });
    }
    Ok(Replayed { state: Some(printed(replay, options)), bad })
}

impl<F: Fold> Passed<'_, F> {
    fn apply(&mut self, replay: &mut Replay<F>, read: Read<'_>) -> io::Result<()> {
        let Read { entry, line, here } = read;
        let place = match &mut self.digests {
            None => here,
            Some(digests) => {
                digests.push(digest_of::<F>(line));
                digests.len() - 1
            }
        };
        let is_new = replay.apply(entry, place, self)?;
        if let (Some(digests), false) = (&mut self.digests, is_new) {
            digests.pop();
        }
        Ok(())
    }
}
