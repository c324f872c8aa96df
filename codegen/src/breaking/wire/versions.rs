//! A record that has versions in one of both contracts enters; versions that are not read any more, or read as something
//! else, leave, and what the shapes of each version break.

use std::collections::{BTreeMap, BTreeSet};

use super::super::meaning::meaning;
use super::super::pair::Place;
use super::super::report::Direction;
use super::super::rules;
use super::Wire;
use super::rules::demand;
use crate::model::{Assignment, Change, Record, RecordId, Versions, Workspace};

impl Wire<'_, '_, '_> {
    /// Old JSON of each version is read as what the new contract says that version was; JSON that is written now is of
    /// its current version.
    pub fn versions(&mut self, old: RecordId, new: RecordId) {
        if !self.first("versions", old, new) {
            return;
        }
        let (before, after) = (&self.old.records[old], &self.new.records[new]);
        let place = Place::of(after.meta.name.clone(), &before.meta, &after.meta);
        match (&before.versions, &after.versions) {
            (None, Some(is)) => self.first_versions(&place, (old, before), (new, is)),
            (Some(was), None) => self.no_versions(&place, (old, was), new),
            (Some(was), Some(is)) => self.more_versions(&place, (old, was), (new, is)),
            (None, None) => self.shapes(old, new),
        }
    }

    /// Old JSON says no version.
    fn first_versions(&mut self, place: &Place, (old, before): (RecordId, &Record), (new, is): (RecordId, &Versions)) {
        if before.field(&is.member).is_some() {
            let message =
                format!("`{}` of `{}` holds the version now, and meant something else", is.member, place.name);
            self.moved(place, Direction::Full, message);
            return;
        }
        let Some(absent) = is.absent else {
            let message = format!("`{}` has to say its version now, and old JSON does not", place.name);
            let help = "say which version it is of: `absent: 1`";
            self.report.wire(&rules::WIRE_VERSION_KEPT, place.clone(), Direction::Backward, message, help);
            self.asking(Direction::Forward, |wire| wire.shapes(old, new));
            return;
        };
        if absent == is.current {
            self.shapes(old, new);
        } else {
            self.asking(Direction::Backward, |wire| wire.shapes(old, is.shape(absent, new)));
            self.asking(Direction::Forward, |wire| wire.shapes(old, new));
        }
        let known = demands(self.old, before);
        self.met(place, absent, (new, is), &known);
    }

    /// JSON says no version any more.
    fn no_versions(&mut self, place: &Place, (old, was): (RecordId, &Versions), new: RecordId) {
        if was.current > 1 {
            let message = format!("`{}` has no versions any more: old JSON of older ones is misread", place.name);
            self.lost(place, Direction::Backward, message);
        }
        if self.new.records[new].closed {
            let message = format!("`{}` is closed, and refuses `{}`, which old JSON has", place.name, was.member);
            self.moved(place, Direction::Backward, message);
        }
        if was.absent != Some(was.current) {
            let message =
                format!("`{}` does not say its version any more, and old readers take it for another", place.name);
            self.moved(place, Direction::Forward, message);
        }
        self.shapes(old, new);
    }

    fn more_versions(&mut self, place: &Place, (old, was): (RecordId, &Versions), (new, is): (RecordId, &Versions)) {
        if was.member != is.member {
            let message =
                format!("`{}` says its version in `{}` now, and did in `{}`", place.name, is.member, was.member);
            self.moved(place, Direction::Full, message);
            return;
        }
        if was.current > is.current {
            let message =
                format!("`{}` has versions up to {} now, and old JSON up to {}", place.name, is.current, was.current);
            self.lost(place, Direction::Full, message);
        } else if was.current < is.current {
            let message = format!(
                "`{}` is written in version {} now, and old readers know {}",
                place.name, is.current, was.current
            );
            let help = "release readers before writers: they read older versions as well";
            self.report.wire(&rules::WIRE_VERSION_SAME, place.clone(), Direction::Forward, message, help);
        }
        if was.absent.is_some() && was.absent != is.absent {
            let meant =
                |absent: Option<u32>| absent.map_or_else(|| "refused".into(), |version| format!("version {version}"));
            let (is, was) = (meant(is.absent), meant(was.absent));
            let message = format!("a `{}` that says no version is {is} now, and was {was}", place.name);
            self.moved(place, Direction::Backward, message);
        }
        for version in 1..=was.current.min(is.current) {
            let (shape, heir) = (was.shape(version, old), is.shape(version, new));
            if version == is.current {
                self.shapes(shape, heir);
            } else {
                self.asking(Direction::Backward, |wire| wire.shapes(shape, heir));
            }
            let mut known = demands(self.old, &self.old.records[shape]);
            known.extend(was.met(self.old, old, version).into_iter().map(|(of, rule)| demand(self.old, of, rule)));
            self.met(place, version, (new, is), &known);
            if let (Some(step), Some(other)) = (was.upcast(version), is.upcast(version))
                && !is_same(&made(self.old, &step.change), &made(self.new, &other.change))
            {
                let place = Place::at(place.name.clone(), step.span, other.span);
                let message =
                    format!("version {version} of `{}` becomes something else in version {}", place.name, version + 1);
                let help = "keep the step: what readers made of old JSON so far was made by it";
                self.report.wire(&rules::WIRE_UPCAST_SAME, place, Direction::Backward, message, help);
            }
        }
    }

    /// Rules that a value of an older version meets on its way, and did not meet so far.
    fn met(&mut self, place: &Place, version: u32, (new, is): (RecordId, &Versions), known: &BTreeSet<String>) {
        for (record, rule) in is.met(self.new, new, version) {
            if known.contains(&demand(self.new, record, rule)) {
                continue;
            }
            let place = place.come(&rule.code, rule.span);
            let message =
                format!("old JSON of version {version} may break the rule `{}` once it is brought up", rule.code);
            let help = "let the step make values that keep the rule, and accept the finding, or drop the rule";
            self.report.wire(&rules::WIRE_RULE_SAME, place, Direction::Backward, message, help);
        }
    }

    fn lost(&mut self, place: &Place, direction: Direction, message: String) {
        let help = "keep every version that logs may hold, with its shape and its step";
        self.report.wire(&rules::WIRE_VERSION_KEPT, place.clone(), direction, message, help);
    }

    fn moved(&mut self, place: &Place, direction: Direction, message: String) {
        let help = "keep `member` and `absent` of `version`; for another layout declare a new event";
        self.report.wire(&rules::WIRE_VERSION_SAME, place.clone(), direction, message, help);
    }

    fn asking(&mut self, only: Direction, ask: impl FnOnce(&mut Self)) {
        match self.report.only() {
            // Nothing is asked about the direction that this is about.
            Some(other) if other != only => {}
            before => {
                self.report.ask(Some(only));
                ask(self);
                self.report.ask(before);
            }
        }
    }
}

fn demands(workspace: &Workspace, record: &Record) -> BTreeSet<String> {
    record.rules.iter().map(|rule| demand(workspace, record, rule)).collect()
}

/// What a step makes, by field; of what a hook makes, which hook.
fn made(workspace: &Workspace, change: &Change) -> BTreeMap<String, String> {
    match change {
        Change::Hook(hook) => BTreeMap::from([(String::new(), workspace.hooks[*hook].meta.name.clone())]),
        Change::Fields(values) => {
            values.iter().map(|(name, value)| (name.clone(), value_of(workspace, value))).collect()
        }
    }
}

fn value_of(workspace: &Workspace, value: &Assignment) -> String {
    match value {
        Assignment::Value(value) => meaning(workspace, &[], value),
        Assignment::List(items, _) => {
            format!("[{}]", items.iter().map(|item| value_of(workspace, item)).collect::<Vec<_>>().join(", "))
        }
        Assignment::Record(members, _) => {
            let members: BTreeMap<&String, String> =
                members.iter().map(|(name, value)| (name, value_of(workspace, value))).collect();
            format!("{members:?}")
        }
    }
}

/// Whether two steps make the same; a field that only one of them speaks of is told about the shapes.
fn is_same(was: &BTreeMap<String, String>, is: &BTreeMap<String, String>) -> bool {
    was.contains_key("") == is.contains_key("")
        && was.iter().all(|(name, value)| is.get(name).is_none_or(|other| other == value))
}
