//! Expressions that read the state enter; TypeScript leaves that asks the places which keep it.

use super::super::expressions::{Binding, Compiler};
use super::super::layout::{Doc, arrow, call, row, text};
use super::super::names;
use super::cells::is_cell;
use crate::model::{CompareOp, Expr, ExprKind, Type, Variable};

impl<'m> Compiler<'_, 'm> {
    /// What the expression reads, where it reads the state or one of the variables of a step.
    pub(in super::super) fn read_of_state(&mut self, expr: &Expr) -> Option<Doc> {
        let scope = self.scope?;
        if let Some(variable) = scope.variable_of(expr) {
            return Some(text(variable));
        }
        match &expr.kind {
            ExprKind::Variable(Variable::Envelope) => scope.note("e"),
            ExprKind::Variable(Variable::Payload) => scope.note("p"),
            ExprKind::Variable(Variable::ErrorCode | Variable::ErrorPath) => scope.note("error"),
            ExprKind::Size(of) if self.cell_of(of).is_some() => {
                return Some(row(vec![self.place(of), text(".size")]));
            }
            ExprKind::In(item, container) if self.cell_of(container).is_some() => {
                let item = self.compile(item).0;
                return Some(row(vec![self.place(container), call(".has", vec![item])]));
            }
            ExprKind::Exists(list, name, body) if self.cell_of(list).is_some() => {
                return Some(self.quantifier_of_cell(".some", list, name, body));
            }
            ExprKind::All(list, name, body) if self.cell_of(list).is_some() => {
                return Some(self.quantifier_of_cell(".every", list, name, body));
            }
            ExprKind::Compare { op: op @ (CompareOp::Eq | CompareOp::Ne), left, right, .. }
                if matches!(right.kind, ExprKind::Null) && looked_up(left).is_some() =>
            {
                let (map, key) = looked_up(left)?;
                self.cell_of(map)?;
                return Some(self.presence(*op, map, key));
            }
            ExprKind::Conditional(test, yes, no) => return self.conditional_read(expr, test, yes, no),
            _ => {}
        }
        if let Some(ty) = self.cell_of(expr) {
            let place = self.place(expr);
            return Some(self.frozen(ty, place));
        }
        self.is_place(expr).then(|| self.place(expr))
    }

    /// `m[k]` where the key is known or tested right there, a field of it, and the like.
    fn conditional_read(&mut self, expr: &Expr, test: &Expr, yes: &Expr, no: &Expr) -> Option<Doc> {
        if let Some((map, key)) = looked_up(expr) {
            let Type::Map(_, of, _) = self.cell_of(map)? else { return None };
            if is_cell(self.module.workspace, of) {
                return None;
            }
            let key = self.compile(key).0;
            return Some(row(vec![self.place(map), call(".get", vec![key])]));
        }
        // `m.get(k) == null ? null : m.get(k).field`
        let ExprKind::Compare { op: CompareOp::Eq, left, right, .. } = &test.kind else { return None };
        let ExprKind::Field(owner, name) = &no.kind else { return None };
        let ExprKind::Known(known) = &owner.kind else { return None };
        let is_null = |side: &Expr| matches!(side.kind, ExprKind::Null);
        if !is_null(yes) || !is_null(right) || !known.says_as(left) {
            return None;
        }
        let (map, key) = looked_up(left)?;
        self.cell_of(map)?;
        let key = self.compile(key).0;
        let field = row(vec![self.place(map), call(".get", vec![key]), text(format!("?.{name}"))]);
        match self.cell_of(no) {
            Some(Type::Record(_)) => None,
            Some(_) => Some(row(vec![field, text(".value")])),
            None => Some(field),
        }
    }

    /// `m.has(k)` and its contrary. A key may be there with none under it.
    fn presence(&mut self, op: CompareOp, map: &Expr, key: &Expr) -> Doc {
        let key = self.compile(key).0;
        let operator = if op == CompareOp::Eq { "==" } else { "!=" };
        row(vec![self.place(map), call(".get", vec![key]), text(format!(" {operator} null"))])
    }

    fn quantifier_of_cell(&mut self, method: &str, list: &Expr, name: &str, body: &Expr) -> Doc {
        let place = self.place(list);
        let is_read = body.reads(&Variable::Bound(name.to_owned()));
        let parameter = if is_read { names::variable(name) } else { String::new() };
        self.bound.push(name.to_owned());
        let body = self.compile(body).0;
        self.bound.pop();
        row(vec![place, text(".items"), call(method, vec![arrow(&parameter, body)])])
    }

    /// A value that does not change any more, of a place that does.
    fn frozen(&mut self, ty: &'m Type, place: Doc) -> Doc {
        match self.module.workspace.plain(ty) {
            Type::Record(id) => {
                let shape = self.module.record_shape_name(*id);
                row(vec![text(format!("{shape}()")), call(".freeze", vec![place])])
            }
            _ => row(vec![place, text(".value")]),
        }
    }

    /// The type of the place that an expression names, where it grows: a list, a set, a map or a record.
    fn cell_of(&self, expr: &Expr) -> Option<&'m Type> {
        let scope = self.scope?;
        let workspace = self.module.workspace;
        let ty = match &expr.kind {
            ExprKind::Variable(Variable::Slot(slot) | Variable::Snapshot(slot)) => &scope.reducer.slots[*slot].ty,
            ExprKind::Known(of) => {
                return match looked_up(of) {
                    Some((map, _)) => self.value_cell(map),
                    None => self.cell_of(of),
                };
            }
            ExprKind::Field(of, name) => {
                let Type::Record(id) = workspace.plain(self.cell_of(of)?) else { return None };
                let record = &workspace.records[*id];
                &record.fields[record.field(name)?].ty
            }
            ExprKind::Index(map, _) => return self.value_cell(map),
            _ => return None,
        };
        is_cell(workspace, ty).then_some(ty)
    }

    /// The type of the values of a map of the state, where they grow.
    fn value_cell(&self, map: &Expr) -> Option<&'m Type> {
        let workspace = self.module.workspace;
        let Type::Map(_, of, _) = workspace.plain(self.cell_of(map)?) else { return None };
        is_cell(workspace, of).then_some(&**of)
    }

    /// Whether the expression names a place of the state by itself, though what is there does not grow.
    fn is_place(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Variable(Variable::Slot(_) | Variable::Snapshot(_)) => true,
            ExprKind::Field(of, _) | ExprKind::Index(of, _) => self.cell_of(of).is_some(),
            _ => false,
        }
    }

    /// The place itself: what is read there may change later.
    fn place(&mut self, expr: &Expr) -> Doc {
        let scope = self.scope.expect("only steps of a reducer read the state");
        match &expr.kind {
            ExprKind::Variable(Variable::Slot(at)) => text(scope.slot("s", *at)),
            ExprKind::Variable(Variable::Snapshot(at)) => text(scope.slot("snap", *at)),
            ExprKind::Known(of) => match looked_up(of) {
                Some((map, key)) => self.entry_of(map, key),
                None => self.place(of),
            },
            ExprKind::Index(map, key) => self.entry_of(map, key),
            ExprKind::Field(of, name) => row(vec![self.place(of), text(format!(".{name}"))]),
            _ => self.operand(expr, Binding::Whole),
        }
    }

    /// The value of a key that is there.
    fn entry_of(&mut self, map: &Expr, key: &Expr) -> Doc {
        let key = self.compile(key).0;
        row(vec![self.place(map), call(".get", vec![key]), text("!")])
    }
}

/// `k in m ? m[k] : null`
fn looked_up(expr: &Expr) -> Option<(&Expr, &Expr)> {
    let ExprKind::Conditional(test, yes, no) = &expr.kind else { return None };
    let (ExprKind::In(item, container), ExprKind::Index(map, key)) = (&test.kind, &yes.kind) else { return None };
    (matches!(no.kind, ExprKind::Null) && container.says_as(map) && item.says_as(key)).then_some((&**map, &**key))
}
