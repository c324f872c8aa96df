//! A log in any order enters; a replay of it in its own order leaves. While lines come in order they are folded as they
//! come, and most logs are in order.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::marker::PhantomData;

use super::event::Entry;
use super::folding::Fold;
use super::key::Key;
use super::lines::{BadLine, ReplayOptions, Replayed, Source, digest_of, printed};
use super::replay::{Origin, PartKey, Replay};
use super::sha256::Digest;

/// Where the lines of a log stand, and what orders them.
#[derive(Default)]
struct Index {
    keys: Vec<u8>,
    lines: Vec<Line>,
}

#[derive(Clone, Copy)]
struct Line {
    /// The beginning of its key, which decides as a rule.
    prefix: u64,
    key: usize,
    text: usize,
    key_length: u32,
    text_length: u32,
}

impl Index {
    fn add(&mut self, key: &Key, text: usize, length: usize) {
        let bytes = key.as_bytes();
        let mut prefix = [0; 8];
        let known = bytes.len().min(8);
        prefix[..known].copy_from_slice(&bytes[..known]);
        let short = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        self.lines.push(Line {
            prefix: u64::from_be_bytes(prefix),
            key: self.keys.len(),
            text,
            key_length: short(bytes.len()),
            text_length: short(length),
        });
        self.keys.extend_from_slice(bytes);
    }

    fn key(&self, line: Line) -> &[u8] {
        &self.keys[line.key..line.key + line.key_length as usize]
    }
}

/// Lines that are in memory as a whole.
struct Held<'l, F> {
    text: &'l [u8],
    index: &'l Index,
    digests: &'l RefCell<HashMap<usize, Digest>>,
    fold: PhantomData<F>,
}

impl<'l, F: Fold> Held<'l, F> {
    fn new(text: &'l [u8], index: &'l Index, digests: &'l RefCell<HashMap<usize, Digest>>) -> Self {
        Held { text, index, digests, fold: PhantomData }
    }

    fn line(&self, place: usize) -> &'l [u8] {
        let line = self.index.lines[place];
        &self.text[line.text..line.text + line.text_length as usize]
    }

    fn known(&self, place: usize) -> Digest {
        if let Some(digest) = self.digests.borrow().get(&place) {
            return *digest;
        }
        let digest = digest_of::<F>(self.line(place));
        self.digests.borrow_mut().insert(place, digest);
        digest
    }

    /// Places of the lines in order.
    fn order(&self) -> Vec<usize> {
        let lines = &self.index.lines;
        let mut order: Vec<usize> = (0..lines.len()).collect();
        order.sort_by(|&place, &other| {
            let (line, next) = (lines[place], lines[other]);
            let by_key = line.prefix.cmp(&next.prefix).then_with(|| self.index.key(line).cmp(self.index.key(next)));
            // Copies are equal without a look at their digests.
            if by_key.is_ne() || self.line(place) == self.line(other) {
                return by_key;
            }
            self.known(place).cmp(&self.known(other))
        });
        order
    }
}

impl<F: Fold> Origin for Held<'_, F> {
    fn digest(&mut self, place: usize) -> io::Result<Digest> {
        Ok(self.known(place))
    }

    fn is_copy(&mut self, place: usize, other: usize) -> bool {
        self.line(place) == self.line(other)
    }
}

/// Reads a whole log, and folds it.
pub(super) fn replay_unsorted<F: Fold>(
    source: &mut dyn Source,
    options: ReplayOptions,
    part_key: Option<PartKey>,
) -> io::Result<Replayed> {
    let (mut text, mut index, digests) = (Vec::new(), Index::default(), RefCell::default());
    let (mut bad, mut number) = (Vec::new(), 0);
    let (mut last, mut key) = (Key::new(), Key::new());
    let mut in_order = Some(Replay::<F>::new(part_key));
    loop {
        let from = text.len();
        if source.line(&mut text)? == 0 {
            break;
        }
        number += 1;
        let entry = match Entry::of_line::<F::Envelope>(&text[from..], F::LOG) {
            Ok(entry) => entry,
            Err(faults) => {
                bad.push(BadLine { line: number, faults: Some(faults) });
                in_order = in_order.filter(|_| options.skip_invalid);
                text.truncate(from);
                continue;
            }
        };
        key.clear();
        entry.key::<F::Envelope>(&mut key);
        index.add(&key, from, text.len() - from);
        let held = Held::<F>::new(&text, &index, &digests);
        let place = index.lines.len() - 1;
        let is_next = key > last || key == last && held.line(place - 1) == held.line(place);
        in_order = in_order.filter(|_| is_next);
        if let Some(replay) = &mut in_order {
            replay.apply(entry, place, &mut { held })?;
        }
        std::mem::swap(&mut last, &mut key);
    }
    if !bad.is_empty() && !options.skip_invalid {
        return Ok(Replayed { state: None, bad });
    }
    let replay = match in_order {
        Some(replay) => replay,
        None => in_own_order(&mut Held::new(&text, &index, &digests), part_key)?,
    };
    Ok(Replayed { state: Some(printed(replay, options)), bad })
}

fn in_own_order<F: Fold>(held: &mut Held<'_, F>, part_key: Option<PartKey>) -> io::Result<Replay<F>> {
    let mut replay = Replay::new(part_key);
    for place in held.order() {
        if let Ok(entry) = Entry::of_line::<F::Envelope>(held.line(place), F::LOG) {
            replay.apply(entry, place, held)?;
        }
    }
    Ok(replay)
}
