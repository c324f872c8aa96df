//! A change of a reducer or machine enters; a finding leaves, with what shows it.

use super::super::pair::Place;
use super::super::report::{Evidence, Report};
use crate::diagnostic::Rule;

/// A change that can make a log fold differently.
#[derive(Debug)]
pub(super) struct Suspect {
    pub rule: &'static Rule,
    pub place: Place,
    pub message: String,
    pub help: String,
    pub shows: Shows,
}

/// How a log has to differ to show a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shows {
    /// In any way.
    Any,
    /// By one of these events, as they are written.
    Events(Vec<String>),
    /// By a move that is asked of this machine.
    Machine(String),
    /// By this move: machine, state left (none is "nothing recorded yet"), state entered.
    Edge(String, Option<String>, String),
    /// In this slot.
    Slot(String),
    /// By an anomaly of this kind.
    Anomaly(String),
    /// By the order of its events.
    Order,
    /// No log can show it.
    Nothing,
}

impl Suspect {
    pub fn new(
        rule: &'static Rule,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
        shows: Shows,
    ) -> Self {
        Self { rule, place, message: message.into(), help: help.into(), shows }
    }

    pub fn report(&self, evidence: Evidence, report: &mut Report<'_>) {
        report.replay(self.rule, self.place.clone(), self.message.clone(), self.help.clone(), evidence);
    }
}
