//! A record with versions enters; the schema of its values of every version leaves, and what it does not see of older ones.

use std::collections::BTreeSet;

use super::node::{Node, Object};
use super::scalars::of_type;
use super::texts::described;
use super::types::Context;
use super::weaker::unchecked_rule;
use crate::model::{Change, RecordId, Versions, Workspace};

impl Context<'_> {
    /// A value is of one version, which its member says: the current one first, then from the newest to the oldest.
    pub(super) fn of_any_version(&self, id: RecordId, versions: &Versions) -> Object {
        let mut variants = vec![self.object(&self.workspace.records[id], None)];
        for (version, upcast) in versions.older().collect::<Vec<_>>().into_iter().rev() {
            let is_absent = versions.absent == Some(version);
            let said = Object::of("const", version).with_some("default", is_absent.then_some(version));
            let shape = &self.workspace.records[upcast.shape];
            let mut variant = self.object(shape, Some((&versions.member, said, is_absent)));
            let unseen = unseen(self.workspace, id, versions, version).into_iter().map(Node::from);
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
pub(super) fn unseen(workspace: &Workspace, id: RecordId, versions: &Versions, version: u32) -> Vec<String> {
    let rules: BTreeSet<&str> =
        versions.met(workspace, id, version).into_iter().map(|(_, rule)| rule.code.as_str()).collect();
    let hooks = versions.older().filter(|(from, _)| *from >= version).filter_map(|(_, upcast)| match upcast.change {
        Change::Hook(hook) => Some(format!("what the hook `{}` makes is not checked", workspace.hooks[hook].meta.name)),
        Change::Fields(_) => None,
    });
    rules.into_iter().map(unchecked_rule).chain(hooks).collect()
}
