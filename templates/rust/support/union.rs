//! A value of a union enters as text; the variant that it belongs to leaves, with its slots.

use std::mem;

use super::decode::Decoder;
use super::fault::{Code, Params};
use super::path::Path;
use super::reader::{Read, Reader};
use super::shape::{Kind, Tagged};
use super::slots::Slot;

impl<'a> Decoder<'a> {
    /// Reads an object whose tag says which record it is.
    pub(super) fn tagged(&mut self, union: &'static Tagged, slot: &mut Slot<'a>, path: &Path<'_>) -> Read<()> {
        let start = self.reader.mark();
        let at_tag = Path::Key(path, union.tag);
        let index = if find_member(&mut self.reader, union.tag)? {
            if self.reader.peek() == b'"' {
                let tag = self.reader.string()?;
                union.values.find(&tag).ok_or(Code::UnionTag)
            } else {
                self.mismatch("string", &at_tag)?;
                Err(Code::Type)
            }
        } else {
            union.default.ok_or(Code::Required)
        };
        self.reader.seek(start);
        match index {
            Ok(index) => {
                let shape = union.variants[usize::from(index)]();
                let mut slots = vec![Slot::None; shape.len()];
                self.record(shape, Some(union.tag), &mut slots, path)?;
                *slot = Slot::Variant(index, Box::new(Slot::List(slots)));
                return Ok(());
            }
            Err(Code::Type) => {}
            Err(code) => self.found.add(&at_tag, code, Params::None),
        }
        self.reader.skip()
    }

    /// Reads a value as the first variant that accepts it.
    pub(super) fn untagged(
        &mut self,
        kinds: &'static [&'static Kind],
        slot: &mut Slot<'a>,
        path: &Path<'_>,
    ) -> Read<()> {
        let start = self.reader.mark();
        let key = (start.offset(), kinds.as_ptr().addr());
        let mut value = Slot::None;
        let verdict = match self.verdicts.get(&key) {
            Some(Some(index)) => {
                let index = *index;
                self.value(kinds[usize::from(index)], &mut value, path)?;
                Some(index)
            }
            Some(None) => None,
            None => self.first_to_accept(kinds, &mut value, path)?,
        };
        self.verdicts.insert(key, verdict);
        if let Some(index) = verdict {
            *slot = Slot::Variant(index, Box::new(value));
        } else {
            self.reader.seek(start);
            self.reader.skip()?;
            self.found.add(path, Code::UnionNone, Params::None);
        }
        Ok(())
    }

    /// Tries the variants in order; what those find that refuse the value is nobody's concern.
    fn first_to_accept(
        &mut self,
        kinds: &'static [&'static Kind],
        slot: &mut Slot<'a>,
        path: &Path<'_>,
    ) -> Read<Option<u16>> {
        let start = self.reader.mark();
        let first = self.reader.peek();
        let found = mem::take(&mut self.found);
        let mut verdict = None;
        for (index, kind) in (0..).zip(kinds).filter(|(_, kind)| kind.may_begin(first)) {
            self.reader.seek(start);
            self.value(kind, slot, path)?;
            if mem::take(&mut self.found).total() == 0 {
                verdict = Some(index);
                break;
            }
            *slot = Slot::None;
        }
        self.found = found;
        Ok(verdict)
    }
}

/// Goes to the value of a key in the object ahead; tells whether there is one.
pub(super) fn find_member(reader: &mut Reader<'_>, name: &str) -> Read<bool> {
    let mut more = !reader.open(b'}')?;
    while more {
        if reader.key()? == name {
            return Ok(true);
        }
        reader.skip()?;
        more = reader.more(b'}')?;
    }
    Ok(false)
}
