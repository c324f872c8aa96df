//! A typed expression enters; its text in the contract language, which is CEL, leaves.

use std::fmt::Write;

use crate::model::{CompareOp, EnumDef, Expr, ExprKind, Reducer, Variable, Workspace};

/// The expression as it would be written, with brackets only where they are needed.
pub fn text(expr: &Expr, workspace: &Workspace) -> String {
    Printer { workspace, reducer: None }.print(expr, 0)
}

/// The same for an expression of a reducer, which may read its state.
pub fn text_of_fold(expr: &Expr, workspace: &Workspace, reducer: &Reducer) -> String {
    Printer { workspace, reducer: Some(reducer) }.print(expr, 0)
}

struct Printer<'w> {
    workspace: &'w Workspace,
    reducer: Option<&'w Reducer>,
}

/// How tightly operands bind: conditionals, `||`, `&&`, relations, sums, `!`, members.
const CONDITIONAL: usize = 0;
const OR: usize = 1;
const AND: usize = 2;
const RELATION: usize = 3;
const SUM: usize = 4;
const NOT: usize = 5;
const MEMBER: usize = 6;

impl Printer<'_> {
    /// The text where something that binds as `least` is needed.
    fn print(&self, expr: &Expr, least: usize) -> String {
        let (level, text) = self.level(expr);
        if level < least { format!("({text})") } else { text }
    }

    fn level(&self, expr: &Expr) -> (usize, String) {
        let member = |text: String| (MEMBER, text);
        let base = |expr: &Expr| self.print(expr, MEMBER);
        let free = |expr: &Expr| self.print(expr, CONDITIONAL);
        match &expr.kind {
            ExprKind::Null => member("null".into()),
            ExprKind::Bool(value) => member(value.to_string()),
            ExprKind::Int(value) => number(value.to_string()),
            ExprKind::Float(value) => number(format!("{value:?}")),
            ExprKind::Text(text) => member(quoted(text)),
            ExprKind::EnumValue(id, value) => {
                let def = &self.workspace.enums[*id];
                member(selected(&def.meta.name, &def.values[*value].text))
            }
            ExprKind::EnumSet(id, set) => {
                let def = &self.workspace.enums[*id];
                member(selected(&def.meta.name, &def.sets[*set].name))
            }
            ExprKind::Variable(variable) => member(self.name(variable)),
            ExprKind::Field(owner, field) => member(selected(&base(owner), field)),
            ExprKind::Known(inner) | ExprKind::Variant(inner, _) => self.level(inner),
            ExprKind::Index(map, key) => member(format!("{}[{}]", base(map), free(key))),
            ExprKind::EnumMap(id, map, key) => {
                let EnumDef { meta, maps, .. } = &self.workspace.enums[*id];
                member(format!("{}[{}]", selected(&meta.name, &maps[*map].name), free(key)))
            }
            ExprKind::Size(of) => member(format!("size({})", free(of))),
            ExprKind::Blank(of) => member(format!("blank({})", free(of))),
            ExprKind::StartsWith(text, prefix) => member(format!("{}.startsWith({})", base(text), free(prefix))),
            ExprKind::Exists(list, item, body) => member(format!("{}.exists({item}, {})", base(list), free(body))),
            ExprKind::All(list, item, body) => member(format!("{}.all({item}, {})", base(list), free(body))),
            ExprKind::Not(inner) => (NOT, format!("!{}", self.print(inner, NOT))),
            ExprKind::And(left, right) => self.infix(AND, "&&", left, right),
            ExprKind::Or(left, right) => self.infix(OR, "||", left, right),
            ExprKind::Compare { op, left, right, .. } => self.infix(RELATION, CompareOp::as_str(*op), left, right),
            ExprKind::In(item, container) => self.infix(RELATION, "in", item, container),
            ExprKind::Add(left, right) => self.infix(SUM, "+", left, right),
            ExprKind::Subtract(left, right) => self.infix(SUM, "-", left, right),
            ExprKind::Conditional(test, yes, no) => {
                (CONDITIONAL, format!("{} ? {} : {}", self.print(test, OR), self.print(yes, OR), free(no)))
            }
            ExprKind::Hook(id, args) => {
                let args: Vec<String> = args.iter().map(free).collect();
                member(format!("{}({})", self.workspace.hooks[*id].meta.name, args.join(", ")))
            }
            ExprKind::List(items) => member(format!("[{}]", items.iter().map(free).collect::<Vec<_>>().join(", "))),
        }
    }

    fn name(&self, variable: &Variable) -> String {
        let slot = |base: &str, at: usize| {
            let reducer = self.reducer.expect("only the expressions of a reducer read its state");
            selected(base, &reducer.slots[at].name)
        };
        match variable {
            Variable::Payload => "p".into(),
            Variable::From => "from".into(),
            Variable::To => "to".into(),
            Variable::Bound(name) => name.clone(),
            Variable::Envelope => "e".into(),
            Variable::ErrorCode => "error.code".into(),
            Variable::ErrorPath => "error.path".into(),
            Variable::Violations => "violations".into(),
            Variable::Slot(at) => slot("s", *at),
            Variable::Snapshot(at) => slot("snap", *at),
        }
    }

    /// An operator that groups to the left.
    fn infix(&self, level: usize, sign: &str, left: &Expr, right: &Expr) -> (usize, String) {
        (level, format!("{} {sign} {}", self.print(left, level), self.print(right, level + 1)))
    }
}

/// A negative number is no member: `(-1).x` needs its brackets.
fn number(text: String) -> (usize, String) {
    (if text.starts_with('-') { NOT } else { MEMBER }, text)
}

/// `base.name`, or `base["name"]` where CEL takes no such name.
fn selected(base: &str, name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !matches!(name, "true" | "false" | "null" | "in");
    if plain { format!("{base}.{name}") } else { format!("{base}[{}]", quoted(name)) }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_ascii_control() => write!(out, "\\u{:04x}", u32::from(c)).expect("a string takes all"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
