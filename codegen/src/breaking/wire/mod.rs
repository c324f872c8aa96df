//! Both versions enter; every way in which a reader of one refuses or misreads JSON of the other leaves.
//!
//! BACKWARD asks whether a new reader takes all JSON that was accepted before: logs keep what was received. FORWARD asks
//! whether an old reader takes all JSON that is written now, in canonical form: aliases resolved, defaults filled in.

mod enums;
mod events;
mod fields;
mod numbers;
mod reserved;
mod rules;
mod shapes;
mod texts;
mod unions;
mod versions;

use std::collections::BTreeSet;

use super::pair::{Pair, Place};
use super::report::{Direction, Report};
use crate::model::{Meta, Workspace};

/// Reports every change in JSON.
pub(super) fn compare(pair: &Pair<'_>, report: &mut Report<'_>) {
    let mut wire = Wire { old: pair.old, new: pair.new, seen: BTreeSet::new(), report };
    events::compare(&mut wire, pair);
    reserved::compare(pair, report);
}

/// A walk over what events carry, in both versions at once.
struct Wire<'a, 'r, 'o> {
    old: &'a Workspace,
    new: &'a Workspace,
    /// Pairs of declarations that were compared: each is told once, where it is declared.
    seen: BTreeSet<(&'static str, Option<Direction>, usize, usize)>,
    report: &'r mut Report<'o>,
}

impl Wire<'_, '_, '_> {
    /// Whether this is the first time that the two declarations meet.
    fn first(&mut self, kind: &'static str, old: impl Into<usize>, new: impl Into<usize>) -> bool {
        let (old, new, only) = (old.into(), new.into(), self.report.only());
        !self.seen.contains(&(kind, None, old, new)) && self.seen.insert((kind, only, old, new))
    }
}

/// The place of a declaration that both versions have under one name; else the place where they meet.
fn declared(at: &Place, old: &Meta, new: &Meta) -> Place {
    if old.name == new.name { Place::of(new.name.clone(), old, new) } else { at.clone() }
}

/// How many of something there may be.
fn count(min: Option<u32>, max: Option<u32>) -> String {
    let min = min.unwrap_or(0);
    max.map_or_else(|| format!("{min} or more"), |max| format!("{min} to {max}"))
}
