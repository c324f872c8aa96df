//! A family enters; what its page says about events leaves, and how records show their fields and rules.

use super::page::{Block, Inline, Page, code, codes, joined, text};
use super::{types, versions};
use crate::expr;
use crate::json::canonical;
use crate::model::{FamilyId, Meta, Payload, Record, Rule, RuleKind, Workspace};

pub(super) fn write(workspace: &Workspace, family: FamilyId, page: &mut Page) {
    let events: Vec<_> = workspace.events.entries().filter(|(_, event)| event.family == family).collect();
    if events.is_empty() {
        return;
    }
    page.heading(2, "", "Events");
    for (id, event) in events {
        page.heading(3, "event", &event.meta.name);
        if event.wire != event.meta.name {
            page.words(vec![text("On the wire "), code(&*event.wire)]);
        }
        about(&event.meta, page);
        match event.payload {
            Payload::Record(record) => fields(workspace, &workspace.records[record], page),
            Payload::Union(union) => {
                let union = &workspace.unions[union];
                page.words(vec![text("Its payload is "), types::link(workspace, union.family, "union", &union.meta)]);
            }
        }
        let reducers = workspace.reducers.iter().filter(|reducer| reducer.reaction(id).is_some());
        let reducers: Vec<_> =
            reducers.map(|reducer| vec![types::link(workspace, reducer.family, "reducer", &reducer.meta)]).collect();
        if !reducers.is_empty() {
            let mut words = vec![text("Reduced by ")];
            words.extend(joined(reducers, ", "));
            page.words(words);
        }
        page.blocks.extend(event.meta.examples.iter().map(|example| Block::Code(canonical(example))));
    }
    for group in workspace.groups.iter().filter(|group| group.family == family) {
        page.heading(3, "group", &group.meta.name);
        about(&group.meta, page);
        let events = group.events.iter().map(|&event| {
            let event = &workspace.events[event];
            vec![types::link(workspace, event.family, "event", &event.meta)]
        });
        page.words(joined(events, ", "));
    }
}

/// Text and history of a declaration.
pub(super) fn about(meta: &Meta, page: &mut Page) {
    if let Some(history) = history(meta) {
        page.words(history);
    }
    page.prose(meta.doc.as_deref());
}

/// Since when there is something, and why it should not be used any more.
fn history(meta: &Meta) -> Option<Vec<Inline>> {
    let mut words = Vec::new();
    if let Some(since) = &meta.since {
        words.extend([text("Since "), code(since.0.as_str())]);
    }
    if let Some(deprecated) = &meta.deprecated {
        if !words.is_empty() {
            words.push(text(". "));
        }
        words.extend([Inline::Badge("deprecated"), text(" since "), code(deprecated.since.0.as_str())]);
        words.push(text(format!(": {}", deprecated.reason)));
        if let Some(replacement) = &deprecated.replacement {
            words.extend([text(" Use "), code(&**replacement)]);
        }
    }
    (!words.is_empty()).then_some(words)
}

/// Fields and rules of a record or payload.
pub(super) fn fields(workspace: &Workspace, record: &Record, page: &mut Page) {
    if record.closed {
        page.words(vec![text("Closed: keys that are not declared are refused.")]);
    }
    let rows = record.fields.iter().map(|field| {
        let mut doc = history(&field.meta).unwrap_or_default();
        if !doc.is_empty() && field.meta.doc.is_some() {
            doc.push(text(". "));
        }
        doc.extend(field.meta.doc.as_deref().map(text));
        let examples: Vec<_> = field.meta.examples.iter().map(|example| vec![types::value_of(example)]).collect();
        if !examples.is_empty() {
            doc.push(text(if doc.is_empty() { "For example " } else { " For example " }));
            doc.extend(joined(examples, ", "));
        }
        vec![
            vec![code(&*field.meta.name)],
            types::of(workspace, &field.ty),
            types::presence(&field.presence),
            types::constraints(&field.ty),
            doc,
        ]
    });
    page.table(&["field", "type", "", "constraints", ""], rows.collect());
    page.list(record.rules.iter().map(|rule| rule_in_words(workspace, record, rule)).collect());
    versions::write(workspace, record, page);
}

fn rule_in_words(workspace: &Workspace, record: &Record, rule: &Rule) -> Vec<Inline> {
    let mut words = vec![text("Rule "), code(&*rule.code), text(": ")];
    let names = |fields: &[usize]| codes(fields.iter().map(|&at| record.fields[at].meta.name.as_str()));
    match &rule.kind {
        RuleKind::Conditional { when, require, forbid, require_nonblank } => {
            if let Some(when) = when {
                words.extend([text("where "), code(expr::text(when, workspace)), text(", ")]);
            }
            let demands =
                [(require, "must be there"), (forbid, "must be away"), (require_nonblank, "must not be blank")];
            let demands = demands.into_iter().filter(|(fields, _)| !fields.is_empty()).map(|(fields, demand)| {
                let mut words = names(fields);
                words.push(text(format!(" {demand}")));
                words
            });
            words.extend(joined(demands, " and "));
        }
        RuleKind::Check { check, at } => {
            words.extend([code(expr::text(check, workspace)), text(" must hold")]);
            if let Some(at) = at {
                words.extend([text(", reported at "), code(&*record.fields[*at].meta.name)]);
            }
        }
    }
    words.extend(rule.message.as_ref().map(|message| text(format!(". {message}"))));
    words
}
