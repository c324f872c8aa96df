//! Findings about one input value enter; the closed list of codes and the one order of errors leave.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::json::{self, Value};

/// At most this many errors are kept for one input.
pub const MAX_FAULTS: usize = 100;

macro_rules! codes {
    ($($variant:ident $word:literal)*) => {
        /// What can be wrong with an input, in order of rank.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(
                #[doc = concat!("`", $word, "`")]
                $variant,
            )*
            /// `unanswered`: of the reference alone, and no word against the input. It was not judged to the end,
            /// since a rule called a hook with args that no vector has.
            Unanswered,
        }

        impl Code {
            /// Every code that an input can meet in every language, in order of rank.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word in errors.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Unanswered => "unanswered",
                }
            }
        }
    };
}

codes! {
    TooLarge "too_large"
    BadUtf8 "bad_utf8"
    TooDeep "too_deep"
    BadJson "bad_json"
    DuplicateKey "duplicate_key"
    LoneSurrogate "lone_surrogate"
    NumberNotFinite "number_not_finite"
    Type "type"
    IntRange "int_range"
    Minimum "minimum"
    Maximum "maximum"
    MinLength "min_length"
    MaxLength "max_length"
    Blank "blank"
    Format "format"
    Pattern "pattern"
    Enum "enum"
    Required "required"
    UnknownKey "unknown_key"
    MapKey "map_key"
    MinItems "min_items"
    MaxItems "max_items"
    TupleLength "tuple_length"
    UniqueItems "unique_items"
    UnionTag "union_tag"
    UnionNone "union_none"
    Rule "rule"
}

/// One step of a path. Indices order as numbers, keys by code point.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into an array.
    Index(usize),
    /// Into an object.
    Key(String),
}

/// Facts about an error, by name.
pub type Params = BTreeMap<String, Value>;

/// One error of an input.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What is wrong.
    pub code: Code,
    /// Where, from the value that was judged.
    pub path: Vec<Step>,
    /// Typed facts, never prose.
    pub params: Params,
}

impl Fault {
    /// An error of the whole input, which has no parameters.
    pub fn whole(code: Code) -> Self {
        Self { code, path: Vec::new(), params: Params::new() }
    }

    /// The path as a JSON Pointer.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.path {
            match step {
                Step::Index(index) => write!(pointer, "/{index}").expect("a string takes all"),
                Step::Key(key) => {
                    pointer.push('/');
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                }
            }
        }
        pointer
    }

    /// The error as JSON: `code`, `params`, `path`.
    pub fn to_value(&self) -> Value {
        Value::object([
            ("code", self.code.as_str().into()),
            ("params", Value::Object(self.params.clone())),
            ("path", self.pointer().into()),
        ])
    }
}

/// Errors in their one order: by path, a parent before its children, then by rank, then by parameters. The first
/// [`MAX_FAULTS`] stay.
pub fn settle(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort_by_cached_key(|fault| {
        (fault.path.clone(), fault.code, json::canonical(&Value::Object(fault.params.clone())))
    });
    faults.truncate(MAX_FAULTS);
    faults
}
