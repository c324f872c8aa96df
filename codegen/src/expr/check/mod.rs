//! A tree and its environment enter; a typed expression leaves, or every problem of the tree with its place.

mod access;
mod calls;
mod facts;
mod hooks;
mod join;
mod operators;

pub use hooks::is_free_for_hooks;

use super::ast::{Ast, Node};
use super::environment::{Binding, Environment, Lookup};
use super::kind::{Kind, describe, kind};
use super::rules::{EXPRESSION_TYPE, UNCHECKED_OPT, UNKNOWN_NAME};
use crate::diagnostic::{Diagnostic, Rule, did_you_mean};
use crate::model::{
    EnumId, Expr, ExprKind, ExprType, FloatBounds, IntBounds, Primitive, Text, Type, Variable, Workspace,
};
use crate::source::Span;
use facts::Fact;

/// A condition that is known to hold where an expression stands, as written and as typed.
pub type Given<'a> = (&'a Ast, &'a Expr);

/// Types an expression that is reached only where every condition of `given` holds.
pub fn check<'a>(ast: &'a Ast, environment: &'a Environment<'a>, given: &[Given<'a>]) -> Result<Expr, Vec<Diagnostic>> {
    let mut checker = Checker::new(environment, given);
    let expr = checker.single(ast);
    checker.finish(expr)
}

/// Types an expression whose value is certain not to be none where every condition of `given` holds.
pub fn check_certain<'a>(
    ast: &'a Ast,
    environment: &'a Environment<'a>,
    given: &[Given<'a>],
) -> Result<Expr, Vec<Diagnostic>> {
    let mut checker = Checker::new(environment, given);
    let expr = checker.certain(ast);
    checker.finish(expr)
}

/// Types an expression that decides something: its value is `true` or `false`.
pub fn check_guard<'a>(
    ast: &'a Ast,
    environment: &'a Environment<'a>,
    given: &[Given<'a>],
) -> Result<Expr, Vec<Diagnostic>> {
    let mut checker = Checker::new(environment, given);
    let expr = checker.of_kind(ast, Kind::Bool, "a condition");
    checker.finish(expr)
}

struct Checker<'a> {
    environment: &'a Environment<'a>,
    /// What is known at this place.
    facts: Vec<Fact<'a>>,
    /// Variables of `exists` and `all` around this place.
    bound: Vec<(&'a str, ExprType)>,
    /// How many of the named expressions may be used at this place.
    lets: usize,
    found: Vec<Diagnostic>,
}

/// A checked part; none where a diagnostic was made.
type Checked = Option<Expr>;

impl<'a> Checker<'a> {
    fn new(environment: &'a Environment<'a>, given: &[Given<'a>]) -> Self {
        let facts = given.iter().flat_map(|(ast, typed)| facts::facts(ast, typed, true)).collect();
        Self { environment, facts, bound: Vec::new(), lets: environment.lets.len(), found: Vec::new() }
    }

    fn finish(self, expr: Checked) -> Result<Expr, Vec<Diagnostic>> {
        match expr {
            Some(expr) if self.found.is_empty() => Ok(expr),
            _ => Err(self.found),
        }
    }

    fn workspace(&self) -> &'a Workspace {
        self.environment.workspace
    }

    fn report(&mut self, rule: &'static Rule, span: Span, message: String, help: impl Into<Option<String>>) -> Checked {
        let found = Diagnostic::new(rule, span, message);
        self.found.push(match help.into() {
            Some(help) => found.help(help),
            None => found,
        });
        None
    }

    fn expr(&mut self, ast: &'a Ast) -> Checked {
        let done = |kind, ty| Some(Expr { kind, ty, span: ast.span });
        match &ast.node {
            Node::Null => done(ExprKind::Null, ExprType::Null),
            Node::Bool(value) => done(ExprKind::Bool(*value), bool_type()),
            Node::Int(value) => done(ExprKind::Int(*value), int_type()),
            Node::Float(value) => done(ExprKind::Float(*value), float_type()),
            Node::Text(value) => done(ExprKind::Text(value.clone()), text_type()),
            Node::Name(name) => self.name(name, ast.span),
            Node::Select(base, name) => self.select(ast, base, name),
            Node::Index(base, index) => self.index(ast, base, index),
            Node::Call(target, name, arguments) => self.call(ast.span, target.as_deref(), name, arguments),
            Node::Not(inner) => {
                let inner = self.of_kind(inner, Kind::Bool, "`!`")?;
                done(ExprKind::Not(Box::new(inner)), bool_type())
            }
            Node::Binary(operator, left, right) => self.binary(ast.span, *operator, left, right),
            Node::Conditional(test, yes, no) => self.conditional(ast.span, test, yes, no),
            Node::List(items) => self.list(ast.span, items),
        }
    }

    /// A part that is one value: lists and enum sets stand right of `in` only.
    fn single(&mut self, ast: &'a Ast) -> Checked {
        let expr = self.expr(ast)?;
        match expr.ty {
            ExprType::ListOf(_) | ExprType::SetOf(_) => {
                let what = describe(self.workspace(), &expr.ty);
                let help = "write `x in ..` with it on the right".to_owned();
                self.report(&EXPRESSION_TYPE, ast.span, format!("{what} is no single value"), help)
            }
            ExprType::Null | ExprType::Of(_) => Some(expr),
        }
    }

    /// A part that is certain not to be none at this place.
    fn certain(&mut self, ast: &'a Ast) -> Checked {
        let expr = self.single(ast)?;
        self.assured(ast, expr)
    }

    /// A part already typed that is certain not to be none at this place.
    fn assured(&mut self, ast: &'a Ast, expr: Expr) -> Checked {
        let expr = self.narrowed(ast, expr);
        match &expr.ty {
            ExprType::Of(ty) if !self.workspace().is_optional(ty) => return Some(expr),
            ExprType::Of(_) => {}
            _ => return self.report(&EXPRESSION_TYPE, ast.span, "`null` is compared, not used".into(), None),
        }
        let (what, test) = match ast.path() {
            Some(path) => (format!("`{path}`"), format!("`{path} != null && ..`")),
            None => ("this value".into(), "`x != null && ..` with the same text for `x`".into()),
        };
        let help = format!("test it first: {test}");
        self.report(&UNCHECKED_OPT, ast.span, format!("{what} may be none here"), help)
    }

    /// A part already typed, without its `opt` where it was tested.
    fn narrowed(&self, ast: &'a Ast, expr: Expr) -> Expr {
        let inner = match &expr.ty {
            ExprType::Of(ty) if self.facts.contains(&Fact::Certain(ast)) => self.workspace().plain(ty),
            _ => return expr,
        };
        let Type::Opt(inner) = inner else { return expr };
        let ty = ExprType::Of((**inner).clone());
        Expr { kind: ExprKind::Known(Box::new(expr)), ty, span: ast.span }
    }

    /// A certain part of this kind, needed by `user`.
    fn of_kind(&mut self, ast: &'a Ast, wanted: Kind<'_>, user: &str) -> Checked {
        let expr = self.certain(ast)?;
        if kind_of(self.workspace(), &expr.ty) == Some(wanted) {
            return Some(expr);
        }
        let (wanted, what) = (wanted.describe(self.workspace()), describe(self.workspace(), &expr.ty));
        self.report(&EXPRESSION_TYPE, ast.span, format!("{user} takes {wanted}, found {what}"), None)
    }

    fn name(&mut self, name: &'a str, span: Span) -> Checked {
        if let Some((_, ty)) = self.bound.iter().find(|(bound, _)| *bound == name) {
            let kind = ExprKind::Variable(Variable::Bound(name.to_owned()));
            return Some(Expr { kind, ty: ty.clone(), span });
        }
        if let Some(binding) = self.environment.bindings.iter().find(|binding| binding.name == name) {
            let kind = ExprKind::Variable(binding.variable.clone());
            return Some(Expr { kind, ty: binding.ty.clone(), span });
        }
        if let Some(at) = self.environment.lets[..self.lets].iter().position(|(known, _)| known == name) {
            return self.named_expression(at, span);
        }
        if self.enum_named(name, span).ok()?.is_some() {
            let help = format!("name a member: `{name}.member`");
            return self.report(&EXPRESSION_TYPE, span, format!("`{name}` is an enum, no value"), help);
        }
        self.unknown_name(name, span)
    }

    /// A named expression, typed where it is used; names that were bound around it mean nothing in it.
    fn named_expression(&mut self, at: usize, span: Span) -> Checked {
        let environment = self.environment;
        let (lets, bound) = (std::mem::replace(&mut self.lets, at), std::mem::take(&mut self.bound));
        let typed = self.expr(&environment.lets[at].1);
        (self.lets, self.bound) = (lets, bound);
        typed.map(|typed| Expr { span, ..typed })
    }

    /// The enum of this name, if any; an error where the name is refused, which is reported.
    fn enum_named(&mut self, name: &str, span: Span) -> Result<Option<EnumId>, ()> {
        match (self.environment.enum_named)(name, span) {
            Lookup::Enum(id) => Ok(Some(id)),
            Lookup::Nothing => Ok(None),
            Lookup::Refused(refusal) => {
                self.found.push(*refusal);
                Err(())
            }
        }
    }

    fn is_variable(&self, name: &str) -> bool {
        self.bound.iter().any(|(bound, _)| *bound == name)
            || self.environment.lets[..self.lets].iter().any(|(known, _)| known == name)
            || self.environment.bindings.iter().any(|binding| binding.head() == name)
    }

    fn unknown_name(&mut self, name: &str, span: Span) -> Checked {
        let lookup = self.environment.enum_named;
        let enums = self.workspace().enums.iter().map(|e| e.meta.name.as_str());
        let visible = enums.filter(|name| matches!(lookup(name, span), Lookup::Enum(_)));
        let bound = self.bound.iter().map(|(name, _)| *name);
        let variables: Vec<_> = self.environment.bindings.iter().map(Binding::head).chain(bound).collect();
        let help = match did_you_mean(name, variables.iter().copied().chain(visible)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if variables.is_empty() => "only enums can be named here".into(),
            None => format!("here stand enums and `{}`", variables.join("`, `")),
        };
        self.report(&UNKNOWN_NAME, span, format!("nothing is named `{name}` here"), help)
    }
}

/// The kind of a value; none of `null`, literal lists and enum sets.
fn kind_of<'a>(workspace: &'a Workspace, ty: &'a ExprType) -> Option<Kind<'a>> {
    match ty {
        ExprType::Of(of) => Some(kind(workspace, of)),
        ExprType::Null | ExprType::ListOf(_) | ExprType::SetOf(_) => None,
    }
}

fn bool_type() -> ExprType {
    ExprType::Of(Type::Primitive(Primitive::Bool))
}

fn int_type() -> ExprType {
    ExprType::Of(Type::Primitive(Primitive::Int(IntBounds::default())))
}

fn float_type() -> ExprType {
    ExprType::Of(Type::Primitive(Primitive::Float(FloatBounds::default())))
}

fn text_type() -> ExprType {
    ExprType::Of(Type::Primitive(Primitive::String(Text::default())))
}
