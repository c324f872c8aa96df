//! The versions of a record enter; the table that brings older values up to it leaves.

use super::expression;
use super::layout::Code;
use super::module::Module;
use super::names::variable;
use super::records::table;
use super::types::kind;
use super::view::Statement;
use crate::emit::encode::python;
use crate::expr::Kind;
use crate::model::{Assignment, Change, ExprType, Type, Upcast, Versions};

/// `_versions = _s.versions(..)` in the class of the record.
pub fn statement(module: &mut Module<'_>, versions: &Versions) -> Statement {
    let absent = versions.absent.map_or_else(|| "None".to_owned(), |absent| absent.to_string());
    let mut rows = vec![
        Code::text(python::string(&versions.member)),
        Code::text(versions.current.to_string()),
        Code::text(absent),
    ];
    rows.extend(versions.upcasts.iter().map(|upcast| row(module, upcast)));
    table("versions", &rows)
}

fn row(module: &mut Module<'_>, upcast: &Upcast) -> Code {
    let shape = kind(module, &Type::Record(upcast.shape)).after("lambda: ");
    let change = match &upcast.change {
        Change::Hook(hook) => {
            module.calls_hooks = true;
            Code::text(format!("lambda p: _h.{}(p.to_wire())", variable(&module.workspace.hooks[*hook].meta.name)))
        }
        Change::Fields(values) => {
            let head = if values.iter().any(|(_, value)| !value.expressions().is_empty()) { "p" } else { "_" };
            members(module, values).after(&format!("lambda {head}: "))
        }
    };
    Code::call("_s.Upcast", vec![shape, change])
}

fn members(module: &mut Module<'_>, values: &[(String, Assignment)]) -> Code {
    let members =
        values.iter().map(|(name, value)| on_wire(module, value).after(&format!("{}: ", python::string(name))));
    Code::braces(members.collect())
}

/// A value as JSON.
fn on_wire(module: &mut Module<'_>, value: &Assignment) -> Code {
    match value {
        Assignment::Record(values, _) => members(module, values),
        Assignment::List(items, _) => {
            let items = items.iter().map(|item| on_wire(module, item)).collect();
            Code::Brackets { open: "[".to_owned(), items, close: "]" }
        }
        Assignment::Value(expr) => match &expr.ty {
            ExprType::Of(ty) if !is_plain(module, ty) => {
                let kind = kind(module, ty).flat();
                Code::call(&format!("{kind}.to_wire"), vec![Code::text(expression::flat(module, expr))])
            }
            _ => expression::code(module, "", expr),
        },
    }
}

/// Whether values are JSON as programs see them.
fn is_plain(module: &Module<'_>, ty: &Type) -> bool {
    use crate::expr::kind;
    matches!(
        kind(module.workspace, ty),
        Kind::Bool | Kind::Int | Kind::Float | Kind::Text | Kind::Instant | Kind::Enum(_) | Kind::Json
    )
}
