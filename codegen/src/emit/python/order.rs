//! The declarations of a family enter; the same leave, each behind those that it needs.

use std::collections::BTreeSet;

use crate::model::{EnumId, FamilyId, MixinId, NamedTypeId, RecordId, ScalarId, Type, UnionForm, UnionId, Workspace};

/// A declaration that others can need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Declared {
    /// A scalar.
    Scalar(ScalarId),
    /// An enum.
    Enum(EnumId),
    /// A composed type with a name.
    Named(NamedTypeId),
    /// A union.
    Union(UnionId),
    /// A mixin.
    Mixin(MixinId),
    /// A record or payload.
    Record(RecordId),
}

/// Everything that a family declares, in declared order but where something needs what comes later.
pub fn in_order(workspace: &Workspace, family: FamilyId) -> Vec<Declared> {
    let mut order = Order { workspace, family, seen: BTreeSet::new(), found: Vec::new() };
    workspace.scalars.entries().for_each(|(id, _)| order.visit(Declared::Scalar(id)));
    workspace.enums.entries().for_each(|(id, _)| order.visit(Declared::Enum(id)));
    workspace.types.entries().for_each(|(id, _)| order.visit(Declared::Named(id)));
    workspace.mixins.entries().for_each(|(id, _)| order.visit(Declared::Mixin(id)));
    workspace.unions.entries().for_each(|(id, _)| order.visit(Declared::Union(id)));
    workspace.records.entries().for_each(|(id, _)| order.visit(Declared::Record(id)));
    order.found
}

struct Order<'a> {
    workspace: &'a Workspace,
    family: FamilyId,
    seen: BTreeSet<Declared>,
    found: Vec<Declared>,
}

impl Order<'_> {
    fn visit(&mut self, declared: Declared) {
        if self.family_of(declared) != self.family || !self.seen.insert(declared) {
            return;
        }
        let workspace = self.workspace;
        match declared {
            Declared::Scalar(_) => {}
            Declared::Enum(id) => {
                workspace.enums[id].maps.iter().for_each(|map| self.visit(Declared::Enum(map.to)));
            }
            Declared::Named(id) => self.visit_type(&workspace.types[id].ty),
            Declared::Mixin(id) => {
                workspace.mixins[id].fields.iter().for_each(|field| self.visit_type(&field.ty));
            }
            Declared::Record(id) => {
                let record = &workspace.records[id];
                record.mixins.iter().for_each(|&mixin| self.visit(Declared::Mixin(mixin)));
                record.fields.iter().for_each(|field| self.visit_type(&field.ty));
            }
            Declared::Union(id) => match &workspace.unions[id].form {
                UnionForm::Untagged(types) => types.iter().for_each(|ty| self.visit_type(ty)),
                UnionForm::Tagged { tag_type, variants, .. } => {
                    self.visit(Declared::Enum(*tag_type));
                    for variant in variants {
                        self.visit(Declared::Record(variant.record));
                    }
                }
            },
        }
        self.found.push(declared);
    }

    fn visit_type(&mut self, ty: &Type) {
        match ty {
            Type::Primitive(_) => {}
            Type::Scalar(id) => self.visit(Declared::Scalar(*id)),
            Type::Enum(of) => self.visit(Declared::Enum(of.id)),
            Type::Record(id) => self.visit(Declared::Record(*id)),
            Type::Union(id) => self.visit(Declared::Union(*id)),
            Type::Named(id) => self.visit(Declared::Named(*id)),
            Type::External(id) => self.visit_type(&self.workspace.externals[*id].shape),
            Type::Opt(of) | Type::List(of, _) | Type::Set(of, _) => self.visit_type(of),
            Type::Map(key, value, _) => {
                self.visit_type(key);
                self.visit_type(value);
            }
            Type::Tuple(items) => items.iter().for_each(|item| self.visit_type(item)),
        }
    }

    fn family_of(&self, declared: Declared) -> FamilyId {
        match declared {
            Declared::Scalar(id) => self.workspace.scalars[id].family,
            Declared::Enum(id) => self.workspace.enums[id].family,
            Declared::Named(id) => self.workspace.types[id].family,
            Declared::Union(id) => self.workspace.unions[id].family,
            Declared::Mixin(id) => self.workspace.mixins[id].family,
            Declared::Record(id) => self.workspace.records[id].family,
        }
    }
}
