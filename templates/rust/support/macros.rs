//! The name of a generated type enters; what all types of its sort can do leaves.

// Which of them are used depends on the contracts.
#![allow(unused_macros, unused_imports)]

/// A scalar over text.
macro_rules! text_scalar {
    ($name:ident) => {
        impl $name {
            /// Checks a text.
            ///
            /// # Errors
            /// The first check that the text fails.
            pub fn new(text: &str) -> ::core::result::Result<Self, $crate::support::Faults> {
                let slot = $crate::support::Slot::Text(::std::borrow::Cow::Borrowed(text));
                $crate::support::scalar(Self::KIND, slot).map($crate::support::Value::from_slot)
            }

            /// The text, in canonical spelling.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::core::convert::TryFrom<&str> for $name {
            type Error = $crate::support::Faults;

            fn try_from(text: &str) -> ::core::result::Result<Self, Self::Error> {
                Self::new(text)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::support::Faults;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl $crate::support::Value for $name {
            const KIND: &'static $crate::support::Kind = Self::KIND;

            fn from_slot(slot: $crate::support::Slot<'_>) -> Self {
                Self($crate::support::Value::from_slot(slot))
            }

            fn to_slot(&self) -> $crate::support::Slot<'_> {
                $crate::support::Value::to_slot(&self.0)
            }

            fn write(&self, out: &mut ::std::string::String) {
                $crate::support::Value::write(&self.0, out);
            }
        }

        $crate::support::serde_impls!($name);
    };
}

/// A scalar over text that names a moment: it is ordered by the moment, then by the text.
macro_rules! instant_scalar {
    ($name:ident) => {
        $crate::support::text_scalar!($name);

        impl $name {
            /// The moment it names.
            pub fn instant(&self) -> $crate::support::Instant {
                $crate::support::Value::to_slot(self).instant()
            }
        }

        impl ::core::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> ::core::option::Option<::core::cmp::Ordering> {
                ::core::option::Option::Some(::core::cmp::Ord::cmp(self, other))
            }
        }

        impl ::core::cmp::Ord for $name {
            fn cmp(&self, other: &Self) -> ::core::cmp::Ordering {
                (self.instant(), &self.0).cmp(&(other.instant(), &other.0))
            }
        }
    };
}

/// A scalar over a number or truth value.
macro_rules! number_scalar {
    ($name:ident, $base:ident, $slot:ident, $read:ident) => {
        impl $name {
            /// Checks a value.
            ///
            /// # Errors
            /// The first check that the value fails.
            pub fn new(value: $base) -> ::core::result::Result<Self, $crate::support::Faults> {
                let slot = $crate::support::Slot::$slot(value);
                $crate::support::scalar(Self::KIND, slot).map($crate::support::Value::from_slot)
            }

            /// Its value.
            pub const fn get(self) -> $base {
                self.0
            }
        }

        impl ::core::convert::TryFrom<$base> for $name {
            type Error = $crate::support::Faults;

            fn try_from(value: $base) -> ::core::result::Result<Self, Self::Error> {
                Self::new(value)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl $crate::support::Value for $name {
            const KIND: &'static $crate::support::Kind = Self::KIND;

            fn from_slot(slot: $crate::support::Slot<'_>) -> Self {
                Self(slot.$read())
            }

            fn to_slot(&self) -> $crate::support::Slot<'_> {
                $crate::support::Slot::$slot(self.0)
            }
        }

        $crate::support::serde_impls!($name);
    };
}

/// An enum whose members stand in `ALL` and whose texts stand in `CHOICE`, in one order.
macro_rules! choice {
    ($name:ident) => {
        impl $name {
            /// What the contract accepts.
            pub const KIND: &'static $crate::support::Kind = &$crate::support::Kind::Choice(Self::CHOICE);

            /// The text on the wire.
            pub const fn as_str(self) -> &'static str {
                Self::CHOICE.values[self as usize]
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::support::Faults;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                match Self::CHOICE.find(text) {
                    ::core::option::Option::Some(index) => {
                        ::core::result::Result::Ok(Self::ALL[::core::primitive::usize::from(index)])
                    }
                    ::core::option::Option::None => {
                        let (code, params) = ($crate::support::Code::Enum, $crate::support::Params::None);
                        ::core::result::Result::Err($crate::support::Faults::one(code, params))
                    }
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::support::Value for $name {
            const KIND: &'static $crate::support::Kind = Self::KIND;

            fn from_slot(slot: $crate::support::Slot<'_>) -> Self {
                Self::ALL[::core::primitive::usize::from(slot.index())]
            }

            fn to_slot(&self) -> $crate::support::Slot<'_> {
                $crate::support::Slot::Member(*self as u16)
            }
        }

        $crate::support::serde_impls!($name);
    };
}

/// A container with a limited number of items, of the type that `Container` names.
macro_rules! container {
    ($name:ident) => {
        impl $name {
            /// Checks the items.
            ///
            /// # Errors
            /// Every fault of the items and of their number.
            pub fn new(
                items: <Self as $crate::support::Container>::Items,
            ) -> ::core::result::Result<Self, $crate::support::Faults> {
                $crate::support::checked(&Self(items))
            }

            /// The items.
            pub fn into_inner(self) -> <Self as $crate::support::Container>::Items {
                self.0
            }
        }

        impl ::core::ops::Deref for $name {
            type Target = <Self as $crate::support::Container>::Items;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl $crate::support::Value for $name {
            const KIND: &'static $crate::support::Kind = Self::KIND;

            fn from_slot(slot: $crate::support::Slot<'_>) -> Self {
                Self($crate::support::Value::from_slot(slot))
            }

            fn to_slot(&self) -> $crate::support::Slot<'_> {
                $crate::support::Value::to_slot(&self.0)
            }

            fn of_members<K: $crate::support::Kept>(members: ::std::vec::Vec<($crate::support::Slot<'_>, K)>) -> Self {
                Self($crate::support::Value::of_members(members))
            }

            fn write(&self, out: &mut ::std::string::String) {
                $crate::support::Value::write(&self.0, out);
            }
        }

        $crate::support::text_doors!($name);
    };
}

/// A record: its table and its moves are generated.
macro_rules! record {
    ($name:ident) => {
        impl $name {
            /// What the contract accepts.
            pub const KIND: &'static $crate::support::Kind =
                &$crate::support::Kind::Record(<Self as $crate::support::Record>::shape);

            /// Reads and checks JSON text.
            ///
            /// # Errors
            /// Every fault of the text.
            pub fn from_json(text: &[u8]) -> ::core::result::Result<Self, $crate::support::Faults> {
                $crate::support::record_from_json(text)
            }
        }

        impl $crate::support::Value for $name {
            const KIND: &'static $crate::support::Kind = Self::KIND;

            fn from_slot(slot: $crate::support::Slot<'_>) -> Self {
                $crate::support::fields_from_slot(slot)
            }

            fn to_slot(&self) -> $crate::support::Slot<'_> {
                $crate::support::Slot::List($crate::support::Sink::of(self))
            }

            fn write(&self, out: &mut ::std::string::String) {
                $crate::support::write_fields(self, out);
            }
        }

        $crate::support::value_doors!($name);
    };
}

/// The doors of a type that is read as any value.
macro_rules! text_doors {
    ($name:ident) => {
        impl $name {
            /// Reads and checks JSON text.
            ///
            /// # Errors
            /// Every fault of the text.
            pub fn from_json(text: &[u8]) -> ::core::result::Result<Self, $crate::support::Faults> {
                $crate::support::from_json(text)
            }
        }

        $crate::support::value_doors!($name);
    };
}

/// The doors that need no text stage.
macro_rules! value_doors {
    ($name:ident) => {
        impl $name {
            /// Checks a value that a program built.
            ///
            /// # Errors
            /// Every fault of the value.
            pub fn from_value(value: &$crate::support::Json) -> ::core::result::Result<Self, $crate::support::Faults> {
                $crate::support::from_value(value)
            }

            /// The canonical JSON text.
            pub fn to_json(&self) -> ::std::string::String {
                $crate::support::to_json(self)
            }
        }

        $crate::support::serde_impls!($name);
    };
}

/// The door of serde.
macro_rules! serde_impls {
    ($name:ident) => {
        #[cfg(feature = "serde")]
        impl<'de> ::serde_core::Deserialize<'de> for $name {
            fn deserialize<D: ::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::support::serde_door::read(deserializer)
            }
        }

        #[cfg(feature = "serde")]
        impl ::serde_core::Serialize for $name {
            fn serialize<S: ::serde_core::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::support::serde_door::write(self, serializer)
            }
        }
    };
}

pub(crate) use {
    choice, container, instant_scalar, number_scalar, record, serde_impls, text_doors, text_scalar, value_doors,
};
