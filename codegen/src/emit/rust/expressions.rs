//! A checked expression enters; the Rust that computes it over checked slots leaves.

use super::module::Module;
use super::names;
use crate::emit::encode::rust;
use crate::expr::{Kind, kind};
use crate::model::{
    CompareOp, Expr, ExprKind, ExprType, HookId, Payload, Primitive, RecordId, Type, UnionForm, UnionId, Variable,
    Workspace,
};

/// The kind of a text without bounds.
const PLAIN_TEXT: &str = "<Box<str> as support::Value>::KIND";

/// What the names of an expression stand for, and what of it was read.
pub(super) struct Compiler<'m, 'w> {
    pub(super) module: &'m mut Module<'w>,
    payload: Option<Payload>,
    /// Fields of `p` that were read, by slot.
    pub(super) fields: Vec<usize>,
    /// Whether `from`, `to` were read.
    pub(super) states: [bool; 2],
}

/// An expression that is a slot.
struct SlotText {
    text: String,
    form: Form,
}

/// What the text of a slot is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A reference to a slot.
    Reference,
    /// A slot that stands somewhere and can be borrowed from there.
    Place,
    /// A slot that is made on the way.
    Made,
}

impl SlotText {
    fn is_reference(&self) -> bool {
        self.form == Form::Reference
    }

    fn reference(self) -> String {
        if self.is_reference() { self.text } else { format!("&{}", self.text) }
    }

    /// Whether a reference to it outlives the block that it stands in.
    fn can_be_lent(&self) -> bool {
        self.form != Form::Made
    }

    /// A part of a slot of this form: of one that is made on the way nothing can be borrowed.
    fn part_of(self, whole: Form) -> Self {
        if whole == Form::Made { Self { text: self.owned(), form: Form::Made } } else { self }
    }

    fn owned(self) -> String {
        if self.form == Form::Made { self.text } else { format!("{}.clone()", self.text) }
    }
}

impl<'m, 'w> Compiler<'m, 'w> {
    /// Compiles over a payload; a machine may have none.
    pub(super) fn new(module: &'m mut Module<'w>, payload: Option<Payload>) -> Self {
        Self { module, payload, fields: Vec::new(), states: [false; 2] }
    }

    fn workspace(&self) -> &'w Workspace {
        self.module.workspace()
    }

    /// A reference to a slot that holds the value.
    pub(super) fn value(&mut self, expr: &Expr) -> String {
        self.slot(expr).reference()
    }

    /// A truth value.
    pub(super) fn bool(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Bool(value) => value.to_string(),
            ExprKind::Not(inner) => format!("!{}", self.operand(inner)),
            ExprKind::And(left, right) => format!("{} && {}", self.operand(left), self.operand(right)),
            ExprKind::Or(left, right) => format!("{} || {}", self.operand(left), self.operand(right)),
            ExprKind::Conditional(condition, yes, no) => {
                format!("if {} {{ {} }} else {{ {} }}", self.bool(condition), self.bool(yes), self.bool(no))
            }
            ExprKind::Compare { op, left, right, as_instants } => self.compare(*op, left, right, *as_instants),
            ExprKind::In(item, container) => self.contains(item, container),
            ExprKind::StartsWith(text, prefix) => {
                format!("{}.starts_with({})", self.text_itself(text), self.text(prefix))
            }
            ExprKind::Exists(list, name, body) => self.each(list, "any", name, body),
            ExprKind::All(list, name, body) => self.each(list, "all", name, body),
            ExprKind::Blank(inner) => format!("{}.is_blank()", self.slot(inner).text),
            ExprKind::Hook(id, args) if expr.ty == ExprType::Of(Type::Primitive(Primitive::Bool)) => {
                self.hook(*id, args)
            }
            _ => format!("{}.bool()", self.slot(expr).text),
        }
    }

    /// A truth value as part of another: in parentheses where it is more than one term.
    fn operand(&mut self, expr: &Expr) -> String {
        let text = self.bool(expr);
        let is_compound = match &expr.kind {
            ExprKind::And(..) | ExprKind::Or(..) | ExprKind::Conditional(..) | ExprKind::Compare { .. } => {
                text.contains(' ')
            }
            ExprKind::In(..) => text.starts_with('['),
            _ => false,
        };
        if is_compound { format!("({text})") } else { text }
    }

    fn each(&mut self, list: &Expr, quantifier: &str, name: &str, body: &Expr) -> String {
        let items = self.slot(list).text;
        let is_read = body.reads(&Variable::Bound(name.to_owned()));
        let parameter = if is_read { names::value(name) } else { "_".to_owned() };
        let body = self.bool(body);
        format!("{items}.items().iter().{quantifier}(|{parameter}| {body})")
    }

    fn compare(&mut self, op: CompareOp, left: &Expr, right: &Expr, as_instants: bool) -> String {
        let symbol = op.as_str();
        if matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return self.equals(symbol, left, right, as_instants);
        }
        let workspace = self.workspace();
        let kind = match &left.ty {
            ExprType::Of(ty) => Some(kind(workspace, ty)),
            _ => None,
        };
        let mut side = |expr: &Expr| match kind {
            _ if as_instants => format!("{}.instant()", self.slot(expr).text),
            Some(Kind::Float) => self.float(expr),
            Some(Kind::Uint64) => format!("{}.uint()", self.slot(expr).text),
            Some(Kind::Text) => self.text(expr),
            _ => self.int(expr),
        };
        format!("{} {symbol} {}", side(left), side(right))
    }

    fn equals(&mut self, symbol: &str, left: &Expr, right: &Expr, as_instants: bool) -> String {
        let negation = if symbol == "==" { "" } else { "!" };
        for (known, other) in [(left, right), (right, left)] {
            match known.kind {
                ExprKind::Null => return format!("{negation}{}.is_none()", self.slot(other).text),
                ExprKind::EnumValue(_, index) => return format!("{negation}{}.is({index})", self.indexed(other)),
                _ => {}
            }
        }
        if as_instants {
            return format!("{}.moment() {symbol} {}.moment()", self.slot(left).text, self.slot(right).text);
        }
        if self.is_spelled(left) || self.is_spelled(right) {
            return format!("{} {symbol} {}", self.spelled(left), self.spelled(right));
        }
        if self.is_int(left) && self.is_int(right) {
            return format!("{} {symbol} {}", self.int(left), self.int(right));
        }
        let (left, right) = (self.slot(left), self.slot(right));
        let both = left.is_reference() && right.is_reference();
        let side = |slot: SlotText| if slot.is_reference() && !both { format!("*{}", slot.text) } else { slot.text };
        format!("{} {symbol} {}", side(left), side(right))
    }

    /// The slot of an enum's member: the tag of a union is the index of its variant.
    fn indexed(&mut self, expr: &Expr) -> String {
        if let ExprKind::Field(owner, name) = &expr.kind
            && let ExprType::Of(ty) = &owner.ty
            && let Some(id) = union_of(self.workspace(), ty)
            && matches!(&self.workspace().unions[id].form, UnionForm::Tagged { tag, .. } if tag == name)
        {
            return self.slot(owner).text;
        }
        self.slot(expr).text
    }

    /// Whether an expression is an integer that is known to be there.
    fn is_int(&self, expr: &Expr) -> bool {
        let workspace = self.workspace();
        matches!(&expr.ty, ExprType::Of(ty) if !workspace.is_optional(ty) && kind(workspace, ty) == Kind::Int)
    }

    fn contains(&mut self, item: &Expr, container: &Expr) -> String {
        let members = match &container.kind {
            ExprKind::EnumSet(id, set) => Some(self.workspace().enums[*id].sets[*set].members.clone()),
            ExprKind::List(items) => items
                .iter()
                .map(|item| match item.kind {
                    ExprKind::EnumValue(_, index) => Some(index),
                    _ => None,
                })
                .collect(),
            _ => None,
        };
        if let Some(members) = members {
            let members: Vec<String> = members.iter().map(usize::to_string).collect();
            return format!("{}.is_any_of(&[{}])", self.indexed(item), members.join(", "));
        }
        if let ExprKind::List(items) = &container.kind {
            let as_text = self.is_spelled(item) || items.iter().any(|item| self.is_spelled(item));
            let mut side = |expr: &Expr| if as_text { self.spelled(expr) } else { self.slot(expr).reference() };
            let items: Vec<String> = items.iter().map(&mut side).collect();
            return format!("[{}].contains(&{})", items.join(", "), side(item));
        }
        if let Some(kind) = self.spelled_parts(item, container) {
            return format!("{}.holds_text({kind}, {})", self.slot(container).text, self.spelled(item));
        }
        format!("{}.holds({})", self.slot(container).text, self.slot(item).reference())
    }

    fn int(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Int(value) => value.to_string(),
            ExprKind::Size(inner) if self.is_spelled(inner) => {
                format!("support::length(&{})", self.spelling(inner))
            }
            ExprKind::Size(inner) => format!("{}.size()", self.slot(inner).text),
            ExprKind::Add(left, right) => format!("support::clamped({} + {})", self.int(left), self.int(right)),
            ExprKind::Subtract(left, right) => format!("support::clamped({} - {})", self.int(left), self.int(right)),
            _ => format!("{}.int()", self.slot(expr).text),
        }
    }

    fn float(&mut self, expr: &Expr) -> String {
        match expr.kind {
            ExprKind::Float(value) => super::scalars::float(value),
            _ => format!("{}.float()", self.slot(expr).text),
        }
    }

    fn text(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Text(text) => rust::string(text),
            _ if self.is_spelled(expr) => format!("&*{}", self.spelling(expr)),
            _ => format!("{}.text()", self.slot(expr).text),
        }
    }

    /// A text that a method is called on.
    fn text_itself(&mut self, expr: &Expr) -> String {
        if self.is_spelled(expr) { self.spelling(expr) } else { self.text(expr) }
    }

    /// A text, or none, of a union in which not every variant is kept as text.
    fn spelled(&mut self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Text(text) => format!("Some({}.into())", rust::string(text)),
            _ if self.is_spelled(expr) => {
                let slot = self.slot(expr).text;
                format!("{slot}.spelled({})", self.kind_path(expr))
            }
            _ => format!("{}.spelled({PLAIN_TEXT})", self.slot(expr).text),
        }
    }

    fn spelling(&mut self, expr: &Expr) -> String {
        let slot = self.slot(expr).text;
        format!("{slot}.text_as({})", self.kind_path(expr))
    }

    /// The kind of the parts that are looked up in a container, where they or the item are texts of a union.
    fn spelled_parts(&mut self, item: &Expr, container: &Expr) -> Option<String> {
        let ExprType::Of(ty) = &container.ty else { return None };
        let workspace = self.workspace();
        let (Kind::List(part) | Kind::Set(part) | Kind::Map(part, _)) = kind(workspace, ty) else { return None };
        if kind(workspace, part) != Kind::Text {
            None
        } else if union_of(workspace, part).is_some() {
            Some(self.kind_path_of(part))
        } else {
            self.is_spelled(item).then(|| PLAIN_TEXT.to_owned())
        }
    }

    fn kind_path(&mut self, expr: &Expr) -> String {
        let ExprType::Of(ty) = &expr.ty else { unreachable!("a text has a type") };
        self.kind_path_of(ty)
    }

    fn kind_path_of(&self, ty: &Type) -> String {
        let workspace = self.workspace();
        let id = union_of(workspace, ty).expect("only unions are spelled");
        // The whole path, since the rules of a machine stand in a module of their own.
        let union = &workspace.unions[id];
        let family = names::module(&workspace.families[union.family].meta.name);
        format!("crate::{family}::{}::KIND", union.meta.name)
    }

    /// Whether an expression is a text that its slot does not hold as such.
    fn is_spelled(&self, expr: &Expr) -> bool {
        let ExprType::Of(ty) = &expr.ty else { return false };
        let workspace = self.workspace();
        kind(workspace, ty) == Kind::Text && union_of(workspace, ty).is_some()
    }

    /// The slot that an expression names, or one that holds its value.
    fn slot(&mut self, expr: &Expr) -> SlotText {
        let made = |text: String| SlotText { text, form: Form::Made };
        let found = |text: String| SlotText { text, form: Form::Reference };
        match &expr.kind {
            ExprKind::Null => made("support::Slot::None".into()),
            ExprKind::Text(text) => made(format!("support::Slot::Text({}.into())", rust::string(text))),
            ExprKind::Float(value) => made(format!("support::Slot::Float({})", super::scalars::float(*value))),
            ExprKind::EnumValue(_, index) => made(format!("support::Slot::Member({index})")),
            ExprKind::EnumMap(id, map, key) => {
                let targets = &self.workspace().enums[*id].maps[*map].targets;
                let targets: Vec<String> = targets.iter().map(usize::to_string).collect();
                let key = self.slot(key).text;
                made(format!("support::Slot::Member([{}][usize::from({key}.index())])", targets.join(", ")))
            }
            ExprKind::Int(_) | ExprKind::Size(_) | ExprKind::Add(..) | ExprKind::Subtract(..) => {
                made(format!("support::Slot::Int({})", self.int(expr)))
            }
            ExprKind::Variable(Variable::Payload) => found("p".into()),
            ExprKind::Variable(Variable::From) => {
                self.states[0] = true;
                found("from_slot".into())
            }
            ExprKind::Variable(Variable::To) => {
                self.states[1] = true;
                found("to_slot".into())
            }
            ExprKind::Variable(Variable::Bound(name)) => found(names::value(name)),
            ExprKind::Known(inner) | ExprKind::Variant(inner, _) => self.slot(inner),
            ExprKind::Field(owner, name) => self.field(owner, name),
            ExprKind::Index(map, key) => {
                let SlotText { text, form } = self.slot(map);
                let value = match self.spelled_parts(key, map) {
                    Some(kind) => format!("{text}.get_text({kind}, {})", self.spelled(key)),
                    None => format!("{text}.get({})", self.slot(key).reference()),
                };
                found(value).part_of(form)
            }
            ExprKind::Conditional(condition, yes, no) => {
                let condition = self.bool(condition);
                let (yes, no) = (self.slot(yes), self.slot(no));
                let is_lent = yes.can_be_lent() && no.can_be_lent();
                let branch = |slot: SlotText| bare(if is_lent { slot.reference() } else { slot.owned() });
                let form = if is_lent { Form::Reference } else { Form::Made };
                SlotText { text: format!("(if {condition} {{ {} }} else {{ {} }})", branch(yes), branch(no)), form }
            }
            ExprKind::Hook(id, args) => made(format!("support::held(&{})", self.hook(*id, args))),
            ExprKind::EnumSet(..) | ExprKind::List(_) => unreachable!("sets and lists stand right of `in`"),
            _ => made(format!("support::Slot::Bool({})", self.bool(expr))),
        }
    }

    /// A call of a function that was written by hand: what it is given is its own.
    fn hook(&mut self, id: HookId, args: &[Expr]) -> String {
        let args: Vec<String> =
            args.iter().map(|arg| format!("support::given({})", self.slot(arg).reference())).collect();
        let name = names::value(&self.workspace().hooks[id].meta.name);
        format!("{}({})", names::in_crate(&format!("hooks::{name}")), args.join(", "))
    }

    fn field(&mut self, owner: &Expr, name: &str) -> SlotText {
        let workspace = self.workspace();
        if let (ExprKind::Variable(Variable::Payload), Some(Payload::Record(id))) = (&owner.kind, self.payload) {
            let place = place(workspace, id, name);
            if !self.fields.contains(&place) {
                self.fields.push(place);
            }
            return SlotText { text: local(name), form: Form::Reference };
        }
        let union = match (&owner.ty, &owner.kind) {
            (_, ExprKind::Variant(..)) => None,
            (ExprType::Of(ty), _) => union_of(workspace, ty),
            _ => None,
        };
        let SlotText { text: slot, form } = self.slot(owner);
        if let Some(id) = union {
            return union_field(workspace, id, &slot, name).part_of(form);
        }
        let ExprType::Of(ty) = &owner.ty else { unreachable!("only values of declared types have fields") };
        let Kind::Record(id) = kind(workspace, ty) else { unreachable!("a record was checked") };
        let text = format!("{slot}.items()[{}]", place(workspace, id, name));
        SlotText { text, form: Form::Place }.part_of(form)
    }
}

/// A block needs no parentheses around the whole of its value.
fn bare(text: String) -> String {
    let mut depth = 0_usize;
    let closes = text.char_indices().find(|&(_, c)| {
        depth = if c == '(' { depth + 1 } else { depth.saturating_sub(usize::from(c == ')')) };
        depth == 0
    });
    match closes {
        Some((at, _)) if text.starts_with("(if ") && at + 1 == text.len() => text[1..at].to_owned(),
        _ => text,
    }
}

/// The tag of a union, or a field that all its variants declare.
fn union_field(workspace: &Workspace, id: UnionId, slot: &str, name: &str) -> SlotText {
    let UnionForm::Tagged { tag, variants, .. } = &workspace.unions[id].form else {
        unreachable!("an untagged union has no fields")
    };
    if tag == name {
        return SlotText { text: format!("support::Slot::Member({slot}.index())"), form: Form::Made };
    }
    let places: Vec<String> =
        variants.iter().map(|variant| place(workspace, variant.record, name).to_string()).collect();
    SlotText { text: format!("{slot}.field_of(&[{}])", places.join(", ")), form: Form::Reference }
}

fn union_of(workspace: &Workspace, ty: &Type) -> Option<UnionId> {
    match workspace.unwrapped(ty) {
        Type::Union(id) => Some(*id),
        _ => None,
    }
}

fn place(workspace: &Workspace, record: RecordId, name: &str) -> usize {
    workspace.records[record].field(name).expect("a field that was checked")
}

/// The variable that holds the slot of a field of `p`.
pub(super) fn local(field: &str) -> String {
    format!("p_{}", names::value(field).trim_end_matches('_'))
}
