//! What schemas start from enters; every declaration that they need leaves, each with its name under `$defs`.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{EnumId, FamilyId, Meta, NamedTypeId, RecordId, ScalarId, Type, UnionForm, UnionId, Workspace};

/// A declaration that a type can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Declared {
    Scalar(ScalarId),
    Named(NamedTypeId),
    Enum(EnumId),
    Record(RecordId),
    Union(UnionId),
}

impl Declared {
    /// Its name and texts, and its family.
    pub(super) fn meta(self, workspace: &Workspace) -> (&Meta, FamilyId) {
        macro_rules! of {
            ($item:expr) => {{
                let item = &$item;
                (&item.meta, item.family)
            }};
        }
        match self {
            Self::Scalar(id) => of!(workspace.scalars[id]),
            Self::Named(id) => of!(workspace.types[id]),
            Self::Enum(id) => of!(workspace.enums[id]),
            Self::Record(id) => of!(workspace.records[id]),
            Self::Union(id) => of!(workspace.unions[id]),
        }
    }
}

/// Names under `$defs`: the declaration's own, with its family in front where two of one schema share it.
pub(super) type Names = BTreeMap<Declared, String>;

/// Everything that these are made of; themselves only where something in them names them.
pub(super) fn needed(workspace: &Workspace, roots: impl IntoIterator<Item = Declared>) -> BTreeSet<Declared> {
    let mut search = Search { workspace, found: BTreeSet::new() };
    for root in roots {
        search.inside(root);
    }
    search.found
}

/// A name for each.
pub(super) fn names(workspace: &Workspace, declared: &BTreeSet<Declared>) -> Names {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for one in declared {
        *times.entry(&one.meta(workspace).0.name).or_default() += 1;
    }
    let name = |one: Declared| {
        let (meta, family) = one.meta(workspace);
        match times[meta.name.as_str()] {
            1 => meta.name.clone(),
            _ => format!("{}.{}", workspace.families[family].meta.name, meta.name),
        }
    };
    declared.iter().map(|one| (*one, name(*one))).collect()
}

struct Search<'w> {
    workspace: &'w Workspace,
    found: BTreeSet<Declared>,
}

impl Search<'_> {
    fn fields(&mut self, record: RecordId) {
        let record = &self.workspace.records[record];
        for field in &record.fields {
            self.types(&field.ty);
        }
        // Older versions are written out with the member that tells them apart.
        for upcast in record.versions.iter().flat_map(|versions| &versions.upcasts) {
            self.fields(upcast.shape);
        }
    }

    fn types(&mut self, ty: &Type) {
        match ty {
            Type::Primitive(_) => {}
            Type::Scalar(id) => self.declared(Declared::Scalar(*id)),
            Type::Named(id) => self.declared(Declared::Named(*id)),
            Type::External(id) => self.types(&self.workspace.externals[*id].shape),
            // A narrowed enum is written out where it stands, and names the whole one.
            Type::Enum(of) => self.declared(Declared::Enum(of.id)),
            Type::Record(id) => self.declared(Declared::Record(*id)),
            Type::Union(id) => self.declared(Declared::Union(*id)),
            Type::Opt(inner) | Type::List(inner, _) | Type::Set(inner, _) => self.types(inner),
            Type::Map(key, value, _) => {
                self.types(key);
                self.types(value);
            }
            Type::Tuple(items) => items.iter().for_each(|item| self.types(item)),
        }
    }

    fn declared(&mut self, one: Declared) {
        if self.found.insert(one) {
            self.inside(one);
        }
    }

    fn inside(&mut self, one: Declared) {
        match one {
            Declared::Scalar(_) => {}
            Declared::Enum(id) => {
                for map in &self.workspace.enums[id].maps {
                    self.declared(Declared::Enum(map.to));
                }
            }
            Declared::Named(id) => self.types(&self.workspace.types[id].ty),
            Declared::Record(id) => self.fields(id),
            Declared::Union(id) => match &self.workspace.unions[id].form {
                // The variants of a tagged union are written out with their tag.
                UnionForm::Tagged { tag_type, variants, .. } => {
                    if self.workspace.enums[*tag_type].made_for.is_none() {
                        self.declared(Declared::Enum(*tag_type));
                    }
                    for variant in variants {
                        self.fields(variant.record);
                    }
                }
                UnionForm::Untagged(types) => types.iter().for_each(|ty| self.types(ty)),
            },
        }
    }
}
