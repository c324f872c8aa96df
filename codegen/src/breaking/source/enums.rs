//! Enums, unions and scalars of both versions enter; members that code names or matches otherwise leave.

use super::super::pair::{Pair, Place, by_name};
use super::super::report::Report;
use super::super::{rules, written};
use crate::model::{EnumDef, Type, Union, UnionForm, Workspace};

pub(super) fn compare(pair: &Pair<'_>, report: &mut Report<'_>) {
    for old in pair.old.enums.iter().filter(|def| def.made_for.is_none()) {
        if let Some(new) = by_name(&pair.new.enums, &old.meta.name, |def| &def.meta) {
            values(old, new, report);
            parts(pair, old, new, report);
        }
    }
    for old in &pair.old.unions {
        if let Some(new) = by_name(&pair.new.unions, &old.meta.name, |union| &union.meta) {
            unions(pair, old, new, report);
        }
    }
    for old in &pair.old.scalars {
        let Some(new) = by_name(&pair.new.scalars, &old.meta.name, |scalar| &scalar.meta) else { continue };
        let (was, is) = (old.primitive.as_str(), new.primitive.as_str());
        if was != is {
            let name = &new.meta.name;
            let message = format!("`{name}` is made from `{is}` now, and was from `{was}`");
            let help = format!("keep `base: {was}`, and declare a new scalar of `{is}`");
            report.change(
                &rules::SOURCE_SCALAR_SAME_BASE,
                Place::of(name.clone(), &old.meta, &new.meta),
                message,
                help,
            );
        }
    }
    for old in &pair.old.types {
        let Some(new) = by_name(&pair.new.types, &old.meta.name, |ty| &ty.meta) else { continue };
        let (was, is) = (written::ty(pair.old, &old.ty), written::ty(pair.new, &new.ty));
        if was != is {
            let name = &new.meta.name;
            let message = format!("`{name}` stands for `{is}` now, and stood for `{was}`");
            let help = format!("keep `{was}`, and declare a new type for `{is}`");
            report.change(&rules::SOURCE_FIELD_SAME_TYPE, Place::of(name.clone(), &old.meta, &new.meta), message, help);
        }
    }
}

fn values(old: &EnumDef, new: &EnumDef, report: &mut Report<'_>) {
    let whole = Place::of(new.meta.name.clone(), &old.meta, &new.meta);
    for value in &old.values {
        match new.values.iter().find(|other| other.text == value.text) {
            None => {
                let place = whole.gone(&value.text, value.span);
                let message = format!("`{}` has no member for `{}` any more", whole.name, value.text);
                let help = "keep the value, marked `deprecated`, for a release";
                report.change(&rules::SOURCE_ENUM_VALUE_KEPT, place, message, help);
            }
            Some(other) if other.name != value.name => {
                let place = whole.member(&value.text, value.span, other.span);
                let message =
                    format!("the member of `{}` is called `{}` now, and was `{}`", place.name, other.name, value.name);
                let help = format!("keep `name: {}`", value.name);
                report.change(&rules::SOURCE_ENUM_IDENTIFIER_SAME, place, message, help);
            }
            Some(_) => {}
        }
    }
    for value in new.values.iter().filter(|value| old.index_of(&value.text).is_none()) {
        let place = whole.come(&value.text, value.span);
        let message =
            format!("`{}` has the new member `{}`: a match over all members lacks it", whole.name, value.text);
        report.change(&rules::SOURCE_MATCH_STAYS_COMPLETE, place, message, ELSE_ARM);
    }
}

const ELSE_ARM: &str = "give matches an arm for the rest where they need not know every case";

/// Sets, maps and rank are constants and functions of the enum.
fn parts(pair: &Pair<'_>, old: &EnumDef, new: &EnumDef, report: &mut Report<'_>) {
    let mut gone = |what: String, keep: String| {
        let place = Place::of(new.meta.name.clone(), &old.meta, &new.meta);
        let message = format!("`{}` has no {what} any more: code that names it does not compile", new.meta.name);
        report.change(&rules::SOURCE_ENUM_SET_KEPT, place, message, keep);
    };
    for set in old.sets.iter().filter(|set| new.set(&set.name).is_none()) {
        gone(format!("set `{}`", set.name), format!("keep the set `{}`", set.name));
    }
    for map in &old.maps {
        let to = &pair.old.enums[map.to].meta.name;
        let is_same = |name: &str, id| name == map.name && pair.new.enums[id].meta.name == *to;
        if !new.maps.iter().any(|other| is_same(&other.name, other.to)) {
            gone(format!("map `{}` to `{to}`", map.name), format!("keep the map `{}: {{to: {to}, ...}}`", map.name));
        }
    }
    if old.rank.is_some() && new.rank.is_none() {
        gone("rank".to_owned(), "keep `rank`".to_owned());
    }
}

fn unions(pair: &Pair<'_>, old: &Union, new: &Union, report: &mut Report<'_>) {
    let whole = Place::of(new.meta.name.clone(), &old.meta, &new.meta);
    match (variants(pair.old, old), variants(pair.new, new)) {
        ((was, before), (is, after)) if was == is => {
            for name in before.iter().filter(|name| !after.contains(name)) {
                let message = format!("`{}` has no variant for `{name}` any more", whole.name);
                let help = "keep the variant for a release, its record marked `deprecated`";
                report.change(&rules::SOURCE_VARIANT_KEPT, whole.clone(), message, help);
            }
            for name in after.iter().filter(|name| !before.contains(name)) {
                let message =
                    format!("`{}` has a new variant for `{name}`: a match over all variants lacks it", whole.name);
                report.change(&rules::SOURCE_MATCH_STAYS_COMPLETE, whole.clone(), message, ELSE_ARM);
            }
        }
        ((was, _), (is, _)) => {
            let message = format!("`{}` is {is} now, and was {was}", whole.name);
            let help = "keep the union, and declare a new one beside it";
            report.change(&rules::SOURCE_UNION_SAME_FORM, whole, message, help);
        }
    }
}

/// How variants are told apart, and what each is.
fn variants(workspace: &Workspace, union: &Union) -> (String, Vec<String>) {
    match &union.form {
        UnionForm::Tagged { tag, tag_type, variants, .. } => {
            let values = &workspace.enums[*tag_type].values;
            let record = |id| &workspace.records[id].meta.name;
            let name = |it: &crate::model::Variant| format!("{}: {}", values[it.value].text, record(it.record));
            (format!("told apart by `{tag}`"), variants.iter().map(name).collect())
        }
        UnionForm::Untagged(types) => {
            let name = |ty: &Type| written::ty(workspace, ty);
            ("told apart by form".to_owned(), types.iter().map(name).collect())
        }
    }
}
