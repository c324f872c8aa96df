//! The versions of a record enter; the table that brings older values up to it leaves, and the functions it names.

use super::expressions::Compiler;
use super::layout::{Doc, laid_out};
use super::module::Module;
use super::types::{Spelled, spell};
use super::{conditions, names};
use crate::emit::encode::rust;
use crate::model::{
    Assignment, Change, ExprType, Field, FloatBounds, Int64Bounds, IntBounds, Items, Payload, Primitive, Record,
    RecordId, Text, Type, Uint64Bounds, Versions,
};

/// The type of the field that holds the version: its number is all there is to know.
pub(super) fn spelled(record: &Record, field: &Field) -> Option<Spelled> {
    let versions = record.versions.as_ref().filter(|_| record.is_version(field))?;
    let ty = format!("support::Version<{}>", versions.current);
    Some(Spelled { kind: Doc::text(format!("<{ty} as support::Value>::KIND")), ty, is_copy: true })
}

/// The functions of the steps, and `&Versions { .. }`.
pub(super) fn table(module: &mut Module<'_>, versions: &Versions) -> (String, Doc) {
    let mut functions = String::new();
    let mut rows = Vec::new();
    for (version, upcast) in versions.older() {
        let shape = spell(module, &Type::Record(upcast.shape), "").ty;
        let change = match &upcast.change {
            Change::Hook(hook) => {
                let name = names::value(&module.workspace().hooks[*hook].meta.name);
                let path = names::in_crate(&format!("hooks::{name}"));
                Doc::call("support::Change::Hook", vec![Doc::text(path)])
            }
            Change::Fields(values) => {
                let name = format!("from_version_{version}");
                functions.push_str(&function(module, upcast.shape, &name, values));
                Doc::call("support::Change::Fields", vec![Doc::text(name)])
            }
        };
        let shape = Doc::text(format!("<{shape} as support::Record>::shape"));
        rows.push(Doc::Struct("support::Upcast".into(), vec![("shape", shape), ("change", change)], None));
    }
    let bounds = |limit: u32| format!("Some(({limit}, false))");
    let known = vec![("min", Doc::text(bounds(1))), ("max", Doc::text(bounds(versions.current)))];
    let known = Doc::call("&support::Kind::Int", vec![Doc::Struct("support::Bounds".into(), known, None)]);
    let absent = versions.absent.map_or_else(|| "None".to_owned(), |absent| format!("Some({absent})"));
    let fields = vec![
        ("member", Doc::text(rust::string(&versions.member))),
        ("known", known),
        ("current", Doc::text(versions.current.to_string())),
        ("absent", Doc::text(absent)),
        ("upcasts", Doc::Array("&", rows)),
    ];
    (functions, Doc::Struct("&support::Versions".into(), fields, None))
}

/// Writes the members of the next version.
fn function(module: &mut Module<'_>, shape: RecordId, name: &str, values: &[(String, Assignment)]) -> String {
    let mut compiler = Compiler::new(module, Some(Payload::Record(shape)));
    let puts: Vec<String> =
        values.iter().map(|(field, value)| put(&mut compiler, "next", Some(field), value, 0)).collect();
    let fields = compiler.fields;
    let lets = conditions::bindings(module, shape, &fields);
    let p = if fields.is_empty() { "_" } else { "p" };
    let next = if puts.is_empty() { "_" } else { "next" };
    let head = format!("fn {name}({p}: &[support::Slot<'_>], {next}: &mut support::Members<'_>)");
    laid_out(&[format!("{head} {{ {lets} {} }}", puts.concat())], 8).trim_start_matches('\n').to_owned()
}

/// A call that writes a member, or an item where it has no name.
fn put(compiler: &mut Compiler<'_, '_>, to: &str, name: Option<&str>, value: &Assignment, depth: usize) -> String {
    let name = name.map_or_else(String::new, |name| format!("{}, ", rust::string(name)));
    let inner = format!("next_{}", depth + 1);
    match value {
        Assignment::Value(expr) => {
            let slot = compiler.value(expr);
            let ExprType::Of(ty) = &expr.ty else {
                return format!("{to}.put({name}&support::Kind::Json, &support::Slot::None);\n");
            };
            let kind = spell(compiler.module, &without_bounds(ty), "").kind.line(0, "", "");
            let kind = kind.trim();
            format!("{to}.put({name}{kind}, {slot});\n")
        }
        Assignment::List(items, _) => {
            let items: Vec<String> = items.iter().map(|item| put(compiler, &inner, None, item, depth + 1)).collect();
            format!("{to}.array({name}|{}| {{ {} }});\n", used(&inner, &items), items.concat())
        }
        Assignment::Record(members, _) => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| put(compiler, &inner, Some(name), value, depth + 1)).collect();
            format!("{to}.object({name}|{}| {{ {} }});\n", used(&inner, &members), members.concat())
        }
    }
}

fn used<'n>(name: &'n str, calls: &[String]) -> &'n str {
    if calls.is_empty() { "_" } else { name }
}

/// What is written was judged: bounds say nothing about how.
fn without_bounds(ty: &Type) -> Type {
    let inner = |of: &Type| Box::new(without_bounds(of));
    match ty {
        Type::Primitive(primitive) => Type::Primitive(match primitive {
            Primitive::String(_) => Primitive::String(Text::default()),
            Primitive::Int(_) => Primitive::Int(IntBounds::default()),
            Primitive::Int64(_) => Primitive::Int64(Int64Bounds::default()),
            Primitive::Uint64(_) => Primitive::Uint64(Uint64Bounds::default()),
            Primitive::Float(_) => Primitive::Float(FloatBounds::default()),
            Primitive::Bool => Primitive::Bool,
            Primitive::Json => Primitive::Json,
            Primitive::Object => Primitive::Object,
        }),
        Type::Opt(of) => Type::Opt(inner(of)),
        Type::List(of, _) => Type::List(inner(of), Items::default()),
        Type::Set(of, _) => Type::Set(inner(of), Items::default()),
        Type::Map(key, of, _) => Type::Map(inner(key), inner(of), Items::default()),
        Type::Tuple(parts) => Type::Tuple(parts.iter().map(without_bounds).collect()),
        other => other.clone(),
    }
}
