//! A record enters; what its page says about its older versions leaves.

use super::page::{Inline, Page, code, joined, text};
use super::types;
use crate::expr;
use crate::model::{Assignment, Change, ExprKind, Record, Upcast, Variable, Workspace};

pub(super) fn write(workspace: &Workspace, record: &Record, page: &mut Page) {
    let Some(versions) = &record.versions else { return };
    let mut words = vec![text("A value says in "), code(&*versions.member), text(" of which version it is")];
    if let Some(absent) = versions.absent {
        words.push(text(format!("; one that does not is of version {absent}")));
    }
    words.push(text(match versions.upcasts.len() {
        0 => format!(". This is version {}.", versions.current),
        _ => format!(". This is version {}; older ones are brought up to it, version by version:", versions.current),
    }));
    page.words(words);
    page.list(versions.older().map(|(version, upcast)| step(workspace, version, upcast)).collect());
}

/// What a version was, and what of it the next does not take over as it is.
fn step(workspace: &Workspace, version: u32, upcast: &Upcast) -> Vec<Inline> {
    let shape = &workspace.records[upcast.shape];
    let link = types::link(workspace, shape.family, "record", &shape.meta);
    let mut words = vec![text(format!("Version {version} was ")), link];
    match &upcast.change {
        Change::Hook(hook) => {
            words.extend([text("; the hook "), code(&*workspace.hooks[*hook].meta.name), text(" makes the next")]);
        }
        Change::Fields(values) => {
            let made = values.iter().filter(|(name, value)| !is_taken_over(name, value));
            let made: Vec<_> =
                made.map(|(name, value)| vec![code(&**name), text(" is "), code(written(workspace, value))]).collect();
            if !made.is_empty() {
                words.push(text("; in the next "));
                words.extend(joined(made, ", "));
            }
        }
    }
    words
}

fn is_taken_over(name: &str, value: &Assignment) -> bool {
    let Assignment::Value(value) = value else { return false };
    matches!(&value.kind, ExprKind::Field(of, read)
        if read == name && matches!(of.kind, ExprKind::Variable(Variable::Payload)))
}

/// A value as a contract writes it.
fn written(workspace: &Workspace, value: &Assignment) -> String {
    match value {
        Assignment::Value(value) => expr::text(value, workspace),
        Assignment::List(items, _) => {
            format!("[{}]", items.iter().map(|item| written(workspace, item)).collect::<Vec<_>>().join(", "))
        }
        Assignment::Record(members, _) => {
            let members = members.iter().map(|(name, value)| format!("{name}: {}", written(workspace, value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}
