//! The standard types of fields enter; how each leaves its slot and goes back is said here once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::canonical;
use super::json::{Json, Object};
use super::number::{Int, Number};
use super::shape::{Bounds, Items, Kind, Text};
use super::slots::{Kept, Slot, Value, Written, broken};

/// Types that are copied into and out of a slot.
macro_rules! copied {
    ($($type:ty, $kind:expr, $slot:ident => $read:expr, $write:expr;)*) => {$(
        impl Value for $type {
            const KIND: &'static Kind = &$kind;

            fn from_slot(slot: Slot<'_>) -> Self {
                let $slot = slot;
                $read
            }

            fn to_slot(&self) -> Slot<'_> {
                let $slot = *self;
                $write
            }
        }
    )*};
}

copied! {
    bool, Kind::Bool, it => it.bool(), Slot::Bool(it);
    Int, Kind::Int(Bounds::ANY), it => Int::of_checked(it.int()), Slot::Int(it.get());
    i64, Kind::Int64(Bounds::ANY), it => it.int(), Slot::Int(it);
    u64, Kind::Uint64(Bounds::ANY), it => it.uint(), Slot::Uint(it);
    Number, Kind::Float(Bounds::ANY), it => Number::of_checked(it.float()), Slot::Float(it.get());
}

impl Value for Box<str> {
    const KIND: &'static Kind = &Kind::Text(Text::ANY);

    fn from_slot(slot: Slot<'_>) -> Self {
        match slot {
            Slot::Text(text) => text.into(),
            _ => broken(),
        }
    }

    fn to_slot(&self) -> Slot<'_> {
        Slot::Text(Cow::Borrowed(self))
    }

    fn write(&self, out: &mut String) {
        canonical::string(self, out);
    }
}

impl Value for Json {
    const KIND: &'static Kind = &Kind::Json;

    fn from_slot(slot: Slot<'_>) -> Self {
        match slot {
            Slot::Raw(text) => Json::of_checked(&text),
            Slot::Json(value) => value.clone(),
            Slot::Object(members) => Json::Object(members.clone()),
            _ => broken(),
        }
    }

    fn to_slot(&self) -> Slot<'_> {
        Slot::Json(self)
    }
}

impl Value for Object {
    const KIND: &'static Kind = &Kind::Object;

    fn from_slot(slot: Slot<'_>) -> Self {
        match Json::from_slot(slot) {
            Json::Object(members) => members,
            _ => broken(),
        }
    }

    fn to_slot(&self) -> Slot<'_> {
        Slot::Object(self)
    }
}

impl<T: Value> Value for Option<T> {
    const KIND: &'static Kind = &Kind::Opt(T::KIND);

    fn from_slot(slot: Slot<'_>) -> Self {
        if slot.is_none() { None } else { Some(T::from_slot(slot)) }
    }

    fn to_slot(&self) -> Slot<'_> {
        self.as_ref().map_or(Slot::None, T::to_slot)
    }

    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(T::is_absent)
    }

    fn write(&self, out: &mut String) {
        match self {
            Some(value) => value.write(out),
            None => out.push_str("null"),
        }
    }
}

impl<T: Value> Value for Box<T> {
    const KIND: &'static Kind = T::KIND;

    fn from_slot(slot: Slot<'_>) -> Self {
        Box::new(T::from_slot(slot))
    }

    fn to_slot(&self) -> Slot<'_> {
        T::to_slot(self)
    }

    fn is_absent(&self) -> bool {
        T::is_absent(self)
    }

    fn write(&self, out: &mut String) {
        T::write(self, out);
    }
}

impl<T: Value> Value for Vec<T> {
    const KIND: &'static Kind = &Kind::List(T::KIND, Items::ANY);

    fn from_slot(slot: Slot<'_>) -> Self {
        match slot {
            Slot::List(items) => items.into_iter().map(T::from_slot).collect(),
            _ => broken(),
        }
    }

    fn to_slot(&self) -> Slot<'_> {
        Slot::List(self.iter().map(T::to_slot).collect())
    }

    fn write(&self, out: &mut String) {
        canonical::list(self, out, T::write);
    }
}

impl<K: Value + Ord, V: Value> Value for BTreeMap<K, V> {
    const KIND: &'static Kind = &Kind::Map(K::KIND, V::KIND, Items::ANY);

    fn from_slot(slot: Slot<'_>) -> Self {
        match slot {
            Slot::Map(members) => {
                members.into_iter().map(|(key, value)| (K::from_slot(key), V::from_slot(value))).collect()
            }
            _ => broken(),
        }
    }

    fn to_slot(&self) -> Slot<'_> {
        Slot::Map(self.iter().map(|(key, value)| (key.to_slot(), value.to_slot())).collect())
    }

    fn of_members<P: Kept>(members: Vec<(Slot<'_>, P)>) -> Self {
        members.into_iter().map(|(key, kept)| (K::from_slot(key), kept.typed())).collect()
    }

    fn write(&self, out: &mut String) {
        canonical::map(self.iter(), out);
    }
}

/// Tuples of any length a contract may reasonably want.
macro_rules! tuples {
    ($($($item:ident)*;)*) => {$(
        impl<$($item: Value),*> Value for ($($item,)*) {
            const KIND: &'static Kind = &Kind::Tuple(&[$($item::KIND),*]);

            fn from_slot(slot: Slot<'_>) -> Self {
                let Slot::List(items) = slot else { broken() };
                let mut items = items.into_iter();
                ($($item::from_slot(items.next().unwrap_or_default()),)*)
            }

            #[allow(non_snake_case, reason = "a variable is named as its type")]
            fn to_slot(&self) -> Slot<'_> {
                let ($($item,)*) = self;
                Slot::List(vec![$($item.to_slot()),*])
            }

            #[allow(non_snake_case, reason = "a variable is named as its type")]
            fn write(&self, out: &mut String) {
                let ($($item,)*) = self;
                let items: [&dyn Written; _] = [$($item),*];
                canonical::list(items, out, Written::write);
            }
        }
    )*};
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
    A B C D E F G H I;
    A B C D E F G H I J;
    A B C D E F G H I J K;
    A B C D E F G H I J K L;
}
