//! The signature of a hook enters; what is wrong with it leaves, and what its values can lead to.

use std::collections::BTreeSet;

use super::unions::walk;
use crate::load::raw::RawHook;
use crate::model::{Expr, Hook, HookId, HookKind, Primitive, RecordId, Rule, Type, UnionForm, Workspace};
use crate::source::Span;

/// What is wrong with a signature: the place, the message and the way out.
pub fn signature_faults(workspace: &Workspace, hook: &Hook, raw: &RawHook) -> Vec<(Span, String, &'static str)> {
    let name = &hook.meta.name;
    let mut faults = Vec::new();
    if hook.args.is_empty() {
        let help = "a hook is a function of its args: what is always the same is a constant";
        faults.push((hook.meta.span, format!("the hook `{name}` takes nothing"), help));
    }
    let is = |ty: &Type, wanted: &Primitive| *workspace.plain(ty) == Type::Primitive(wanted.clone());
    let returns = raw.returns.span;
    match hook.kind {
        HookKind::Predicate if !is(&hook.returns, &Primitive::Bool) => {
            faults.push((returns, format!("the predicate `{name}` returns no `bool`"), "write `returns: bool`"));
        }
        HookKind::Upcast => {
            let is_whole = |ty: &Type| is(ty, &Primitive::Object);
            if !(matches!(hook.args.as_slice(), [(_, ty)] if is_whole(ty)) && is_whole(&hook.returns)) {
                let message = format!("the upcast `{name}` does not take one `object` and return one");
                faults.push((hook.meta.span, message, "write `args: {payload: object}` and `returns: object`"));
            }
        }
        HookKind::Derive if Reach::of(workspace, [&hook.returns]).has_json => {
            let message = format!("the hook `{name}` returns a `json` or `object`, into which no expression can look");
            faults.push((returns, message, "return a scalar, an enum or a record of such"));
        }
        HookKind::Predicate | HookKind::Derive => {}
    }
    faults
}

/// Other hooks that rules call about the values of a hook: their vectors have to be known first.
pub fn asked_before(workspace: &Workspace, hook: &Hook) -> BTreeSet<HookId> {
    let types = hook.args.iter().map(|(_, ty)| ty).chain([&hook.returns]);
    let records = Reach::of(workspace, types).records;
    let rules = records.iter().flat_map(|&id| &workspace.records[id].rules);
    rules.filter_map(Rule::condition).flat_map(Expr::hooks).collect()
}

/// What values of types can lead to.
#[derive(Default)]
struct Reach {
    records: BTreeSet<RecordId>,
    has_json: bool,
}

impl Reach {
    fn of<'t>(workspace: &Workspace, types: impl IntoIterator<Item = &'t Type>) -> Self {
        let mut reach = Self::default();
        types.into_iter().for_each(|ty| reach.add(workspace, ty));
        reach
    }

    fn add(&mut self, workspace: &Workspace, ty: &Type) {
        walk(workspace.plain(ty), &mut |part| match part {
            Type::Primitive(primitive) => self.add_primitive(primitive),
            Type::Scalar(id) => self.add_primitive(&workspace.scalars[*id].primitive),
            Type::Named(_) if workspace.plain(part) != part => self.add(workspace, workspace.plain(part)),
            Type::External(id) => self.add(workspace, &workspace.externals[*id].shape),
            Type::Record(id) => self.add_record(workspace, *id),
            Type::Union(id) => match &workspace.unions[*id].form {
                UnionForm::Tagged { variants, .. } => {
                    for variant in variants {
                        self.add_record(workspace, variant.record);
                    }
                }
                UnionForm::Untagged(types) => types.iter().for_each(|ty| self.add(workspace, ty)),
            },
            _ => {}
        });
    }

    fn add_primitive(&mut self, primitive: &Primitive) {
        self.has_json |= matches!(primitive, Primitive::Json | Primitive::Object);
    }

    fn add_record(&mut self, workspace: &Workspace, id: RecordId) {
        if self.records.insert(id) {
            workspace.records[id].fields.iter().for_each(|field| self.add(workspace, &field.ty));
        }
    }
}
