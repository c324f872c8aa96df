//! Checked slots of one record enter; the demand that a rule between its fields makes, and whether it is met, leave.

use super::fault::{Code, Findings, Params};
use super::number::MOST_INT;
use super::path::Path;
use super::shape::Shape;
use super::slots::Slot;

/// A rule between fields.
#[derive(Debug)]
pub struct Rule {
    /// Reported as `params.rule`.
    pub code: &'static str,
    /// Slots that must be free of faults before it is asked.
    pub reads: &'static [u16],
    /// What it asks.
    pub test: Test,
}

/// What a rule asks of the fields of its record.
#[derive(Debug)]
pub enum Test {
    /// When a condition holds, some fields must be there, away, or not blank.
    Demand {
        /// The condition.
        when: Condition,
        /// Slots that must hold something.
        require: &'static [u16],
        /// Slots that must hold nothing.
        forbid: &'static [u16],
        /// Slots that must hold more than white space.
        require_nonblank: &'static [u16],
    },
    /// A condition must hold; else the fault is at the slot named, or at the record.
    Check(Condition, Option<u16>),
}

/// A condition over the slots of a record.
pub type Condition = fn(&[Slot<'_>]) -> bool;

impl Rule {
    /// Notes where the record breaks the rule.
    pub(super) fn judge(&self, shape: &Shape, slots: &[Slot<'_>], path: &Path<'_>, found: &mut Findings) {
        let mut fault = |path: &Path<'_>| found.add(path, Code::Rule, Params::Rule(self.code));
        let name = |slot: u16| shape.field(slot.into()).map_or("", |field| field.name);
        match &self.test {
            Test::Demand { when, require, forbid, require_nonblank } => {
                if !when(slots) {
                    return;
                }
                let is_none = |slot: u16| slots[usize::from(slot)].is_none();
                let is_blank = |slot: u16| slots[usize::from(slot)].is_blank();
                let missing = require.iter().filter(|&&slot| is_none(slot));
                let present = forbid.iter().filter(|&&slot| !is_none(slot));
                let blank = require_nonblank.iter().filter(|&&slot| is_blank(slot));
                for &slot in missing.chain(present).chain(blank) {
                    fault(&Path::Key(path, name(slot)));
                }
            }
            Test::Check(holds, at) => {
                if !holds(slots) {
                    match at {
                        Some(slot) => fault(&Path::Key(path, name(*slot))),
                        None => fault(path),
                    }
                }
            }
        }
    }
}

/// An integer of an expression, held within ±(2^53−1).
pub fn clamped(value: i64) -> i64 {
    value.clamp(-MOST_INT, MOST_INT)
}

/// Code points of a text.
pub fn length(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

/// What an input makes of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next<S> {
    /// This state follows.
    To(S),
    /// Nothing changes, and nothing is wrong.
    Stay,
    /// The input is refused.
    Refuse,
}
