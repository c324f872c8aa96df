//! A typed expression enters; the fields of `p` that its value depends on leave.

use std::collections::BTreeSet;

use crate::model::{Expr, ExprKind, Record, Variable};

/// Indices of the fields of `p`, which is a value of `record`, that the expression reads: ascending, each once.
pub fn reads(expr: &Expr, record: &Record) -> Vec<usize> {
    let mut found = BTreeSet::new();
    collect(expr, record, &mut found);
    found.into_iter().collect()
}

fn collect(expr: &Expr, record: &Record, found: &mut BTreeSet<usize>) {
    match &expr.kind {
        ExprKind::Field(owner, name) if matches!(owner.kind, ExprKind::Variable(Variable::Payload)) => {
            found.extend(record.field(name));
        }
        _ => expr.parts().into_iter().for_each(|part| collect(part, record, found)),
    }
}
