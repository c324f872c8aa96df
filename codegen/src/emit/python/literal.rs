//! JSON values of contracts enter; Python literals leave, of the wire form or of the value that programs see.

use super::layout::Code;
use super::module::Module;
use super::types::kind;
use crate::emit::encode::python;
use crate::json::{Value, canonical};
use crate::model::{Primitive, Type};

/// A binary64; an integral one keeps its point.
pub fn float(number: f64) -> String {
    format!("{number:?}")
}

/// The value as JSON has it.
pub fn wire(value: &Value) -> Code {
    match value {
        Value::Null => Code::text("None"),
        Value::Bool(true) => Code::text("True"),
        Value::Bool(false) => Code::text("False"),
        Value::Number(_) => Code::text(canonical(value)),
        Value::String(text) => Code::text(python::string(text)),
        Value::Array(items) => {
            Code::Brackets { open: "[".to_owned(), items: items.iter().map(wire).collect(), close: "]" }
        }
        Value::Object(members) => {
            let rows = members.iter().map(|(key, value)| wire(value).after(&format!("{}: ", python::string(key))));
            Code::braces(rows.collect())
        }
    }
}

/// The value as programs see it, where a literal can say that.
pub fn host(module: &mut Module<'_>, ty: &Type, value: &Value) -> Option<Code> {
    let workspace = module.workspace;
    match (workspace.plain(ty), value) {
        (Type::Opt(_), Value::Null) => Some(Code::text("None")),
        (Type::Opt(of), value) => host(module, of, value),
        (Type::Scalar(id), value) => primitive(&workspace.scalars[*id].primitive, value),
        (Type::Primitive(of), value) => primitive(of, value),
        (Type::Enum(of), Value::String(text)) => {
            workspace.enums[of.id].index_of(text).map(|index| Code::text(module.member(of.id, index)))
        }
        (Type::List(of, _) | Type::Set(of, _), Value::Array(items)) => {
            items.iter().map(|item| host(module, of, item)).collect::<Option<_>>().map(Code::tuple)
        }
        (Type::Tuple(types), Value::Array(items)) => {
            types.iter().zip(items).map(|(ty, item)| host(module, ty, item)).collect::<Option<_>>().map(Code::tuple)
        }
        _ => None,
    }
}

/// The value as programs see it; where no literal can say that, its kind reads the wire form.
pub fn read(module: &mut Module<'_>, ty: &Type, value: &Value) -> Code {
    host(module, ty, value).unwrap_or_else(|| Code::call(&format!("{}.of", kind(module, ty).flat()), vec![wire(value)]))
}

fn primitive(of: &Primitive, value: &Value) -> Option<Code> {
    match (of, value) {
        (Primitive::Int64(_) | Primitive::Uint64(_), Value::String(digits)) => Some(Code::text(digits)),
        (Primitive::Float(_), Value::Number(number)) => Some(Code::text(float(*number))),
        (Primitive::String(_) | Primitive::Int(_) | Primitive::Bool, value) => Some(wire(value)),
        _ => None,
    }
}
