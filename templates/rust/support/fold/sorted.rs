//! A log in its order enters; the state it makes leaves, and nothing but state and ids was kept meanwhile.

use std::io;
use std::marker::PhantomData;

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
    let (mut last, mut key, mut last_first) = (Key::new(), Key::new(), 0);
    let (mut block, mut before) = (Block::default(), Vec::new());
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
            key.clear();
            let first = entry.key::<F::Envelope>(&mut key);
            let other = waiting.as_ref().map_or(&*before, |waiting| waiting.line);
            let is_behind =
                key > last || key == last && (line == other || digest_of::<F>(line) >= digest_of::<F>(other));
            if !is_behind {
                bad.push(BadLine { line: number, faults: None });
                return Ok(Replayed { state: None, bad });
            }
            if let Some(mut read) = waiting.replace(Read { entry, line, here }) {
                read.entry.is_last = key.as_bytes()[..first] != last.as_bytes()[..last_first];
                passed.apply(&mut replay, read)?;
            }
            std::mem::swap(&mut last, &mut key);
            last_first = first;
        }
        if let Some(read) = waiting {
            before.clear();
            before.extend_from_slice(read.line);
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
