//! A checked expression enters; a Python expression of the same value leaves.

use super::layout::Code;
use super::module::Module;
use super::names::{attribute, variable};
use super::types::annotation;
use crate::emit::encode::python;
use crate::model::{CompareOp, Expr, ExprKind, ExprType, Type, Variable};

/// How tightly an expression holds together, from loose to tight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Conditional,
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Primary,
}

/// The expression behind `open`, to be broken where it is long.
pub fn code(module: &mut Module<'_>, open: &str, expression: &Expr) -> Code {
    let open = open.to_owned();
    let parts = match &expression.kind {
        ExprKind::And(..) => operands(module, expression, "and", Level::And),
        ExprKind::Or(..) => operands(module, expression, "or", Level::Or),
        ExprKind::Conditional(test, yes, no) => {
            let test = format!("if {}", text(module, test, Level::Or));
            vec![text(module, yes, Level::Or), test, format!("else {}", text(module, no, Level::Conditional))]
        }
        ExprKind::Exists(list, name, body) => {
            return Code::Generated { open: open + "any(", generator: generator(module, list, name, body) };
        }
        ExprKind::All(list, name, body) => {
            return Code::Generated { open: open + "all(", generator: generator(module, list, name, body) };
        }
        _ => vec![text(module, expression, Level::Conditional)],
    };
    Code::Chain { open, parts }
}

/// The operands of a chain of one operator, which stands before each but the first.
fn operands(module: &mut Module<'_>, expression: &Expr, operator: &str, level: Level) -> Vec<String> {
    let mut operands = Vec::new();
    flatten(expression, level, &mut operands);
    let texts = operands.into_iter().enumerate().map(|(at, operand)| {
        let text = text(module, operand, level);
        if at == 0 { text } else { format!("{operator} {text}") }
    });
    texts.collect()
}

fn flatten<'e>(expression: &'e Expr, level: Level, out: &mut Vec<&'e Expr>) {
    match (&expression.kind, level) {
        (ExprKind::And(left, right), Level::And) | (ExprKind::Or(left, right), Level::Or) => {
            flatten(left, level, out);
            flatten(right, level, out);
        }
        _ => out.push(expression),
    }
}

/// The expression, in parentheses where it holds together less tightly than its place wants.
fn text(module: &mut Module<'_>, expression: &Expr, wanted: Level) -> String {
    let (text, level) = written(module, expression);
    if level < wanted { format!("({text})") } else { text }
}

fn written(module: &mut Module<'_>, expression: &Expr) -> (String, Level) {
    let mut at = |inner: &Expr, wanted| text(module, inner, wanted);
    let primary = |text: String| (text, Level::Primary);
    match &expression.kind {
        ExprKind::Null => primary("None".to_owned()),
        ExprKind::Bool(value) => primary(if *value { "True" } else { "False" }.to_owned()),
        ExprKind::Int(value) => primary(value.to_string()),
        ExprKind::Float(value) => primary(format!("{value:?}")),
        ExprKind::Text(value) => primary(python::string(value)),
        ExprKind::EnumValue(id, index) => primary(module.member(*id, *index)),
        ExprKind::EnumSet(id, index) => primary(module.enum_set(*id, *index)),
        ExprKind::Variable(of) => primary(name_of(of)),
        ExprKind::Known(inner) | ExprKind::Variant(inner, _) if inner.hooks().is_empty() => written(module, inner),
        // Type checkers narrow what has a name: of two calls they do not know that they answer the same.
        ExprKind::Known(inner) => {
            let inner = at(inner, Level::Conditional);
            let ExprType::Of(ty) = &expression.ty else { unreachable!("only what has a type may be none") };
            primary(format!("{}({}, {inner})", module.typing("cast"), annotation(module, ty)))
        }
        ExprKind::Variant(inner, value) => {
            let text = at(inner, Level::Conditional);
            primary(format!("{}({}, {text})", module.typing("cast"), variant(module, inner, *value)))
        }
        ExprKind::Field(owner, name) => primary(format!("{}.{}", at(owner, Level::Primary), attribute(name))),
        ExprKind::Index(map, key) => primary(format!("{}[{}]", at(map, Level::Primary), at(key, Level::Conditional))),
        ExprKind::EnumMap(id, map, key) => {
            let key = at(key, Level::Conditional);
            primary(format!("{}[{key}]", module.enum_map(*id, *map)))
        }
        ExprKind::Size(of) => primary(format!("len({})", at(of, Level::Conditional))),
        ExprKind::StartsWith(of, prefix) => {
            primary(format!("{}.startswith({})", at(of, Level::Primary), at(prefix, Level::Conditional)))
        }
        ExprKind::Exists(list, name, body) => primary(format!("any({})", generator(module, list, name, body))),
        ExprKind::All(list, name, body) => primary(format!("all({})", generator(module, list, name, body))),
        ExprKind::Blank(of) => primary(format!("_s.blank({})", at(of, Level::Conditional))),
        ExprKind::Not(inner) => (negated(module, inner), Level::Not),
        ExprKind::And(left, right) => (format!("{} and {}", at(left, Level::And), at(right, Level::And)), Level::And),
        ExprKind::Or(left, right) => (format!("{} or {}", at(left, Level::Or), at(right, Level::Or)), Level::Or),
        ExprKind::Conditional(test, yes, no) => {
            let (test, yes, no) = (at(test, Level::Or), at(yes, Level::Or), at(no, Level::Conditional));
            (format!("{yes} if {test} else {no}"), Level::Conditional)
        }
        ExprKind::Compare { op, left, right, as_instants } => {
            (compared(module, *op, left, right, *as_instants), Level::Comparison)
        }
        ExprKind::In(item, container) => {
            (format!("{} in {}", at(item, Level::Sum), at(container, Level::Sum)), Level::Comparison)
        }
        ExprKind::Add(left, right) => {
            primary(format!("_s.clamp({} + {})", at(left, Level::Sum), at(right, Level::Primary)))
        }
        ExprKind::Subtract(left, right) => {
            primary(format!("_s.clamp({} - {})", at(left, Level::Sum), at(right, Level::Primary)))
        }
        ExprKind::Hook(id, args) => {
            let args: Vec<String> = args.iter().map(|arg| at(arg, Level::Conditional)).collect();
            module.calls_hooks = true;
            let name = variable(&module.workspace.hooks[*id].meta.name);
            primary(format!("_h.{name}({})", args.join(", ")))
        }
        ExprKind::List(items) => {
            let items = items.iter().map(|item| Code::text(at(item, Level::Conditional))).collect();
            primary(Code::tuple(items).flat())
        }
    }
}

/// The class of a union's variant.
fn variant(module: &mut Module<'_>, of: &Expr, value: usize) -> String {
    let ExprType::Of(ty) = &of.ty else { unreachable!("a union has a type") };
    match module.workspace.unwrapped(ty) {
        Type::Union(id) => module.union_variant(*id, value),
        other => unreachable!("a union was checked, not {other:?}"),
    }
}

fn name_of(of: &Variable) -> String {
    match of {
        Variable::Payload => "p".to_owned(),
        Variable::From => "from_".to_owned(),
        Variable::To => "to".to_owned(),
        Variable::Bound(name) => bound(name),
        other => unreachable!("rules of records and machines name no {other:?}"),
    }
}

/// A variable of a comprehension; what the expressions in it call keeps its name.
fn bound(name: &str) -> String {
    let name = variable(name);
    if ["all", "any", "len"].contains(&&*name) { name + "_" } else { name }
}

fn generator(module: &mut Module<'_>, list: &Expr, name: &str, body: &Expr) -> String {
    let (list, body) = (text(module, list, Level::Or), text(module, body, Level::Conditional));
    format!("{body} for {} in {list}", bound(name))
}

/// `not x`, in the forms that Python has for negated tests.
fn negated(module: &mut Module<'_>, inner: &Expr) -> String {
    match &inner.kind {
        ExprKind::In(item, container) => {
            format!("{} not in {}", text(module, item, Level::Sum), text(module, container, Level::Sum))
        }
        _ => format!("not {}", text(module, inner, Level::Not)),
    }
}

fn compared(module: &mut Module<'_>, op: CompareOp, left: &Expr, right: &Expr, as_instants: bool) -> String {
    let singleton = [left, right].iter().any(|side| matches!(side.kind, ExprKind::Null | ExprKind::Bool(_)));
    let operator = match op {
        CompareOp::Eq if singleton => "is",
        CompareOp::Ne if singleton => "is not",
        _ => op.as_str(),
    };
    let mut side = |of: &Expr| {
        if as_instants && !matches!(of.kind, ExprKind::Null) {
            let may_be_none = matches!(&of.ty, ExprType::Of(ty) if module.workspace.is_optional(ty));
            let function = if may_be_none { "_s.instant_or_none" } else { "_s.instant" };
            format!("{function}({})", text(module, of, Level::Conditional))
        } else {
            text(module, of, Level::Sum)
        }
    };
    let (left, right) = (side(left), side(right));
    format!("{left} {operator} {right}")
}
