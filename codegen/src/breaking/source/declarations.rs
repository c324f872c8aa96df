//! Packages, families and declarations of both versions enter; names that code cannot import any more leave.

use super::super::pair::{Pair, Place, Side};
use super::super::report::Report;
use super::super::rules;
use crate::model::{Deprecation, FamilyId, Meta, RecordKind, Workspace};

/// A name that code imports.
struct Declaration<'a> {
    kind: &'static str,
    family: FamilyId,
    meta: &'a Meta,
}

/// Everything that a package exports under a name of the contract, in the order of files.
fn declarations(workspace: &Workspace) -> Vec<Declaration<'_>> {
    let mut all = Vec::new();
    let mut add = |kind, family, meta| all.push(Declaration { kind, family, meta });
    workspace.scalars.iter().for_each(|it| add("scalar", it.family, &it.meta));
    workspace.types.iter().for_each(|it| add("type", it.family, &it.meta));
    workspace.enums.iter().filter(|it| it.made_for.is_none()).for_each(|it| add("enum", it.family, &it.meta));
    let records = workspace.records.iter().filter(|it| it.kind == RecordKind::Record);
    records.for_each(|it| add("record", it.family, &it.meta));
    workspace.unions.iter().for_each(|it| add("union", it.family, &it.meta));
    workspace.mixins.iter().for_each(|it| add("mixin", it.family, &it.meta));
    workspace.events.iter().for_each(|it| add("event", it.family, &it.meta));
    workspace.groups.iter().for_each(|it| add("group", it.family, &it.meta));
    workspace.machines.iter().for_each(|it| add("machine", it.family, &it.meta));
    workspace.tables.iter().for_each(|it| add("table", it.family, &it.meta));
    workspace.reducers.iter().for_each(|it| add("reducer", it.family, &it.meta));
    all
}

pub(super) fn packages(old: &Side<'_>, new: &Side<'_>, report: &mut Report<'_>) {
    for (target, was) in &old.packages {
        let Some((_, is)) = new.packages.iter().find(|(other, _)| other == target) else { continue };
        // The name stands in the configuration, which has no place in either version of the contracts.
        if is != was {
            let at = |workspace: &Workspace| workspace.families.iter().next().map(|family| family.meta.span);
            let place = Place { name: (*target).to_owned(), old: at(old.workspace), new: None };
            let message =
                format!("the {target} package is called `{is}` now, and was `{was}`: every import of it fails");
            let help = format!("keep the name `{was}` in the section `[{target}]` of `codegen.toml`");
            report.change(&rules::SOURCE_PACKAGE_SAME, place, message, help);
        }
    }
}

pub(super) fn compare(pair: &Pair<'_>, report: &mut Report<'_>) {
    for (id, family) in pair.old.families.entries() {
        if pair.new_family(id).is_none() {
            let name = &family.meta.name;
            let place = Place { name: name.clone(), old: Some(family.meta.span), new: None };
            let message = format!("the contract `{name}` is gone: every import from its module fails");
            let help = "keep the file as long as anybody imports from it; its declarations can be marked `deprecated`";
            report.change(&rules::SOURCE_FAMILY_KEPT, place, message, help);
        }
    }
    let new = declarations(pair.new);
    for old in declarations(pair.old) {
        if let Some(family) = pair.new_family(old.family) {
            let here = |other: &Declaration<'_>| pair.new.families[other.family].meta.name == family.meta.name;
            let named: Vec<_> = new.iter().filter(|other| other.meta.name == old.meta.name).collect();
            if named.iter().any(|other| here(other) && other.kind == old.kind) {
                continue;
            }
            let same_space = |kind: &str| !["machine", "table", "reducer"].contains(&kind);
            let heir = named.iter().find(|other| here(other) && same_space(other.kind) && same_space(old.kind));
            let moved = named.iter().find(|other| other.kind == old.kind);
            match (heir, moved) {
                (Some(heir), _) => kind_changed(&old, heir, report),
                (None, Some(moved)) => moved_to(&old, moved, &pair.new.families[moved.family].meta, report),
                (None, None) => gone(&old, &family.meta, report),
            }
        }
    }
}

fn kind_changed(old: &Declaration<'_>, new: &Declaration<'_>, report: &mut Report<'_>) {
    let name = &new.meta.name;
    let message = format!("`{name}` is {} now, and was {}", with_article(new.kind), with_article(old.kind));
    let help = format!("keep the {} `{name}`, and give the {} a name of its own", old.kind, new.kind);
    report.change(&rules::SOURCE_DECLARATION_SAME_KIND, Place::of(name.clone(), old.meta, new.meta), message, help);
}

fn moved_to(old: &Declaration<'_>, new: &Declaration<'_>, family: &Meta, report: &mut Report<'_>) {
    let name = &new.meta.name;
    let message = format!("the {} `{name}` stands in the module of `{}` now", old.kind, family.name);
    let help = "leave it in its file; another file can import it from there";
    report.change(&rules::SOURCE_DECLARATION_SAME_MODULE, Place::of(name.clone(), old.meta, new.meta), message, help);
}

fn gone(old: &Declaration<'_>, family: &Meta, report: &mut Report<'_>) {
    let name = &old.meta.name;
    let since = |deprecated: &Deprecation| format!(", deprecated in {},", deprecated.since);
    let was = old.meta.deprecated.as_ref().map(since).unwrap_or_default();
    let place = Place { name: name.clone(), old: Some(old.meta.span), new: Some(family.span) };
    let message = format!("the {} `{name}`{was} is gone: code that names it does not compile", old.kind);
    let help = match &old.meta.deprecated {
        Some(_) => "remove it in a release that may break code, such as the next major version".to_owned(),
        None => format!("keep `{name}` with `deprecated: {{since: ..., reason: ...}}` for a release"),
    };
    let rule = if old.kind == "event" { &rules::SOURCE_EVENT_KEPT } else { &rules::SOURCE_DECLARATION_KEPT };
    report.change(rule, place, message, help);
}

fn with_article(kind: &str) -> String {
    format!("{} {kind}", if kind.starts_with(['e', 'u']) && kind != "union" { "an" } else { "a" })
}
