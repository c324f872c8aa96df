//! Types of the model enter; the annotation of their values in Python, and the kind that decides them, leave.

use super::layout::Code;
use super::literal::float;
use super::module::Module;
use crate::emit::encode::python;
use crate::model::{Bound, EnumType, Items, Primitive, Text, Type, UnionForm, UnionId};

/// What a value of the type is in Python.
pub fn annotation(module: &mut Module<'_>, ty: &Type) -> String {
    match ty {
        Type::Primitive(of) => primitive_annotation(module, of),
        Type::Scalar(id) => module.scalar(*id),
        Type::Enum(of) => module.enumeration(of.id),
        Type::Record(id) => module.record(*id),
        Type::Union(id) => module.union(*id),
        Type::Named(id) => module.named(*id),
        Type::External(id) => annotation(module, &module.workspace.externals[*id].shape),
        Type::Opt(of) => format!("{} | None", annotation(module, of)),
        Type::List(of, _) | Type::Set(of, _) => {
            format!("{}[{}, ...]", module.builtin("tuple"), annotation(module, of))
        }
        Type::Map(key, value, _) => {
            let (key, value) = (annotation(module, key), annotation(module, value));
            format!("{}[{key}, {value}]", module.mapping())
        }
        Type::Tuple(items) => {
            let items: Vec<String> = items.iter().map(|item| annotation(module, item)).collect();
            format!(
                "{}[{}]",
                module.builtin("tuple"),
                if items.is_empty() { "()".to_owned() } else { items.join(", ") }
            )
        }
    }
}

/// The kind of the type, as an expression over the support package `_s` and the constants of modules.
pub fn kind(module: &mut Module<'_>, ty: &Type) -> Code {
    match ty {
        Type::Primitive(of) => primitive_kind(of),
        Type::Scalar(id) => Code::text(module.scalar_kind(*id)),
        Type::Enum(of) => enum_kind(module, of),
        Type::Record(id) => Code::text(format!("_s.record({})", module.record(*id))),
        Type::Union(id) => Code::text(module.union_kind(*id)),
        Type::Named(id) => Code::text(module.named_kind(*id)),
        Type::External(id) => kind(module, &module.workspace.externals[*id].shape),
        Type::Opt(of) => Code::call("_s.optional", vec![kind(module, of)]),
        Type::List(of, items) => container("_s.list_of", vec![kind(module, of)], *items),
        Type::Set(of, items) => container("_s.set_of", vec![kind(module, of)], *items),
        Type::Map(key, value, items) => {
            let of = vec![kind(module, key), kind(module, value)];
            container("_s.map_of", of, *items)
        }
        Type::Tuple(items) => Code::call("_s.tuple_of", items.iter().map(|item| kind(module, item)).collect()),
    }
}

/// The kind of a union, made of its variants.
pub fn union_kind(module: &mut Module<'_>, id: UnionId) -> Code {
    let workspace = module.workspace;
    match &workspace.unions[id].form {
        UnionForm::Untagged(types) => Code::call("_s.untagged", types.iter().map(|ty| kind(module, ty)).collect()),
        UnionForm::Tagged { tag, tag_type, default_tag, variants } => {
            let classes = &module.names.unions[usize::from(id)].variants;
            let rows = variants.iter().map(|variant| {
                let member = module.member(*tag_type, variant.value);
                Code::text(format!("{member}: _s.record({})", classes[variant.value]))
            });
            let rows = Code::braces(rows.collect());
            let mut arguments = vec![Code::text(python::string(tag)), Code::text(module.enum_kind(*tag_type)), rows];
            if let Some(default) = default_tag {
                arguments.push(Code::text(format!("default={}", module.member(*tag_type, *default))));
            }
            Code::call("_s.tagged", arguments)
        }
    }
}

fn primitive_annotation(module: &mut Module<'_>, of: &Primitive) -> String {
    match of {
        Primitive::String(_) => module.builtin("str"),
        Primitive::Int(_) | Primitive::Int64(_) | Primitive::Uint64(_) => module.builtin("int"),
        Primitive::Float(_) => module.builtin("float"),
        Primitive::Bool => module.builtin("bool"),
        Primitive::Json => "_s.Json".to_owned(),
        Primitive::Object => "_s.JsonObject".to_owned(),
    }
}

fn primitive_kind(of: &Primitive) -> Code {
    match of {
        Primitive::String(text) => string_kind(text),
        Primitive::Int(bounds) => Code::call("_s.integer", limits(bounds.min, bounds.max, i64::to_string)),
        Primitive::Int64(bounds) => Code::call("_s.int64", limits(bounds.min, bounds.max, i64::to_string)),
        Primitive::Uint64(bounds) => Code::call("_s.uint64", limits(bounds.min, bounds.max, u64::to_string)),
        Primitive::Float(bounds) => Code::call("_s.number", limits(bounds.min, bounds.max, |limit| float(*limit))),
        Primitive::Bool => Code::text("_s.boolean()"),
        Primitive::Json => Code::text("_s.json()"),
        Primitive::Object => Code::text("_s.json_object()"),
    }
}

fn string_kind(text: &Text) -> Code {
    let mut arguments = Vec::new();
    if let Some(limit) = text.min_length {
        arguments.push(Code::text(format!("min_length={limit}")));
    }
    if let Some(limit) = text.max_length {
        arguments.push(Code::text(format!("max_length={limit}")));
    }
    if text.non_blank {
        arguments.push(Code::text("non_blank=True"));
    }
    if let Some(format) = text.format {
        arguments.push(Code::text(format!("format=\"{}\"", format.as_str())));
    }
    if let Some(pattern) = &text.pattern {
        let both = [pattern.source(), &pattern.python()].map(|text| Code::text(python::string(text)));
        arguments.push(Code::tuple(both.into()).after("pattern="));
    }
    Code::call("_s.string", arguments)
}

fn limits<T>(min: Option<Bound<T>>, max: Option<Bound<T>>, print: impl Fn(&T) -> String) -> Vec<Code> {
    let argument = |bound: Option<Bound<T>>, inclusive: &str, exclusive: &str| {
        let bound = bound?;
        let name = if bound.exclusive { exclusive } else { inclusive };
        Some(Code::text(format!("{name}={}", print(&bound.limit))))
    };
    [argument(min, "min", "exclusive_min"), argument(max, "max", "exclusive_max")].into_iter().flatten().collect()
}

fn container(name: &str, mut arguments: Vec<Code>, items: Items) -> Code {
    if let Some(limit) = items.min {
        arguments.push(Code::text(format!("min_items={limit}")));
    }
    if let Some(limit) = items.max {
        arguments.push(Code::text(format!("max_items={limit}")));
    }
    Code::call(name, arguments)
}

fn enum_kind(module: &mut Module<'_>, of: &EnumType) -> Code {
    let Some(only) = &of.only else { return Code::text(module.enum_kind(of.id)) };
    let item = &module.workspace.enums[of.id];
    let mut arguments = vec![Code::text(module.enumeration(of.id))];
    if !item.aliases.is_empty() {
        arguments.push(Code::text(module.enum_aliases(of.id)));
    }
    let members = match item.sets.iter().position(|set| set.members == *only) {
        Some(set) => Code::text(module.enum_set(of.id, set)),
        None => Code::tuple(only.iter().map(|&index| Code::text(module.member(of.id, index))).collect()),
    };
    arguments.push(members.after("only="));
    Code::call("_s.enum", arguments)
}
