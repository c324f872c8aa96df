//! An expression enters; a text leaves that is equal where two versions mean the same, however they write it.
//!
//! What cannot matter is taken out: names of sets and maps (what is in them stands there instead), the order of `&&`, `||`,
//! `==` and of lists behind `in`, double negation, the side on which the larger operand stands.

use std::collections::BTreeSet;

use crate::expr;
use crate::model::{CompareOp, Expr, ExprKind, Variable, Workspace};

/// The meaning of an expression whose slots are called `slots`.
pub(super) fn meaning(workspace: &Workspace, slots: &[String], expr: &Expr) -> String {
    Reader { workspace, slots }.plain(expr)
}

struct Reader<'a> {
    workspace: &'a Workspace,
    slots: &'a [String],
}

/// A meaning on its way to a text.
enum Term {
    Leaf(String),
    /// Operands of `&&` or `||`, in an order of their own, each once.
    Chain(&'static str, BTreeSet<String>),
}

impl Term {
    fn chain(by: &'static str, parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = BTreeSet::new();
        for part in parts {
            match part {
                Self::Chain(inner, parts) if inner == by => all.extend(parts),
                other => _ = all.insert(other.into_text()),
            }
        }
        Self::Chain(by, all)
    }

    fn into_text(self) -> String {
        match self {
            Self::Leaf(text) => text,
            Self::Chain(by, parts) => {
                let parts: Vec<String> = parts.into_iter().collect();
                if parts.len() == 1 { parts.concat() } else { format!("({})", parts.join(&format!(" {by} "))) }
            }
        }
    }
}

impl Reader<'_> {
    fn plain(&self, expr: &Expr) -> String {
        self.read(expr, false).into_text()
    }

    /// The meaning of the expression, or of its negation.
    fn read(&self, expr: &Expr, negated: bool) -> Term {
        let not = if negated { "!" } else { "" };
        let (and, or) = if negated { ("||", "&&") } else { ("&&", "||") };
        match &expr.kind {
            ExprKind::Not(inner) => self.read(inner, !negated),
            ExprKind::And(left, right) => Term::chain(and, [self.read(left, negated), self.read(right, negated)]),
            ExprKind::Or(left, right) => Term::chain(or, [self.read(left, negated), self.read(right, negated)]),
            ExprKind::Compare { op, left, right, .. } => Term::Leaf(self.comparison(*op, left, right, negated)),
            ExprKind::In(item, container) => match self.members(container) {
                Some(members) => {
                    let item = self.plain(item);
                    Term::chain(or, members.iter().map(|member| Term::Leaf(equality(&item, member, negated))))
                }
                None => Term::Leaf(format!("{not}({} in {})", self.plain(item), self.plain(container))),
            },
            ExprKind::Bool(value) => Term::Leaf((*value != negated).to_string()),
            _ => Term::Leaf(format!("{not}{}", self.value(expr))),
        }
    }

    fn comparison(&self, op: CompareOp, left: &Expr, right: &Expr, negated: bool) -> String {
        let (left, right) = (self.plain(left), self.plain(right));
        let op = match (op, negated) {
            (op, false) => op,
            (CompareOp::Eq, true) => CompareOp::Ne,
            (CompareOp::Ne, true) => CompareOp::Eq,
            (CompareOp::Lt, true) => CompareOp::Ge,
            (CompareOp::Le, true) => CompareOp::Gt,
            (CompareOp::Gt, true) => CompareOp::Le,
            (CompareOp::Ge, true) => CompareOp::Lt,
        };
        match op {
            CompareOp::Eq => equality(&left, &right, false),
            CompareOp::Ne => equality(&left, &right, true),
            CompareOp::Lt | CompareOp::Le => format!("({left} {} {right})", op.as_str()),
            CompareOp::Gt => format!("({right} < {left})"),
            CompareOp::Ge => format!("({right} <= {left})"),
        }
    }

    /// What stands right of `in`, where it is known.
    fn members(&self, container: &Expr) -> Option<Vec<String>> {
        match &container.kind {
            ExprKind::List(items) => Some(items.iter().map(|item| self.plain(item)).collect()),
            ExprKind::EnumSet(id, set) => {
                let of = &self.workspace.enums[*id];
                Some(of.sets[*set].members.iter().map(|&at| member(&of.values[at].text)).collect())
            }
            _ => None,
        }
    }

    fn value(&self, expr: &Expr) -> String {
        let part = |inner: &Expr| self.plain(inner);
        match &expr.kind {
            ExprKind::EnumValue(id, value) => member(&self.workspace.enums[*id].values[*value].text),
            ExprKind::Variable(Variable::Slot(slot)) => format!("s.{}", self.slots[*slot]),
            ExprKind::Variable(Variable::Snapshot(slot)) => format!("snap.{}", self.slots[*slot]),
            ExprKind::Known(inner) | ExprKind::Variant(inner, _) => part(inner),
            ExprKind::Field(owner, name) => format!("{}.{name}", part(owner)),
            ExprKind::Index(map, key) => format!("{}[{}]", part(map), part(key)),
            ExprKind::EnumMap(id, map, key) => {
                let of = &self.workspace.enums[*id];
                let map = &of.maps[*map];
                let to = &self.workspace.enums[map.to];
                let rows = of.values.iter().zip(&map.targets);
                let rows: Vec<String> =
                    rows.map(|(from, &at)| format!("{:?}: {:?}", from.text, to.values[at].text)).collect();
                format!("{{{}}}[{}]", rows.join(", "), part(key))
            }
            ExprKind::Size(of) => format!("size({})", part(of)),
            ExprKind::StartsWith(text, prefix) => format!("{}.startsWith({})", part(text), part(prefix)),
            ExprKind::Exists(list, name, body) => format!("{}.exists({name}, {})", part(list), part(body)),
            ExprKind::All(list, name, body) => format!("{}.all({name}, {})", part(list), part(body)),
            ExprKind::Blank(of) => format!("blank({})", part(of)),
            ExprKind::Conditional(test, yes, no) => format!("({} ? {} : {})", part(test), part(yes), part(no)),
            ExprKind::Add(left, right) => {
                let mut parts = [part(left), part(right)];
                parts.sort();
                format!("({})", parts.join(" + "))
            }
            ExprKind::Subtract(left, right) => format!("({} - {})", part(left), part(right)),
            ExprKind::List(items) => format!("[{}]", items.iter().map(part).collect::<Vec<_>>().join(", ")),
            ExprKind::EnumSet(..) => format!("[{}]", self.members(expr).unwrap_or_default().join(", ")),
            _ => expr::text(expr, self.workspace),
        }
    }
}

fn member(text: &str) -> String {
    format!("{text:?}")
}

fn equality(left: &str, right: &str, negated: bool) -> String {
    let (first, second) = if left <= right { (left, right) } else { (right, left) };
    format!("({first} {} {second})", if negated { "!=" } else { "==" })
}
