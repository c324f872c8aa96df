//! A call of a hook enters; the call with a value for each of its args leaves, or what does not fit.

use super::super::assignable::is_assignable;
use super::super::ast::{Ast, Name};
use super::super::parse::is_reserved;
use super::super::rules::{EXPRESSION_SYNTAX, EXPRESSION_TYPE, UNCHECKED_OPT};
use super::{Checked, Checker, describe};
use crate::diagnostic::Diagnostic;
use crate::model::{Expr, ExprKind, ExprType, HookId, HookKind, Type, UnionId, Variable, Workspace};
use crate::source::Span;

/// Functions, macros and types of CEL: what is accepted here has the value that CEL gives it.
const OF_CEL: &[&str] = &[
    "all",
    "blank",
    "bool",
    "bytes",
    "contains",
    "double",
    "duration",
    "dyn",
    "endsWith",
    "exists",
    "exists_one",
    "filter",
    "has",
    "int",
    "list",
    "map",
    "matches",
    "null_type",
    "size",
    "startsWith",
    "string",
    "timestamp",
    "type",
    "uint",
];

/// Whether a hook can have this name: nothing else is called or meant by it.
pub fn is_free_for_hooks(name: &str) -> bool {
    !OF_CEL.contains(&name) && !is_reserved(name)
}

impl<'a> Checker<'a> {
    /// The hook of this name that can be called here.
    pub(super) fn hook_named(&self, name: &str) -> Option<HookId> {
        let hooks = &self.workspace().hooks;
        self.environment.hooks.iter().copied().find(|&id| hooks[id].meta.name == name)
    }

    pub(super) fn hook_names(&self) -> impl Iterator<Item = &'a str> {
        let workspace = self.workspace();
        self.environment.hooks.iter().map(|&id| workspace.hooks[id].meta.name.as_str())
    }

    pub(super) fn hook(&mut self, span: Span, id: HookId, name: &Name, given: &'a [Ast]) -> Checked {
        let hook = &self.workspace().hooks[id];
        if hook.kind == HookKind::Upcast {
            let message = format!("`{}` is an `upcast`, which no expression calls", name.text);
            self.found.push(Diagnostic::new(&EXPRESSION_TYPE, span, message).related(hook.meta.span, "the hook"));
            return None;
        }
        if hook.args.len() != given.len() {
            let names: Vec<&str> = hook.args.iter().map(|(arg, _)| arg.as_str()).collect();
            let args = if names.len() == 1 { "1 arg".to_owned() } else { format!("{} args", names.len()) };
            let message = format!("`{}` takes {args}, found {}", name.text, given.len());
            let finding = Diagnostic::new(&EXPRESSION_SYNTAX, span, message).related(hook.meta.span, "the hook");
            self.found.push(finding.help(format!("it is called `{}({})`", name.text, names.join(", "))));
            return None;
        }
        let typed: Vec<_> = given.iter().zip(&hook.args).map(|(ast, (arg, ty))| self.arg(ast, id, arg, ty)).collect();
        let typed = typed.into_iter().collect::<Option<_>>()?;
        Some(Expr { kind: ExprKind::Hook(id, typed), ty: ExprType::Of(hook.returns.clone()), span })
    }

    /// What is given for an arg of a hook.
    fn arg(&mut self, ast: &'a Ast, id: HookId, arg: &str, wanted: &'a Type) -> Checked {
        let given = self.single(ast)?;
        let given = self.narrowed(ast, given);
        if matches!(given.kind, ExprKind::Variable(Variable::Payload | Variable::Envelope)) {
            let message = "a hook is not given a whole payload or envelope".to_owned();
            let help = "pass the fields that it needs, so that its vectors name no others".to_owned();
            return self.report(&EXPRESSION_TYPE, ast.span, message, help);
        }
        let workspace = self.workspace();
        if is_taken(workspace, &given.ty, wanted) {
            return Some(given);
        }
        let hook = &workspace.hooks[id].meta.name;
        if let ExprType::Of(ty) = &given.ty
            && let Type::Opt(certain) = workspace.plain(ty)
            && is_taken(workspace, &ExprType::Of((**certain).clone()), wanted)
        {
            let message = format!("this may be none here, and `{arg}` of `{hook}` is not");
            return self.report(&UNCHECKED_OPT, ast.span, message, "test it first: `x != null && ..`".to_owned());
        }
        let (takes, found) = (named(workspace, &ExprType::Of(wanted.clone())), named(workspace, &given.ty));
        let message = format!("`{arg}` of `{hook}` takes {takes}, found {found}");
        let help = "the same type fits; a plain built-in takes every scalar of its kind".to_owned();
        self.report(&EXPRESSION_TYPE, ast.span, message, help)
    }
}

/// The type for messages, scalars by their names.
fn named(workspace: &Workspace, ty: &ExprType) -> String {
    match ty {
        ExprType::Of(Type::Opt(of)) => named(workspace, &ExprType::Of((**of).clone())),
        ExprType::Of(Type::Scalar(id)) => format!("`{}`", workspace.scalars[*id].meta.name),
        ExprType::Of(Type::Named(id)) => format!("`{}`", workspace.types[*id].meta.name),
        other => describe(workspace, other),
    }
}

/// Whether every value of a type can be given for an arg. A union is given as the union that it is.
fn is_taken(workspace: &Workspace, from: &ExprType, to: &Type) -> bool {
    let same_unions = match from {
        ExprType::Of(from) => unions(workspace, from) == unions(workspace, to),
        _ => true,
    };
    same_unions && is_assignable(workspace, from, to)
}

fn unions(workspace: &Workspace, ty: &Type) -> Vec<UnionId> {
    match workspace.plain(ty) {
        Type::Union(id) => vec![*id],
        Type::Opt(of) | Type::List(of, _) | Type::Set(of, _) => unions(workspace, of),
        Type::Map(key, value, _) => [unions(workspace, key), unions(workspace, value)].concat(),
        Type::Tuple(types) => types.iter().flat_map(|ty| unions(workspace, ty)).collect(),
        _ => Vec::new(),
    }
}
