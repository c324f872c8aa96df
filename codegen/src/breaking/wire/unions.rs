//! A union in both versions enters; variants and tags that only one version knows leave.

use super::super::pair::Place;
use super::super::report::Direction;
use super::super::{rules, written};
use super::Wire;
use crate::model::{EnumId, RecordId, Type, UnionForm, UnionId, Variant, Workspace};

/// A tagged union of one version.
struct Tagged<'a> {
    workspace: &'a Workspace,
    tag_type: EnumId,
    default_tag: Option<usize>,
    variants: &'a [Variant],
}

impl<'a> Tagged<'a> {
    fn text(&self, value: usize) -> &'a str {
        &self.workspace.enums[self.tag_type].values[value].text
    }

    fn default(&self) -> Option<&'a str> {
        self.default_tag.map(|value| self.text(value))
    }

    /// The record that a tag selects.
    fn record(&self, tag: &str) -> Option<RecordId> {
        let value = self.workspace.enums[self.tag_type].accepts(tag)?;
        self.variants.iter().find(|variant| variant.value == value).map(|variant| variant.record)
    }
}

impl Wire<'_, '_, '_> {
    /// Compares two unions, once.
    pub fn unions(&mut self, old: UnionId, new: UnionId) {
        if !self.first("union", old, new) {
            return;
        }
        let (before, after) = (&self.old.unions[old], &self.new.unions[new]);
        let place = Place::of(after.meta.name.clone(), &before.meta, &after.meta);
        match (&before.form, &after.form) {
            (
                UnionForm::Tagged { tag, tag_type, default_tag, variants },
                UnionForm::Tagged {
                    tag: new_tag,
                    tag_type: new_type,
                    default_tag: new_default,
                    variants: new_variants,
                },
            ) => {
                if tag != new_tag {
                    let message = format!("`{}` is told apart by `{new_tag}` now, and was by `{tag}`", place.name);
                    let help = format!("keep `tag: {tag}`; declare a new union for another tag");
                    return self.report.wire(&rules::WIRE_UNION_TAG_SAME, place, Direction::Full, message, help);
                }
                let old = Tagged { workspace: self.old, tag_type: *tag_type, default_tag: *default_tag, variants };
                let new = Tagged {
                    workspace: self.new,
                    tag_type: *new_type,
                    default_tag: *new_default,
                    variants: new_variants,
                };
                self.tagged(&place, &old, &new);
            }
            (UnionForm::Untagged(old), UnionForm::Untagged(new)) => self.untagged(&place, old, new),
            (UnionForm::Tagged { .. }, _) => {
                self.type_changed(&place, Direction::Full, "a tagged union", "an untagged one");
            }
            _ => self.type_changed(&place, Direction::Full, "an untagged union", "a tagged one"),
        }
    }

    fn tagged(&mut self, place: &Place, old: &Tagged<'_>, new: &Tagged<'_>) {
        if let Some(was) = old.default().filter(|was| new.default() != Some(was)) {
            let is = new.default().map_or_else(|| "refused".to_owned(), |is| format!("read as `{is}`"));
            let message = format!("without a tag `{}` is {is} now, and was read as `{was}`", place.name);
            let help = format!("keep `default_tag: {was}`: old JSON may lack the tag");
            self.report.wire(&rules::WIRE_DEFAULT_TAG_SAME, place.clone(), Direction::Backward, message, help);
        }
        for variant in old.variants {
            let tag = old.text(variant.value);
            match new.record(tag) {
                Some(record) => self.records(variant.record, record),
                None => self.variant_gone(place, tag),
            }
        }
        for variant in new.variants {
            let tag = new.text(variant.value);
            if old.record(tag).is_none() {
                self.variant_came(place, tag);
            }
        }
    }

    /// Variants without a tag are known by their types; one that is alone on both sides was changed.
    fn untagged(&mut self, place: &Place, old: &[Type], new: &[Type]) {
        let name = |workspace: &Workspace, ty: &Type| written::ty(workspace, ty);
        let (mut came, mut gone): (Vec<&Type>, Vec<&Type>) = (new.iter().collect(), Vec::new());
        for ty in old {
            match came.iter().position(|other| name(self.new, other) == name(self.old, ty)) {
                Some(at) => self.types(place, ty, came.remove(at)),
                None => gone.push(ty),
            }
        }
        if let ([was], [is]) = (&gone[..], &came[..]) {
            return self.types(place, was, is);
        }
        for ty in gone {
            self.variant_gone(place, &name(self.old, ty));
        }
        for ty in came {
            self.variant_came(place, &name(self.new, ty));
        }
    }

    fn variant_gone(&mut self, place: &Place, variant: &str) {
        let at = Place { name: format!("{}.{variant}", place.name), ..place.clone() };
        let message = format!("`{}` has no variant `{variant}` any more, which old JSON may hold", place.name);
        let help = "keep the variant, marked `deprecated`, until no log holds it";
        self.report.wire(&rules::WIRE_VARIANT_KEPT, at, Direction::Backward, message, help);
    }

    fn variant_came(&mut self, place: &Place, variant: &str) {
        let at = Place { name: format!("{}.{variant}", place.name), ..place.clone() };
        let message = format!("`{}` has the new variant `{variant}`, which old readers refuse", place.name);
        let help = "let readers know the variant before anybody writes it, or declare a new event for it";
        self.report.wire(&rules::WIRE_VARIANT_NOT_ADDED, at, Direction::Forward, message, help);
    }
}
