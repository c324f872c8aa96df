//! Objects with declared fields enter as text; their slots leave, absences filled and rules asked.

use std::borrow::Cow;

use super::decode::Decoder;
use super::fault::{Code, Params};
use super::path::Path;
use super::reader::{Broken, Keys, Read};
use super::shape::{Absent, Field, Kind, Shape};
use super::slots::Slot;

impl<'a> Decoder<'a> {
    /// Reads the fields of a record into its slots; `tag` is a key that belongs to what is around it: to a union, or to
    /// the versions of the record.
    pub(super) fn record(
        &mut self,
        shape: &'static Shape,
        tag: Option<&str>,
        slots: &mut [Slot<'a>],
        path: &Path<'_>,
    ) -> Read<()> {
        match shape.versions {
            None => self.members(shape, tag, slots, path),
            Some(versions) => self.versioned(shape, versions, slots, path),
        }
    }

    /// The same of a record of the version that its table shows.
    pub(super) fn members(
        &mut self,
        shape: &'static Shape,
        tag: Option<&str>,
        slots: &mut [Slot<'a>],
        path: &Path<'_>,
    ) -> Read<()> {
        let (mut seen, mut faulty) = (Slotset::default(), Slotset::default());
        let mut strangers = Keys::default();
        let mut next = 0;
        let inner = self.inner.as_ref().filter(|_| matches!(path, Path::Root)).map(|inner| inner.place);
        let mut more = !self.reader.open(b'}')?;
        while more {
            let (place, field) = match self.field(shape, next)? {
                Ok(found) => found,
                Err(key) => {
                    self.reader.skip()?;
                    if shape.closed && tag != Some(&*key) {
                        self.found.add(&Path::Key(path, &key), Code::UnknownKey, Params::None);
                    }
                    strangers.add(key)?;
                    more = self.reader.more(b'}')?;
                    continue;
                }
            };
            if !seen.insert(place) {
                return Err(Broken);
            }
            next = place + 1;
            let before = self.found.total();
            if field.takes_null() && self.reader.peek() == b'n' {
                self.reader.word("null")?;
            } else if inner == Some(place)
                && let Some(kind) = self.inner_kind(slots)
            {
                slots[place] = self.inner(kind)?;
            } else {
                self.value(field.kind, &mut slots[place], &Path::Key(path, field.name))?;
            }
            if self.found.total() != before {
                faulty.insert(place);
            }
            more = self.reader.more(b'}')?;
        }
        if seen.len() != slots.len() {
            self.fill(shape, &seen, &mut faulty, slots, path);
        }
        for rule in shape.rules {
            if !rule.reads.iter().any(|&slot| faulty.contains(slot.into())) {
                rule.judge(shape, slots, path, &mut self.found);
            }
        }
        Ok(())
    }

    /// The kind of the field that is judged by itself, if it is known.
    fn inner_kind(&self, slots: &[Slot<'a>]) -> Option<&'static Kind> {
        let inner = self.inner.as_ref()?;
        match &slots[inner.named_by] {
            Slot::Text(name) if self.reader.peek() == b'{' => (inner.kind)(name),
            _ => None,
        }
    }

    /// Reads such a field, and gives its text.
    fn inner(&mut self, kind: &'static Kind) -> Read<Slot<'a>> {
        let (start, mut inner) = (self.reader.mark(), self.inner.take());
        let outer = std::mem::take(&mut self.found);
        let mut slot = Slot::None;
        self.value(kind, &mut slot, &Path::Root)?;
        let found = std::mem::replace(&mut self.found, outer);
        if let Some(inner) = &mut inner {
            inner.read = Some(found.report().map(|()| slot));
        }
        self.inner = inner;
        Ok(Slot::Raw(Cow::Borrowed(self.reader.since(start))))
    }

    /// Passes a key; gives its field with the slot, or the key itself where no field has it.
    #[inline]
    fn field(&mut self, shape: &'static Shape, next: usize) -> Read<Result<(usize, &'static Field), Cow<'a, str>>> {
        // Fields mostly come in their order, some of them left out.
        let mut place = next;
        while let Some(field) = shape.field(place) {
            if self.reader.expect_key(field.name) {
                return Ok(Ok((place, field)));
            }
            place += 1;
        }
        let key = self.reader.key()?;
        Ok(shape.fields().enumerate().find(|(_, field)| field.name == key).ok_or(key))
    }

    /// Gives absent fields what their absence means.
    fn fill(
        &mut self,
        shape: &'static Shape,
        seen: &Slotset,
        faulty: &mut Slotset,
        slots: &mut [Slot<'a>],
        path: &Path<'_>,
    ) {
        for (place, field) in shape.fields().enumerate().filter(|(place, _)| !seen.contains(*place)) {
            match field.absent {
                Absent::None => {}
                Absent::Default(json) => {
                    let good = Decoder::new(json).value(field.kind, &mut slots[place], &Path::Root);
                    debug_assert!(good.is_ok(), "the contract checked the default");
                }
                Absent::Refused | Absent::RefusedNullable => {
                    self.found.add(&Path::Key(path, field.name), Code::Required, Params::None);
                    faulty.insert(place);
                }
            }
        }
    }
}

/// A set of slots: one word, and more of them only for records with more fields than it has bits.
#[derive(Default)]
struct Slotset {
    low: u64,
    high: Vec<u64>,
}

impl Slotset {
    /// Adds a slot; tells whether it is new.
    #[inline]
    fn insert(&mut self, slot: usize) -> bool {
        let bit = 1 << (slot % 64);
        let word = if slot < 64 { &mut self.low } else { self.high_word(slot / 64) };
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    #[cold]
    fn high_word(&mut self, word: usize) -> &mut u64 {
        self.high.resize(self.high.len().max(word), 0);
        &mut self.high[word - 1]
    }

    #[inline]
    fn contains(&self, slot: usize) -> bool {
        let word = match slot / 64 {
            0 => self.low,
            word => self.high.get(word - 1).copied().unwrap_or(0),
        };
        word >> (slot % 64) & 1 == 1
    }

    #[inline]
    fn len(&self) -> usize {
        let words = std::iter::once(&self.low).chain(&self.high);
        words.map(|word| word.count_ones() as usize).sum()
    }
}
