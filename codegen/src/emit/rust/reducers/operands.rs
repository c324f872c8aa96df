//! What an expression names, looks up or chooses enters; the Rust that reads it where it lies leaves.

use super::super::records::field_path;
use super::super::types::spell;
use super::super::{enums, names};
use super::cells::{Cell, loose};
use super::expression::Compiler;
use super::places::{Base, Form, Operand, Place, as_optional, base, enum_type, receiver};
use crate::emit::encode::rust;
use crate::expr::{Kind, kind};
use crate::model::{
    CompareOp, EnumId, Expr, ExprKind, ExprType, RecordId, Type, UnionForm, UnionId, Variable, Workspace,
};

impl Compiler<'_, '_> {
    /// The value of an expression where it lies.
    pub(super) fn operand(&mut self, expr: &Expr) -> Operand {
        if let Some((_, place)) = self.known.iter().rev().find(|(known, _)| known.says_as(expr)) {
            return Operand::Place(place.clone());
        }
        let base = |text: String, base| Operand::Base { text, base, is_optional: false };
        match &expr.kind {
            ExprKind::Null => Operand::None,
            ExprKind::Text(text) => base(rust::string(text), Base::Text),
            ExprKind::Float(value) => base(super::super::scalars::float(*value), Base::Float),
            ExprKind::Int(value) => base(value.to_string(), Base::Int),
            ExprKind::EnumValue(id, index) => base(self.member(*id, *index), Base::Member(*id)),
            ExprKind::EnumMap(id, map, key) => {
                let map = &self.workspace().enums[*id].maps[*map];
                let key = self.certain(key);
                base(format!("{}.{}()", receiver(&key), enums::map_method(&map.name)), Base::Member(map.to))
            }
            ExprKind::Size(inner) => base(self.size(inner), Base::Int),
            ExprKind::Add(left, right) => {
                base(format!("support::clamped({} + {})", self.certain(left), self.certain(right)), Base::Int)
            }
            ExprKind::Subtract(left, right) => {
                base(format!("support::clamped({} - {})", self.certain(left), self.certain(right)), Base::Int)
            }
            ExprKind::Variable(variable) => self.variable(variable, &expr.ty),
            ExprKind::Known(inner) => self.unwrapped(inner),
            ExprKind::Variant(inner, _) => self.operand(inner),
            ExprKind::Field(owner, name) => self.field(owner, name, &expr.ty),
            ExprKind::Index(map, key) => self.index(map, key),
            ExprKind::Conditional(condition, yes, no) => self.conditional(expr, condition, yes, no),
            ExprKind::Hook(id, args) => Operand::Place(self.hook(*id, args)),
            ExprKind::EnumSet(..) | ExprKind::List(_) => unreachable!("sets and lists stand right of `in`"),
            _ => base(self.bool(expr), Base::Bool),
        }
    }

    /// A member of an enum.
    pub(super) fn member(&mut self, id: EnumId, index: usize) -> String {
        let name = names::variant(&self.workspace().enums[id].values[index].name);
        format!("{}::{name}", enum_type(self.module, id))
    }

    fn size(&mut self, of: &Expr) -> String {
        match self.operand(of) {
            Operand::Part(text, Cell::Plain(_)) => format!("support::length(&{text})"),
            Operand::Part(text, _) => format!("{text}.size()"),
            Operand::Place(place) if base(self.module, &place).is_none() => {
                format!("fold::count({}.len())", receiver(&place.text))
            }
            _ => format!("support::length({})", self.certain(of)),
        }
    }

    fn variable(&mut self, variable: &Variable, ty: &ExprType) -> Operand {
        let of = || match ty {
            ExprType::Of(ty) => ty.clone(),
            _ => unreachable!("a variable has a type"),
        };
        match variable {
            Variable::Payload => {
                self.reads_payload = true;
                Operand::Place(Place::new("p", of(), Form::Reference))
            }
            Variable::Envelope => {
                self.reads_envelope = true;
                Operand::Place(Place::new("e", of(), Form::Reference))
            }
            Variable::From => Operand::Place(Place::new("from", of(), Form::Place)),
            Variable::To => Operand::Place(Place::new("to", of(), Form::Place)),
            Variable::Slot(slot) => self.part(format!("self.slots.{}", self.slot_name(*slot)), *slot),
            Variable::Snapshot(slot) => self.part(self.start_of(*slot), *slot),
            Variable::ErrorCode => {
                Operand::Base { text: "fault.code.as_str()".into(), base: Base::Text, is_optional: false }
            }
            Variable::ErrorPath => Operand::Base { text: "&fault.path".into(), base: Base::Text, is_optional: false },
            Variable::Violations => unreachable!("violations are shown as they are"),
            Variable::Bound(name) => unreachable!("`{name}` is known where it is bound"),
        }
    }

    /// The field that holds a slot.
    pub(super) fn slot_name(&self, slot: usize) -> String {
        names::value(&self.reducer.slots[slot].name)
    }

    /// What a slot was when the group of events began.
    pub(super) fn start_of(&self, slot: usize) -> String {
        let name = self.slot_name(slot);
        if self.cells.know_start(self.reducer) {
            format!("self.slots.{name}.at_start()")
        } else {
            format!("self.start.{name}")
        }
    }

    fn part(&self, text: String, slot: usize) -> Operand {
        lying(text, self.cells.slot(slot, &self.reducer.slots[slot]))
    }

    /// The value of an `opt` that was tested.
    fn unwrapped(&mut self, inner: &Expr) -> Operand {
        let workspace = self.workspace();
        match self.operand(inner) {
            Operand::Maybe(place) => {
                Operand::Place(Place { text: format!("fold::known({})", place.text), form: Form::Reference, ..place })
            }
            Operand::MaybePart(text, cell) => lying(format!("fold::known({text})"), cell),
            Operand::Base { text, base, is_optional: true } => {
                Operand::Base { text: format!("fold::known({text})"), base, is_optional: false }
            }
            Operand::Place(place) => match workspace.plain(&place.ty) {
                Type::Opt(of) => {
                    let of = (**of).clone();
                    if super::places::is_copy(workspace, &of) {
                        return Operand::Place(Place::new(format!("fold::known({})", place.copied()), of, Form::Place));
                    }
                    let text = format!("fold::known({}.as_ref())", receiver(&place.text));
                    Operand::Place(Place::new(text, of, Form::Reference))
                }
                _ => Operand::Place(place),
            },
            other => other,
        }
    }

    fn field(&mut self, owner: &Expr, name: &str, ty: &ExprType) -> Operand {
        let workspace = self.workspace();
        let union = match (&owner.kind, &owner.ty) {
            (ExprKind::Variant(union, _), _) => Some((union_of(workspace, &union.ty), true)),
            (_, ExprType::Of(ty)) => Some((union_of_type(workspace, ty), false)),
            _ => None,
        };
        if let Some((Some(id), is_variant)) = union {
            return self.union_field(id, owner, name, is_variant, ty);
        }
        let owner_ty = &owner.ty;
        match self.operand(owner) {
            Operand::Part(text, Cell::Record(id)) => {
                let cell = self.cells.field(id, name);
                lying(format!("{text}.{}", names::value(name)), cell)
            }
            Operand::Place(place) => {
                let id = record_of(workspace, owner_ty);
                let declared = &workspace.records[id];
                let field = &declared.fields[declared.field(name).expect("a field that was checked")];
                if matches!(owner.kind, ExprKind::Variable(Variable::Envelope)) && self.cells.has_head {
                    let text = format!("{}.{}", receiver(&place.text), names::value(name));
                    return Operand::Place(Place::new(text, loose(workspace, &field.ty), Form::Place));
                }
                let path = field_path(workspace, id, name);
                Operand::Place(Place::new(format!("{}.{path}", receiver(&place.text)), field.ty.clone(), Form::Place))
            }
            other => unreachable!("{other:?} was checked to have fields"),
        }
    }

    /// A field of a union is read by its place in the variant's slots.
    fn union_field(&mut self, id: UnionId, owner: &Expr, name: &str, is_variant: bool, ty: &ExprType) -> Operand {
        let workspace = self.workspace();
        let UnionForm::Tagged { tag, tag_type, variants, .. } = &workspace.unions[id].form else {
            unreachable!("an untagged union has no fields")
        };
        let union = match self.operand(owner) {
            Operand::Place(place) => place.reference(),
            Operand::Maybe(place) => format!("fold::known({})", place.text),
            other => unreachable!("{other:?} was checked to be a union"),
        };
        let slot = format!("support::Value::to_slot({union})");
        if tag == name {
            let text = format!("{}::ALL[usize::from({slot}.index())]", enum_type(self.module, *tag_type));
            return Operand::Base { text, base: Base::Member(*tag_type), is_optional: false };
        }
        let place = |record: RecordId| workspace.records[record].field(name).expect("a field that was checked");
        let field = if is_variant {
            let ExprKind::Variant(_, value) = &owner.kind else { unreachable!("a variant was tested") };
            let variant = variants.iter().find(|variant| variant.value == *value).expect("a variant of the union");
            format!("&{slot}.items()[{}]", place(variant.record))
        } else {
            let places: Vec<String> = variants.iter().map(|variant| place(variant.record).to_string()).collect();
            format!("{slot}.field_of(&[{}])", places.join(", "))
        };
        let ExprType::Of(ty) = ty else { unreachable!("a field has a type") };
        let ty = loose(workspace, ty);
        let spelled = spell(self.module, &ty, "").ty;
        Operand::Place(Place::new(format!("fold::taken::<{spelled}>({field})"), ty, Form::Place))
    }

    fn index(&mut self, map: &Expr, key: &Expr) -> Operand {
        match self.operand(map) {
            Operand::Part(text, Cell::Map(_, value)) => lying(format!("{text}.at({})", self.key(key)), *value),
            Operand::Place(place) => {
                let workspace = self.workspace();
                let Kind::Map(_, value) = kind(workspace, &place.ty) else { unreachable!("a map was checked") };
                let text = format!("fold::at({}, {})", place.reference(), self.key(key));
                Operand::Place(Place::new(text, value.clone(), Form::Reference))
            }
            other => unreachable!("{other:?} was checked to be a map"),
        }
    }

    fn conditional(&mut self, whole: &Expr, condition: &Expr, yes: &Expr, no: &Expr) -> Operand {
        let workspace = self.workspace();
        if let Some(found) = self.looked_up(condition, yes, no) {
            return found;
        }
        let ExprType::Of(ty) = &whole.ty else { return Operand::None };
        // What a hook returns is nobody's: out of a branch it cannot be lent.
        if [yes, no].into_iter().any(|branch| !branch.hooks().is_empty()) {
            let text = format!("({})", self.chosen(condition, yes, no, ty));
            return Operand::Place(Place::new(text, ty.clone(), Form::Made));
        }
        if let Some(base) = Base::of(workspace, ty) {
            if let Some(text) = self.mapped(condition, yes, no) {
                return Operand::Base { text, base, is_optional: true };
            }
            let condition = self.bool(condition);
            let ((yes, yes_optional), (no, no_optional)) = (self.base(yes), self.base(no));
            let is_optional = yes_optional || no_optional;
            let side = |text: String, own: bool| if is_optional { as_optional(text, own) } else { text };
            let text = format!("if {condition} {{ {} }} else {{ {} }}", side(yes, yes_optional), side(no, no_optional));
            return Operand::Base { text, base, is_optional };
        }
        let condition = self.bool(condition);
        let inner = workspace.unwrapped(ty).clone();
        if workspace.is_optional(ty) {
            let (yes, no) = (self.option(yes), self.option(no));
            let text = format!("(if {condition} {{ {yes} }} else {{ {no} }})");
            return Operand::Maybe(Place::new(text, inner, Form::Reference));
        }
        let (yes, no) = (self.lent(yes, &inner), self.lent(no, &inner));
        let text = format!("(if {condition} {{ {yes} }} else {{ {no} }})");
        Operand::Place(Place::new(text, inner, Form::Reference))
    }

    /// `k in m ? m[k] : null` is the entry of the map, if there is one.
    pub(super) fn looked_up(&mut self, condition: &Expr, yes: &Expr, no: &Expr) -> Option<Operand> {
        let (ExprKind::In(item, container), ExprKind::Index(map, key), ExprKind::Null) =
            (&condition.kind, &yes.kind, &no.kind)
        else {
            return None;
        };
        if !(item.says_as(key) && container.says_as(map)) {
            return None;
        }
        match self.operand(map) {
            Operand::Part(text, Cell::Map(_, value)) => {
                let text = format!("{text}.get({})", self.key(key));
                match *value {
                    Cell::Plain(ty) if matches!(self.workspace().plain(&ty), Type::Opt(_)) => {
                        let Type::Opt(inner) = self.workspace().plain(&ty).clone() else { return None };
                        let text = format!("{text}.and_then(|it| it.as_ref())");
                        Some(Operand::Maybe(Place::new(text, *inner, Form::Reference)))
                    }
                    Cell::Plain(ty) => {
                        let text = format!("{text}.map(|it| &**it)");
                        Some(self.maybe_base(Place::new(text, ty, Form::Reference)))
                    }
                    Cell::Maybe(part) => Some(Operand::MaybePart(format!("{text}.and_then(|it| it.get())"), *part)),
                    cell => Some(Operand::MaybePart(text, cell)),
                }
            }
            _ => None,
        }
    }

    /// A reference to a value that compares by its base is that base.
    fn maybe_base(&mut self, place: Place) -> Operand {
        let it = Place::new("it", place.ty.clone(), Form::Reference);
        match base(self.module, &it) {
            Some((text, base, false)) => {
                Operand::Base { text: format!("{}.map(|it| {text})", place.text), base, is_optional: true }
            }
            _ => Operand::Maybe(place),
        }
    }

    /// `x == null ? null : f(x)` and `x != null ? f(x) : null` are `f` of what is there.
    fn mapped(&mut self, condition: &Expr, yes: &Expr, no: &Expr) -> Option<String> {
        let (tested, inner) = match (&condition.kind, &yes.kind, &no.kind) {
            (ExprKind::Compare { op: CompareOp::Eq, left, right, .. }, ExprKind::Null, _)
                if matches!(right.kind, ExprKind::Null) =>
            {
                (&**left, no)
            }
            (ExprKind::Compare { op: CompareOp::Ne, left, right, .. }, _, ExprKind::Null)
                if matches!(right.kind, ExprKind::Null) =>
            {
                (&**left, yes)
            }
            _ => return None,
        };
        let known = |place| (Expr { kind: ExprKind::Known(Box::new(tested.clone())), ..tested.clone() }, place);
        let (text, place) = match self.operand(tested) {
            Operand::MaybePart(text, Cell::Record(id)) => return self.mapped_part(&text, id, tested, inner),
            _ => self.maybe(tested, "it")?,
        };
        self.known.push(known(place.clone()));
        self.known.push((tested.clone(), place));
        let (body, is_optional) = self.base(inner);
        self.known.truncate(self.known.len() - 2);
        let method = if is_optional { "and_then" } else { "map" };
        Some(format!("{text}.{method}(|it| {body})"))
    }

    fn mapped_part(&mut self, text: &str, id: RecordId, tested: &Expr, inner: &Expr) -> Option<String> {
        let ExprKind::Field(owner, name) = &inner.kind else { return None };
        let ExprKind::Known(known) = &owner.kind else { return None };
        if !known.says_as(tested) {
            return None;
        }
        let Operand::Place(place) = lying(format!("it.{}", names::value(name)), self.cells.field(id, name)) else {
            return None;
        };
        let field = Place { text: format!("(*{})", place.text), form: Form::Place, ..place };
        let (body, _, is_optional) = base(self.module, &field)?;
        let method = if is_optional { "and_then" } else { "map" };
        Some(format!("{text}.{method}(|it| {body})"))
    }

    /// `Option<&T>` of a value.
    fn option(&mut self, expr: &Expr) -> String {
        match self.operand(expr) {
            Operand::None => "None".into(),
            Operand::Maybe(place) => place.text,
            Operand::Place(place) if self.workspace().is_optional(&place.ty) => {
                format!("{}.as_ref()", receiver(&place.text))
            }
            Operand::Place(place) => format!("Some({})", place.reference()),
            other => unreachable!("{other:?} cannot be lent"),
        }
    }

    /// A reference to a value of a type.
    pub(super) fn lent(&mut self, expr: &Expr, wanted: &Type) -> String {
        match self.operand(expr) {
            Operand::Place(place) => place.reference(),
            _ => format!("&{}", self.value(expr, wanted)),
        }
    }
}

/// A part of the state where it lies: a plain one is the value it holds.
pub(super) fn lying(text: String, cell: Cell) -> Operand {
    match cell {
        Cell::Plain(ty) => Operand::Place(Place::new(text, ty, Form::Reference)),
        Cell::Maybe(part) => Operand::MaybePart(format!("{text}.get()"), *part),
        cell => Operand::Part(text, cell),
    }
}

fn record_of(workspace: &Workspace, ty: &ExprType) -> RecordId {
    match ty {
        ExprType::Of(ty) => match kind(workspace, ty) {
            Kind::Record(id) => id,
            other => unreachable!("a record was checked, not {other:?}"),
        },
        _ => unreachable!("a record has a type"),
    }
}

fn union_of(workspace: &Workspace, ty: &ExprType) -> Option<UnionId> {
    match ty {
        ExprType::Of(ty) => union_of_type(workspace, ty),
        _ => None,
    }
}

fn union_of_type(workspace: &Workspace, ty: &Type) -> Option<UnionId> {
    match workspace.unwrapped(ty) {
        Type::Union(id) => Some(*id),
        _ => None,
    }
}
