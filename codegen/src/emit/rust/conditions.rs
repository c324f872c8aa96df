//! Conditions of rules and machines enter; functions over checked slots leave, laid out.

use super::expressions::{Compiler, local};
use super::layout::laid_out;
use super::module::Module;
use crate::model::{Expr, Payload, RecordId};

/// Writes `fn name(p) -> bool` over the slots of a record, at an indentation of so many columns.
pub(super) fn of_record(
    module: &mut Module<'_>,
    record: RecordId,
    name: &str,
    condition: &Expr,
    indent: usize,
) -> String {
    let mut compiler = Compiler::new(module, Some(Payload::Record(record)));
    let body = compiler.bool(condition);
    let fields = compiler.fields;
    let lets = bindings(module, record, &fields);
    let parameter = if fields.is_empty() { "_" } else { "p" };
    let function = format!("fn {name}({parameter}: &[support::Slot<'_>]) -> bool {{ {lets} {body} }}");
    laid_out(&[function], indent).trim_start_matches('\n').to_owned()
}

/// Writes a condition of a machine as an expression over `from`, `to` and `p`; gives also the fields of `p` it reads,
/// and which of the two states.
pub(super) fn of_machine(
    module: &mut Module<'_>,
    payload: Option<Payload>,
    condition: &Expr,
) -> (String, Vec<usize>, [bool; 2]) {
    let mut compiler = Compiler::new(module, payload);
    let body = compiler.bool(condition);
    (body, compiler.fields, compiler.states)
}

/// `let` for each field that is read.
pub(super) fn bindings(module: &Module<'_>, record: RecordId, fields: &[usize]) -> String {
    let declared = &module.workspace().records[record].fields;
    let binding = |&place: &usize| format!("let {} = &p[{place}];", local(&declared[place].meta.name));
    fields.iter().map(binding).collect::<Vec<_>>().join("\n")
}
