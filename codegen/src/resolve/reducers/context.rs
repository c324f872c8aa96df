//! What the steps of one reducer may name: the scopes in which its expressions are typed.

use std::cell::RefCell;

use super::super::Resolver;
use super::super::symbols::Symbols;
use crate::diagnostic::Diagnostic;
use crate::expr::{self, Ast, Binding, Environment, Given};
use crate::load::raw::{RawReducer, RawText};
use crate::model::{
    Anomaly, AnomalyField, Delegate, EnumId, EventId, Expr, ExprType, FamilyId, Payload, Primitive, ProfileId,
    ReducerSlot, SlotKind, Text, Type, Variable, Workspace,
};
use crate::source::Span;

/// A reducer while it is resolved.
pub struct Context<'a> {
    pub family: FamilyId,
    pub raw: &'a RawReducer,
    pub profile: ProfileId,
    pub slots: Vec<ReducerSlot>,
    pub anomalies: Vec<OpenAnomaly>,
    pub fields: Vec<(String, AnomalyField)>,
    pub lets: Vec<(String, Ast)>,
    pub delegates: Vec<Delegate>,
    /// Kinds of anomalies that some step records.
    pub used: Vec<usize>,
}

/// A kind of anomaly and the trees of its holes, which are typed where it is recorded.
pub struct OpenAnomaly {
    pub finished: Anomaly,
    pub holes: Vec<(RawText, Ast)>,
}

/// What is wanted of an expression.
#[derive(Debug, Clone, Copy)]
pub enum Wanted {
    /// A value, or none.
    Value,
    /// A value that is certain not to be none.
    Certain,
    /// A truth value.
    Guard,
}

/// By what names in expressions are understood, besides a scope.
#[derive(Clone, Copy)]
pub struct Names<'n> {
    /// Whose declarations and imports.
    pub family: FamilyId,
    /// Named expressions.
    pub lets: &'n [(String, Ast)],
}

/// The names that stand for something at a place.
#[derive(Clone)]
pub struct Scope {
    pub bindings: Vec<Binding>,
}

impl Scope {
    pub fn with_payload(mut self, payload: Payload) -> Self {
        self.bindings.push(Binding::payload(payload.ty()));
        self
    }

    /// Behind a payload that was refused.
    pub fn with_error(mut self) -> Self {
        self.bindings.push(binding("error.code", Variable::ErrorCode, text()));
        self.bindings.push(binding("error.path", Variable::ErrorPath, text()));
        self
    }

    /// Behind a machine that was asked about a move.
    pub fn with_move(mut self, states: EnumId) -> Self {
        self.bindings.push(Binding::from_state(states));
        self.bindings.push(Binding::to_state(states));
        let codes = Type::List(Box::new(text()), crate::model::Items::default());
        self.bindings.push(binding("violations", Variable::Violations, codes));
        self
    }
}

fn text() -> Type {
    Type::Primitive(Primitive::String(Text::default()))
}

fn binding(name: &str, variable: Variable, ty: Type) -> Binding {
    Binding { name: name.to_owned(), variable, ty: ExprType::Of(ty) }
}

impl Context<'_> {
    /// By what its expressions are understood.
    pub fn names(&self) -> Names<'_> {
        Names { family: self.family, lets: &self.lets }
    }

    fn envelope_binding(&self, workspace: &Workspace) -> Binding {
        binding("e", Variable::Envelope, Type::Record(workspace.profiles[self.profile].envelope))
    }

    /// The envelope alone.
    pub fn envelope_scope(&self, workspace: &Workspace) -> Scope {
        Scope { bindings: vec![self.envelope_binding(workspace)] }
    }

    /// The state alone.
    pub fn state_scope(&self, _workspace: &Workspace) -> Scope {
        Scope { bindings: self.slot_bindings("s", Variable::Slot).collect() }
    }

    /// Guards before a payload is parsed.
    pub fn guard_scope(&self, workspace: &Workspace) -> Scope {
        let mut scope = self.envelope_scope(workspace);
        if self.reads_group_start() {
            scope.bindings.extend(self.slot_bindings("snap", Variable::Snapshot));
        } else {
            scope.bindings.extend(self.slot_bindings("s", Variable::Slot));
        }
        scope
    }

    /// Values: the state as it is, whatever guards read.
    pub fn value_scope(&self, workspace: &Workspace) -> Scope {
        let mut scope = self.guard_scope(workspace);
        if self.reads_group_start() {
            scope.bindings.extend(self.slot_bindings("s", Variable::Slot));
        }
        scope
    }

    fn slot_bindings(&self, head: &str, variable: fn(usize) -> Variable) -> impl Iterator<Item = Binding> {
        // What the reducer itself counts is known at the end only.
        let is_read = |slot: &ReducerSlot| matches!(slot.kind, SlotKind::Value(_) | SlotKind::Machine(_));
        let bind = |(at, slot): (usize, &ReducerSlot)| {
            binding(&format!("{head}.{}", slot.name), variable(at), slot.ty.clone())
        };
        let read = self.slots.iter().enumerate().filter(|(_, slot)| is_read(slot));
        read.map(bind).collect::<Vec<_>>().into_iter()
    }

    pub fn reads_group_start(&self) -> bool {
        self.raw.concurrent.as_ref().is_some_and(|concurrent| concurrent.reads_group_start)
    }
}

impl<'a> Resolver<'a> {
    /// A condition, as written and as typed.
    pub(super) fn guard_in(
        &mut self,
        context: &Context<'a>,
        text: &RawText,
        scope: &Scope,
        given: &[(Ast, Expr)],
    ) -> Option<Expr> {
        let ast = self.parsed(text)?;
        self.typed(context, &ast, scope, given, Wanted::Guard)
    }

    /// The type of a tree in a scope, or findings.
    pub(super) fn typed(
        &mut self,
        context: &Context<'a>,
        ast: &Ast,
        scope: &Scope,
        given: &[(Ast, Expr)],
        wanted: Wanted,
    ) -> Option<Expr> {
        self.typed_by(context.names(), ast, scope, given, wanted)
    }

    /// The same where no reducer is.
    pub(super) fn typed_by(
        &mut self,
        names: Names<'_>,
        ast: &Ast,
        scope: &Scope,
        given: &[(Ast, Expr)],
        wanted: Wanted,
    ) -> Option<Expr> {
        match self.checked(names, ast, scope, given, wanted) {
            Ok(typed) => Some(typed),
            Err(findings) => {
                self.out.extend(findings);
                None
            }
        }
    }

    /// Whether a tree can be typed and its value may be none.
    pub(super) fn may_be_none(
        &mut self,
        context: &Context<'a>,
        ast: &Ast,
        scope: &Scope,
        given: &[(Ast, Expr)],
    ) -> bool {
        match self.checked(context.names(), ast, scope, given, Wanted::Value).map(|typed| typed.ty) {
            Ok(ExprType::Of(ty)) => self.workspace.is_optional(&ty),
            Ok(ExprType::Null) => true,
            Ok(ExprType::ListOf(_) | ExprType::SetOf(_)) | Err(_) => false,
        }
    }

    /// The type of a tree in a scope, or what is wrong with it.
    fn checked(
        &mut self,
        names: Names<'_>,
        ast: &Ast,
        scope: &Scope,
        given: &[(Ast, Expr)],
        wanted: Wanted,
    ) -> Result<Expr, Vec<Diagnostic>> {
        let family = names.family;
        let hooks = self.hooks_of(family);
        let symbols: RefCell<&mut Symbols> = RefCell::new(&mut self.symbols);
        let enum_named = |name: &str, span: Span| symbols.borrow_mut().lookup_enum(family, name, span);
        let environment = Environment {
            workspace: &self.workspace,
            enum_named: &enum_named,
            hooks: &hooks,
            bindings: scope.bindings.clone(),
            lets: names.lets,
        };
        let given: Vec<Given<'_>> = given.iter().map(|(ast, typed)| (ast, typed)).collect();
        let typed = match wanted {
            Wanted::Value => expr::check(ast, &environment, &given),
            Wanted::Certain => expr::check_certain(ast, &environment, &given),
            Wanted::Guard => expr::check_guard(ast, &environment, &given),
        };
        if let Ok(typed) = &typed {
            self.use_hooks(family, &typed.hooks());
        }
        typed
    }

    /// The payload of an event.
    pub(super) fn payload(&self, event: EventId) -> Payload {
        self.workspace.events[event].payload
    }
}
