//! Arrays and maps enter as text; their items leave in slots, counted, sorted and unique where the contract says so.

use std::collections::{BTreeSet, HashSet};

use super::canonical;
use super::decode::{Decoder, string_slot};
use super::fault::{Code, MOST, Params};
use super::path::Path;
use super::reader::{Keys, Read};
use super::shape::{Format, Items, Kind};
use super::slots::Slot;

impl<'a> Decoder<'a> {
    /// Reads an array of any length.
    pub(super) fn list(&mut self, item: &'static Kind, items: Items, slot: &mut Slot<'a>, path: &Path<'_>) -> Read<()> {
        *slot = Slot::List(self.items(item, items, path, |_, _| ())?);
        Ok(())
    }

    /// Reads an array whose items differ in canonical form; they leave sorted by it.
    pub(super) fn set(&mut self, item: &'static Kind, items: Items, slot: &mut Slot<'a>, path: &Path<'_>) -> Read<()> {
        let mut good = Vec::new();
        let mut slots = self.items(item, items, path, |index, is_good| {
            if is_good {
                good.push(index);
            }
        })?;
        let mut members = BTreeSet::new();
        let mut sorted = Vec::with_capacity(good.len());
        for index in good {
            let mut text = String::new();
            canonical::slot(item, &slots[index], &mut text);
            if members.insert(text.clone()) {
                sorted.push((text, std::mem::take(&mut slots[index])));
            } else {
                self.found.add(&Path::At(path, index), Code::UniqueItems, Params::None);
            }
        }
        sorted.sort_by(|(text, _), (other, _)| text.cmp(other));
        *slot = Slot::List(sorted.into_iter().map(|(_, member)| member).collect());
        Ok(())
    }

    /// Reads the items of an array and tells of each whether it is good. Later items sort later: once a hundred
    /// faults were found here, the rest is only passed.
    fn items(
        &mut self,
        item: &'static Kind,
        items: Items,
        path: &Path<'_>,
        mut seen: impl FnMut(usize, bool),
    ) -> Read<Vec<Slot<'a>>> {
        let start = self.found.total();
        let mut slots = Vec::new();
        let mut more = !self.reader.open(b']')?;
        while more {
            let index = slots.len();
            let mut slot = Slot::None;
            let before = self.found.total();
            if before - start < MOST {
                self.value(item, &mut slot, &Path::At(path, index))?;
                seen(index, self.found.total() == before);
            } else {
                self.reader.skip()?;
            }
            slots.push(slot);
            more = self.reader.more(b']')?;
        }
        self.count(slots.len(), items, path);
        Ok(slots)
    }

    /// Reads an array of an exact length; of another length it is not entered.
    pub(super) fn tuple(&mut self, kinds: &'static [&'static Kind], slot: &mut Slot<'a>, path: &Path<'_>) -> Read<()> {
        let start = self.reader.mark();
        let mut length = 0;
        let mut more = !self.reader.open(b']')?;
        while more {
            self.reader.skip()?;
            length += 1;
            more = self.reader.more(b']')?;
        }
        if length != kinds.len() {
            let limit = u32::try_from(kinds.len()).unwrap_or(u32::MAX);
            self.found.add(path, Code::TupleLength, Params::count(limit));
            return Ok(());
        }
        self.reader.seek(start);
        self.reader.open(b']')?;
        let mut slots = vec![Slot::None; length];
        for (index, (kind, slot)) in kinds.iter().zip(&mut slots).enumerate() {
            self.value(kind, slot, &Path::At(path, index))?;
            self.reader.more(b']')?;
        }
        *slot = Slot::List(slots);
        Ok(())
    }

    /// Reads an object with typed keys. Where a key can be spelled in two ways, all keys are looked at before any
    /// value: of two spellings the later one is at fault, and its value is not judged.
    pub(super) fn map(
        &mut self,
        key_kind: &'static Kind,
        value_kind: &'static Kind,
        items: Items,
        slot: &mut Slot<'a>,
        path: &Path<'_>,
    ) -> Read<()> {
        let again = if key_kind.is_respelled() { self.second_spellings(key_kind)? } else { HashSet::new() };
        let mut keys = Keys::default();
        let mut members = Vec::new();
        let mut count = 0;
        let mut more = !self.reader.open(b'}')?;
        while more {
            let key = self.reader.key()?;
            keys.add(key.clone())?;
            let place = Path::Key(path, &key);
            let reason = match string_slot(key_kind, key.clone()) {
                Ok(_) if again.contains(&*key) => Code::UniqueItems,
                Ok(key) => {
                    let mut value = Slot::None;
                    self.value(value_kind, &mut value, &place)?;
                    members.push((key, value));
                    count += 1;
                    more = self.reader.more(b'}')?;
                    continue;
                }
                Err((code, _)) => code,
            };
            self.reader.skip()?;
            self.found.add(&place, Code::MapKey, Params::Reason(reason));
            count += 1;
            more = self.reader.more(b'}')?;
        }
        self.count(count, items, path);
        *slot = Slot::Map(members);
        Ok(())
    }

    /// The keys of the object ahead that another key, earlier in code point order, has in canonical form.
    fn second_spellings(&mut self, kind: &Kind) -> Read<HashSet<String>> {
        let start = self.reader.mark();
        let mut keys = Vec::new();
        let mut more = !self.reader.open(b'}')?;
        while more {
            keys.push(self.reader.key()?);
            self.reader.skip()?;
            more = self.reader.more(b'}')?;
        }
        self.reader.seek(start);
        keys.sort_unstable();
        let mut met = HashSet::new();
        let mut again = HashSet::new();
        for key in keys {
            if let Ok(value) = string_slot(kind, key.clone())
                && !met.insert(canonical::key(kind, &value).into_owned())
            {
                again.insert(key.into_owned());
            }
        }
        Ok(again)
    }

    fn count(&mut self, count: usize, items: Items, path: &Path<'_>) {
        if count < items.min as usize {
            self.found.add(path, Code::MinItems, Params::count(items.min));
        } else if count > items.max as usize {
            self.found.add(path, Code::MaxItems, Params::count(items.max));
        }
    }
}

impl Kind {
    /// Whether two texts can mean one value.
    fn is_respelled(&self) -> bool {
        match self {
            Kind::Text(text) => matches!(text.format, Some(Format::Uuid | Format::Ulid)),
            Kind::Choice(choice) | Kind::Narrowed(choice, _) => !choice.aliases.is_empty(),
            Kind::Untagged(kinds) => kinds.iter().any(|kind| kind.is_respelled()),
            _ => false,
        }
    }
}
