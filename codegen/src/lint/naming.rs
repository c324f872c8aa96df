//! Names enter; those that mislead, or differ from their neighbours in case, leave.

use std::collections::{BTreeMap, BTreeSet};

use super::visit::{declarations, fields, is_foreign, words};
use super::{Check, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{EnumValue, Workspace};

pub(super) const CHECKS: &[Check] = &[repeats_kind, field_case, field_twin, value_case, code_case];

/// Kinds whose name says nothing at the end of a name: what a thing is stands above it.
const KINDS: &[&str] = &["event", "enum", "union", "scalar", "machine", "reducer"];

fn repeats_kind(workspace: &Workspace, out: &mut Diagnostics) {
    for one in declarations(workspace).into_iter().filter(|one| KINDS.contains(&one.kind)) {
        let said = words(&one.meta.name);
        if said.len() > 1 && said.last().is_some_and(|last| last == one.kind) {
            let message = format!("the name of the {} `{}` ends with what it is", one.kind, one.meta.name);
            let shorter = &one.meta.name[..one.meta.name.len() - one.kind.len()];
            let help = format!("call it `{}`", shorter.trim_end_matches('_'));
            out.push(Diagnostic::new(&rules::NAME_REPEATS_KIND, one.meta.span, message).help(help));
        }
    }
}

/// How the words of a name are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Case {
    Snake,
    Kebab,
    Camel,
    Pascal,
    Upper,
}

impl Case {
    /// The case of a name; none where it is one word in small letters, or no name.
    fn of(name: &str) -> Option<Self> {
        let has = |wanted: fn(char) -> bool| name.chars().any(wanted);
        let (upper, lower) = (has(|c| c.is_ascii_uppercase()), has(|c| c.is_ascii_lowercase()));
        let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        match () {
            () if !is_word || !(upper || lower) => None,
            () if upper && !lower => Some(Self::Upper),
            () if name.starts_with(|c: char| c.is_ascii_uppercase()) => Some(Self::Pascal),
            () if upper => Some(Self::Camel),
            () if name.contains('_') => Some(Self::Snake),
            () if name.contains('-') => Some(Self::Kebab),
            () => None,
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Snake => "like_this",
            Self::Kebab => "like-this",
            Self::Camel => "likeThis",
            Self::Pascal => "LikeThis",
            Self::Upper => "LIKE_THIS",
        }
    }
}

/// Most fields of all contracts are written in one case; the others are typed wrong by everyone who guesses.
fn field_case(workspace: &Workspace, out: &mut Diagnostics) {
    let all = fields(workspace);
    let mut counts: BTreeMap<Case, usize> = BTreeMap::new();
    for case in all.iter().filter_map(|one| Case::of(&one.field.meta.name)) {
        *counts.entry(case).or_default() += 1;
    }
    let Some((usual, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return };
    for one in &all {
        let name = &one.field.meta;
        if Case::of(&name.name).is_some_and(|case| case != usual) {
            let message = format!("`{}` is written in another case than {count} other fields", name.name);
            let help = format!("write it `{}`; a name on the wire is hard to change later", usual.example());
            out.push(Diagnostic::new(&rules::FIELD_CASE, name.span, message).help(help));
        }
    }
}

/// Two fields of one record that differ in one letter are one name typed twice more often than two.
fn field_twin(workspace: &Workspace, out: &mut Diagnostics) {
    for record in workspace.records.iter().filter(|record| !is_foreign(workspace, &record.meta)) {
        for (at, field) in record.fields.iter().enumerate() {
            let Some(twin) = record.fields[..at].iter().find(|other| is_twin(&field.meta.name, &other.meta.name))
            else {
                continue;
            };
            let message = format!("`{}` and `{}` differ in one letter", twin.meta.name, field.meta.name);
            let finding = Diagnostic::new(&rules::FIELD_TWIN, field.meta.span, message);
            let finding = finding.related(twin.meta.span, "the other one");
            out.push(finding.help("keep one of them, or give them names that nobody takes for one another"));
        }
    }
}

fn value_case(workspace: &Workspace, out: &mut Diagnostics) {
    for item in workspace.enums.iter().filter(|item| item.made_for.is_none() && !is_foreign(workspace, &item.meta)) {
        // A single word in small letters fits those cases that begin with one.
        let is_small = |text: &str| Case::of(text).is_none() && text.starts_with(|c: char| c.is_ascii_lowercase());
        let cases: Vec<(Case, &EnumValue)> =
            item.values.iter().filter_map(|value| Some((Case::of(&value.text)?, value))).collect();
        let Some((first, _)) = cases.first() else { continue };
        let small = item.values.iter().any(|value| is_small(&value.text));
        let odd = cases.iter().find(|(case, _)| case != first);
        let begins_big = |case: &Case| matches!(case, Case::Pascal | Case::Upper);
        let odd = odd.or_else(|| cases.iter().find(|(case, _)| small && begins_big(case)));
        if let Some((_, value)) = odd {
            let message =
                format!("the values of `{}` are written in several cases, as `{}`", item.meta.name, value.text);
            let finding = Diagnostic::new(&rules::VALUE_CASE, value.span, message);
            out.push(finding.help("write all values of an enum alike, and keep an old one as an alias"));
        }
    }
}

/// Codes of rules reach users of every package, who compare them.
fn code_case(workspace: &Workspace, out: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    for rule in workspace.records.iter().flat_map(|record| &record.rules) {
        let is_usual = matches!(Case::of(&rule.code), None | Some(Case::Snake));
        if !is_usual && seen.insert(rule.span) {
            let message = format!("the code `{}` is not written like_this", rule.code);
            let finding = Diagnostic::new(&rules::CODE_CASE, rule.span, message);
            out.push(finding.help("those who handle errors compare codes: small letters and `_`"));
        }
    }
}

/// Whether two long names differ in one letter, where that is no digit.
pub(super) fn is_twin(one: &str, other: &str) -> bool {
    const SHORTEST: usize = 6;
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let is_long = one.len().min(other.len()) >= SHORTEST;
    is_long && digits(one) == digits(other) && strsim::damerau_levenshtein(one, other) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_told_where_a_name_shows_one() {
        for (name, case) in [
            ("order_id", Some(Case::Snake)),
            ("order-id", Some(Case::Kebab)),
            ("orderId", Some(Case::Camel)),
            ("OrderId", Some(Case::Pascal)),
            ("ORDER_ID", Some(Case::Upper)),
            ("EUR", Some(Case::Upper)),
            ("order", None),
            ("2fa", None),
            ("=", None),
            ("two words", None),
        ] {
            assert_eq!(Case::of(name), case, "{name}");
        }
    }

    #[test]
    fn twins_are_long_and_differ_in_no_digit() {
        assert!(is_twin("canceled", "cancelled") && is_twin("received", "recieved"));
        for (one, other) in [("level1", "level2"), ("cat", "car"), ("planned", "planned"), ("started", "stopped")] {
            assert!(!is_twin(one, other), "{one} {other}");
        }
    }
}
