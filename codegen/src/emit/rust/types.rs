//! A type of the model enters; the Rust type that holds its values leaves, and the row of the table that judges them.

use super::layout::Doc;
use super::module::Module;
use super::text::put;
use super::{foreign, names, scalars};
use crate::model::{EnumType, Items, Primitive, Type, UnionForm, Workspace};

/// How Rust spells a type.
#[derive(Debug, Clone)]
pub(super) struct Spelled {
    /// The type of a field.
    pub(super) ty: String,
    /// A `&'static Kind`.
    pub(super) kind: Doc,
    /// Whether values are copied.
    pub(super) is_copy: bool,
}

impl Spelled {
    fn plain(ty: &str, is_copy: bool) -> Self {
        let kind = Doc::text(format!("<{ty} as support::Value>::KIND"));
        Self { ty: ty.to_owned(), kind, is_copy }
    }
}

/// Spells a type where it stands in `owner`: built-ins with bounds of their own get a type named after that.
pub(super) fn spell(module: &mut Module<'_>, ty: &Type, owner: &str) -> Spelled {
    match ty {
        Type::Primitive(primitive) if scalars::is_bounded(primitive) => {
            let name = scalars::inline(module, primitive, owner);
            named(name, scalars::is_copy(primitive))
        }
        Type::Primitive(primitive) => built_in(module, primitive),
        Type::Scalar(id) => {
            let scalar = &module.workspace().scalars[*id];
            let name = module.refer(scalar.family, &scalar.meta.name);
            match scalar.primitive {
                Primitive::Json | Primitive::Object => Spelled { ty: name, ..built_in(module, &scalar.primitive) },
                _ => named(name, scalars::is_copy(&scalar.primitive)),
            }
        }
        Type::Enum(EnumType { id, only }) => {
            let declared = &module.workspace().enums[*id];
            let name = module.refer(declared.family, &declared.meta.name);
            let kind = match only {
                None => Doc::text(format!("{name}::KIND")),
                Some(only) => {
                    let choice = Doc::text(format!("{name}::CHOICE"));
                    Doc::call("&support::Kind::Narrowed", vec![choice, Doc::numbers(only)])
                }
            };
            Spelled { ty: name, kind, is_copy: true }
        }
        Type::Record(id) => {
            let record = &module.workspace().records[*id];
            named(module.refer(record.family, &names::record(record)), false)
        }
        Type::Union(id) => {
            let union = &module.workspace().unions[*id];
            named(module.refer(union.family, &union.meta.name), false)
        }
        Type::Named(id) => {
            let declared = &module.workspace().types[*id];
            let name = module.refer(declared.family, &declared.meta.name);
            if is_newtype(&declared.ty) {
                return named(name, matches!(&declared.ty, Type::Primitive(of) if scalars::is_copy(of)));
            }
            let target = spell(module, &declared.ty, &declared.meta.name);
            Spelled { ty: name, ..target }
        }
        Type::External(id) => foreign::spelled(module, *id, owner),
        Type::Opt(inner) => {
            let inner = spell(module, inner, owner);
            let ty = format!("{}<{}>", module.prelude("Option"), inner.ty);
            let kind = Doc::call("&support::Kind::Opt", vec![inner.kind]);
            Spelled { ty, kind, is_copy: inner.is_copy }
        }
        Type::List(..) | Type::Set(..) | Type::Map(..) if is_newtype(ty) => named(container(module, ty, owner), false),
        Type::List(item, _) => {
            let item = spell(module, item, owner);
            let ty = format!("{}<{}>", module.prelude("Vec"), item.ty);
            Spelled { ty, kind: any_number("List", vec![item.kind]), is_copy: false }
        }
        Type::Set(item, _) => {
            let item = spell(module, item, owner);
            let ty = format!("support::Set<{}>", item.ty);
            Spelled { ty, kind: any_number("Set", vec![item.kind]), is_copy: false }
        }
        Type::Map(key, value, _) => {
            let (key, value) = (spell(module, key, owner), spell(module, value, owner));
            let ty = format!("::std::collections::BTreeMap<{}, {}>", key.ty, value.ty);
            Spelled { ty, kind: any_number("Map", vec![key.kind, value.kind]), is_copy: false }
        }
        Type::Tuple(parts) => {
            let parts: Vec<Spelled> = parts.iter().map(|part| spell(module, part, owner)).collect();
            let types: Vec<&str> = parts.iter().map(|part| &*part.ty).collect();
            let ty = if let [only] = types[..] { format!("({only},)") } else { format!("({})", types.join(", ")) };
            let is_copy = parts.iter().all(|part| part.is_copy);
            let kinds = parts.into_iter().map(|part| part.kind).collect();
            Spelled { ty, kind: Doc::call("&support::Kind::Tuple", vec![Doc::Array("&", kinds)]), is_copy }
        }
    }
}

/// A type with a name of its own, which says what it accepts.
fn named(name: String, is_copy: bool) -> Spelled {
    Spelled { kind: Doc::text(format!("{name}::KIND")), ty: name, is_copy }
}

fn built_in(module: &Module<'_>, primitive: &Primitive) -> Spelled {
    match primitive {
        Primitive::String(_) => Spelled::plain(&format!("{}<str>", module.prelude("Box")), false),
        Primitive::Int(_) => Spelled::plain("support::Int", true),
        Primitive::Int64(_) => Spelled::plain("i64", true),
        Primitive::Uint64(_) => Spelled::plain("u64", true),
        Primitive::Float(_) => Spelled::plain("support::Number", true),
        Primitive::Bool => Spelled::plain("bool", true),
        Primitive::Json => Spelled::plain("support::Json", false),
        Primitive::Object => Spelled::plain("support::Object", false),
    }
}

fn any_number(kind: &str, mut arguments: Vec<Doc>) -> Doc {
    arguments.push(Doc::text("support::Items::ANY"));
    Doc::call(format!("&support::Kind::{kind}"), arguments)
}

/// Whether a named or inline type is a type of its own in Rust: a plain one could hold what the contract refuses.
pub(super) fn is_newtype(ty: &Type) -> bool {
    match ty {
        Type::Primitive(primitive) => scalars::is_bounded(primitive),
        Type::List(_, items) | Type::Set(_, items) | Type::Map(_, _, items) => *items != Items::default(),
        _ => false,
    }
}

/// Declares a container with a limited number of items that stands in `owner`.
fn container(module: &mut Module<'_>, ty: &Type, owner: &str) -> String {
    let name = module.fresh(owner);
    let doc = "/// A container with a limited number of items.\n";
    module.write_behind(|module| declare_container(module, ty, &name, doc));
    name
}

/// Writes a container with a limited number of items.
pub(super) fn declare_container(module: &mut Module<'_>, ty: &Type, name: &str, doc: &str) {
    let (unlimited, items, form) = match ty {
        Type::List(item, items) => (Type::List(item.clone(), Items::default()), items, "List"),
        Type::Set(item, items) => (Type::Set(item.clone(), Items::default()), items, "Set"),
        Type::Map(key, value, items) => (Type::Map(key.clone(), value.clone(), Items::default()), items, "Map"),
        other => unreachable!("a container, not {other:?}"),
    };
    let inner = spell(module, &unlimited, &format!("{name}Item"));
    let Doc::Call(_, mut arguments) = inner.kind else { unreachable!("the kind of a container has arguments") };
    let limits = [("min", items.min), ("max", items.max)];
    let limits: Vec<_> =
        limits.into_iter().filter_map(|(name, limit)| Some((name, Doc::text(limit?.to_string())))).collect();
    let rest = (limits.len() < 2).then(|| "support::Items::ANY".to_owned());
    arguments.pop();
    arguments.push(Doc::Struct("support::Items".into(), limits, rest));
    let kind = Doc::call(format!("&support::Kind::{form}"), arguments);
    let out = &mut module.out;
    out.push_str(doc);
    put!(out, "#[derive(Debug, Clone, PartialEq)]\npub struct {name}({});\n\n", inner.ty);
    put!(out, "impl {name} {{\n    /// What the contract accepts.\n");
    out.push_str(&kind.line(4, "pub const KIND: &'static support::Kind = ", ";"));
    put!(out, "}}\n\nimpl support::Container for {name} {{\n    type Items = {};\n}}\n\n", inner.ty);
    put!(out, "support::container!({name});\n\n");
}

/// Whether a value of the type may hold a member of an enum that the type does not accept: the Rust type is the enum.
pub(super) fn is_narrowed(workspace: &Workspace, ty: &Type) -> bool {
    let within = |ty: &Type| is_narrowed(workspace, ty);
    match ty {
        Type::Enum(of) => of.only.is_some(),
        Type::Named(id) => {
            let declared = &workspace.types[*id].ty;
            !is_newtype(declared) && within(declared)
        }
        _ if is_newtype(ty) => false,
        Type::Opt(inner) | Type::List(inner, _) | Type::Set(inner, _) => within(inner),
        Type::Map(key, value, _) => within(key) || within(value),
        Type::Tuple(parts) => parts.iter().any(within),
        Type::External(id) => within(&workspace.externals[*id].shape),
        Type::Union(id) => match &workspace.unions[*id].form {
            UnionForm::Untagged(types) => types.iter().any(within),
            UnionForm::Tagged { .. } => false,
        },
        Type::Primitive(_) | Type::Scalar(_) | Type::Record(_) => false,
    }
}
