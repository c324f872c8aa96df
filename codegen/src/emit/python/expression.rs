//! A checked expression enters; a Python expression of the same value leaves.

use super::layout::Code;
use super::module::Module;
use super::names::{attribute, variable};
use super::reducers::place;
use super::types::kind;
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
    let is_one_word = kept(module, expression).is_some() || lookup(module, expression).is_some();
    let parts = match &expression.kind {
        _ if is_one_word => vec![text(module, expression, Level::Conditional)],
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

/// The expression on one line.
pub fn flat(module: &mut Module<'_>, expression: &Expr) -> String {
    text(module, expression, Level::Conditional)
}

/// The operands of a chain of one operator, which stands before each but the first.
fn operands(module: &mut Module<'_>, expression: &Expr, operator: &str, level: Level) -> Vec<String> {
    let mut operands = Vec::new();
    flatten(expression, level, &mut operands);
    // An `and` inside an `or` stands in parentheses, as people are told to write it.
    let inner = if level == Level::Or { Level::Not } else { level };
    let texts = operands.into_iter().enumerate().map(|(at, operand)| {
        let text = text(module, operand, inner);
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
    let primary = |text: String| (text, Level::Primary);
    if let Some(name) = kept(module, expression) {
        return primary(name);
    }
    if let Some(place) = place(module, expression) {
        return primary(place.frozen());
    }
    if let ExprKind::Known(inner) = &expression.kind
        && is_tested(module, inner)
    {
        return written(module, inner);
    }
    if let Some(found) = lookup(module, expression) {
        return primary(found);
    }
    let mut at = |inner: &Expr, wanted| text(module, inner, wanted);
    match &expression.kind {
        ExprKind::Null => primary("None".to_owned()),
        ExprKind::Bool(value) => primary(if *value { "True" } else { "False" }.to_owned()),
        ExprKind::Int(value) => primary(value.to_string()),
        ExprKind::Float(value) => primary(format!("{value:?}")),
        ExprKind::Text(value) => primary(python::string(value)),
        ExprKind::EnumValue(id, index) => primary(module.member(*id, *index)),
        ExprKind::EnumSet(id, index) => primary(module.enum_set(*id, *index)),
        ExprKind::Variable(of) => primary(name_of(module, of)),
        ExprKind::Known(inner) => {
            let inner = at(inner, Level::Conditional);
            primary(known(module, &expression.ty, &inner))
        }
        ExprKind::Variant(inner, value) => {
            let text = at(inner, Level::Conditional);
            match variant_class(module, inner, *value) {
                Some(class) => primary(format!("_s.variant({text}, {class})")),
                None => primary(text),
            }
        }
        ExprKind::Field(owner, name) => primary(format!("{}.{}", at(owner, Level::Primary), attribute(name))),
        ExprKind::Index(map, key) => primary(format!("{}[{}]", at(map, Level::Primary), at(key, Level::Conditional))),
        ExprKind::EnumMap(id, map, key) => {
            let key = at(key, Level::Conditional);
            primary(format!("{}[{key}]", module.enum_map(*id, *map)))
        }
        ExprKind::Size(of) => {
            let of = place(module, of).map_or_else(|| text(module, of, Level::Conditional), |place| place.text);
            primary(format!("len({of})"))
        }
        ExprKind::StartsWith(of, prefix) => {
            primary(format!("{}.startswith({})", at(of, Level::Primary), at(prefix, Level::Conditional)))
        }
        ExprKind::Exists(list, name, body) => primary(format!("any({})", generator(module, list, name, body))),
        ExprKind::All(list, name, body) => primary(format!("all({})", generator(module, list, name, body))),
        ExprKind::Blank(of) => primary(format!("_s.blank({})", at(of, Level::Conditional))),
        ExprKind::Not(inner) => (negated(module, inner), Level::Not),
        ExprKind::And(left, right) => (format!("{} and {}", at(left, Level::And), at(right, Level::And)), Level::And),
        ExprKind::Or(..) => (operands(module, expression, "or", Level::Or).join(" "), Level::Or),
        ExprKind::Conditional(test, yes, no) => {
            let (test, yes, no) = (at(test, Level::Or), at(yes, Level::Or), at(no, Level::Conditional));
            (format!("{yes} if {test} else {no}"), Level::Conditional)
        }
        ExprKind::Compare { op, left, right, as_instants } => {
            (compared(module, *op, left, right, *as_instants), Level::Comparison)
        }
        ExprKind::In(item, container) => (membership(module, item, "in", container), Level::Comparison),
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

/// Rules of records and machines name the payload and the states of a move; reducers name the rest.
fn name_of(module: &Module<'_>, of: &Variable) -> String {
    let fold = || module.fold.as_ref().expect("only reducers name the envelope and what happened");
    match of {
        Variable::Payload => "p".to_owned(),
        Variable::From if module.fold.is_some() => fold().from.clone(),
        Variable::To if module.fold.is_some() => fold().to.clone(),
        Variable::From => "from_".to_owned(),
        Variable::To => "to".to_owned(),
        Variable::Bound(name) => bound(name),
        Variable::Envelope => "e".to_owned(),
        Variable::ErrorCode => "error.code".to_owned(),
        Variable::ErrorPath => "error.path".to_owned(),
        Variable::Violations => fold().violations.clone(),
        Variable::Slot(_) | Variable::Snapshot(_) => unreachable!("parts of the state are places"),
    }
}

/// `item in container`; a container that is a part of the state is asked as it is.
fn membership(module: &mut Module<'_>, item: &Expr, operator: &str, container: &Expr) -> String {
    let item = text(module, without_known(item), Level::Sum);
    let container = match place(module, container) {
        Some(place) => place.text,
        None => text(module, container, Level::Sum),
    };
    format!("{item} {operator} {container}")
}

/// `key in map ? map[key] : null`, where the map is a part of the state.
pub fn lookup(module: &mut Module<'_>, expression: &Expr) -> Option<String> {
    let ExprKind::Conditional(test, yes, no) = &expression.kind else { return None };
    let (ExprKind::In(key, map), ExprKind::Index(of, at), ExprKind::Null) = (&test.kind, &yes.kind, &no.kind) else {
        return None;
    };
    let is_same = map.says_as(of) && key.says_as(at);
    let map = place(module, map).filter(|map| is_same && map.holds_plain())?;
    Some(format!("{}.get({})", map.text, text(module, key, Level::Conditional)))
}

/// The variable that keeps the value of an expression.
fn kept(module: &Module<'_>, expression: &Expr) -> Option<String> {
    let kept = &module.fold.as_ref()?.kept;
    kept.iter().find(|(value, _)| value.says_as(expression)).map(|(_, name)| name.clone())
}

/// A value that the contract knows to be there. Of a union, checkers would make what its members have in common.
pub fn known(module: &mut Module<'_>, ty: &ExprType, text: &str) -> String {
    match ty {
        ExprType::Of(ty) if matches!(module.workspace.plain(ty), Type::Union(_)) => {
            format!("_s.known_as({text}, {})", kind(module, ty).flat())
        }
        _ => format!("_s.known({text})"),
    }
}

/// What is compared with none, or looked for, need not be known to be there.
fn without_known(expression: &Expr) -> &Expr {
    match &expression.kind {
        ExprKind::Known(inner) => inner,
        _ => expression,
    }
}

/// The class of a variant, where Python's checkers do not see it.
fn variant_class(module: &mut Module<'_>, of: &Expr, value: usize) -> Option<String> {
    if module.fold.is_none() && of.hooks().is_empty() {
        return None;
    }
    let ExprType::Of(ty) = &of.ty else { return None };
    let Type::Union(id) = module.workspace.unwrapped(ty) else { return None };
    Some(module.variant(*id, value))
}

/// Whether Python's checkers see that the value is there: rules are not looked at, and paths that were tested are seen.
/// Of two calls they do not know that they answer the same.
fn is_tested(module: &Module<'_>, inner: &Expr) -> bool {
    let is_path = inner.hooks().is_empty();
    is_path && module.fold.as_ref().is_none_or(|fold| fold.tested.iter().any(|tested| tested.says_as(inner)))
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
        ExprKind::In(item, container) => membership(module, item, "not in", container),
        _ => format!("not {}", text(module, inner, Level::Not)),
    }
}

fn compared(module: &mut Module<'_>, op: CompareOp, left: &Expr, right: &Expr, as_instants: bool) -> String {
    let singleton = [left, right].iter().any(|side| matches!(side.kind, ExprKind::Null | ExprKind::Bool(_)));
    let is_equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
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
        } else if let Some(place) = place(module, of).filter(|_| singleton) {
            place.text
        } else {
            text(module, if is_equality { without_known(of) } else { of }, Level::Sum)
        }
    };
    let (left, right) = (side(left), side(right));
    format!("{left} {operator} {right}")
}
