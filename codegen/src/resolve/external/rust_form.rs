//! A resolved foreign type enters; what the Rust type that `typify` makes of it does not keep leaves, as a finding.

use std::collections::BTreeSet;

use super::super::unions::walk;
use super::super::{Resolver, rules};
use crate::diagnostic::Diagnostic;
use crate::model::{External, Items, Primitive, RecordId, Type, UnionForm, Workspace};

impl Resolver<'_> {
    /// A finding for each foreign type whose bounds stand in no Rust type.
    pub(in super::super) fn report_rust_losses(&mut self) {
        for external in &self.workspace.externals {
            let mut lost = BTreeSet::new();
            collect(&self.workspace, &external.shape, &mut lost);
            if !lost.is_empty() {
                let lost: Vec<&str> = lost.into_iter().collect();
                self.out.push(finding(external, &lost.join(", ")));
            }
        }
    }
}

fn finding(external: &External, lost: &str) -> Diagnostic {
    let message = format!("the Rust type of `{}` does not keep {lost}", external.name);
    let finding = Diagnostic::new(&rules::EXTERNAL_LOSES, external.span, message);
    finding.help("it is checked where a value is read, and where a program makes one by `Foreign::new`")
}

fn collect(workspace: &Workspace, ty: &Type, lost: &mut BTreeSet<&'static str>) {
    walk(ty, &mut |part| match part {
        Type::Primitive(primitive) => of_primitive(primitive, lost),
        Type::Scalar(id) => of_primitive(&workspace.scalars[*id].primitive, lost),
        Type::Named(id) => collect(workspace, &workspace.types[*id].ty, lost),
        Type::Record(id) => of_record(workspace, *id, lost),
        Type::Union(id) => match &workspace.unions[*id].form {
            UnionForm::Tagged { variants, .. } => variants.iter().for_each(|v| of_record(workspace, v.record, lost)),
            UnionForm::Untagged(types) => types.iter().for_each(|ty| collect(workspace, ty, lost)),
        },
        Type::List(_, items) | Type::Set(_, items) | Type::Map(_, _, items) if *items != Items::default() => {
            lost.insert("counts of items");
        }
        _ => {}
    });
}

fn of_record(workspace: &Workspace, id: RecordId, lost: &mut BTreeSet<&'static str>) {
    if !workspace.records[id].rules.is_empty() {
        lost.insert("rules between members");
    }
    for field in &workspace.records[id].fields {
        collect(workspace, &field.ty, lost);
    }
}

fn of_primitive(primitive: &Primitive, lost: &mut BTreeSet<&'static str>) {
    let is_bounded = match primitive {
        Primitive::Int(bounds) => bounds.min.is_some() || bounds.max.is_some(),
        Primitive::Float(bounds) => bounds.min.is_some() || bounds.max.is_some(),
        _ => false,
    };
    if is_bounded {
        lost.insert("bounds of numbers");
    }
    if let Primitive::String(text) = primitive {
        let kept = [
            ("lengths of texts", text.min_length.is_none() && text.max_length.is_none()),
            ("patterns", text.pattern.is_none()),
            ("formats of texts", text.format.is_none()),
        ];
        lost.extend(kept.into_iter().filter(|(_, is_kept)| !is_kept).map(|(what, _)| what));
    }
}
