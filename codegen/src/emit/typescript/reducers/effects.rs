//! Effects of a step enter; statements leave that change the state. Their values were computed before any of them.

use super::super::layout::{Doc, assigned, call, row, text};
use super::super::names;
use super::cells::is_cell;
use super::code::Code;
use super::values::{NoneAs, Steps};
use crate::emit::encode::typescript::string;
use crate::json::Value;
use crate::model::{Access, Assignment, AssignmentKind, Expr, ExprKind, Presence, Target, Type, Variable};

/// What a step does to the state: machines first.
#[derive(Default)]
pub(super) struct Effects<'m> {
    fills: Vec<(usize, String)>,
    changes: Vec<(AssignmentKind, &'m Target, Option<&'m Assignment>)>,
}

impl<'m> Effects<'m> {
    /// A machine slot takes the state that a variable holds.
    pub(super) fn fill(&mut self, slot: usize, variable: String) {
        self.fills.push((slot, variable));
    }

    pub(super) fn add(&mut self, kind: AssignmentKind, target: &'m Target, value: Option<&'m Assignment>) {
        self.changes.push((kind, target, value));
    }
}

/// An effect whose expressions are compiled.
struct Ready<'m> {
    kind: AssignmentKind,
    target: &'m Target,
    /// Keys on the way, in order.
    keys: Vec<Doc>,
    /// What is assigned; of `put` the key, then the value.
    values: Vec<Doc>,
}

/// What holds a property.
#[derive(Clone)]
enum Owner {
    Whole(Doc),
    /// `x as T`
    Cast(Doc),
}

impl Owner {
    /// As something stands behind it.
    fn operand(self) -> Doc {
        match self {
            Self::Whole(doc) => doc,
            Self::Cast(doc) => doc.parenthesised(),
        }
    }

    /// As it stands alone.
    fn whole(self) -> Doc {
        let (Self::Whole(doc) | Self::Cast(doc)) = self;
        doc
    }
}

/// Where a value is kept.
enum Location {
    /// A slot, or a field of a record.
    Property(Owner, String),
    /// Under a key of a map.
    Entry(Doc, Doc),
}

impl<'m> Steps<'_, 'm> {
    pub(super) fn effects(&mut self, effects: Effects<'m>, code: &mut Code) {
        if effects.fills.is_empty() && effects.changes.is_empty() {
            return;
        }
        let mut written: Vec<usize> = effects.fills.iter().map(|(slot, _)| *slot).collect();
        let mut variables = 0;
        let mut ready = Vec::new();
        for (kind, target, value) in effects.changes {
            ready.push(self.prepared(kind, target, value, &written, &mut variables, code));
            written.push(target.slot);
        }
        if !self.scope.reads_start() {
            self.scope.note("s");
        }
        self.change(code, |steps, code| {
            for (slot, variable) in effects.fills {
                let name = steps.scope.reducer.slots[slot].name.clone();
                let place = Location::Property(Owner::Whole(text("s")), name);
                code.statement(steps.replaced(&place, text(variable)));
            }
            for effect in ready {
                steps.applied(effect, code);
            }
        });
    }

    /// Statements that change `s`; the snapshot sees them later.
    pub(super) fn change(&mut self, code: &mut Code, body: impl FnOnce(&mut Self, &mut Code)) {
        if !self.scope.reads_start() {
            return body(self, code);
        }
        code.line("f.change((s) => {");
        code.indented(|code| body(self, code));
        code.line("});");
    }

    /// Compiles the expressions of an effect; those that would see what is changed before stand in variables.
    fn prepared(
        &mut self,
        kind: AssignmentKind,
        target: &'m Target,
        value: Option<&'m Assignment>,
        written: &[usize],
        variables: &mut usize,
        code: &mut Code,
    ) -> Ready<'m> {
        let mut kept = |steps: &mut Self, exprs: &[&Expr], ty: Doc, value: Doc, code: &mut Code| {
            let is_early = exprs.iter().any(|expr| steps.must_be_early(expr, written));
            if !is_early {
                return value;
            }
            *variables += 1;
            let name = if *variables == 1 { "value".to_owned() } else { format!("value{variables}") };
            let head = row(vec![text(format!("const {name}: ")), ty, text(" =")]);
            code.statement(row(vec![head, assigned(value)]));
            text(name)
        };
        let mut keys = Vec::new();
        for access in &target.path {
            if let Access::Key { key, .. } = access {
                let value = self.expression(key);
                keys.push(kept(self, &[key], text("string"), value, code));
            }
        }
        let workspace = self.module.workspace;
        let mut values = Vec::new();
        let plain = workspace.plain(&target.ty);
        let parts: Vec<(&Assignment, &Type, bool)> = match (kind, value, plain) {
            (AssignmentKind::Put, Some(Assignment::List(pair, _)), Type::Map(key, of, _)) => {
                vec![(&pair[0], &**key, true), (&pair[1], &**of, false)]
            }
            (AssignmentKind::Drop, Some(value), Type::Map(key, ..)) => vec![(value, &**key, true)],
            (AssignmentKind::Set, Some(value), _) => vec![(value, &target.ty, false)],
            (_, Some(value), Type::List(of, _) | Type::Set(of, _) | Type::Opt(of)) => vec![(value, &**of, false)],
            (_, Some(value), _) => vec![(value, &target.ty, false)],
            (_, None, _) => vec![],
        };
        let absent = self.none_at(target);
        for (value, ty, is_key) in parts {
            let mut exprs = Vec::new();
            in_assignment(value, &mut exprs);
            let (doc, name) = if is_key {
                let Assignment::Value(expr) = value else { unreachable!("keys are texts") };
                (self.expression(expr), text("string"))
            } else {
                let none = if kind == AssignmentKind::Set { absent } else { NoneAs::Null };
                (self.assigned(value, ty, none), self.value_type(ty, none))
            };
            values.push(kept(self, &exprs, name, doc, code));
        }
        Ready { kind, target, keys, values }
    }

    fn value_type(&mut self, ty: &Type, none: NoneAs) -> Doc {
        match none {
            NoneAs::Absence if self.module.workspace.is_optional(ty) => {
                let inner = self.module.ty(super::without_opt(self.module.workspace, ty));
                row(vec![inner, text(" | undefined")])
            }
            _ => self.module.nullable(ty),
        }
    }

    /// Whether an expression has to be computed before the effects of its step.
    fn must_be_early(&self, expr: &Expr, written: &[usize]) -> bool {
        if self.scope.reads_start() {
            // In a function the compiler forgets what was tested, and the snapshot is about to change.
            return depends_on_place(expr);
        }
        written.iter().any(|slot| expr.reads(&Variable::Slot(*slot)))
    }

    /// How none is written at a target: an optional field is absent.
    fn none_at(&self, target: &Target) -> NoneAs {
        let workspace = self.module.workspace;
        let mut ty = &self.scope.reducer.slots[target.slot].ty;
        let mut none = NoneAs::Null;
        for access in &target.path {
            (none, ty) = match (access, workspace.unwrapped(ty)) {
                (Access::Field(name), Type::Record(id)) => {
                    let record = &workspace.records[*id];
                    let field = &record.fields[record.field(name).expect("a field of the record, as was checked")];
                    let is_absent = field.presence == Presence::Optional;
                    (if is_absent { NoneAs::Absence } else { NoneAs::Null }, &field.ty)
                }
                (_, Type::Map(_, of, _)) => (NoneAs::Null, &**of),
                (_, other) => unreachable!("the way into {other:?} was checked"),
            };
        }
        none
    }

    fn applied(&mut self, effect: Ready<'m>, code: &mut Code) {
        let Ready { kind, target, keys, values } = effect;
        let workspace = self.module.workspace;
        let is_grown = is_cell(workspace, &target.ty);
        let start = target.start.as_ref();
        let place = self.location(target, keys);
        let mut values = values.into_iter();
        let mut value = || values.next().expect("the effect has a value");
        match kind {
            AssignmentKind::Set if is_grown => self.reset(target, &place, value(), code),
            AssignmentKind::Set => code.statement(self.replaced(&place, value())),
            AssignmentKind::Init => {
                let test = row(vec![read(&place), text(" == null")]);
                let mut filled = value();
                if is_grown && matches!(place, Location::Property(..)) {
                    filled = call("f.thaw", vec![self.module.shape(workspace.unwrapped(&target.ty)), filled]);
                }
                code.guard(test, self.replaced(&place, filled));
            }
            AssignmentKind::Increment => {
                let count = match &place {
                    Location::Entry(map, key) => entered(map.clone(), key.clone(), start),
                    place @ Location::Property(..) => read(place),
                };
                let statement = self.replaced(&place, call("$.add", vec![count, text("1")]));
                code.statement(statement);
            }
            AssignmentKind::Clear if start == Some(&Value::Null) && matches!(place, Location::Property(..)) => {
                let none = text(self.none_at(target).as_str());
                code.statement(self.replaced(&place, none));
            }
            AssignmentKind::Clear => {
                let start = self.module.start_literal(&target.ty, start.expect("`clear` was checked to have a start"));
                if is_grown {
                    self.reset(target, &place, start, code);
                } else {
                    code.statement(self.replaced(&place, start));
                }
            }
            AssignmentKind::Append => called(target, &place, ".append", vec![value()], code),
            AssignmentKind::AppendUnique => called(target, &place, ".appendUnique", vec![value()], code),
            AssignmentKind::Add => called(target, &place, ".add", vec![value()], code),
            AssignmentKind::Put => called(target, &place, ".put", vec![value(), value()], code),
            AssignmentKind::Drop => called(target, &place, ".drop", vec![value()], code),
        }
    }

    /// Fills a list, set, map or record anew.
    fn reset(&mut self, target: &Target, place: &Location, value: Doc, code: &mut Code) {
        let workspace = self.module.workspace;
        let statement = match (workspace.plain(&target.ty), place) {
            (_, Location::Entry(map, key)) => row(vec![map.clone(), call(".put", vec![key.clone(), value])]),
            (Type::Record(_) | Type::Opt(_), place) => {
                let shape = match self.none_at(target) {
                    NoneAs::Absence => self.module.absent_shape(&target.ty),
                    NoneAs::Null => self.module.shape(&target.ty),
                };
                self.replaced(place, call("f.thaw", vec![shape, value]))
            }
            (_, place) => row(vec![read(place), call(".reset", vec![value])]),
        };
        code.statement(statement);
    }

    /// `place = value`, so that it can be taken back where that may be wanted.
    fn replaced(&self, place: &Location, value: Doc) -> Doc {
        match place {
            Location::Entry(map, key) => row(vec![map.clone(), call(".put", vec![key.clone(), value])]),
            Location::Property(owner, name) if self.scope.is_journaled() => {
                call("f.set", vec![owner.clone().whole(), text(string(name)), value])
            }
            place @ Location::Property(..) => row(vec![read(place), text(" ="), assigned(value)]),
        }
    }

    fn location(&mut self, target: &Target, keys: Vec<Doc>) -> Location {
        let workspace = self.module.workspace;
        let slot = &self.scope.reducer.slots[target.slot];
        let mut ty = &slot.ty;
        let mut place = Location::Property(Owner::Whole(text("s")), slot.name.clone());
        let mut keys = keys.into_iter();
        let mut start: Option<&Value> = None;
        for access in &target.path {
            let owner = match &place {
                Location::Property(..) => read(&place),
                Location::Entry(map, key) => entered(map.clone(), key.clone(), start),
            };
            let owner = match workspace.plain(ty) {
                // The compiler may take what was tested for impossible.
                Type::Opt(of) => Owner::Cast(row(vec![owner, text(" as "), self.module.cell_type(of)])),
                _ => Owner::Whole(owner),
            };
            (place, ty) = match (access, workspace.unwrapped(ty)) {
                (Access::Field(name), Type::Record(id)) => {
                    let record = &workspace.records[*id];
                    let at = record.field(name).expect("a field of the record, as was checked");
                    (Location::Property(owner, name.clone()), &record.fields[at].ty)
                }
                (Access::Key { start: made, .. }, Type::Map(_, of, _)) => {
                    start = made.as_ref();
                    (Location::Entry(owner.operand(), keys.next().expect("each key was compiled")), &**of)
                }
                (_, other) => unreachable!("the way into {other:?} was checked"),
            };
        }
        place
    }
}

/// What is kept under a key: made if it is missing, or known to be there.
fn entered(map: Doc, key: Doc, start: Option<&Value>) -> Doc {
    match start {
        Some(_) => row(vec![map, call(".enter", vec![key])]),
        None => row(vec![map, call(".get", vec![key]), text("!")]),
    }
}

/// Calls a method of what is kept at the place, which is made if it is missing.
fn called(target: &Target, place: &Location, method: &str, arguments: Vec<Doc>, code: &mut Code) {
    let of = match place {
        Location::Property(..) => read(place),
        Location::Entry(map, key) => entered(map.clone(), key.clone(), target.start.as_ref()),
    };
    code.statement(row(vec![of, call(method, arguments)]));
}

/// What is at the place now.
fn read(place: &Location) -> Doc {
    match place {
        Location::Property(owner, name) => row(vec![owner.clone().operand(), text(names::access("", name))]),
        Location::Entry(map, key) => row(vec![map.clone(), call(".get", vec![key.clone()])]),
    }
}

pub(super) fn in_assignment<'e>(value: &'e Assignment, found: &mut Vec<&'e Expr>) {
    match value {
        Assignment::Value(expr) => found.push(expr),
        Assignment::List(items, _) => items.iter().for_each(|item| in_assignment(item, found)),
        Assignment::Record(given, _) => given.iter().for_each(|(_, value)| in_assignment(value, found)),
    }
}

/// Whether an expression means something else, or nothing, where it stands elsewhere.
pub(super) fn depends_on_place(expr: &Expr) -> bool {
    reads_state(expr) || is_narrowed(expr)
}

fn reads_state(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Variable(Variable::Slot(_) | Variable::Snapshot(_)))
        || expr.parts().into_iter().any(reads_state)
}

fn is_narrowed(expr: &Expr) -> bool {
    let is_bound = matches!(expr.kind, ExprKind::Variable(Variable::Bound(_) | Variable::From | Variable::To));
    is_bound
        || matches!(expr.kind, ExprKind::Known(_) | ExprKind::Variant(..))
        || expr.parts().into_iter().any(is_narrowed)
}
