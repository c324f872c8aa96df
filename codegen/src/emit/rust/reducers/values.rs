//! What is assigned enters; the Rust that makes the typed value leaves.

use super::super::module::Module;
use super::super::names;
use super::super::records::{literal_of, record_path};
use super::super::types::spell;
use super::cells::{Cell, loose};
use super::expression::Compiler;
use super::places::{Base, Form, Operand, Place, as_optional, receiver};
use crate::emit::encode::rust;
use crate::json::{Value, canonical};
use crate::model::{
    Assignment, Expr, ExprKind, ExprType, HookId, Items, Presence, Primitive, Type, Variable, Workspace,
};

impl Compiler<'_, '_> {
    /// The value of an effect.
    pub(super) fn assigned(&mut self, assignment: &Assignment, wanted: &Type) -> String {
        match assignment {
            Assignment::Value(expr) => self.value(expr, wanted),
            Assignment::List(items, _) => self.list(items, wanted),
            Assignment::Record(members, _) => self.record(members, wanted),
        }
    }

    fn list(&mut self, items: &[Assignment], wanted: &Type) -> String {
        let workspace = self.workspace();
        let text = match workspace.unwrapped(wanted) {
            Type::Tuple(types) => {
                let parts: Vec<String> = items.iter().zip(types).map(|(item, ty)| self.assigned(item, ty)).collect();
                if let [only] = &parts[..] { format!("({only},)") } else { format!("({})", parts.join(", ")) }
            }
            ty @ (Type::List(of, _) | Type::Set(of, _)) => {
                let is_set = matches!(ty, Type::Set(..));
                let of = (**of).clone();
                let items: Vec<String> = items.iter().map(|item| self.assigned(item, &of)).collect();
                let items = format!("vec![{}]", items.join(", "));
                if is_set { format!("fold::set(&{items})") } else { self.limited(items, wanted) }
            }
            other => unreachable!("a list was checked, not {other:?}"),
        };
        as_optional(text, !workspace.is_optional(wanted))
    }

    /// A list where the type limits the number of items.
    fn limited(&mut self, items: String, wanted: &Type) -> String {
        let workspace = self.workspace();
        let is_limited = *workspace.unwrapped(wanted) != loose(workspace, workspace.unwrapped(wanted));
        if is_limited { format!("fold::converted(&{items})") } else { items }
    }

    fn record(&mut self, members: &[(String, Assignment)], wanted: &Type) -> String {
        let workspace = self.workspace();
        let Type::Record(id) = workspace.unwrapped(wanted) else { unreachable!("a record was checked") };
        let declared = &workspace.records[*id];
        let mut values = Vec::new();
        for field in &declared.fields {
            let given = members.iter().find(|(name, _)| *name == field.meta.name);
            values.push(match (given, &field.presence) {
                (Some((_, value)), _) => self.assigned(value, &field.ty),
                (None, Presence::Default(default)) => self.constant(default, &field.ty),
                (None, _) => "None".into(),
            });
        }
        let path = record_path(self.module, *id);
        let literal = literal_of(self.module, *id, &path, &values);
        as_optional(literal, !workspace.is_optional(wanted))
    }

    /// A value that the contract gives.
    pub(super) fn constant(&mut self, value: &Value, ty: &Type) -> String {
        let workspace = self.workspace();
        match (workspace.plain(ty), value) {
            (Type::Opt(_), Value::Null) => "None".into(),
            (Type::Enum(of), Value::String(text)) => {
                let index = workspace.enums[of.id].index_of(text).expect("a member of the enum");
                self.member(of.id, index)
            }
            (Type::List(_, items), Value::Array(given)) if given.is_empty() && *items == Items::default() => {
                "Vec::new()".into()
            }
            (Type::Primitive(Primitive::Bool), Value::Bool(value)) => value.to_string(),
            _ => format!("support::constant({})", rust::string(&canonical(value))),
        }
    }

    /// The owned value of an expression, of a type.
    pub(super) fn value(&mut self, expr: &Expr, wanted: &Type) -> String {
        let workspace = self.workspace();
        let is_optional = workspace.is_optional(wanted);
        let inner = workspace.unwrapped(wanted).clone();
        if matches!(inner, Type::Primitive(Primitive::Json))
            && !matches!(&expr.ty, ExprType::Of(ty) if *workspace.unwrapped(ty) == inner)
        {
            return as_optional(self.json(expr), !is_optional);
        }
        if let ExprKind::Known(tested) = &expr.kind
            && is_optional
            && !self.known.iter().any(|(known, _)| known.says_as(expr) || known.says_as(tested))
        {
            return self.value(tested, wanted);
        }
        if let ExprKind::Conditional(condition, yes, no) = &expr.kind {
            return self.chosen(condition, yes, no, wanted);
        }
        match self.operand(expr) {
            Operand::None => "None".into(),
            Operand::Place(place) => self.of_place(&place, wanted),
            Operand::Maybe(place) => {
                if same(workspace, &place.ty, &inner) {
                    return format!("{}.cloned()", receiver(&place.text));
                }
                format!("{}.map({})", receiver(&place.text), self.conversion(&inner))
            }
            Operand::Part(text, cell) => self.of_part(&text, &cell, wanted),
            Operand::MaybePart(text, _) => format!("{}.map(fold::value_of)", receiver(&text)),
            Operand::Base { text, base, is_optional: may_be_none } => {
                if may_be_none {
                    let made = Self::made("it", base, &inner);
                    let mapped = if made == "it" { text } else { format!("{}.map(|it| {made})", receiver(&text)) };
                    return if is_optional { mapped } else { format!("fold::known({mapped})") };
                }
                let made = Self::literal(expr, &inner).unwrap_or_else(|| Self::made(&text, base, &inner));
                as_optional(made, !is_optional)
            }
        }
    }

    /// A call of a function that was written by hand: what it is given is its own, and what it returns is ours.
    pub(super) fn hook(&mut self, id: HookId, args: &[Expr]) -> Place {
        let hook = &self.workspace().hooks[id];
        let args: Vec<String> = args.iter().zip(&hook.args).map(|(arg, (_, ty))| self.value(arg, ty)).collect();
        let name = names::value(&hook.meta.name);
        let call = format!("{}({})", names::in_crate(&format!("hooks::{name}")), args.join(", "));
        Place::new(call, hook.returns.clone(), Form::Made)
    }

    /// The value of one branch or the other; an entry of a map that may not be there is looked up once.
    pub(super) fn chosen(&mut self, condition: &Expr, yes: &Expr, no: &Expr, wanted: &Type) -> String {
        if let Some(Operand::MaybePart(text, _)) = self.looked_up(condition, yes, no) {
            return format!("{}.map(fold::value_of)", receiver(&text));
        }
        format!("if {} {{ {} }} else {{ {} }}", self.bool(condition), self.value(yes, wanted), self.value(no, wanted))
    }

    fn of_place(&mut self, place: &Place, wanted: &Type) -> String {
        let workspace = self.workspace();
        let (is_optional, wants_optional) = (workspace.is_optional(&place.ty), workspace.is_optional(wanted));
        let is_same = same(workspace, workspace.unwrapped(&place.ty), workspace.unwrapped(wanted));
        match (is_same, is_optional, wants_optional) {
            (true, true, true) | (true, false, false) => place.cloned(workspace),
            (true, false, true) => format!("Some({})", place.cloned(workspace)),
            (true, true, false) => format!("fold::known({})", place.cloned(workspace)),
            (false, false, true) => format!("Some({}({}))", self.conversion(wanted), place.reference()),
            (false, ..) => format!("{}({})", self.conversion(wanted), place.reference()),
        }
    }

    /// What makes a value of another type that holds the same. A part of the state takes what holds its items, whatever
    /// that is: there the type has to be said.
    fn conversion(&mut self, wanted: &Type) -> String {
        let workspace = self.workspace();
        let wanted = workspace.unwrapped(wanted);
        let is_part = matches!(wanted, Type::List(..) | Type::Set(..) | Type::Map(..));
        if is_part && *wanted == loose(workspace, wanted) {
            format!("fold::converted::<_, {}>", spell(self.module, wanted, "").ty)
        } else {
            "fold::converted".into()
        }
    }

    fn of_part(&mut self, text: &str, cell: &Cell, wanted: &Type) -> String {
        let is_optional = self.workspace().is_optional(wanted);
        // What is lent by a lookup is a reference already.
        let is_reference = text.ends_with(')') || !text.contains('.');
        let lent = if is_reference { text.to_owned() } else { format!("&{text}") };
        let _ = cell;
        as_optional(format!("fold::value_of({lent})"), !is_optional)
    }

    /// A literal of a type.
    fn literal(expr: &Expr, ty: &Type) -> Option<String> {
        let json = match &expr.kind {
            ExprKind::Int(value) => value.to_string(),
            ExprKind::Text(text) => canonical(&Value::String(text.clone())),
            ExprKind::Float(value) => canonical(&Value::Number(*value)),
            ExprKind::Bool(value) if matches!(ty, Type::Primitive(Primitive::Bool)) => return Some(value.to_string()),
            ExprKind::Bool(value) => value.to_string(),
            _ => return None,
        };
        let is_text = matches!(expr.kind, ExprKind::Text(_));
        if let (ExprKind::Text(text), Type::Primitive(Primitive::String(_))) = (&expr.kind, ty) {
            return Some(format!("{}.into()", rust::string(text)));
        }
        // A number for a type that is a text on the wire is that text.
        let json = match ty {
            Type::Primitive(Primitive::Int64(_) | Primitive::Uint64(_)) if !is_text => format!("\"{json}\""),
            _ => json,
        };
        Some(format!("support::constant({})", rust::string(&json)))
    }

    /// A value of a type made of its base.
    fn made(text: &str, base: Base, ty: &Type) -> String {
        let is_builtin = |wanted: &Primitive| matches!(ty, Type::Primitive(own) if own == wanted);
        match base {
            Base::Member(_) => text.to_owned(),
            Base::Bool if is_builtin(&Primitive::Bool) => text.to_owned(),
            Base::Bool => format!("fold::truth({text})"),
            Base::Int => format!("fold::integer({text})"),
            Base::Text => format!("fold::text({text})"),
            Base::Uint => format!("fold::unsigned({text})"),
            Base::Float => format!("fold::float({text})"),
            Base::Instant => unreachable!("a moment is taken from where its text lies"),
        }
    }

    /// The value of an expression as untyped JSON.
    pub(super) fn json(&mut self, expr: &Expr) -> String {
        if matches!(expr.kind, ExprKind::Variable(Variable::Violations)) {
            return "fold::json_codes(&broken)".into();
        }
        let null = "support::Json::Null";
        if let (ExprKind::Conditional(condition, yes, no), ExprType::Of(ty)) = (&expr.kind, &expr.ty)
            && Base::of(self.workspace(), ty) == Some(Base::Instant)
        {
            return format!("if {} {{ {} }} else {{ {} }}", self.bool(condition), self.json(yes), self.json(no));
        }
        if let ExprKind::Conditional(condition, yes, no) = &expr.kind
            && self.looked_up(condition, yes, no).is_none()
            && [yes, no].into_iter().any(|branch| self.is_part(branch))
        {
            return format!("if {} {{ {} }} else {{ {} }}", self.bool(condition), self.json(yes), self.json(no));
        }
        match self.operand(expr) {
            Operand::None => null.into(),
            Operand::Place(place) => format!("fold::json({})", place.reference()),
            Operand::Maybe(place) => format!("{}.map_or({null}, fold::json)", receiver(&place.text)),
            Operand::Part(text, _) => format!("fold::json_of(&{text}, {})", self.kind_of(expr)),
            Operand::MaybePart(text, _) => {
                let kind = self.kind_of(expr);
                format!("{}.map_or({null}, |it| fold::json_of(it, {kind}))", receiver(&text))
            }
            Operand::Base { text, base, is_optional } => {
                let (function, one) = match base {
                    Base::Text => ("fold::json_text", format!("fold::json_text({text})")),
                    Base::Int => ("fold::json_int", format!("fold::json_int({text})")),
                    Base::Bool => ("support::Json::Bool", format!("support::Json::Bool({text})")),
                    Base::Float => ("fold::json_float", format!("fold::json_float({text})")),
                    _ => ("|it| fold::json(&it)", format!("fold::json(&{text})")),
                };
                let function = function.to_owned();
                if is_optional { format!("{}.map_or({null}, {function})", receiver(&text)) } else { one }
            }
        }
    }

    /// Whether an expression names a part of the state that is no plain value.
    fn is_part(&mut self, expr: &Expr) -> bool {
        let is_path = !matches!(expr.kind, ExprKind::Conditional(..));
        is_path && matches!(self.operand(expr), Operand::Part(..) | Operand::MaybePart(..))
    }

    fn kind_of(&mut self, expr: &Expr) -> String {
        let workspace = self.workspace();
        let ExprType::Of(ty) = &expr.ty else { unreachable!("a part of the state has a type") };
        spell(self.module, &loose(workspace, workspace.unwrapped(ty)), "").kind.line(0, "", "").trim_end().to_owned()
    }
}

/// Whether two types are one in Rust.
fn same(workspace: &Workspace, one: &Type, other: &Type) -> bool {
    let has_inline_bounds = |ty: &Type| match ty {
        Type::Primitive(_) | Type::List(..) | Type::Set(..) | Type::Map(..) => *ty != loose(workspace, ty),
        _ => false,
    };
    let enums = |ty: &Type| if let Type::Enum(of) = ty { Some(of.id) } else { None };
    if let (Some(one), Some(other)) = (enums(one), enums(other)) {
        return one == other;
    }
    let is_external = |ty: &Type| matches!(ty, Type::External(_));
    !is_external(one)
        && !is_external(other)
        && !has_inline_bounds(one)
        && !has_inline_bounds(other)
        && rust_same(workspace, one, other)
}

/// Types that differ only in what narrows or names them are one in Rust.
fn rust_same(workspace: &Workspace, one: &Type, other: &Type) -> bool {
    let see_through = |ty: &Type| match ty {
        Type::Named(id) if !super::super::types::is_newtype(&workspace.types[*id].ty) => {
            Some(workspace.types[*id].ty.clone())
        }
        _ => None,
    };
    if let Some(plain) = see_through(one) {
        return rust_same(workspace, &plain, other);
    }
    if let Some(plain) = see_through(other) {
        return rust_same(workspace, one, &plain);
    }
    match (one, other) {
        (Type::Enum(one), Type::Enum(other)) => one.id == other.id,
        (Type::Opt(one), Type::Opt(other)) => rust_same(workspace, one, other),
        (Type::List(one, own), Type::List(other, its)) | (Type::Set(one, own), Type::Set(other, its)) => {
            own == its && rust_same(workspace, one, other)
        }
        (Type::Map(key, value, own), Type::Map(other_key, other_value, its)) => {
            own == its && rust_same(workspace, key, other_key) && rust_same(workspace, value, other_value)
        }
        (Type::Tuple(one), Type::Tuple(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| rust_same(workspace, one, other))
        }
        (Type::Primitive(_), Type::Primitive(_)) => one == other && *one == loose(workspace, one),
        _ => one == other,
    }
}

/// Every expression of an assignment.
pub(super) fn expressions(assignment: &Assignment, see: &mut dyn FnMut(&Expr)) {
    match assignment {
        Assignment::Value(expr) => see(expr),
        Assignment::List(items, _) => items.iter().for_each(|item| expressions(item, see)),
        Assignment::Record(members, _) => members.iter().for_each(|(_, value)| expressions(value, see)),
    }
}

/// The text of the type's kind.
pub(super) fn kind_text(module: &mut Module<'_>, ty: &Type) -> String {
    spell(module, ty, "").kind.line(0, "", "").trim_end().to_owned()
}
