//! Operators, conditionals and list literals enter with their operands; typed expressions leave.

use super::super::ast::{Ast, Operator};
use super::super::rules::{EXPRESSION_TYPE, FLOAT_EQUALITY};
use super::facts::facts;
use super::join::join;
use super::{Checked, Checker, Kind, bool_type, describe, int_type, kind, kind_of};
use crate::model::{CompareOp, Expr, ExprKind, ExprType, Workspace};
use crate::source::Span;

impl<'a> Checker<'a> {
    pub(super) fn binary(&mut self, span: Span, operator: Operator, left: &'a Ast, right: &'a Ast) -> Checked {
        match operator {
            Operator::And | Operator::Or => self.logical(span, operator, left, right),
            Operator::Compare(op) => self.compare(span, op, left, right),
            Operator::In => self.membership(span, left, right),
            Operator::Add | Operator::Subtract => {
                let user = format!("`{}`", operator.as_str());
                let (l, r) = (self.of_kind(left, Kind::Int, &user), self.of_kind(right, Kind::Int, &user));
                let (l, r) = (Box::new(l?), Box::new(r?));
                let kind = if operator == Operator::Add { ExprKind::Add(l, r) } else { ExprKind::Subtract(l, r) };
                Some(Expr { kind, ty: int_type(), span })
            }
        }
    }

    /// `&&` and `||`: the right side is reached only where the left one held, or did not.
    fn logical(&mut self, span: Span, operator: Operator, left: &'a Ast, right: &'a Ast) -> Checked {
        let user = format!("`{}`", operator.as_str());
        let is_and = operator == Operator::And;
        let l = self.of_kind(left, Kind::Bool, &user);
        let r = self.given(left, l.as_ref(), is_and, |checker| checker.of_kind(right, Kind::Bool, &user));
        let (l, r) = (Box::new(l?), Box::new(r?));
        let kind = if is_and { ExprKind::And(l, r) } else { ExprKind::Or(l, r) };
        Some(Expr { kind, ty: bool_type(), span })
    }

    /// Checks a part that is reached only where `condition` came out as `holds`.
    fn given(
        &mut self,
        condition: &'a Ast,
        typed: Option<&Expr>,
        holds: bool,
        part: impl FnOnce(&mut Self) -> Checked,
    ) -> Checked {
        let before = self.facts.len();
        if let Some(typed) = typed {
            self.facts.extend(facts(condition, typed, holds, &self.environment.lets[..self.lets]));
        }
        let checked = part(self);
        self.facts.truncate(before);
        checked
    }

    fn compare(&mut self, span: Span, op: CompareOp, left: &'a Ast, right: &'a Ast) -> Checked {
        let ordered = !matches!(op, CompareOp::Eq | CompareOp::Ne);
        let operand = if ordered { Self::certain } else { Self::single };
        let (l, r) = (operand(self, left), operand(self, right));
        let (l, r) = (l?, r?);
        let workspace = self.workspace();
        let (kinds, sign) = ((kind_of(workspace, &l.ty), kind_of(workspace, &r.ty)), op.as_str());
        let as_instants = match kinds {
            (Some(tested), None) | (None, Some(tested)) => {
                let value = if matches!(l.ty, ExprType::Null) { &r } else { &l };
                self.null_test(span, value, tested)?
            }
            (Some(l_kind), Some(r_kind)) if l_kind != r_kind => {
                let (found, help) = (mismatch(workspace, &l, &r), mismatch_help(workspace, l_kind, r_kind, &r));
                return self.report(&EXPRESSION_TYPE, span, format!("`{sign}` cannot compare {found}"), help);
            }
            (Some(Kind::Float), _) if !ordered => {
                let help = "compare with `<`, `<=`, `>` or `>=`".to_owned();
                return self.report(&FLOAT_EQUALITY, span, "floats are not compared for equality".into(), help);
            }
            (Some(one), _) if if ordered { one.has_order() } else { one.has_equality() } => one == Kind::Instant,
            (Some(one), _) => {
                let message = format!("`{sign}` does not compare values of {}", one.describe(workspace));
                return self.report(&EXPRESSION_TYPE, span, message, None);
            }
            (None, None) => {
                return self.report(&EXPRESSION_TYPE, span, "`null` is always equal to `null`".into(), None);
            }
        };
        let kind = ExprKind::Compare { op, left: Box::new(l), right: Box::new(r), as_instants };
        Some(Expr { kind, ty: bool_type(), span })
    }

    /// A comparison with `null`, which only an `opt` can pass; no moments are compared.
    fn null_test(&mut self, span: Span, value: &Expr, tested: Kind<'_>) -> Option<bool> {
        let workspace = self.workspace();
        if is_optional(workspace, &value.ty) {
            return Some(false);
        }
        let message = format!("this {} is never none", tested.describe(workspace));
        self.report(&EXPRESSION_TYPE, span, message, "leave the test out".to_owned());
        None
    }

    fn membership(&mut self, span: Span, left: &'a Ast, right: &'a Ast) -> Checked {
        let (item, container) = (self.single(left), self.container(right));
        let (mut item, container) = (item?, container?);
        let workspace = self.workspace();
        if matches!(kind_of(workspace, &container.ty), Some(Kind::Map(..))) {
            // Implementations of CEL part on whether null can be looked up in a map.
            item = self.assured(left, item)?;
        }
        let wanted = match &container.ty {
            ExprType::SetOf(id) => Some(Kind::Enum(*id)),
            ExprType::ListOf(of) => kind_of(workspace, of),
            ty => {
                let Some(Kind::List(of) | Kind::Set(of) | Kind::Map(of, _)) = kind_of(workspace, ty) else {
                    let message = format!("{} holds nothing", describe(workspace, ty));
                    let help = "right of `in` stands a list, a set, a map or a set of an enum".to_owned();
                    return self.report(&EXPRESSION_TYPE, container.span, message, help);
                };
                Some(kind(workspace, of))
            }
        };
        let found = kind_of(workspace, &item.ty);
        if found.is_none() || found != wanted {
            let message = format!("{} is not looked up in {}", describe(workspace, &item.ty), held(workspace, wanted));
            return self.report(&EXPRESSION_TYPE, span, message, None);
        }
        match wanted {
            Some(Kind::Float) => {
                let help = "compare with `<`, `<=`, `>` or `>=`".to_owned();
                self.report(&FLOAT_EQUALITY, span, "floats are not compared for equality".into(), help)
            }
            Some(one) if !one.is_looked_up() => {
                let message = format!("`in` does not look up values of {}", one.describe(workspace));
                self.report(&EXPRESSION_TYPE, span, message, None)
            }
            _ => Some(Expr { kind: ExprKind::In(Box::new(item), Box::new(container)), ty: bool_type(), span }),
        }
    }

    /// What stands right of `in`.
    fn container(&mut self, ast: &'a Ast) -> Checked {
        let expr = self.expr(ast)?;
        match expr.ty {
            ExprType::ListOf(_) | ExprType::SetOf(_) => Some(expr),
            ExprType::Null | ExprType::Of(_) => self.assured(ast, expr),
        }
    }

    pub(super) fn conditional(&mut self, span: Span, test: &'a Ast, yes: &'a Ast, no: &'a Ast) -> Checked {
        let t = self.of_kind(test, Kind::Bool, "the condition of `?`");
        let y = self.given(test, t.as_ref(), true, |checker| checker.branch(yes));
        let n = self.given(test, t.as_ref(), false, |checker| checker.branch(no));
        let (t, y, n) = (t?, y?, n?);
        let workspace = self.workspace();
        let Some(ty) = join(workspace, &y.ty, &n.ty) else {
            let found = mismatch(workspace, &y, &n);
            return self.report(&EXPRESSION_TYPE, span, format!("`? :` cannot choose between {found}"), None);
        };
        Some(Expr { kind: ExprKind::Conditional(Box::new(t), Box::new(y), Box::new(n)), ty, span })
    }

    /// An alternative, which is certain where the condition made it so.
    fn branch(&mut self, ast: &'a Ast) -> Checked {
        let expr = self.single(ast)?;
        Some(self.narrowed(ast, expr))
    }

    pub(super) fn list(&mut self, span: Span, items: &'a [Ast]) -> Checked {
        let checked: Vec<_> = items.iter().map(|item| self.single(item)).collect();
        let items: Vec<_> = checked.into_iter().collect::<Option<_>>()?;
        let workspace = self.workspace();
        let Some(first) = items.first() else {
            return self.report(&EXPRESSION_TYPE, span, "nothing is in an empty list".into(), None);
        };
        let mut ty = first.ty.clone();
        for item in &items[1..] {
            let Some(joined) = join(workspace, &ty, &item.ty) else {
                let found = mismatch(workspace, first, item);
                return self.report(&EXPRESSION_TYPE, item.span, format!("a list cannot hold {found}"), None);
            };
            ty = joined;
        }
        Some(Expr { kind: ExprKind::List(items), ty: ExprType::ListOf(Box::new(ty)), span })
    }
}

fn is_optional(workspace: &Workspace, ty: &ExprType) -> bool {
    matches!(ty, ExprType::Of(of) if workspace.is_optional(of))
}

fn mismatch(workspace: &Workspace, left: &Expr, right: &Expr) -> String {
    format!("{} with {}", describe(workspace, &left.ty), describe(workspace, &right.ty))
}

fn mismatch_help(workspace: &Workspace, left: Kind<'_>, right: Kind<'_>, literal: &Expr) -> Option<String> {
    match (left, right, &literal.kind) {
        (Kind::Enum(id), Kind::Text, ExprKind::Text(text)) if workspace.enums[id].index_of(text).is_some() => {
            Some(format!("write `{}.{text}`", workspace.enums[id].meta.name))
        }
        (Kind::Float, Kind::Int, ExprKind::Int(value)) => Some(format!("write `{value}.0`")),
        (Kind::Instant, Kind::Text, _) => Some("a date-time compares with another date-time".into()),
        _ => None,
    }
}

fn held(workspace: &Workspace, kind: Option<Kind<'_>>) -> String {
    kind.map_or("`null`".into(), |kind| format!("values of {}", kind.describe(workspace)))
}
