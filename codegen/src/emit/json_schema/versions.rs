//! A record with versions enters; the schema of its values of every version leaves, and what it does not see of older ones.

use std::collections::BTreeSet;

use super::node::{Node, Object};
use super::scalars::of_type;
use super::texts::described;
use super::types::Context;
use super::weaker::unchecked_rule;
use crate::model::{Assignment, Change, Record, Type, Versions, Workspace};

impl Context<'_> {
    /// A value is of one version, which its member says: the current one first, then from the newest to the oldest.
    pub(super) fn of_any_version(&self, record: &Record, versions: &Versions) -> Object {
        let mut variants = vec![self.object(record, None)];
        for (version, upcast) in versions.older().collect::<Vec<_>>().into_iter().rev() {
            let is_absent = versions.absent == Some(version);
            let said = Object::of("const", version).with_some("default", is_absent.then_some(version));
            let shape = &self.workspace.records[upcast.shape];
            let mut variant = self.object(shape, Some((&versions.member, said, is_absent)));
            let unseen = unseen(self.workspace, record, versions, version).into_iter().map(Node::from);
            let of_shape = match variant.get("x-weaker") {
                Some(Node::List(texts)) => texts.clone(),
                _ => Vec::new(),
            };
            let texts: Vec<Node> = of_shape.into_iter().chain(unseen).collect();
            if !texts.is_empty() {
                variant.put("x-weaker", texts);
            }
            variants.push(described(&shape.meta, variant));
        }
        of_type("object").with("oneOf", variants)
    }
}

/// What may be refused in an older value when it was brought up, which its own schema cannot say.
pub(super) fn unseen(workspace: &Workspace, record: &Record, versions: &Versions, version: u32) -> Vec<String> {
    let mut rules = BTreeSet::new();
    let mut hooks = Vec::new();
    for (from, upcast) in versions.older().filter(|(from, _)| *from >= version) {
        let next = versions.upcast(from + 1).map_or(record, |next| &workspace.records[next.shape]);
        rules.extend(next.rules.iter().map(|rule| rule.code.as_str()));
        match &upcast.change {
            Change::Hook(hook) => hooks.push(workspace.hooks[*hook].meta.name.as_str()),
            Change::Fields(values) => values.iter().for_each(|(_, value)| made(workspace, value, &mut rules)),
        }
    }
    let rules = rules.into_iter().map(unchecked_rule);
    rules.chain(hooks.into_iter().map(|hook| format!("what the hook `{hook}` makes is not checked"))).collect()
}

/// The rules of records that a step puts together.
fn made<'w>(workspace: &'w Workspace, value: &Assignment, rules: &mut BTreeSet<&'w str>) {
    match value {
        Assignment::Value(_) => {}
        Assignment::List(items, _) => items.iter().for_each(|item| made(workspace, item, rules)),
        Assignment::Record(members, ty) => {
            if let Type::Record(id) = workspace.unwrapped(ty) {
                rules.extend(workspace.records[*id].rules.iter().map(|rule| rule.code.as_str()));
            }
            members.iter().for_each(|(_, value)| made(workspace, value, rules));
        }
    }
}
