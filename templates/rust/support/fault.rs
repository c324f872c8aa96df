//! What is wrong with a value enters as it is found; the first hundred faults leave, in the order all targets share.

use std::fmt;

use super::json::Json;
use super::number::{Int, Number};
use super::path::{Path, Step, pointer};

/// How many faults are reported.
pub(super) const MOST: usize = 100;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// The closed list of reasons to refuse a value, in the order in which faults of one place are reported.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// The code as every target writes it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Code::$name => $text,)*
                }
            }
        }
    };
}

codes! {
    /// The text is larger than 1 MiB.
    TooLarge = "too_large",
    /// The bytes are not UTF-8.
    BadUtf8 = "bad_utf8",
    /// More than 64 brackets are open at once.
    TooDeep = "too_deep",
    /// The text is not JSON.
    BadJson = "bad_json",
    /// An object has one key twice.
    DuplicateKey = "duplicate_key",
    /// An escaped surrogate has no partner.
    LoneSurrogate = "lone_surrogate",
    /// A number does not fit a binary64.
    NumberNotFinite = "number_not_finite",
    /// The value is of another kind.
    Type = "type",
    /// An integer lies outside the range of its type.
    IntRange = "int_range",
    /// A number is too small.
    Minimum = "minimum",
    /// A number is too large.
    Maximum = "maximum",
    /// A string is too short.
    MinLength = "min_length",
    /// A string is too long.
    MaxLength = "max_length",
    /// A string holds nothing but white space.
    Blank = "blank",
    /// A string is not of its format.
    Format = "format",
    /// A string does not match its pattern.
    Pattern = "pattern",
    /// A string is no member of its enum.
    Enum = "enum",
    /// A key is missing.
    Required = "required",
    /// A closed record does not know the key.
    UnknownKey = "unknown_key",
    /// A key of a map is no value of its type, or stands twice in two spellings.
    MapKey = "map_key",
    /// A container holds too few items.
    MinItems = "min_items",
    /// A container holds too many items.
    MaxItems = "max_items",
    /// A tuple has another length.
    TupleLength = "tuple_length",
    /// A set holds a member twice.
    UniqueItems = "unique_items",
    /// The tag names no variant.
    UnionTag = "union_tag",
    /// No variant accepts the value.
    UnionNone = "union_none",
    /// A rule between fields is broken.
    Rule = "rule",
}

/// A limit that was exceeded; limits of 64-bit integers are written as decimal strings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// Of an `int`, a length or a count.
    Int(i64),
    /// Of a `float`.
    Float(f64),
    /// Of an `int64`.
    Int64(i64),
    /// Of a `uint64`.
    Uint64(u64),
}

impl Limit {
    fn to_json(self) -> Json {
        match self {
            Limit::Int(limit) => Json::Number(Int::of_checked(limit).into()),
            Limit::Float(limit) => Json::Number(Number::of_checked(limit)),
            Limit::Int64(limit) => Json::String(limit.to_string().into()),
            Limit::Uint64(limit) => Json::String(limit.to_string().into()),
        }
    }
}

/// The facts of a fault; never prose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Params {
    /// Nothing more to say.
    None,
    /// Of `type`: the kind that was expected, and the one found.
    Kinds {
        /// `bool`, `int`, `number`, `string`, `array` or `object`.
        expected: &'static str,
        /// `null`, `bool`, `number`, `string`, `array` or `object`.
        got: &'static str,
    },
    /// Of `int_range`: the range of the type.
    Range {
        /// Smallest value.
        min: Limit,
        /// Largest value.
        max: Limit,
    },
    /// Of bounds, lengths and counts.
    Limit {
        /// The bound.
        limit: Limit,
        /// Whether the bound itself is refused.
        exclusive: bool,
    },
    /// Of `format`: its name.
    Format(&'static str),
    /// Of `pattern`: the pattern as in the contract.
    Pattern(&'static str),
    /// Of `map_key`: what is wrong with the key.
    Reason(Code),
    /// Of `rule`: its own code.
    Rule(&'static str),
}

impl Params {
    /// A count or length that was exceeded.
    pub(super) fn count(limit: u32) -> Self {
        Params::Limit { limit: Limit::Int(limit.into()), exclusive: false }
    }

    /// The params as a JSON object.
    pub fn to_json(self) -> Json {
        let text = |text: &'static str| Json::String(text.into());
        let members = match self {
            Params::None => vec![],
            Params::Kinds { expected, got } => vec![("expected", text(expected)), ("got", text(got))],
            Params::Range { min, max } => vec![("min", min.to_json()), ("max", max.to_json())],
            Params::Limit { limit, exclusive: false } => vec![("limit", limit.to_json())],
            Params::Limit { limit, exclusive: true } => {
                vec![("exclusive", Json::Bool(true)), ("limit", limit.to_json())]
            }
            Params::Format(format) => vec![("format", text(format))],
            Params::Pattern(pattern) => vec![("pattern", text(pattern))],
            Params::Reason(code) => vec![("reason", text(code.as_str()))],
            Params::Rule(rule) => vec![("rule", text(rule))],
        };
        Json::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

/// One reason why a value is refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What is wrong.
    pub code: Code,
    /// JSON Pointer to the value at fault; for a missing or unknown key to the member itself.
    pub path: String,
    /// The facts.
    pub params: Params,
}

impl Fault {
    /// The fault as the object `{code, params, path}`.
    pub fn to_json(&self) -> Json {
        let members = [
            ("code", Json::String(self.code.as_str().into())),
            ("params", self.params.to_json()),
            ("path", Json::String(self.path.as_str().into())),
        ];
        Json::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` at \"{}\"", self.code.as_str(), self.path)?;
        match self.params {
            Params::None => Ok(()),
            params => write!(f, " {}", params.to_json()),
        }
    }
}

/// Every fault of a value: by path, then by code, then by params; at least one, at most a hundred.
#[derive(Debug, Clone, PartialEq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// One fault of the value itself.
    pub fn one(code: Code, params: Params) -> Self {
        Faults(vec![Fault { code, path: String::new(), params }])
    }

    /// Of an event type that no contract declares.
    pub fn undeclared() -> Self {
        Faults::one(Code::UnionTag, Params::None)
    }

    /// This fault alone.
    pub(super) fn of(fault: Fault) -> Self {
        Faults(vec![fault])
    }

    /// These faults, which are in order, as far as they are kept; nothing is wrong where there is none.
    pub(super) fn listed(mut faults: Vec<Fault>) -> Result<(), Self> {
        faults.truncate(MOST);
        if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
    }

    /// The faults in order.
    pub fn as_slice(&self) -> &[Fault] {
        &self.0
    }
}

impl IntoIterator for Faults {
    type Item = Fault;
    type IntoIter = std::vec::IntoIter<Fault>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// Collects what is found in any order and never holds much more than will be reported.
#[derive(Default)]
pub(super) struct Findings {
    list: Vec<(Vec<Step>, Code, Params)>,
    total: usize,
}

impl Findings {
    /// Notes a fault.
    #[cold]
    #[inline(never)]
    pub(super) fn add(&mut self, path: &Path<'_>, code: Code, params: Params) {
        self.total += 1;
        self.list.push((path.trail(), code, params));
        if self.list.len() == 4 * MOST {
            self.settle();
        }
    }

    /// How many were noted so far; grows with every fault.
    #[inline]
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// The report, if anything was found.
    pub(super) fn report(mut self) -> Result<(), Faults> {
        if self.total == 0 {
            return Ok(());
        }
        self.settle();
        let fault = |(trail, code, params): (Vec<Step>, _, _)| Fault { code, path: pointer(&trail), params };
        Err(Faults(self.list.into_iter().map(fault).collect()))
    }

    fn settle(&mut self) {
        self.list.sort_by(|(path, code, params), (other_path, other_code, other_params)| {
            let facts = || params.to_json().to_string().cmp(&other_params.to_json().to_string());
            path.cmp(other_path).then(code.cmp(other_code)).then_with(facts)
        });
        self.list.truncate(MOST);
    }
}
