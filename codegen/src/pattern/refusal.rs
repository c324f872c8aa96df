//! What a pattern got wrong enters as a reason and a place; a stable word and a sentence for people leave.

use std::fmt;

/// Why a pattern is refused, where, and in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The stable reason.
    pub reason: Reason,
    /// Byte offset in the source of the pattern.
    pub offset: usize,
    /// Lower case, no final period.
    pub message: String,
}

impl Refusal {
    pub(super) fn new(reason: Reason, offset: usize) -> Self {
        Self { reason, offset, message: reason.sentence().to_owned() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

macro_rules! reasons {
    ($($variant:ident $word:literal $sentence:literal)*) => {
        /// The stable reasons to refuse a pattern.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Reason {$(
            #[doc = $sentence]
            $variant,
        )*}

        impl Reason {
            /// The word that stands for it in diagnostics and vectors.
            pub fn as_str(self) -> &'static str {
                match self {$(Self::$variant => $word,)*}
            }

            fn sentence(self) -> &'static str {
                match self {$(Self::$variant => $sentence,)*}
            }
        }
    };
}

reasons! {
    NotPrintableAscii "not_printable_ascii" "a pattern is written in printable ASCII"
    TooLong "too_long" "a pattern has at most 256 characters"
    EmptyPattern "empty_pattern" "the pattern is empty"
    OneSidedAnchor "one_sided_anchor" "`^` and `$` stand only as an outer pair; a pattern always matches the whole string"
    AnchorWithAlternation "anchor_with_alternation" "`^` and `$` would belong to one alternative each; put the alternatives in a group"
    InnerAnchor "inner_anchor" "`^` and `$` stand only at the ends of the whole pattern"
    EmptyLoop "empty_loop" "what is repeated or optional may not match the empty text itself"
    Ambiguous "ambiguous" "the next character does not decide how to go on"
    Lookaround "lookaround" "look-around is no part of the pattern language"
    NamedGroup "named_group" "groups have no names in the pattern language"
    Backreference "backreference" "back-references are no part of the pattern language"
    InlineFlag "inline_flag" "inline flags and comments are no part of the pattern language"
    AtomicGroup "atomic_group" "atomic groups are no part of the pattern language"
    UnicodeProperty "unicode_property" "Unicode properties are no part of the pattern language"
    BadEscape "bad_escape" "a backslash stands before ASCII punctuation or one of `d w s D W S t n v f r` (upper case outside classes)"
    LazyQuantifier "lazy_quantifier" "lazy quantifiers are no part of the pattern language; they would change nothing"
    PossessiveQuantifier "possessive_quantifier" "possessive quantifiers are no part of the pattern language; they would change nothing"
    NothingToRepeat "nothing_to_repeat" "there is nothing to repeat before this quantifier"
    BadCount "bad_count" "a count is `{n}`, `{n,}` or `{n,m}` with n at most m and m at least 1"
    CountTooBig "count_too_big" "counts go to 1,000, and unrolled a pattern has at most 4,000 positions"
    StrayMetachar "stray_metachar" "this character has a meaning in patterns; put a backslash before it"
    BadClass "bad_class" "a class holds characters, escapes and ascending ranges; `[` and a `-` inside take a backslash"
    ClassOperation "class_operation" "`&&`, `--`, `~~` and `||` mean a set operation elsewhere; put a backslash before the second"
    Unbalanced "unbalanced" "a bracket has no partner"
    EmptyAlternative "empty_alternative" "an alternative or group is empty; write `(?:...)?` for something optional"
    TooNested "too_nested" "groups nest at most 8 deep"
}
