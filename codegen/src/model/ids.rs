//! Typed indices, and the ordered collections they index.

use std::marker::PhantomData;
use std::ops::Index;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl From<usize> for $name {
            fn from(index: usize) -> Self {
                Self(u32::try_from(index).expect("fewer than 50,000 nodes a file, 256 files"))
            }
        }

        impl From<$name> for usize {
            fn from(id: $name) -> Self {
                id.0 as usize
            }
        }
    )*};
}

ids! {
    /// A contract file.
    FamilyId
    /// A scalar.
    ScalarId
    /// A composed type with a name.
    NamedTypeId
    /// A type of a foreign JSON Schema.
    ExternalId
    /// An enum.
    EnumId
    /// A record, or the payload of an event.
    RecordId
    /// A mixin.
    MixinId
    /// A union.
    UnionId
    /// An event.
    EventId
    /// A group of events.
    GroupId
    /// A machine.
    MachineId
    /// A constant table.
    TableId
    /// A profile.
    ProfileId
    /// A reducer.
    ReducerId
    /// A hook.
    HookId
}

/// Declarations in the order of their files (by contract name) and, within a file, as written.
#[derive(Debug, Clone, PartialEq)]
pub struct IdVec<I, T> {
    items: Vec<T>,
    key: PhantomData<fn(I)>,
}

impl<I, T> Default for IdVec<I, T> {
    fn default() -> Self {
        Self { items: Vec::new(), key: PhantomData }
    }
}

impl<I: From<usize> + Into<usize>, T> IdVec<I, T> {
    /// Adds an item behind the others.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::from(self.items.len() - 1)
    }

    /// All items in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// All items in order, each with its id.
    pub fn entries(&self) -> impl Iterator<Item = (I, &T)> {
        self.items.iter().enumerate().map(|(at, item)| (I::from(at), item))
    }

    /// The item to change.
    pub fn get_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.into()]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<I: Into<usize>, T> Index<I> for IdVec<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.items[id.into()]
    }
}

impl<'a, I, T> IntoIterator for &'a IdVec<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}
