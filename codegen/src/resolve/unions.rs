//! Unions as written enter; variants that are linked and told apart leave.

use std::collections::BTreeMap;

use super::enums::names;
use super::symbols::Declared;
use super::{Resolver, rules};
use crate::diagnostic::Diagnostic;
use crate::load::raw::{RawText, RawUnionForm};
use crate::model::{EnumDef, EnumId, EnumValue, FamilyId, Meta, RecordId, Type, Union, UnionForm, UnionId, Variant};

impl Resolver<'_> {
    pub(super) fn resolve_unions(&mut self) {
        for (family, contract) in self.families() {
            for raw in &contract.unions {
                let meta = self.meta(&raw.meta);
                let id = UnionId::from(self.workspace.unions.len());
                let form = match &raw.form {
                    RawUnionForm::Untagged(types) => {
                        if types.len() < 2 {
                            let message = format!("the union `{}` has fewer than two variants", meta.name);
                            self.out.push(Diagnostic::new(&rules::UNION_PARTIAL, meta.span, message));
                        }
                        UnionForm::Untagged(types.iter().map(|ty| self.ty(family, ty)).collect())
                    }
                    RawUnionForm::Tagged { tag, tag_type, default_tag, variants } => {
                        let made = (id, &meta);
                        self.tagged(family, made, tag, tag_type.as_ref(), default_tag.as_ref(), variants)
                    }
                };
                self.workspace.unions.push(Union { meta, family, form });
            }
        }
    }

    fn tagged(
        &mut self,
        family: FamilyId,
        (union, meta): (UnionId, &Meta),
        tag: &RawText,
        tag_type: Option<&RawText>,
        default_tag: Option<&RawText>,
        raw: &[(RawText, RawText)],
    ) -> UnionForm {
        let records: Vec<(&RawText, RecordId)> =
            raw.iter().filter_map(|(value, name)| Some((value, self.variant_record(family, tag, name)?))).collect();
        let tag_enum = match tag_type {
            Some(name) => self.enum_of(family, name),
            None => Some(self.tag_enum(family, union, meta, raw)),
        };
        let empty = UnionForm::Tagged {
            tag: tag.value.clone(),
            tag_type: EnumId::from(0),
            default_tag: None,
            variants: Vec::new(),
        };
        let Some(tag_enum) = tag_enum else { return empty };
        let item = self.workspace.enums[tag_enum].clone();
        let mut by_value: BTreeMap<usize, RecordId> = BTreeMap::new();
        for (value, record) in records {
            if let Some(index) = self.member(&item, value) {
                by_value.insert(index, record);
            }
        }
        if by_value.len() < item.values.len() && by_value.len() == raw.len() {
            let missing = names(&item, (0..item.values.len()).filter(|index| !by_value.contains_key(index)));
            let message = format!("the union `{}` has no variant for some values of `{}`", meta.name, item.meta.name);
            self.out
                .push(Diagnostic::new(&rules::UNION_PARTIAL, meta.span, message).help(format!("missing: {missing}")));
        }
        let default_tag = default_tag.and_then(|name| self.member(&item, name));
        let variants = by_value.into_iter().map(|(value, record)| Variant { value, record }).collect();
        UnionForm::Tagged { tag: tag.value.clone(), tag_type: tag_enum, default_tag, variants }
    }

    fn variant_record(&mut self, family: FamilyId, tag: &RawText, name: &RawText) -> Option<RecordId> {
        let record = match self.symbols.lookup(family, name, self.out)? {
            Declared::Record(id) => id,
            other => {
                self.wrong_declaration(name, "a record", other);
                return None;
            }
        };
        let variant = &self.workspace.records[record];
        if let Some(at) = variant.field(&tag.value) {
            let message = format!("the variant `{}` declares the tag `{}` itself", name.value, tag.value);
            let place = variant.fields[at].meta.span;
            self.out.push(
                Diagnostic::new(&rules::UNION_TAG, name.span, message)
                    .related(place, "declared here")
                    .help("the tag belongs to the union: remove the field from the record"),
            );
        }
        Some(record)
    }

    /// The enum of the tag values where none is named; it carries the union's name with `Tag` behind it.
    fn tag_enum(&mut self, family: FamilyId, union: UnionId, meta: &Meta, raw: &[(RawText, RawText)]) -> EnumId {
        let values = raw.iter().map(|(value, _)| EnumValue {
            text: value.value.clone(),
            name: value.value.clone(),
            span: value.span,
            doc: None,
            deprecated: None,
        });
        let values = values.collect();
        let mut tag_meta = Meta::bare(format!("{}Tag", meta.name), meta.span);
        tag_meta.doc = Some(format!("Tag of `{}`.", meta.name));
        self.workspace.enums.push(EnumDef {
            meta: tag_meta,
            family,
            values,
            aliases: Vec::new(),
            sets: Vec::new(),
            maps: Vec::new(),
            rank: None,
            made_for: Some(union),
        })
    }
}

/// Calls `visit` on a type and everything composed into it; declarations are not entered.
pub fn walk<'t>(ty: &'t Type, visit: &mut impl FnMut(&'t Type)) {
    visit(ty);
    match ty {
        Type::Opt(of) | Type::List(of, _) | Type::Set(of, _) => walk(of, visit),
        Type::Map(key, value, _) => {
            walk(key, visit);
            walk(value, visit);
        }
        Type::Tuple(of) => of.iter().for_each(|ty| walk(ty, visit)),
        _ => {}
    }
}
