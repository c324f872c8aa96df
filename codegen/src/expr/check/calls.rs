//! Calls enter; `size`, `blank`, `startsWith`, `exists`, `all` and calls of hooks leave.

use super::super::ast::{Ast, Name, Node};
use super::super::rules::{EXPRESSION_SYNTAX, EXPRESSION_TYPE, UNKNOWN_NAME};
use super::{Checked, Checker, Kind, bool_type, describe, int_type, kind_of};
use crate::diagnostic::did_you_mean;
use crate::model::{Expr, ExprKind, ExprType};
use crate::source::Span;

const FUNCTIONS: [&str; 2] = ["size", "blank"];
const METHODS: [&str; 3] = ["startsWith", "exists", "all"];

impl<'a> Checker<'a> {
    pub(super) fn call(&mut self, span: Span, target: Option<&'a Ast>, name: &Name, arguments: &'a [Ast]) -> Checked {
        match (name.text.as_str(), target, arguments) {
            ("size", None, [of]) => self.size(span, of),
            ("blank", None, [of]) => self.blank(span, of),
            ("startsWith", Some(text), [prefix]) => {
                let text = self.of_kind(text, Kind::Text, "`startsWith`");
                let prefix = self.of_kind(prefix, Kind::Text, "`startsWith`");
                let kind = ExprKind::StartsWith(Box::new(text?), Box::new(prefix?));
                Some(Expr { kind, ty: bool_type(), span })
            }
            ("exists", Some(list), [item, body]) => {
                let (list, name, body) = self.quantified(list, item, body)?;
                Some(Expr { kind: ExprKind::Exists(list, name, body), ty: bool_type(), span })
            }
            ("all", Some(list), [item, body]) => {
                let (list, name, body) = self.quantified(list, item, body)?;
                Some(Expr { kind: ExprKind::All(list, name, body), ty: bool_type(), span })
            }
            (called, None, _) => match self.hook_named(called) {
                Some(id) => self.hook(span, id, name, arguments),
                None => self.no_such_call(name),
            },
            _ => self.no_such_call(name),
        }
    }

    fn no_such_call(&mut self, name: &Name) -> Checked {
        let word = name.text.as_str();
        let usage = match word {
            "size" => Some("`size(x)`".to_owned()),
            "blank" => Some("`blank(x)`".to_owned()),
            "startsWith" => Some("`x.startsWith(y)`".to_owned()),
            "exists" => Some("`x.exists(i, condition on i)`".to_owned()),
            "all" => Some("`x.all(i, condition on i)`".to_owned()),
            hook => self.hook_named(hook).map(|_| format!("`{hook}(..)`")),
        };
        if let Some(usage) = usage {
            let message = format!("`{word}` is not called like this");
            return self.report(&EXPRESSION_SYNTAX, name.span, message, format!("it is written {usage}"));
        }
        let help = match word {
            "has" => "whether an `opt` is there is written `x != null`".into(),
            "matches" => "expressions have no patterns: give the field a scalar with a `pattern`".into(),
            "endsWith" | "contains" => "of a text only `startsWith` is known; a `pattern` belongs to a scalar".into(),
            _ => match did_you_mean(word, FUNCTIONS.into_iter().chain(METHODS).chain(self.hook_names())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are `{}` and `{}`", FUNCTIONS.join("`, `"), METHODS.join("`, `")),
            },
        };
        self.report(&UNKNOWN_NAME, name.span, format!("no function is named `{word}`"), help)
    }

    fn size(&mut self, span: Span, of: &'a Ast) -> Checked {
        let of = self.certain(of)?;
        if let Some(Kind::Text | Kind::List(_) | Kind::Set(_) | Kind::Map(..)) = kind_of(self.workspace(), &of.ty) {
            return Some(Expr { kind: ExprKind::Size(Box::new(of)), ty: int_type(), span });
        }
        let what = describe(self.workspace(), &of.ty);
        self.report(&EXPRESSION_TYPE, of.span, format!("{what} has no size"), None)
    }

    fn blank(&mut self, span: Span, of: &'a Ast) -> Checked {
        let of = self.single(of)?;
        if kind_of(self.workspace(), &of.ty) == Some(Kind::Text) {
            return Some(Expr { kind: ExprKind::Blank(Box::new(of)), ty: bool_type(), span });
        }
        let what = describe(self.workspace(), &of.ty);
        let help = "whether something is there is written `x != null`".to_owned();
        self.report(&EXPRESSION_TYPE, of.span, format!("`blank` takes a string, found {what}"), help)
    }

    /// The list, the variable's name and the condition of `exists` and `all`.
    fn quantified(&mut self, list: &'a Ast, item: &'a Ast, body: &'a Ast) -> Option<(Box<Expr>, String, Box<Expr>)> {
        let Node::Name(name) = &item.node else {
            let help = "write `x.exists(i, condition on i)`".to_owned();
            self.report(&EXPRESSION_SYNTAX, item.span, "the first argument names the item".into(), help);
            return None;
        };
        if self.is_variable(name) || self.enum_named(name, item.span).ok()?.is_some() {
            let help = "choose another name for the item".to_owned();
            self.report(&EXPRESSION_SYNTAX, item.span, format!("`{name}` already means something here"), help);
            return None;
        }
        let list = self.certain(list)?;
        let Some(Kind::List(of)) = kind_of(self.workspace(), &list.ty) else {
            let what = describe(self.workspace(), &list.ty);
            let message = format!("`exists` and `all` run over a list, found {what}");
            self.report(&EXPRESSION_TYPE, list.span, message, None);
            return None;
        };
        self.bound.push((name, ExprType::Of(of.clone())));
        let body = self.of_kind(body, Kind::Bool, "the condition on an item");
        self.bound.pop();
        Some((Box::new(list), name.clone(), Box::new(body?)))
    }
}
