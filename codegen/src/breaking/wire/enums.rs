//! An enum in both versions enters; texts that only one version reads, or reads as another member, leave.

use super::super::pair::Place;
use super::super::report::Direction;
use super::super::rules;
use super::{Wire, declared};
use crate::model::{EnumDef, EnumType};
use crate::source::Span;

/// One version of an enum, as a type uses it.
struct Version<'a> {
    def: &'a EnumDef,
    only: Option<&'a [usize]>,
}

impl<'a> Version<'a> {
    /// The member that a text means here.
    fn reads(&self, text: &str) -> Option<usize> {
        self.def.accepts(text).filter(|at| self.only.is_none_or(|only| only.contains(at)))
    }

    /// The texts of its members, with their places.
    fn values(&self) -> impl Iterator<Item = (&'a str, Span)> {
        let only = self.only;
        let all = self.def.values.iter().enumerate();
        all.filter(move |(at, _)| only.is_none_or(|only| only.contains(at))).map(|(_, it)| (it.text.as_str(), it.span))
    }

    /// The aliases of its members, with the text of the member.
    fn aliases(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (def, only) = (self.def, self.only);
        let meant = move |(_, at): &&(String, usize)| only.is_none_or(|only| only.contains(at));
        def.aliases.iter().filter(meant).map(|(alias, at)| (alias.as_str(), def.values[*at].text.as_str()))
    }
}

impl Wire<'_, '_, '_> {
    pub fn enums(&mut self, at: &Place, old: &EnumType, new: &EnumType) {
        let (before, after) = (&self.old.enums[old.id], &self.new.enums[new.id]);
        let is_whole = old.only.is_none() && new.only.is_none();
        // Whole enums of one name are judged where they stand; narrowed ones where they are used.
        if is_whole && before.meta.name == after.meta.name && !self.first("enum", old.id, new.id) {
            return;
        }
        let place = if is_whole { declared(at, &before.meta, &after.meta) } else { at.clone() };
        let old = Version { def: before, only: old.only.as_deref() };
        let new = Version { def: after, only: new.only.as_deref() };
        self.values(&place, &old, &new);
        self.aliases(&place, &old, &new);
    }

    fn values(&mut self, place: &Place, old: &Version<'_>, new: &Version<'_>) {
        for (text, span) in old.values().filter(|(text, _)| new.reads(text).is_none()) {
            let place = Place { new: place.new, ..place.gone(text, span) };
            let message = format!("`{}` does not read `{text}` any more, which old JSON may hold", parent(&place));
            let help = format!(
                "keep the value, or make it an alias of the one that takes its place: `aliases: {{{text}: ...}}`"
            );
            self.report.wire(&rules::WIRE_ENUM_VALUE_KEPT, place, Direction::Backward, message, help);
        }
        for (text, span) in new.values() {
            match old.reads(text) {
                None => {
                    let place = place.come(text, span);
                    let message = format!("`{}` may be `{text}` now, which old readers refuse", parent(&place));
                    let help = "let readers know the value before anybody writes it, or write it to a new field";
                    self.report.wire(&rules::WIRE_ENUM_VALUE_NOT_ADDED, place, Direction::Forward, message, help);
                }
                Some(at) if old.def.values[at].text != text => {
                    let was = &old.def.values[at].text;
                    let place = place.come(text, span);
                    let message = format!("`{text}` is a value of its own now, which old readers read as `{was}`");
                    let help = "choose a text that was no alias";
                    self.report.wire(&rules::WIRE_ALIAS_SAME, place, Direction::Forward, message, help);
                }
                Some(_) => {}
            }
        }
    }

    fn aliases(&mut self, place: &Place, old: &Version<'_>, new: &Version<'_>) {
        for (alias, was) in old.aliases() {
            let now = new.reads(alias).map(|at| new.def.values[at].text.as_str());
            let follows = new.reads(was).map(|at| new.def.values[at].text.as_str());
            let message = match now {
                None => format!("`{}` does not read the alias `{alias}` any more", place.name),
                Some(now) if Some(now) != follows => {
                    format!("`{alias}` is read as `{now}` now, and was read as `{was}`")
                }
                Some(_) => continue,
            };
            let place = Place { name: format!("{}.{alias}", place.name), ..place.clone() };
            let help = format!("keep `aliases: {{{alias}: {was}}}`: old JSON may hold the alias");
            self.report.wire(&rules::WIRE_ALIAS_SAME, place, Direction::Backward, message, help);
        }
    }
}

/// The name of what a member belongs to.
fn parent(place: &Place) -> &str {
    place.name.rsplit_once('.').map_or(place.name.as_str(), |(parent, _)| parent)
}
