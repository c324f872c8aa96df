//! A checked expression of a reducer enters; the Rust that computes it over typed values leaves.

use super::super::module::Module;
use super::super::{enums, names};
use super::cells::{Cell, Cells};
use super::places::{Base, Form, Operand, Place, as_optional, base, enum_type, receiver};
use crate::emit::encode::rust;
use crate::expr::{Kind, kind};
use crate::model::{CompareOp, EnumId, Expr, ExprKind, ExprType, Reducer, Type, Variable, Workspace};

/// What the names of an expression stand for, and what of it was read.
pub(super) struct Compiler<'m, 'w> {
    pub(super) module: &'m mut Module<'w>,
    pub(super) reducer: &'w Reducer,
    pub(super) cells: &'m Cells<'w>,
    /// Values that were tested, and where they are now.
    pub(super) known: Vec<(Expr, Place)>,
    /// Whether the envelope was read.
    pub(super) reads_envelope: bool,
    /// Whether the payload was read.
    pub(super) reads_payload: bool,
}

impl<'m, 'w> Compiler<'m, 'w> {
    pub(super) fn new(module: &'m mut Module<'w>, reducer: &'w Reducer, cells: &'m Cells<'w>) -> Self {
        Self { module, reducer, cells, known: Vec::new(), reads_envelope: false, reads_payload: false }
    }

    pub(super) fn workspace(&self) -> &'w Workspace {
        self.module.workspace()
    }

    /// A truth value.
    pub(super) fn bool(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Bool(value) => value.to_string(),
            ExprKind::Not(inner) => {
                if let ExprKind::Compare { op: op @ (CompareOp::Eq | CompareOp::Ne), left, right, .. } = &inner.kind {
                    let op = if *op == CompareOp::Eq { CompareOp::Ne } else { CompareOp::Eq };
                    return self.compare(op, left, right);
                }
                let text = self.bool(inner);
                let is_compound = [" && ", " || ", " == ", " != ", " < ", " > ", " <= ", " >= ", "if "]
                    .iter()
                    .any(|operator| text.contains(operator));
                if is_compound { format!("!({text})") } else { format!("!{text}") }
            }
            ExprKind::And(..) => self.all(&conjuncts(expr)),
            ExprKind::Or(left, right) => format!("{} || {}", self.alternative(left), self.alternative(right)),
            ExprKind::Conditional(condition, yes, no) => {
                format!("if {} {{ {} }} else {{ {} }}", self.bool(condition), self.bool(yes), self.bool(no))
            }
            ExprKind::Compare { op, left, right, .. } => self.compare(*op, left, right),
            ExprKind::In(item, container) => self.contains(item, container),
            ExprKind::StartsWith(text, prefix) => {
                let (text, prefix) = (self.certain(text), self.certain(prefix));
                format!("{}.starts_with({prefix})", receiver(&text))
            }
            ExprKind::Exists(list, name, body) => self.each(list, "any", name, body),
            ExprKind::All(list, name, body) => self.each(list, "all", name, body),
            ExprKind::Blank(inner) => {
                let (text, is_optional) = self.base(inner);
                format!("fold::is_blank({})", as_optional(text, is_optional))
            }
            _ => self.certain(expr),
        }
    }

    /// A truth value beside `||`.
    fn alternative(&mut self, expr: &Expr) -> String {
        let text = self.bool(expr);
        if matches!(expr.kind, ExprKind::Conditional(..)) { format!("({text})") } else { text }
    }

    /// Conditions that all hold. Behind a test for none what follows takes the value from there.
    pub(super) fn all(&mut self, conditions: &[&Expr]) -> String {
        let [first, rest @ ..] = conditions else { return "true".into() };
        if let (Some(tested), false) = (tested(first), rest.is_empty())
            && rest.iter().any(|condition| reads_known(condition, tested))
            && let Some((text, place)) = self.maybe(tested, "it")
        {
            self.known.push((tested.clone(), place));
            let body = self.all(rest);
            self.known.pop();
            return format!("{text}.is_some_and(|it| {body})");
        }
        if rest.is_empty() {
            return self.bool(first);
        }
        let (first, rest) = (self.term(first), self.rest(rest));
        format!("{first} && {rest}")
    }

    /// The conditions behind the first.
    pub(super) fn rest(&mut self, conditions: &[&Expr]) -> String {
        match conditions {
            [only] => self.term(only),
            more => self.all(more),
        }
    }

    /// A truth value as part of another.
    fn term(&mut self, expr: &Expr) -> String {
        let text = self.bool(expr);
        match expr.kind {
            ExprKind::Or(..) | ExprKind::Conditional(..) => format!("({text})"),
            _ => text,
        }
    }

    fn each(&mut self, list: &Expr, quantifier: &str, name: &str, body: &Expr) -> String {
        let (items, item) = self.items(list);
        let is_read = body.reads(&Variable::Bound(name.to_owned()));
        let parameter = if is_read { names::value(name) } else { "_".to_owned() };
        let variable = Expr {
            kind: ExprKind::Variable(Variable::Bound(name.to_owned())),
            ty: ExprType::Of(item.clone()),
            span: body.span,
        };
        self.known.push((variable, Place::new(&*parameter, item, Form::Reference)));
        let body = self.bool(body);
        self.known.pop();
        format!("{}.iter().{quantifier}(|{parameter}| {body})", receiver(&items))
    }

    /// A list or set that can be walked, and the type of its items.
    fn items(&mut self, list: &Expr) -> (String, Type) {
        let workspace = self.workspace();
        let ExprType::Of(ty) = &list.ty else { unreachable!("a list has a type") };
        let (Kind::List(item) | Kind::Set(item)) = kind(workspace, ty) else { unreachable!("a list was checked") };
        let item = item.clone();
        match self.operand(list) {
            Operand::Place(place) => (place.text, item),
            Operand::Part(text, Cell::List(of, _)) => (format!("{text}.items()"), of),
            other => unreachable!("{other:?} was checked to be a list"),
        }
    }

    fn compare(&mut self, op: CompareOp, left: &Expr, right: &Expr) -> String {
        let sign = op.as_str();
        for (known, other) in [(left, right), (right, left)] {
            if matches!(known.kind, ExprKind::Null) {
                let test = if op == CompareOp::Eq { "is_none" } else { "is_some" };
                return format!("{}.{test}()", self.nullable(other));
            }
        }
        let ((left, left_optional), (right, right_optional)) = (self.base(left), self.base(right));
        let is_optional = left_optional || right_optional;
        let side = |text: String, own: bool| if is_optional { as_optional(text, own) } else { text };
        let (left, right) = (side(left, left_optional), side(right, right_optional));
        let part = |text: String| if text.starts_with("if ") { format!("({text})") } else { text };
        format!("{} {sign} {}", part(left), part(right))
    }

    /// A value of which it can be asked whether it is none.
    fn nullable(&mut self, expr: &Expr) -> String {
        match self.operand(expr) {
            Operand::Place(place) | Operand::Maybe(place) => receiver(&place.text),
            Operand::Base { text, .. } | Operand::MaybePart(text, _) | Operand::Part(text, _) => receiver(&text),
            Operand::None => "None::<()>".into(),
        }
    }

    fn contains(&mut self, item: &Expr, container: &Expr) -> String {
        match &container.kind {
            ExprKind::EnumSet(id, set) => {
                let (item, is_optional) = self.base(item);
                let name = enums::set_test(&self.workspace().enums[*id].sets[*set].name);
                if is_optional {
                    return format!("{}.is_some_and({}::{name})", receiver(&item), enum_type(self.module, *id));
                }
                format!("{}.{name}()", receiver(&item))
            }
            ExprKind::List(items) => self.among(item, items),
            _ => self.held(item, container),
        }
    }

    /// Whether a value is one of some that are listed.
    fn among(&mut self, item: &Expr, items: &[Expr]) -> String {
        let members: Option<Vec<(EnumId, usize)>> = items
            .iter()
            .map(|item| match item.kind {
                ExprKind::EnumValue(id, index) => Some((id, index)),
                _ => None,
            })
            .collect();
        let (text, is_optional) = self.base(item);
        if let Some(members) = members {
            let members: Vec<String> = members.iter().map(|&(id, index)| self.member(id, index)).collect();
            let pattern = members.join(" | ");
            let pattern = if is_optional { format!("Some({pattern})") } else { pattern };
            return format!("matches!({text}, {pattern})");
        }
        let sides: Vec<(String, bool)> = items.iter().map(|item| self.base(item)).collect();
        let any = is_optional || sides.iter().any(|(_, is_optional)| *is_optional);
        let side = |(text, own): (String, bool)| if any { as_optional(text, own) } else { text };
        let items: Vec<String> = sides.into_iter().map(side).collect();
        format!("[{}].contains(&{})", items.join(", "), side((text, is_optional)))
    }

    fn held(&mut self, item: &Expr, container: &Expr) -> String {
        match self.operand(container) {
            Operand::Part(text, Cell::Map(..)) => format!("{text}.has({})", self.key(item)),
            Operand::Part(text, Cell::List(of, _) | Cell::Members(of)) => {
                format!("{text}.contains({})", self.lent(item, &of))
            }
            Operand::Place(place) => {
                let workspace = self.workspace();
                if let Kind::Map(key, _) = kind(workspace, &place.ty) {
                    return self.payload_key(&place, key, item, "contains_key", "has");
                }
                let (Kind::List(part) | Kind::Set(part)) = kind(workspace, &place.ty) else {
                    unreachable!("a container was checked")
                };
                let part = Place::new("it", part.clone(), Form::Reference);
                let (part, _, part_optional) = base(self.module, &part).expect("what is looked up has a base");
                let (item, is_optional) = self.base(item);
                let any = part_optional || is_optional;
                let side = |text: String, own: bool| if any { as_optional(text, own) } else { text };
                let (part, item) = (side(part, part_optional), side(item, is_optional));
                format!("{}.iter().any(|it| {part} == {item})", receiver(&place.text))
            }
            other => unreachable!("{other:?} was checked to hold something"),
        }
    }

    /// A question about a key of a map of the payload: typed where the key has the type of the map's keys.
    fn payload_key(&mut self, map: &Place, key: &Type, item: &Expr, typed: &str, spelled: &str) -> String {
        let is_same = matches!(&item.ty, ExprType::Of(ty) if self.workspace().plain(ty) == self.workspace().plain(key));
        if is_same && let Operand::Place(place) = self.operand(item) {
            return format!("{}.{typed}({})", receiver(&map.text), place.reference());
        }
        format!("fold::{spelled}({}, {})", map.reference(), self.key(item))
    }

    /// The canonical text of a key.
    pub(super) fn key(&mut self, expr: &Expr) -> String {
        if let ExprKind::EnumValue(id, index) = expr.kind {
            return rust::string(&self.workspace().enums[id].values[index].text);
        }
        if let Operand::Place(place) = self.operand(expr)
            && !matches!(base(self.module, &place), Some((_, Base::Text, false)))
        {
            return match base(self.module, &place) {
                Some((text, Base::Member(_), false)) => format!("{}.as_str()", receiver(&text)),
                _ => format!("&fold::spelled({})", place.reference()),
            };
        }
        let (text, is_optional) = self.base(expr);
        assert!(!is_optional, "a key was checked to be there");
        match self.base_of(expr) {
            Base::Text => text,
            Base::Member(_) => format!("{}.as_str()", receiver(&text)),
            _ => format!("&{}.to_string()", receiver(&text)),
        }
    }

    fn base_of(&self, expr: &Expr) -> Base {
        let ExprType::Of(ty) = &expr.ty else { unreachable!("a key has a type") };
        Base::of(self.workspace(), ty).expect("what is compared has a base")
    }

    /// A base value that is certain.
    pub(super) fn certain(&mut self, expr: &Expr) -> String {
        let (text, is_optional) = self.base(expr);
        if is_optional { format!("fold::known({text})") } else { text }
    }

    /// A base value, and whether it may be none.
    pub(super) fn base(&mut self, expr: &Expr) -> (String, bool) {
        match self.operand(expr) {
            Operand::Base { text, is_optional, .. } => (text, is_optional),
            Operand::Place(place) => {
                let (text, _, is_optional) = base(self.module, &place).expect("what is compared has a base");
                (text, is_optional)
            }
            Operand::None => ("None".into(), true),
            other => unreachable!("{other:?} is no base value"),
        }
    }

    /// `Option<&T>` of a value that may be none, and what stands for the value in a closure or behind `if let`.
    pub(super) fn maybe(&mut self, expr: &Expr, name: &str) -> Option<(String, Place)> {
        let workspace = self.workspace();
        match self.operand(expr) {
            Operand::Place(place) => {
                let Type::Opt(inner) = workspace.plain(&place.ty) else { return None };
                let inner = (**inner).clone();
                let text = receiver(&place.text);
                if super::places::is_copy(workspace, &inner) {
                    return Some((receiver(&place.copied()), Place::new(name, inner, Form::Place)));
                }
                Some((format!("{text}.as_ref()"), Place::new(name, inner, Form::Reference)))
            }
            Operand::Maybe(place) => Some((receiver(&place.text), Place { text: name.to_owned(), ..place })),
            _ => None,
        }
    }
}

/// The value that a condition tests for none.
pub(super) fn tested(condition: &Expr) -> Option<&Expr> {
    match &condition.kind {
        ExprKind::Compare { op: CompareOp::Ne, left, right, .. } if matches!(right.kind, ExprKind::Null) => Some(left),
        ExprKind::Compare { op: CompareOp::Ne, left, right, .. } if matches!(left.kind, ExprKind::Null) => Some(right),
        _ => None,
    }
}

/// Whether an expression takes the value of an `opt` that was tested.
pub(super) fn reads_known(expr: &Expr, tested: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Known(inner) if inner.says_as(tested))
        || expr.parts().into_iter().any(|part| reads_known(part, tested))
}

/// What all has to hold.
pub(super) fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::And(left, right) => conjuncts(left).into_iter().chain(conjuncts(right)).collect(),
        _ => vec![expr],
    }
}
