//! Changes enter; those that the settings ask for leave as findings, each with both places and the way out.

use std::fmt;

use super::pair::Place;
use super::replay::Divergence;
use super::{rules, witness};
use crate::config::{Accepted, Breaking, Compatibility};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule, Severity, did_you_mean};

/// Who cannot read whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    /// A new reader JSON that was accepted before.
    Backward,
    /// An old reader JSON that is written now.
    Forward,
    /// Both.
    Full,
}

impl Direction {
    /// The direction of two questions: does it break backward, does it break forward.
    pub fn of(backward: bool, forward: bool) -> Option<Self> {
        match (backward, forward) {
            (true, true) => Some(Self::Full),
            (true, false) => Some(Self::Backward),
            (false, true) => Some(Self::Forward),
            (false, false) => None,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Backward => "BACKWARD",
            Self::Forward => "FORWARD",
            Self::Full => "FULL",
        }
    }

    /// Whether the level of compatibility that is asked for speaks of it.
    fn is_asked(self, level: Compatibility) -> bool {
        match level {
            Compatibility::Full => true,
            Compatibility::Backward => self != Self::Forward,
            Compatibility::Forward => self != Self::Backward,
            Compatibility::None => false,
        }
    }
}

/// What shows a change in what logs fold to.
#[derive(Debug, Clone)]
pub(super) enum Evidence {
    /// A log that folds differently.
    Log(Divergence),
    /// So many logs were tried, and none folds differently; whether there was nothing more to try.
    None { tried: usize, is_complete: bool },
    /// No log can show it.
    NotAsked,
}

/// One change that breaks something.
pub(super) struct Change {
    pub rule: &'static Rule,
    pub place: Place,
    /// Set where it is about JSON.
    pub direction: Option<Direction>,
    pub message: String,
    pub help: String,
    pub notes: Vec<String>,
    /// What it weighs at most: less where nothing shows that it matters.
    pub most: Severity,
}

impl Change {
    fn new(rule: &'static Rule, place: Place, message: String, help: impl Into<String>) -> Self {
        Self { rule, place, direction: None, message, help: help.into(), notes: Vec::new(), most: Severity::Error }
    }
}

/// Where changes are gathered.
pub(super) struct Report<'a> {
    settings: &'a Breaking,
    /// For each entry of `ignore`, whether it was of use.
    used: Vec<bool>,
    out: &'a mut Diagnostics,
    /// Set where JSON of one version is read as what another was: nothing is asked about the other direction.
    only: Option<Direction>,
}

impl<'a> Report<'a> {
    pub fn new(settings: &'a Breaking, out: &'a mut Diagnostics) -> Self {
        Self { settings, used: vec![false; settings.ignore.len()], out, only: None }
    }

    /// The direction that is asked about; none is both.
    pub fn only(&self) -> Option<Direction> {
        self.only
    }

    /// Asks about one direction from now on, or about both; gives what was asked before.
    pub fn ask(&mut self, only: Option<Direction>) -> Option<Direction> {
        std::mem::replace(&mut self.only, only)
    }

    /// Records a change in JSON.
    pub fn wire(
        &mut self,
        rule: &'static Rule,
        place: Place,
        direction: Direction,
        message: impl fmt::Display,
        help: impl Into<String>,
    ) {
        let direction = match self.only {
            Some(only) if direction == Direction::Full => only,
            Some(only) if direction != only => return,
            _ => direction,
        };
        let message = format!("{message} ({})", direction.as_str());
        self.push(Change { direction: Some(direction), ..Change::new(rule, place, message, help) });
    }

    /// Records any other change.
    pub fn change(&mut self, rule: &'static Rule, place: Place, message: String, help: impl Into<String>) {
        self.push(Change::new(rule, place, message, help));
    }

    /// Records a change in what logs fold to. Where logs were tried and none shows it, it weighs less.
    pub fn replay(
        &mut self,
        rule: &'static Rule,
        place: Place,
        message: String,
        help: impl Into<String>,
        by: Evidence,
    ) {
        let most = match by {
            Evidence::None { .. } => Severity::Warning,
            Evidence::Log(_) | Evidence::NotAsked => Severity::Error,
        };
        self.push(Change { notes: witness::notes(by), most, ..Change::new(rule, place, message, help) });
    }

    fn push(&mut self, change: Change) {
        let Some(severity) = self.severity(&change) else { return };
        let matches = |accepted: &Accepted| accepted.rule == change.rule.id && accepted.at == change.place.name;
        if let Some(at) = self.settings.ignore.iter().position(matches) {
            self.used[at] = true;
            return;
        }
        self.out.push(finding(change, severity));
    }

    /// How much a change weighs; none where nobody asked. A direction that is not asked for is told on request.
    fn severity(&self, change: &Change) -> Option<Severity> {
        let own = match self.settings.rules.get(change.rule.id) {
            Some(weight) => weight.severity()?,
            None => change.rule.severity,
        };
        match (category(change.rule), change.direction) {
            ("source", _) => self.settings.source.then_some(own),
            // A severity that weighs less is larger.
            ("replay", _) => self.settings.replay.then_some(own.max(change.most)),
            _ if self.settings.wire == Compatibility::None => None,
            (_, Some(direction)) if !direction.is_asked(self.settings.wire) => Some(Severity::Note),
            _ => Some(own),
        }
    }

    /// Tells which settings were of no use.
    pub fn finish(self) {
        let known = || rules::RULES.iter().map(|rule| rule.id);
        let named = self.settings.rules.iter().map(|(id, weight)| (id, weight.place));
        let named = named.chain(self.settings.ignore.iter().map(|accepted| (&accepted.rule, accepted.place)));
        for (id, place) in named.filter(|(id, _)| !known().any(|known| known == id.as_str())) {
            let help = match did_you_mean(id, known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`codegen rules` lists all".to_owned(),
            };
            let message = format!("there is no rule `{}` about breaking changes", id.escape_debug());
            self.out.push(Diagnostic::new(&rules::BREAKING_SETTING_UNUSED, place, message).help(help));
        }
        for (accepted, _) in self.settings.ignore.iter().zip(&self.used).filter(|(_, used)| !**used) {
            if known().any(|known| known == accepted.rule) {
                let message = format!("nothing is found by `{}` at `{}`", accepted.rule, accepted.at.escape_debug());
                let finding = Diagnostic::new(&rules::BREAKING_SETTING_UNUSED, accepted.place, message);
                self.out
                    .push(finding.help("take this entry of `breaking.ignore` out: the change is released, or gone"));
            }
        }
    }
}

/// `source`, `wire` or `replay`.
fn category(rule: &Rule) -> &'static str {
    rule.id.split('-').next().unwrap_or_default()
}

fn finding(change: Change, severity: Severity) -> Diagnostic {
    let Change { rule, place, message, help, notes, .. } = change;
    let finding = match place.new {
        Some(new) => Diagnostic::new(rule, new, message),
        None => Diagnostic::global(rule, message),
    };
    let mut finding = match place.old {
        Some(old) => finding.related(old, "as it was"),
        None => finding,
    };
    finding.severity = severity;
    finding.notes = notes;
    finding.help(help)
}
