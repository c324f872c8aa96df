//! A family enters; what its page says about records, enums, unions, scalars, types and tables leaves.

use super::events::{about, fields};
use super::page::{Inline, Page, code, codes, joined, text};
use super::types;
use crate::model::{EnumDef, FamilyId, RecordKind, UnionForm, Workspace};

pub(super) fn write(workspace: &Workspace, family: FamilyId, page: &mut Page) {
    records(workspace, family, page);
    enums(workspace, family, page);
    unions(workspace, family, page);
    scalars(workspace, family, page);
    tables(workspace, family, page);
}

/// A heading before the first of several declarations.
fn section(page: &mut Page, begun: &mut bool, title: &str) {
    if !std::mem::replace(begun, true) {
        page.heading(2, "", title);
    }
}

fn records(workspace: &Workspace, family: FamilyId, page: &mut Page) {
    let mut begun = false;
    let records = workspace.records.iter().filter(|record| record.family == family);
    for record in records.filter(|record| record.kind == RecordKind::Record) {
        section(page, &mut begun, "Records");
        page.heading(3, "record", &record.meta.name);
        about(&record.meta, page);
        fields(workspace, record, page);
    }
}

fn enums(workspace: &Workspace, family: FamilyId, page: &mut Page) {
    let mut begun = false;
    let enums = workspace.enums.iter().filter(|definition| definition.family == family);
    for definition in enums.filter(|definition| definition.made_for.is_none()) {
        section(page, &mut begun, "Enums");
        page.heading(3, "enum", &definition.meta.name);
        about(&definition.meta, page);
        let rows = definition.values.iter().enumerate().map(|(at, value)| {
            let aliases = definition.aliases.iter().filter(|(_, to)| *to == at).map(|(alias, _)| alias.as_str());
            let mut doc: Vec<Inline> = Vec::new();
            if let Some(deprecated) = &value.deprecated {
                doc.extend([Inline::Badge("deprecated"), text(format!(": {}. ", deprecated.reason))]);
            }
            doc.extend(value.doc.as_deref().map(text));
            vec![vec![code(&*value.text)], codes(aliases), doc]
        });
        page.table(&["value", "also read", ""], rows.collect());
        page.list(subsets(workspace, definition));
    }
}

/// Sets, maps and rank of an enum.
fn subsets(workspace: &Workspace, definition: &EnumDef) -> Vec<Vec<Inline>> {
    let value = |at: usize| definition.values[at].text.as_str();
    let mut points = Vec::new();
    for set in &definition.sets {
        let mut words = vec![text("Set "), code(&*set.name), text(": ")];
        words.extend(codes(set.members.iter().map(|&at| value(at))));
        points.push(words);
    }
    for map in &definition.maps {
        let to = &workspace.enums[map.to];
        let mut words = vec![text("Map "), code(&*map.name), text(" to ")];
        words.extend([types::link(workspace, to.family, "enum", &to.meta), text(": ")]);
        let pairs = map.targets.iter().enumerate();
        words.extend(joined(
            pairs.map(|(from, &target)| vec![code(value(from)), text(" to "), code(&*to.values[target].text)]),
            ", ",
        ));
        points.push(words);
    }
    if let Some(rank) = &definition.rank {
        let mut words = vec![text("From lowest to highest: ")];
        words.extend(codes(rank.iter().map(|&at| value(at))));
        points.push(words);
    }
    points
}

fn unions(workspace: &Workspace, family: FamilyId, page: &mut Page) {
    let mut begun = false;
    for union in workspace.unions.iter().filter(|union| union.family == family) {
        section(page, &mut begun, "Unions");
        page.heading(3, "union", &union.meta.name);
        about(&union.meta, page);
        match &union.form {
            UnionForm::Tagged { tag, tag_type, default_tag, variants } => {
                let tags = &workspace.enums[*tag_type].values;
                page.words(vec![text("Told apart by the member "), code(&**tag)]);
                let rows = variants.iter().map(|variant| {
                    let record = &workspace.records[variant.record];
                    let mut tag = vec![code(&*tags[variant.value].text)];
                    if *default_tag == Some(variant.value) {
                        tag.push(text(" or absent"));
                    }
                    vec![tag, vec![types::link(workspace, record.family, "record", &record.meta)]]
                });
                page.table(&["tag", "record"], rows.collect());
            }
            UnionForm::Untagged(variants) => {
                let mut words = vec![text("The first that accepts: ")];
                words.extend(joined(variants.iter().map(|variant| types::of(workspace, variant)), ", "));
                page.words(words);
            }
        }
    }
}

fn scalars(workspace: &Workspace, family: FamilyId, page: &mut Page) {
    let mut begun = false;
    for scalar in workspace.scalars.iter().filter(|scalar| scalar.family == family) {
        section(page, &mut begun, "Scalars and types");
        page.heading(3, "scalar", &scalar.meta.name);
        about(&scalar.meta, page);
        let mut words = vec![code(types::base(&scalar.primitive))];
        let bounds = types::bounds(&scalar.primitive);
        if !bounds.is_empty() {
            words.push(text(", "));
            words.extend(bounds);
        }
        if let Some(default) = &scalar.default {
            words.extend([text(", default "), types::value_of(default)]);
        }
        page.words(words);
    }
    for named in workspace.types.iter().filter(|named| named.family == family) {
        section(page, &mut begun, "Scalars and types");
        page.heading(3, "type", &named.meta.name);
        about(&named.meta, page);
        let mut words = types::of(workspace, &named.ty);
        let constraints = types::constraints(&named.ty);
        if !constraints.is_empty() {
            words.push(text(", "));
            words.extend(constraints);
        }
        page.words(words);
    }
}

fn tables(workspace: &Workspace, family: FamilyId, page: &mut Page) {
    let mut begun = false;
    for table in workspace.tables.iter().filter(|table| table.family == family) {
        section(page, &mut begun, "Tables");
        page.heading(3, "table", &table.meta.name);
        about(&table.meta, page);
        let keys = &workspace.enums[table.key];
        let columns: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
        let rows = keys.values.iter().zip(&table.rows).map(|(key, row)| {
            let cells =
                columns.iter().zip(row).map(|(name, value)| vec![code(*name), text(": "), types::value_of(value)]);
            vec![vec![code(&*key.text)], joined(cells, ", ")]
        });
        page.table(&["key", "values"], rows.collect());
    }
}
