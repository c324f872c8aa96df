//! Checked expressions enter; TypeScript leaves that computes the same.
//!
//! Equality goes through `===` only where one side is a literal and the other is compared but once: the compiler
//! narrows what was compared and then refuses a second test that cannot succeed, which contracts may well hold.

use std::collections::BTreeSet;

use super::layout::{Doc, array, arrow, call, chain, conditional, row, text};
use super::literals::number;
use super::module::Module;
use super::names::{self, Derived};
use super::reducers::Scope;
use super::types::without_opt;
use crate::emit::encode::typescript::string;
use crate::expr::{Kind, kind};
use crate::model::{CompareOp, Expr, ExprKind, ExprType, HookId, UnionForm, Variable};

/// How firmly an operator binds; what binds less firmly than its place demands stands in parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binding {
    /// `x as T`
    Cast,
    Conditional,
    Or,
    And,
    Comparison,
    Unary,
    Whole,
}

impl<'m> Module<'m> {
    /// A function of the record that holds a rule, without a parameter where it reads none.
    pub(super) fn rule_condition(&mut self, condition: &Expr) -> Doc {
        let parameter = if condition.reads(&Variable::Payload) { "p" } else { "" };
        arrow(parameter, self.expression(condition))
    }

    /// The expression over `p`, `from` and `to`.
    pub(super) fn expression(&mut self, expr: &Expr) -> Doc {
        self.compiler(expr).compile(expr).0
    }

    /// The same; a member that is absent is none, which is written null.
    pub(super) fn expression_or_null(&mut self, expr: &Expr) -> Doc {
        self.compiler(expr).or_null(expr)
    }

    fn compiler(&mut self, expr: &Expr) -> Compiler<'_, 'm> {
        let mut tests = Tests::default();
        tests.collect(expr);
        Compiler { module: self, tests, scope: None, bound: Vec::new() }
    }
}

pub(super) struct Compiler<'c, 'm> {
    pub(super) module: &'c mut Module<'m>,
    pub(super) tests: Tests,
    /// Where the steps of a reducer stand.
    pub(super) scope: Option<&'c Scope<'m>>,
    /// The variables of the quantifiers around the place that is compiled, outermost first.
    pub(super) bound: Vec<String>,
}

impl<'m> Compiler<'_, 'm> {
    pub(super) fn compile(&mut self, expr: &Expr) -> (Doc, Binding) {
        let whole = |doc| (doc, Binding::Whole);
        if let Some(read) = self.read_of_state(expr) {
            return whole(read);
        }
        match &expr.kind {
            ExprKind::Null => whole(text("null")),
            ExprKind::Bool(value) => whole(text(value.to_string())),
            ExprKind::Int(value) => whole(text(value.to_string())),
            ExprKind::Float(value) => whole(text(number(*value))),
            ExprKind::Text(value) => whole(text(string(value))),
            ExprKind::EnumValue(id, at) => {
                let object = self.module.enum_value(*id, None);
                whole(text(names::access(&object, &self.module.workspace.enums[*id].values[*at].name)))
            }
            ExprKind::EnumSet(id, at) => {
                let sets = self.module.enum_value(*id, Some(Derived::Sets));
                whole(text(names::access(&sets, &self.module.workspace.enums[*id].sets[*at].name)))
            }
            ExprKind::Variable(variable) => whole(text(variable_name(variable))),
            ExprKind::Field(of, name) => whole(row(vec![self.operand(of, Binding::Whole), text(format!(".{name}"))])),
            ExprKind::Known(of) if self.is_narrowed(of) && self.tests.narrow(of) => self.compile(of),
            ExprKind::Known(of) if self.is_narrowed(of) && !self.tests.is_certain(of) => self.known(expr, of),
            ExprKind::Known(of) => whole(row(vec![self.operand(of, Binding::Whole), text("!")])),
            ExprKind::Variant(of, value) => self.variant(of, *value),
            ExprKind::Index(map, key) => whole(self.function("$.at", &[map, key])),
            ExprKind::EnumMap(id, at, of) => {
                let maps = self.module.enum_value(*id, Some(Derived::Maps));
                let name = &self.module.workspace.enums[*id].maps[*at].name;
                let key = self.compile(of).0;
                whole(row(vec![text(names::access(&maps, name)), text("["), key, text("]")]))
            }
            ExprKind::Size(of) => whole(self.size(of)),
            ExprKind::StartsWith(of, prefix) => {
                let of = self.operand(of, Binding::Whole);
                whole(row(vec![of, call(".startsWith", vec![self.compile(prefix).0])]))
            }
            ExprKind::Exists(list, name, body) => whole(self.quantifier(".some", list, name, body)),
            ExprKind::All(list, name, body) => whole(self.quantifier(".every", list, name, body)),
            ExprKind::Blank(of) => whole(self.function("$.isBlank", &[of])),
            ExprKind::Not(of) => (row(vec![text("!"), self.operand(of, Binding::Unary)]), Binding::Unary),
            ExprKind::And(..) => (self.connected("&&", expr), Binding::And),
            ExprKind::Or(..) => (self.connected("||", expr), Binding::Or),
            ExprKind::Conditional(test, yes, no) => (self.conditional(test, yes, no), Binding::Conditional),
            ExprKind::Compare { op, left, right, as_instants } => self.comparison(*op, left, right, *as_instants),
            ExprKind::In(item, container) => whole(self.function("$.contains", &[container, item])),
            ExprKind::Add(left, right) => whole(self.function("$.add", &[left, right])),
            ExprKind::Subtract(left, right) => whole(self.function("$.subtract", &[left, right])),
            ExprKind::Hook(id, args) => whole(self.hook(*id, args)),
            ExprKind::List(items) => whole(array(items.iter().map(|item| self.compile(item).0).collect())),
        }
    }

    /// In parentheses where it binds less firmly than demanded.
    pub(super) fn operand(&mut self, expr: &Expr, least: Binding) -> Doc {
        let (doc, binding) = self.compile(expr);
        if binding < least { doc.parenthesised() } else { doc }
    }

    fn function(&mut self, callee: &str, arguments: &[&Expr]) -> Doc {
        call(callee, arguments.iter().map(|argument| self.compile(argument).0).collect())
    }

    /// `a && b && c`; a chain of the other operator in it stands in parentheses, as formatters write it.
    fn connected(&mut self, operator: &'static str, expr: &Expr) -> Doc {
        let mut operands = Vec::new();
        flatten(operator, expr, &mut operands);
        chain(operator, operands.into_iter().map(|operand| self.operand(operand, Binding::Comparison)).collect())
    }

    fn conditional(&mut self, test: &Expr, yes: &Expr, no: &Expr) -> Doc {
        let test = self.operand(test, Binding::Or);
        let mut branch = |of: &Expr| {
            let (doc, binding) = self.compile(of);
            if binding == Binding::Cast { doc.parenthesised() } else { doc }
        };
        let (yes, no) = (branch(yes), branch(no));
        conditional(test, yes, no)
    }

    fn quantifier(&mut self, method: &str, list: &Expr, name: &str, body: &Expr) -> Doc {
        let list = self.operand(list, Binding::Whole);
        let is_read = body.reads(&Variable::Bound(name.to_owned()));
        let parameter = if is_read { names::variable(name) } else { String::new() };
        self.bound.push(name.to_owned());
        let body = self.compile(body).0;
        self.bound.pop();
        row(vec![list, call(method, vec![arrow(&parameter, body)])])
    }

    /// A call of a function that was written by hand. A member that is absent is none, as an arg is.
    fn hook(&mut self, id: HookId, args: &[Expr]) -> Doc {
        let workspace = self.module.workspace;
        self.module.calls_hooks = true;
        let args = args.iter().map(|arg| self.or_null(arg)).collect();
        call(format!("$hooks.{}", names::hook(&workspace.hooks[id].meta.name)), args)
    }

    fn or_null(&mut self, expr: &Expr) -> Doc {
        match &expr.ty {
            ExprType::Of(ty) if self.module.workspace.is_optional(ty) => {
                row(vec![self.operand(expr, Binding::Comparison), text(" ?? null")])
            }
            _ => self.compile(expr).0,
        }
    }

    fn variant(&mut self, of: &Expr, value: usize) -> (Doc, Binding) {
        let workspace = self.module.workspace;
        let union = self.kind_of(of);
        let Some(Kind::Union(id)) = union else { unreachable!("a variant is one of a union, not of {union:?}") };
        let UnionForm::Tagged { variants, .. } = &workspace.unions[id].form else {
            unreachable!("a union with variants is tagged")
        };
        let variant = variants.iter().find(|variant| variant.value == value).expect("each tag value has a variant");
        let record = self.module.record_type(variant.record);
        let (of, binding) = self.compile(of);
        let of = if binding < Binding::Unary && binding != Binding::Cast { of.parenthesised() } else { of };
        let variant = row(vec![of, text(format!(" as {record}"))]);
        (variant, Binding::Cast)
    }

    /// A place whose type the compiler may take for impossible: what it is stands beside it.
    fn known(&mut self, expr: &Expr, of: &Expr) -> (Doc, Binding) {
        let ExprType::Of(ty) = &expr.ty else { unreachable!("only what has a type may be none") };
        let ty = without_opt(self.module.workspace, ty);
        (row(vec![self.operand(of, Binding::Unary), text(" as "), self.module.ty(ty)]), Binding::Cast)
    }

    fn size(&mut self, of: &Expr) -> Doc {
        let member = match self.kind_of(of) {
            Some(Kind::List(_) | Kind::Set(_)) => ".length",
            Some(Kind::Map(..)) => ".size",
            _ => return self.function("$.codePoints", &[of]),
        };
        row(vec![self.operand(of, Binding::Whole), text(member)])
    }

    fn comparison(&mut self, op: CompareOp, left: &Expr, right: &Expr, as_instants: bool) -> (Doc, Binding) {
        let is_equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        let is_text = matches!(self.kind_of(left), Some(Kind::Text));
        if !is_equality {
            let compare = match (as_instants, is_text) {
                (true, _) => Some("$.compareInstants"),
                (_, true) => Some("$.compareText"),
                _ => None,
            };
            return match compare {
                Some(callee) => {
                    let order = self.function(callee, &[left, right]);
                    (row(vec![order, text(format!(" {} 0", op.as_str()))]), Binding::Comparison)
                }
                None => (self.operator(op.as_str(), left, right), Binding::Comparison),
            };
        }
        let is_null = |side: &Expr| matches!(side.kind, ExprKind::Null);
        if is_null(left) || is_null(right) {
            return (self.operator(op.as_str(), left, right), Binding::Comparison);
        }
        if !as_instants && self.is_tested_once(left, right) {
            let operator = if op == CompareOp::Eq { "===" } else { "!==" };
            return (self.operator(operator, left, right), Binding::Comparison);
        }
        let test = self.function(if as_instants { "$.sameInstant" } else { "$.equal" }, &[left, right]);
        if op == CompareOp::Eq { (test, Binding::Whole) } else { (row(vec![text("!"), test]), Binding::Unary) }
    }

    fn operator(&mut self, operator: &str, left: &Expr, right: &Expr) -> Doc {
        let (left, right) = (self.operand(left, Binding::Unary), self.operand(right, Binding::Unary));
        row(vec![left, text(format!(" {operator} ")), right])
    }

    fn is_tested_once(&self, left: &Expr, right: &Expr) -> bool {
        let once = |side: &Expr| {
            let tests = self.tests.compared.iter().filter(|other| same_place(other, side));
            tests.count() == 1 && root_slot(side).is_none_or(|slot| !self.tests.written.contains(&slot))
        };
        match (is_literal(left), is_literal(right)) {
            (false, true) => once(left),
            (true, false) => once(right),
            _ => false,
        }
    }

    /// Whether the compiler sees by itself that the place is not none: it follows a test of a field of `p` to where the
    /// field is read, but not into the function of a quantifier.
    fn is_narrowed(&self, place: &Expr) -> bool {
        match &place.kind {
            ExprKind::Field(of, _) | ExprKind::Known(of) => self.is_narrowed(of),
            ExprKind::Variable(Variable::Bound(name)) => self.bound.last() == Some(name),
            ExprKind::Variable(_) => self.bound.is_empty(),
            _ => false,
        }
    }

    pub(super) fn kind_of<'e>(&self, expr: &'e Expr) -> Option<Kind<'e>>
    where
        'm: 'e,
    {
        match &expr.ty {
            ExprType::Of(ty) => Some(kind(self.module.workspace, ty)),
            _ => None,
        }
    }
}

/// A variable that is no part of a state.
fn variable_name(variable: &Variable) -> String {
    match variable {
        Variable::Payload => "p".into(),
        Variable::From => "from".into(),
        Variable::To => "to".into(),
        Variable::Bound(name) => names::variable(name),
        Variable::Envelope => "e".into(),
        Variable::ErrorCode => "error.code".into(),
        Variable::ErrorPath => "error.path".into(),
        Variable::Violations => "violations".into(),
        Variable::Slot(_) | Variable::Snapshot(_) => unreachable!("the state is read by place"),
    }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Text(_) | ExprKind::EnumValue(..))
}

/// What the compiler can narrow by.
#[derive(Debug, Clone, Default)]
pub(super) struct Tests {
    /// The operands of all tests for equality.
    compared: Vec<Expr>,
    /// The operands of all tests for null.
    for_null: Vec<Expr>,
    /// Whether a literal decides something: what never runs, the compiler does not narrow.
    has_literal: bool,
    /// Slots that the steps around write: the compiler narrows them to what was written.
    pub(super) written: BTreeSet<usize>,
}

impl Tests {
    pub(super) fn collect(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Bool(_) => self.has_literal = true,
            ExprKind::Compare { op: CompareOp::Eq | CompareOp::Ne, left, right, .. } => {
                let null_test = [left, right].iter().any(|side| matches!(side.kind, ExprKind::Null));
                let operands = if null_test { &mut self.for_null } else { &mut self.compared };
                operands.extend([(**left).clone(), (**right).clone()]);
            }
            _ => {}
        }
        for part in expr.parts() {
            self.collect(part);
        }
    }

    /// Whether the place is just what its one test for null left of it. By two tests that cannot both succeed, nothing
    /// would be left.
    fn narrow(&self, place: &Expr) -> bool {
        !self.has_literal && !is_of_state(place) && self.count_for_null(place) == 1
    }

    /// Whether a mark is enough to say that the place is not none, since nothing can have left it impossible.
    fn is_certain(&self, place: &Expr) -> bool {
        !self.has_literal && is_of_state(place) && self.count_for_null(place) <= 1
    }

    fn count_for_null(&self, place: &Expr) -> usize {
        self.for_null.iter().filter(|other| same_place(other, place)).count()
    }
}

/// Whether two expressions read the same variable or field.
pub(super) fn same_place(left: &Expr, right: &Expr) -> bool {
    match (&left.kind, &right.kind) {
        (ExprKind::Known(of) | ExprKind::Variant(of, _), _) => same_place(of, right),
        (_, ExprKind::Known(of) | ExprKind::Variant(of, _)) => same_place(left, of),
        (ExprKind::Variable(left), ExprKind::Variable(right)) => left == right,
        (ExprKind::Field(left, a), ExprKind::Field(right, b)) => a == b && same_place(left, right),
        _ => false,
    }
}

/// Whether the place is a slot, or lies in one.
fn is_of_state(place: &Expr) -> bool {
    root_slot(place).is_some()
}

fn root_slot(place: &Expr) -> Option<usize> {
    match &place.kind {
        ExprKind::Variable(Variable::Slot(slot) | Variable::Snapshot(slot)) => Some(*slot),
        ExprKind::Field(of, _) | ExprKind::Known(of) | ExprKind::Variant(of, _) | ExprKind::Index(of, _) => {
            root_slot(of)
        }
        _ => None,
    }
}

/// The operands of `a && b && c`, however they are grouped.
fn flatten<'e>(operator: &str, expr: &'e Expr, operands: &mut Vec<&'e Expr>) {
    match (&expr.kind, operator) {
        (ExprKind::And(left, right), "&&") | (ExprKind::Or(left, right), "||") => {
            flatten(operator, left, operands);
            flatten(operator, right, operands);
        }
        _ => operands.push(expr),
    }
}
