//! An object of any version enters as text; the slots of its current version leave, older ones brought up to it.
//!
//! An older value is judged by the shape that its version had; what a step makes of it is judged as if it had come so.

use super::canonical::{self, Braces};
use super::decode::Decoder;
use super::fault::{Code, Params};
use super::json::{Json, Object};
use super::path::Path;
use super::reader::Read;
use super::shape::{Bounds, Kind, Shape};
use super::slots::{Slot, Value, broken};
use super::union::find_member;

/// The versions of a record.
#[derive(Debug)]
pub struct Versions {
    /// The key that holds the version of a value.
    pub member: &'static str,
    /// What its value may be: from 1 to the current version.
    pub known: &'static Kind,
    /// The version of the record as it is declared.
    pub current: i64,
    /// The version of a value that does not say one.
    pub absent: Option<i64>,
    /// How each older version becomes the next, from version 1.
    pub upcasts: &'static [Upcast],
}

/// How one version becomes the next.
#[derive(Debug)]
pub struct Upcast {
    /// What this version was.
    pub shape: fn() -> &'static Shape,
    /// How the next is made.
    pub change: Change,
}

/// How the next version is made of the slots of this one.
#[derive(Debug)]
pub enum Change {
    /// Its members are written, but for the version.
    Fields(fn(&[Slot<'_>], &mut Members<'_>)),
    /// A function that was written by hand makes the whole of it.
    Hook(fn(Object) -> Object),
}

impl Versions {
    fn upcast(&self, version: i64) -> Option<&'static Upcast> {
        self.upcasts.get(usize::try_from(version - 1).ok()?)
    }
}

/// The version of a record: a field of which nothing but its type is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version<const CURRENT: i64>;

impl<const CURRENT: i64> Version<CURRENT> {
    /// Its number.
    pub const fn get(self) -> i64 {
        CURRENT
    }
}

impl<const CURRENT: i64> Value for Version<CURRENT> {
    const KIND: &'static Kind =
        &Kind::Int(Bounds { min: Some((CURRENT, false)), max: Some((CURRENT, false)) });

    fn from_slot(_: Slot<'_>) -> Self {
        Version
    }

    fn to_slot(&self) -> Slot<'_> {
        Slot::Int(CURRENT)
    }
}

/// The members of the next version while they are written.
pub struct Members<'o>(Braces<'o>);

impl Members<'_> {
    /// Writes a member of a kind; none is null.
    pub fn put(&mut self, name: &str, kind: &Kind, slot: &Slot<'_>) {
        value(kind, slot, self.0.member(name));
    }

    /// Writes a member that is an object.
    pub fn object(&mut self, name: &str, write: impl FnOnce(&mut Members<'_>)) {
        object(self.0.member(name), write);
    }

    /// Writes a member that is an array.
    pub fn array(&mut self, name: &str, write: impl FnOnce(&mut Items<'_>)) {
        array(self.0.member(name), write);
    }
}

/// The items of an array while they are written.
pub struct Items<'o> {
    out: &'o mut String,
    is_empty: bool,
}

impl Items<'_> {
    /// Writes an item of a kind; none is null.
    pub fn put(&mut self, kind: &Kind, slot: &Slot<'_>) {
        value(kind, slot, self.item());
    }

    /// Writes an item that is an object.
    pub fn object(&mut self, write: impl FnOnce(&mut Members<'_>)) {
        object(self.item(), write);
    }

    /// Writes an item that is an array.
    pub fn array(&mut self, write: impl FnOnce(&mut Items<'_>)) {
        array(self.item(), write);
    }

    fn item(&mut self) -> &mut String {
        if !self.is_empty {
            self.out.push(',');
        }
        self.is_empty = false;
        self.out
    }
}

fn object(out: &mut String, write: impl FnOnce(&mut Members<'_>)) {
    let mut members = Members(Braces::open(out));
    write(&mut members);
    members.0.close();
}

fn array(out: &mut String, write: impl FnOnce(&mut Items<'_>)) {
    out.push('[');
    write(&mut Items { out: &mut *out, is_empty: true });
    out.push(']');
}

fn value(kind: &Kind, slot: &Slot<'_>, out: &mut String) {
    if slot.is_none() { out.push_str("null") } else { canonical::slot(kind, slot, out) }
}

impl<'a> Decoder<'a> {
    /// Reads an object of any version into the slots of the current one.
    pub(super) fn versioned(
        &mut self,
        shape: &'static Shape,
        versions: &'static Versions,
        slots: &mut [Slot<'a>],
        path: &Path<'_>,
    ) -> Read<()> {
        let start = self.reader.mark();
        let version = self.version(versions, path)?;
        self.reader.seek(start);
        let Some(version) = version else { return self.reader.skip() };
        let Some(upcast) = versions.upcast(version) else { return self.members(shape, None, slots, path) };
        let before = self.found.total();
        let older = (upcast.shape)();
        let mut p = Slot::nones(older.len());
        self.record(older, Some(versions.member), &mut p, path)?;
        if self.found.total() > before {
            return Ok(());
        }
        let text = upcast.text(older, &p, versions.member, version + 1);
        let mut again = Decoder::new(&text);
        std::mem::swap(&mut again.found, &mut self.found);
        let mut next = Slot::nones(shape.len());
        let read = again.versioned(shape, versions, &mut next, path);
        std::mem::swap(&mut again.found, &mut self.found);
        if read.is_err() {
            self.found.add(path, Code::TooDeep, Params::None);
            return Ok(());
        }
        for (slot, next) in slots.iter_mut().zip(next) {
            *slot = next.into_owned();
        }
        Ok(())
    }

    /// The version of the object ahead; none, and a fault, where nobody knows it.
    fn version(&mut self, versions: &'static Versions, path: &Path<'_>) -> Read<Option<i64>> {
        let at_member = Path::Key(path, versions.member);
        if !find_member(&mut self.reader, versions.member)? {
            if versions.absent.is_none() {
                self.found.add(&at_member, Code::Required, Params::None);
            }
            return Ok(versions.absent);
        }
        let before = self.found.total();
        let mut slot = Slot::None;
        self.value(versions.known, &mut slot, &at_member)?;
        Ok((self.found.total() == before).then(|| slot.int()))
    }
}

impl Upcast {
    /// The text of the next version.
    fn text(&self, shape: &Shape, p: &[Slot<'_>], member: &str, next: i64) -> String {
        let mut out = String::new();
        let put_version = |out: &mut Members<'_>| out.put(member, &Kind::Int(Bounds::ANY), &Slot::Int(next));
        match self.change {
            Change::Fields(write) => object(&mut out, |members| {
                put_version(members);
                write(p, members);
            }),
            Change::Hook(hook) => {
                let mut older = String::new();
                canonical::record(shape, p, None, &mut older);
                let Json::Object(older) = Json::of_checked(&older) else { broken() };
                object(&mut out, |members| {
                    put_version(members);
                    for (name, value) in hook(older).iter().filter(|(name, _)| &***name != member) {
                        members.put(name, &Kind::Json, &Slot::Json(value));
                    }
                });
            }
        }
        out
    }
}
