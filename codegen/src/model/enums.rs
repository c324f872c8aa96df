//! Enums: values, aliases, sets, maps to other enums, rank.

use super::ids::{EnumId, FamilyId, UnionId};
use super::{Deprecation, Meta};
use crate::source::Span;

/// A closed set of texts.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumDef {
    /// Name and texts.
    pub meta: Meta,
    /// The file it stands in.
    pub family: FamilyId,
    /// Members in declared order; at least one.
    pub values: Vec<EnumValue>,
    /// Accepted on input, written as the member: text and index into `values`.
    pub aliases: Vec<(String, usize)>,
    /// Named subsets.
    pub sets: Vec<EnumSet>,
    /// Total maps to other enums.
    pub maps: Vec<EnumMap>,
    /// Members from lowest to highest, where the enum is ordered; total.
    pub rank: Option<Vec<usize>>,
    /// Set where the enum was made from the variants of a union.
    pub made_for: Option<UnionId>,
}

/// A member.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue {
    /// The wire text.
    pub text: String,
    /// Source of its identifier in every language: `name` where given, else the text. Has a letter or digit.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// What it means.
    pub doc: Option<String>,
    /// Set where it is on its way out.
    pub deprecated: Option<Deprecation>,
}

/// A named subset of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumSet {
    /// Its name; differs from every value.
    pub name: String,
    /// Indices of its members, in declared order of the values.
    pub members: Vec<usize>,
}

/// A total map from an enum to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumMap {
    /// Its name.
    pub name: String,
    /// The enum it leads to.
    pub to: EnumId,
    /// For each value of the enum, in order, the index in the other.
    pub targets: Vec<usize>,
}

impl EnumDef {
    /// Index of the member with this wire text; aliases are not looked at.
    pub fn index_of(&self, text: &str) -> Option<usize> {
        self.values.iter().position(|value| value.text == text)
    }

    /// Index of the member that this input means: a member's text or an alias.
    pub fn accepts(&self, text: &str) -> Option<usize> {
        self.index_of(text).or_else(|| self.aliases.iter().find(|(alias, _)| alias == text).map(|&(_, index)| index))
    }

    /// The named subset.
    pub fn set(&self, name: &str) -> Option<&EnumSet> {
        self.sets.iter().find(|set| set.name == name)
    }
}
