//! Unions enter; Rust enums leave that hold one value of one variant.

use std::collections::BTreeSet;

use super::layout::Doc;
use super::module::Module;
use super::text::put;
use super::types::{Spelled, spell};
use super::{docs, names};
use crate::emit::casing;
use crate::emit::encode::rust;
use crate::model::{EnumId, Primitive, RecordId, Type, UnionForm, UnionId, Variant, Workspace};

/// Writes a union.
pub(super) fn declare(module: &mut Module<'_>, id: UnionId) {
    let union = &module.workspace().unions[id];
    let name = union.meta.name.clone();
    let (variants, kind, can_be_key) = match &union.form {
        UnionForm::Tagged { tag, tag_type, default_tag, variants } => {
            let kind = tagged_kind(module, tag, *tag_type, *default_tag, variants);
            (tagged(module, *tag_type, variants), kind, false)
        }
        UnionForm::Untagged(types) => untagged(module, types, &name),
    };
    let order = if can_be_key { ", Eq, PartialOrd, Ord, Hash" } else { "" };
    let out = &mut module.out;
    out.push_str(&docs::of(&union.meta, None, &format!("The union `{name}`."), 0));
    put!(out, "#[derive(Debug, Clone, PartialEq{order})]\npub enum {name} {{\n");
    for (variant, doc, ty) in &variants {
        put!(out, "{doc}    {variant}({ty}),\n");
    }
    put!(out, "}}\n\nimpl {name} {{\n    /// What the contract accepts.\n");
    out.push_str(&kind.line(4, "pub const KIND: &'static support::Kind = ", ";"));
    put!(out, "}}\n\nimpl support::Value for {name} {{\n");
    out.push_str("    const KIND: &'static support::Kind = Self::KIND;\n\n");
    out.push_str("    fn from_slot(slot: support::Slot<'_>) -> Self {\n");
    if let [(only, ..)] = &variants[..] {
        out.push_str("        let (_, value) = slot.into_variant();\n");
        put!(out, "        Self::{only}(support::Value::from_slot(value))\n");
    } else {
        out.push_str("        let (index, value) = slot.into_variant();\n        match index {\n");
        for (index, (variant, ..)) in variants.iter().enumerate() {
            let pattern = if index + 1 == variants.len() { "_".to_owned() } else { index.to_string() };
            put!(out, "            {pattern} => Self::{variant}(support::Value::from_slot(value)),\n");
        }
        out.push_str("        }\n");
    }
    out.push_str("    }\n\n    fn to_slot(&self) -> support::Slot<'_> {\n        match self {\n");
    for (index, (variant, ..)) in variants.iter().enumerate() {
        put!(out, "            Self::{variant}(value) => support::Slot::of_variant({index}, value),\n");
    }
    put!(out, "        }}\n    }}\n}}\n\nsupport::text_doors!({name});\n\n");
    module.write_made();
}

type Named = (String, String, String);

/// Variants by tag value. Records lie elsewhere in memory: they differ in size.
fn tagged(module: &mut Module<'_>, tag_type: EnumId, variants: &[Variant]) -> Vec<Named> {
    let workspace = module.workspace();
    let place = module.prelude("Box");
    let mut named = Vec::new();
    for variant in variants {
        let value = &workspace.enums[tag_type].values[variant.value];
        let record = spell(module, &Type::Record(variant.record), "").ty;
        let doc = format!("    /// {}\n", docs::quoted(&value.text));
        named.push((names::variant(&value.name), doc, format!("{place}<{record}>")));
    }
    named
}

fn tagged_kind(
    module: &mut Module<'_>,
    tag: &str,
    tag_type: EnumId,
    default: Option<usize>,
    variants: &[Variant],
) -> Doc {
    let workspace = module.workspace();
    let choice = &workspace.enums[tag_type];
    let choice = module.refer(choice.family, &choice.meta.name);
    let mut shape = |id: RecordId| {
        let record = spell(module, &Type::Record(id), "").ty;
        Doc::text(format!("<{record} as support::Record>::shape"))
    };
    let variants = variants.iter().map(|variant| shape(variant.record)).collect();
    let default = default.map_or_else(|| "None".to_owned(), |index| format!("Some({index})"));
    let fields = vec![
        ("tag", Doc::text(rust::string(tag))),
        ("values", Doc::text(format!("{choice}::CHOICE"))),
        ("default", Doc::text(default)),
        ("variants", Doc::Array("&", variants)),
    ];
    let table = Doc::Struct("&support::Tagged".into(), fields, None);
    Doc::call("&support::Kind::Tagged", vec![table])
}

fn untagged(module: &mut Module<'_>, types: &[Type], owner: &str) -> (Vec<Named>, Doc, bool) {
    let workspace = module.workspace();
    let place = module.prelude("Box");
    let mut taken = BTreeSet::new();
    let mut named = Vec::new();
    let mut kinds = Vec::new();
    for ty in types {
        let mut name = variant_name(workspace, ty);
        while !taken.insert(name.clone()) {
            name.push_str("Other");
        }
        let Spelled { ty: spelled, kind, .. } = spell(module, ty, &format!("{owner}{name}"));
        let is_large = matches!(workspace.plain(ty), Type::Record(_) | Type::Union(_) | Type::Tuple(_));
        let held = if is_large { format!("{place}<{spelled}>") } else { spelled };
        let doc = format!("    /// A `{name}`.\n");
        named.push((name, doc, held));
        kinds.push(kind);
    }
    let can_be_key = types.iter().all(|ty| can_be_key(workspace, ty));
    (named, Doc::call("&support::Kind::Untagged", vec![Doc::Array("&", kinds)]), can_be_key)
}

fn variant_name(workspace: &Workspace, ty: &Type) -> String {
    match ty {
        Type::Scalar(id) => workspace.scalars[*id].meta.name.clone(),
        Type::Enum(of) => workspace.enums[of.id].meta.name.clone(),
        Type::Record(id) => workspace.records[*id].meta.name.clone(),
        Type::Union(id) => workspace.unions[*id].meta.name.clone(),
        Type::Named(id) => workspace.types[*id].meta.name.clone(),
        Type::External(id) => casing::pascal(&workspace.externals[*id].name),
        Type::Opt(inner) => format!("Opt{}", variant_name(workspace, inner)),
        Type::List(..) => "List".into(),
        Type::Set(..) => "Set".into(),
        Type::Map(..) => "Map".into(),
        Type::Tuple(_) => "Tuple".into(),
        Type::Primitive(primitive) => match primitive {
            Primitive::String(_) => "String",
            Primitive::Int(_) => "Int",
            Primitive::Int64(_) => "Int64",
            Primitive::Uint64(_) => "Uint64",
            Primitive::Float(_) => "Float",
            Primitive::Bool => "Bool",
            Primitive::Json => "Json",
            Primitive::Object => "Object",
        }
        .into(),
    }
}

/// Whether values of the type have an order, as keys of maps need.
fn can_be_key(workspace: &Workspace, ty: &Type) -> bool {
    match workspace.plain(ty) {
        Type::Primitive(Primitive::String(_) | Primitive::Int64(_) | Primitive::Uint64(_)) | Type::Enum(_) => true,
        Type::Scalar(id) => {
            let primitive = &workspace.scalars[*id].primitive;
            matches!(primitive, Primitive::String(_) | Primitive::Int64(_) | Primitive::Uint64(_))
        }
        Type::Union(id) => match &workspace.unions[*id].form {
            UnionForm::Untagged(types) => types.iter().all(|ty| can_be_key(workspace, ty)),
            UnionForm::Tagged { .. } => false,
        },
        _ => false,
    }
}
