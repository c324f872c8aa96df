//! Conditions over one record and its rules enter; schemas that hold for exactly the same objects leave, or nothing.
//!
//! A schema only has to decide objects whose fields are valid one by one: the others are refused anyway. An absent
//! field counts as its default, or as null.

use super::node::{Node, Object};
use super::subject::{Subject, constants};
use super::test::Test;
use crate::expr;
use crate::model::{CompareOp, Expr, ExprKind, Field, Record, Rule, RuleKind, Variable, Workspace};

/// The record that conditions are about.
pub(super) struct Conditions<'w> {
    pub(super) workspace: &'w Workspace,
    pub(super) record: &'w Record,
}

impl<'w> Conditions<'w> {
    /// What a rule demands, as schemas that all have to hold; none where a schema cannot say it.
    pub(super) fn rule(&self, rule: &Rule) -> Option<Vec<Node>> {
        let said = |schema: Object| {
            let comment = Object::of("$comment", format!("rule {}", rule.code));
            comment.with_some("description", rule.message.as_deref()).then(schema).into()
        };
        match &rule.kind {
            RuleKind::Check { check, .. } => match self.condition(check)? {
                Node::Object(schema) => Some(vec![said(schema)]),
                other => Some(vec![other]),
            },
            RuleKind::Conditional { when, require, forbid, require_nonblank } => {
                let test = |index: &usize| self.test(&self.record.fields[*index]);
                let mut demands: Vec<Node> = require.iter().filter_map(|index| test(index).not_null()).collect();
                demands.extend(forbid.iter().map(|index| test(index).null()));
                for index in require_nonblank {
                    demands.push(test(index).not_blank()?);
                }
                let condition = when.as_ref().map_or(Some(true.into()), |when| self.condition(when))?;
                Some(match (demands.is_empty(), condition, all(demands)) {
                    (true, ..) | (_, Node::Bool(false), _) => Vec::new(),
                    (_, Node::Bool(true), Node::Object(demand)) => vec![said(demand)],
                    (_, condition, demand) => vec![said(Object::of("if", condition).with("then", demand))],
                })
            }
        }
    }

    /// A rule in the words of the contract language.
    pub(super) fn as_written(&self, rule: &Rule) -> Object {
        let text = |expr: &Expr| expr::text(expr, self.workspace);
        let name = |index: &usize| self.record.fields[*index].meta.name.clone();
        let names = |fields: &[usize]| (!fields.is_empty()).then(|| fields.iter().map(name).collect::<Vec<_>>());
        let written = Object::of("code", rule.code.as_str()).with_some("message", rule.message.as_deref());
        match &rule.kind {
            RuleKind::Check { check, at } => written.with("check", text(check)).with_some("at", at.as_ref().map(name)),
            RuleKind::Conditional { when, require, forbid, require_nonblank } => written
                .with_some("when", when.as_ref().map(text))
                .with_some("require", names(require))
                .with_some("forbid", names(forbid))
                .with_some("require_nonblank", names(require_nonblank)),
        }
    }

    /// The schema of the objects for which the condition holds.
    fn condition(&self, expr: &Expr) -> Option<Node> {
        match &expr.kind {
            ExprKind::Bool(value) => Some(Node::Bool(*value)),
            ExprKind::Not(inner) => self.negation(inner),
            ExprKind::And(left, right) => Some(all(vec![self.condition(left)?, self.condition(right)?])),
            ExprKind::Or(left, right) => Some(any(vec![self.condition(left)?, self.condition(right)?])),
            ExprKind::Conditional(test, yes, no) => {
                let (yes, no) = (self.condition(yes)?, self.condition(no)?);
                Some(Object::of("if", self.condition(test)?).with("then", yes).with("else", no).into())
            }
            ExprKind::Field(..) | ExprKind::Known(_) => Some(self.test(self.field(expr)?).equals(&[true.into()], true)),
            ExprKind::Compare { op, left, right, as_instants: false } => {
                self.comparison(*op, left, right).or_else(|| self.comparison(mirrored(*op), right, left))
            }
            ExprKind::In(item, container) => {
                let field = self.field(item)?;
                Some(self.test(field).equals(&constants(self.workspace, &field.ty, container)?, true))
            }
            ExprKind::Blank(text) => self.test(self.field(text)?).blank(),
            ExprKind::StartsWith(text, prefix) => match (self.field(text)?, &prefix.kind) {
                (field, ExprKind::Text(prefix)) => self.test(field).starts_with(prefix),
                _ => None,
            },
            _ => None,
        }
    }

    /// The objects for which the condition does not hold.
    fn negation(&self, expr: &Expr) -> Option<Node> {
        match &expr.kind {
            ExprKind::Not(inner) => self.condition(inner),
            ExprKind::Field(..) | ExprKind::Known(_) => {
                Some(self.test(self.field(expr)?).equals(&[false.into()], true))
            }
            ExprKind::Blank(text) => self.test(self.field(text)?).not_blank(),
            _ => match self.condition(expr)? {
                Node::Bool(value) => Some(Node::Bool(!value)),
                schema => Some(Object::of("not", schema).into()),
            },
        }
    }

    fn comparison(&self, op: CompareOp, subject: &Expr, constant: &Expr) -> Option<Node> {
        match Subject::of(subject, |expr| self.field(expr))? {
            Subject::Size(field) => match constant.kind {
                ExprKind::Int(limit) => self.test(field).size(op, limit),
                _ => None,
            },
            Subject::Value(field) => {
                let test = self.test(field);
                match (op, &constant.kind) {
                    (CompareOp::Eq, ExprKind::Null) => Some(test.null()),
                    (CompareOp::Ne, ExprKind::Null) => Some(test.not_null().unwrap_or(Node::Bool(true))),
                    (CompareOp::Eq | CompareOp::Ne, _) => {
                        let values = constants(self.workspace, &field.ty, constant)?;
                        Some(test.equals(&values, op == CompareOp::Eq))
                    }
                    #[expect(clippy::cast_precision_loss, reason = "literals lie within ±(2^53−1)")]
                    (_, ExprKind::Int(limit)) => Some(test.within(op, *limit as f64)),
                    (_, ExprKind::Float(limit)) => Some(test.within(op, *limit)),
                    _ => None,
                }
            }
        }
    }

    /// The field of `p` that an expression reads.
    fn field(&self, expr: &Expr) -> Option<&'w Field> {
        match &expr.kind {
            ExprKind::Known(inner) => self.field(inner),
            ExprKind::Field(owner, name) if matches!(owner.kind, ExprKind::Variable(Variable::Payload)) => {
                self.record.field(name).map(|index| &self.record.fields[index])
            }
            _ => None,
        }
    }

    fn test(&self, field: &'w Field) -> Test<'w> {
        Test { workspace: self.workspace, field }
    }
}

fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Eq | CompareOp::Ne => op,
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
    }
}

/// A schema for what all of them accept, in one object where they speak of different fields.
fn all(schemas: Vec<Node>) -> Node {
    let mut schemas: Vec<_> = schemas.into_iter().filter(|schema| *schema != Node::Bool(true)).collect();
    if schemas.contains(&Node::Bool(false)) {
        return Node::Bool(false);
    }
    if let Some(merged) = merged(&schemas) {
        return merged.into();
    }
    match schemas.len() {
        0 => Node::Bool(true),
        1 => schemas.swap_remove(0),
        _ => Object::of("allOf", flattened(schemas, "allOf")).into(),
    }
}

fn any(schemas: Vec<Node>) -> Node {
    let mut schemas: Vec<_> = schemas.into_iter().filter(|schema| *schema != Node::Bool(false)).collect();
    match schemas.len() {
        _ if schemas.contains(&Node::Bool(true)) => Node::Bool(true),
        0 => Node::Bool(false),
        1 => schemas.swap_remove(0),
        _ => Object::of("anyOf", flattened(schemas, "anyOf")).into(),
    }
}

/// The parts of schemas that are nothing but `key: [..]`, and the others as they are.
fn flattened(schemas: Vec<Node>, key: &str) -> Vec<Node> {
    let parts = |schema| match schema {
        Node::Object(object) => match object.only_list(key) {
            Ok(items) => items,
            Err(object) => vec![object.into()],
        },
        other => vec![other],
    };
    schemas.into_iter().flat_map(parts).collect()
}

/// Schemas of nothing but `properties` and `required`, each of other fields, in one.
fn merged(schemas: &[Node]) -> Option<Object> {
    let mut properties = Object::default();
    let mut required: Vec<Node> = Vec::new();
    for schema in schemas {
        let Node::Object(schema) = schema else { return None };
        for (key, value) in schema.members() {
            match (key.as_str(), value) {
                ("properties", Node::Object(fields)) => {
                    for (name, value) in fields.members() {
                        if properties.get(name).is_some() {
                            return None;
                        }
                        properties.put(name, value.clone());
                    }
                }
                ("required", Node::List(names)) => {
                    required.extend(names.iter().filter(|name| !required.contains(name)).cloned().collect::<Vec<_>>());
                }
                _ => return None,
            }
        }
    }
    (schemas.len() > 1).then(|| {
        let merged = Object::of("properties", properties);
        if required.is_empty() { merged } else { merged.with("required", required) }
    })
}
