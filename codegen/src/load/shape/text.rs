//! Nothing enters; the texts of the contract language leave as types with patterns.

use schemars::JsonSchema;

/// A text of a certain form.
macro_rules! form {
    ($(#[$doc:meta])* $name:ident, $pattern:literal) => {
        $(#[$doc])*
        #[derive(JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
        #[schemars(transparent)]
        pub struct $name(#[schemars(regex(pattern = $pattern))] pub String);
    };
}

form!(
    /// The name of a contract.
    ContractName,
    r"^[a-z][a-z0-9_]{0,63}$"
);
form!(
    /// The name of a declaration, in Pascal case.
    TypeName,
    r"^[A-Z][A-Za-z0-9]{0,63}$"
);
form!(
    /// The name of a field, machine, table, set or map.
    MemberName,
    r"^[A-Za-z][A-Za-z0-9_]{0,63}$"
);
form!(
    /// A semantic version.
    Version,
    r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"
);
form!(
    /// A declared name, `Enum.set`, or `opt<T> list<T> set<T> map<K V> tuple<A B>`.
    OtherType,
    r"^ *([A-Z][A-Za-z0-9]*(\.[A-Za-z0-9_]+)?|(opt|list|set|map|tuple)<[A-Za-z0-9_.<> ]+>) *$"
);
/// A type: a built-in, a declared name, `Enum.set`, or `opt<T> list<T> set<T> map<K V> tuple<A B>`.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub enum TypeText {
    /// A built-in.
    BuiltIn(BuiltIn),
    /// Any other type.
    Other(OtherType),
}

/// The built-in types.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum BuiltIn {
    /// Text.
    String,
    /// An integer within ±(2^53−1).
    Int,
    /// A signed integer of 64 bits, as decimal text.
    Int64,
    /// An unsigned integer of 64 bits, as decimal text.
    Uint64,
    /// A finite number.
    Float,
    /// `true` or `false`.
    Bool,
    /// Any JSON value.
    Json,
    /// Any JSON object.
    Object,
}

form!(
    /// A condition: comparisons, `in`, `&&`, `||`, `!`, `? :` over the fields of `p`.
    Expression,
    r"\S"
);
