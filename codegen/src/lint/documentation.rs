//! Texts for people enter; those that are missing, or say nothing, leave.

use super::visit::{declarations, fields, is_foreign, primitive, words};
use super::{Check, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Meta, Primitive, Type, Workspace};
use crate::source::Span;

pub(super) const CHECKS: &[Check] = &[missing, missing_on_fields, repeats_name, todo, pattern_without_example];

/// What readers look up by name.
const LOOKED_UP: &[&str] = &["event", "enum", "record", "union", "machine", "table", "reducer"];

/// Words that say nothing by themselves.
const EMPTY: &[&str] = &["a", "an", "and", "for", "is", "its", "of", "that", "the", "this", "to"];

/// Marks of texts that are not finished.
const UNFINISHED: &[&str] = &["TODO", "FIXME", "XXX", "TBD"];

fn missing(workspace: &Workspace, out: &mut Diagnostics) {
    let families = workspace.families.iter().map(|family| ("contract", &family.meta));
    let declared = declarations(workspace).into_iter().filter(|one| LOOKED_UP.contains(&one.kind));
    for (kind, meta) in families.chain(declared.map(|one| (one.kind, one.meta))) {
        if meta.doc.is_none() && meta.title.is_none() {
            let message = format!("the {kind} `{}` has no `doc`", meta.name);
            let finding = Diagnostic::new(&rules::MISSING_DOC, meta.span, message);
            out.push(finding.help("say in a sentence what it means; it stands in all packages and schemas"));
        }
    }
}

fn missing_on_fields(workspace: &Workspace, out: &mut Diagnostics) {
    for one in fields(workspace).iter().filter(|one| one.field.meta.doc.is_none() && one.field.meta.title.is_none()) {
        let message = format!("the field `{}` of `{}` has no `doc`", one.field.meta.name, one.owner.name);
        out.push(Diagnostic::new(&rules::MISSING_FIELD_DOC, one.field.meta.span, message));
    }
}

fn repeats_name(workspace: &Workspace, out: &mut Diagnostics) {
    let declared = declarations(workspace).into_iter().map(|one| one.meta);
    for meta in declared.chain(fields(workspace).into_iter().map(|one| &one.field.meta)) {
        let Some(doc) = &meta.doc else { continue };
        let name = words(&meta.name);
        let said: Vec<String> = words(doc).into_iter().filter(|word| !EMPTY.contains(&word.as_str())).collect();
        if said.iter().all(|word| name.contains(word)) {
            let message = format!("the text of `{}` says no more than its name", meta.name);
            let finding = Diagnostic::new(&rules::DOC_REPEATS_NAME, meta.span, message);
            out.push(finding.help("say what it means, where it comes from or what it is for, or leave the text out"));
        }
    }
}

/// Every text of a declaration, field or value, with the place of its name.
fn texts(workspace: &Workspace) -> Vec<(Span, &str)> {
    let mut metas: Vec<&Meta> = declarations(workspace).into_iter().map(|one| one.meta).collect();
    metas.extend(fields(workspace).into_iter().map(|one| &one.field.meta));
    metas.extend(workspace.families.iter().map(|family| &family.meta));
    let mut texts: Vec<(Span, &str)> = Vec::new();
    for meta in metas {
        let reason = meta.deprecated.as_ref().map(|deprecated| deprecated.reason.as_str());
        let all = [meta.title.as_deref(), meta.doc.as_deref(), reason];
        texts.extend(all.into_iter().flatten().map(|text| (meta.span, text)));
    }
    let values = workspace.enums.iter().flat_map(|item| &item.values);
    texts.extend(values.filter_map(|value| Some((value.span, value.doc.as_deref()?))));
    texts
}

fn todo(workspace: &Workspace, out: &mut Diagnostics) {
    for (span, text) in texts(workspace) {
        let mut said = text.split(|c: char| !c.is_alphanumeric());
        if let Some(mark) = said.find(|word| UNFINISHED.contains(word)) {
            let finding = Diagnostic::new(&rules::DOC_TODO, span, format!("the text here is not finished: `{mark}`"));
            out.push(finding.help("it is published with every package; write a YAML comment to remember something"));
        }
    }
}

fn pattern_without_example(workspace: &Workspace, out: &mut Diagnostics) {
    let is_pattern = |one: Option<&Primitive>| matches!(one, Some(Primitive::String(text)) if text.pattern.is_some());
    let own = workspace.scalars.iter().filter(|scalar| !is_foreign(workspace, &scalar.meta));
    let scalars = own.filter(|scalar| is_pattern(Some(&scalar.primitive)));
    let fields = fields(workspace).into_iter().map(|one| one.field).filter(|field| {
        let is_inline = matches!(workspace.unwrapped(&field.ty), Type::Primitive(_));
        is_inline && is_pattern(primitive(workspace, &field.ty))
    });
    for meta in scalars.map(|scalar| &scalar.meta).chain(fields.map(|field| &field.meta)) {
        if meta.examples.is_empty() {
            let message = format!("`{}` has a pattern and no example", meta.name);
            let finding = Diagnostic::new(&rules::PATTERN_WITHOUT_EXAMPLE, meta.span, message);
            out.push(
                finding.help("add `examples: [..]`: readers see what is meant, and each is judged by the pattern"),
            );
        }
    }
}
