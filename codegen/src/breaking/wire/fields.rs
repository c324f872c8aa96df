//! A record in both versions enters; members that one version demands, refuses or fills in otherwise leave.

use super::super::pair::Place;
use super::super::report::Direction;
use super::super::{rules, written};
use super::{Wire, rules as between};
use crate::model::{Field, MixinId, Presence, Record, RecordId, Type, Workspace};

impl Wire<'_, '_, '_> {
    /// Compares two records, each with its versions.
    pub fn records(&mut self, old: RecordId, new: RecordId) {
        if self.old.records[old].versions.is_some() || self.new.records[new].versions.is_some() {
            self.versions(old, new);
        } else {
            self.shapes(old, new);
        }
    }

    /// Compares two records as they stand, once.
    pub fn shapes(&mut self, old: RecordId, new: RecordId) {
        if !self.first("record", old, new) {
            return;
        }
        let (before, after) = (&self.old.records[old], &self.new.records[new]);
        let whole = Place::of(after.meta.name.clone(), &before.meta, &after.meta);
        if after.closed && !before.closed {
            self.report.wire(
                &rules::WIRE_RECORD_STAYS_OPEN,
                whole.clone(),
                Direction::Backward,
                format!("`{}` is closed now: old JSON with keys of its own is refused", whole.name),
                "leave it open: `closed: false`",
            );
        }
        for field in before.fields.iter().filter(|field| !before.is_version(field)) {
            match after.fields.iter().find(|other| other.meta.name == field.meta.name) {
                Some(other) => self.field(&whole, field, other),
                None => self.removed(&whole, field, after),
            }
        }
        let added = after.fields.iter().filter(|field| before.field(&field.meta.name).is_none());
        for field in added.filter(|field| before.versions.is_none() || !after.is_version(field)) {
            self.added(&whole, field, before);
        }
        between::compare(self, &whole, before, after);
    }

    fn field(&mut self, whole: &Place, old: &Field, new: &Field) {
        let owner = owner(self.new, new.mixin, whole);
        let place = owner.member(&new.meta.name, old.meta.span, new.meta.span);
        let (old_ty, new_ty) = (&old.ty, &new.ty);
        let may_be_absent = |presence: &Presence| matches!(presence, Presence::Optional | Presence::Default(_));
        let backward = may_be_absent(&old.presence) && !may_be_absent(&new.presence);
        let forward = new.presence == Presence::Optional && !may_be_absent(&old.presence);
        if backward {
            self.report.wire(
                &rules::WIRE_FIELD_NOT_DEMANDED,
                place.clone(),
                Direction::Backward,
                format!("`{}` must be there now, and old JSON may lack it", place.name),
                match &old.presence {
                    Presence::Default(value) => format!("keep the default {}", written::value_text(value)),
                    _ => format!("keep it `{}`, or give it a default", written::ty(self.old, old_ty)),
                },
            );
        }
        if forward {
            self.report.wire(
                &rules::WIRE_FIELD_STAYS_DEMANDED,
                place.clone(),
                Direction::Forward,
                format!("`{}` may be left out now, and old readers demand it", place.name),
                "let old readers accept its absence first, or go on writing it: `required: true`",
            );
        }
        if may_be_absent(&old.presence) && may_be_absent(&new.presence) && old.presence != new.presence {
            // A filled-in default is written out, so that only what may stay away reaches an old reader without a value.
            let forward = new.presence == Presence::Optional;
            let (was, is) = (written::absence(&old.presence), written::absence(&new.presence));
            self.report.wire(
                &rules::WIRE_DEFAULT_SAME,
                place.clone(),
                if forward { Direction::Full } else { Direction::Backward },
                format!("where `{}` is absent it means {is} now, and meant {was}", place.name),
                "keep the default; a value that should differ from now on has to be written",
            );
        }
        // That null is refused along with absence needs no finding of its own; and none is left out, never written as null.
        let old_ty = if backward { self.old.unwrapped(old_ty) } else { old_ty };
        let leaves_out = new.presence == Presence::Optional && !self.old.is_optional(old_ty);
        let new_ty = if leaves_out { self.new.unwrapped(new_ty) } else { new_ty };
        self.types(&place, old_ty, new_ty);
    }

    fn removed(&mut self, whole: &Place, old: &Field, record: &Record) {
        let owner = owner(self.old, old.mixin, whole);
        let place = Place { new: whole.new, ..owner.gone(&old.meta.name, old.meta.span) };
        let deprecated = old.meta.deprecated.as_ref();
        let was = deprecated.map_or_else(String::new, |old| format!(", deprecated in {},", old.since));
        if matches!(old.presence, Presence::Required | Presence::Nullable) {
            self.report.wire(
                &rules::WIRE_FIELD_STAYS_DEMANDED,
                place.clone(),
                Direction::Forward,
                format!("`{}`{was} is not written any more, and old readers demand it", place.name),
                "make it optional first and remove it when no reader demands it any more",
            );
        }
        if record.closed {
            self.report.wire(
                &rules::WIRE_CLOSED_RECORD_SAME_FIELDS,
                place.clone(),
                Direction::Backward,
                format!("`{}`{was} is gone, and the record is closed: old JSON that has it is refused", place.name),
                format!("keep it as `opt<...>` with `deprecated`, or open `{}` first", whole.name),
            );
        }
    }

    fn added(&mut self, whole: &Place, new: &Field, record: &Record) {
        let owner = owner(self.new, new.mixin, whole);
        let place = Place { old: whole.old, ..owner.come(&new.meta.name, new.meta.span) };
        if matches!(new.presence, Presence::Required | Presence::Nullable) {
            self.report.wire(
                &rules::WIRE_NEW_FIELD_OPTIONAL,
                place.clone(),
                Direction::Backward,
                format!("the new field `{}` must be there, and old JSON lacks it", place.name),
                match self.new.unwrapped(&new.ty) {
                    Type::Primitive(_) | Type::Scalar(_) | Type::Enum(_) => {
                        format!("make it `{}`, or give it a default", optional(self.new, &new.ty))
                    }
                    _ => format!("make it `{}`", optional(self.new, &new.ty)),
                },
            );
        }
        if record.closed {
            self.report.wire(
                &rules::WIRE_CLOSED_RECORD_SAME_FIELDS,
                place.clone(),
                Direction::Forward,
                format!("`{}` is new, and old readers refuse keys that they do not know", place.name),
                format!("release `{}` as `closed: false` first, or declare a new event", whole.name),
            );
        }
    }
}

/// The mixin that a field comes from speaks for all that use it.
fn owner(workspace: &Workspace, mixin: Option<MixinId>, whole: &Place) -> Place {
    match mixin {
        Some(id) => Place { name: workspace.mixins[id].meta.name.clone(), ..whole.clone() },
        None => whole.clone(),
    }
}

fn optional(workspace: &Workspace, ty: &Type) -> String {
    let text = written::ty(workspace, ty);
    if workspace.is_optional(ty) { text } else { format!("opt<{text}>") }
}
