//! What happens to one kind of event enters; the method that does it leaves.

use std::collections::BTreeSet;

use super::super::expression;
use super::super::layout::Code;
use super::super::module::Module;
use super::super::types::kind;
use super::super::view::Statement;
use super::form::{Form, form};
use super::method;
use super::place::FoldScope;
use super::report::recorded;
use crate::expr::{self, Kind};
use crate::model::{Expr, ExprKind, ExprType, Reaction, Reducer, ReducerId, Report, Type};

/// A method that is being written.
pub struct Body<'m, 'a> {
    pub module: &'m mut Module<'a>,
    pub id: ReducerId,
    pub reducer: &'a Reducer,
    /// Guards read the state at the start of the group, and effects happen to both.
    pub has_snapshot: bool,
    lines: Vec<String>,
    variables: Vec<String>,
    /// `s` and `snap`, where lines of the method itself read them.
    states: BTreeSet<&'static str>,
}

impl<'m, 'a> Body<'m, 'a> {
    /// A method without a line.
    pub fn new(module: &'m mut Module<'a>, id: ReducerId) -> Self {
        let reducer = &module.workspace.reducers[id];
        let has_snapshot = reducer.concurrent.as_ref().is_some_and(|concurrent| concurrent.reads_group_start);
        let slots = reducer
            .slots
            .iter()
            .map(|slot| (super::super::names::attribute(&slot.name), form(module, reducer.family, &slot.ty)));
        let slots = slots.collect();
        module.fold = Some(FoldScope { slots, ..FoldScope::default() });
        Self { module, id, reducer, has_snapshot, lines: Vec::new(), variables: Vec::new(), states: BTreeSet::new() }
    }

    /// Adds a line, or lines, that are indented.
    pub fn push(&mut self, line: String) {
        self.states.extend(["s", "snap"].into_iter().filter(|state| names(&line, state)));
        self.lines.push(line);
    }

    /// What the names of expressions stand for.
    pub fn scope(&mut self) -> &mut FoldScope {
        self.module.fold.as_mut().expect("a fold is written")
    }

    /// Attribute and form of a slot.
    pub fn slot(&mut self, slot: usize) -> (String, Form) {
        self.scope().slots[slot].clone()
    }

    /// The type of a slot.
    pub fn slot_type(&self, slot: usize) -> &'a Type {
        &self.reducer.slots[slot].ty
    }

    /// The type of a field of a record.
    pub fn field_type(&self, ty: &Type, name: &str) -> &'a Type {
        let workspace = self.module.workspace;
        let Type::Record(id) = workspace.unwrapped(ty) else { unreachable!("a record was checked") };
        let record = &workspace.records[*id];
        &record.fields[record.field(name).expect("a field of the record, as was checked")].ty
    }

    /// Keeps a value in a variable.
    pub fn keep(&mut self, name: &str, value: Code, indent: usize) -> Code {
        let variable = self.variable(name);
        self.push(value.after(&format!("{variable} = ")).lines(indent, ""));
        Code::text(variable)
    }

    /// A name that no other variable of the method has.
    pub fn variable(&mut self, name: &str) -> String {
        let used = self.variables.iter().filter(|used| *used == name).count();
        self.variables.push(name.to_owned());
        if used == 0 { name.to_owned() } else { format!("{name}_{}", used + 1) }
    }

    /// Adds statements that change the state.
    pub fn change(&mut self, lines: Vec<String>, indent: usize) {
        if lines.is_empty() {
            return;
        }
        if !self.has_snapshot {
            for line in lines {
                self.push(line);
            }
            return;
        }
        let space = " ".repeat(indent);
        let slots = &self.module.names.reducers[usize::from(self.id)].slots;
        let name = self.variable("effects");
        if !self.lines.is_empty() {
            self.push(String::new());
        }
        self.lines.push(format!("{space}def {name}(s: {slots}) -> None:"));
        self.lines.extend(lines);
        self.push(String::new());
        self.push(format!("{space}self.change({name})"));
    }

    /// The lines, behind names for the parts of the fold that they read.
    pub fn finish(self) -> Vec<String> {
        let states = self.states.iter();
        let mut lines: Vec<String> = states.map(|name| format!("        {name} = self.{name}")).collect();
        lines.extend(self.lines);
        self.module.fold = None;
        lines
    }
}

/// Whether lines of code read a name; texts in quotes name nothing.
fn names(line: &str, name: &str) -> bool {
    let mut is_text = false;
    let mut is_escaped = false;
    let mut word = String::new();
    let mut before = ' ';
    let mut found = false;
    for c in line.chars().chain([' ']) {
        if is_text {
            is_text = is_escaped || c != '"';
            is_escaped = c == '\\' && !is_escaped;
        } else if c.is_ascii_alphanumeric() || c == '_' {
            word.push(c);
        } else {
            found |= word == name && before != '.';
            if !word.is_empty() {
                word.clear();
            }
            before = c;
            is_text = c == '"';
        }
    }
    found
}

/// The method that folds an event, and that which places it in its group.
pub fn event<'a>(module: &mut Module<'a>, id: ReducerId, reaction: &'a Reaction, name: &str) -> Statement {
    let workspace = module.workspace;
    let reducer = &workspace.reducers[id];
    let envelope = module.record(workspace.profiles[reducer.profile].envelope);
    let payload_type = module.payload(reaction.event);
    let payload_kind = kind(module, &workspace.events[reaction.event].payload.ty()).flat();
    let is_union = matches!(workspace.events[reaction.event].payload, crate::model::Payload::Union(_));
    let mut body = Body::new(module, id);
    let mut ends = body.steps(&reaction.before_parse, 8);
    let before = std::mem::take(&mut body.lines);
    if !ends {
        ends = applied(&mut body, reaction);
    }
    if !ends {
        body.push("        return True".to_owned());
    }
    let applied = std::mem::replace(&mut body.lines, before);
    let uses_payload = applied.iter().any(|line| names(line, "p"));
    let mut parameters = vec!["self".to_owned(), format!("e: {envelope}")];
    if reducer.parses_eagerly {
        parameters.push(format!("p: {payload_type}"));
    } else if uses_payload {
        let annotation = if is_union { format!(": {payload_type} | None") } else { String::new() };
        body.push(format!("        p{annotation} = self.parse(e, {payload_kind})"));
        body.push("        if p is None:\n            return False".to_owned());
    } else if !applied.is_empty() {
        body.push(format!("        if self.parse(e, {payload_kind}) is None:\n            return False"));
    }
    body.lines.extend(applied);
    let lines = body.finish();
    method(name, &parameters, "bool", &lines)
}

/// What happens behind parsing; whether the event always ends in it.
fn applied<'a>(body: &mut Body<'_, 'a>, reaction: &'a Reaction) -> bool {
    let mut seen = None;
    if let (Some((key, report)), Some(idempotent)) = (&reaction.idempotent, &body.reducer.idempotent) {
        let parts = key.iter().map(|part| expression::code(body.module, "", part)).collect();
        let key = body.keep("key", Code::tuple(parts), 8).flat();
        let (slot, _) = body.slot(idempotent.seen);
        body.push(format!("        if {key} in s.{slot}:"));
        let reject = recorded(body.module, body.id, "return self.reject", report).lines(12, "");
        body.push(reject);
        seen = Some(format!("s.{slot}.add({key})"));
    }
    let ends = [&reaction.before, &reaction.handle, &reaction.after].into_iter().any(|steps| body.steps(steps, 8));
    if let Some(seen) = seen.filter(|_| !ends) {
        let depth = if body.has_snapshot { 12 } else { 8 };
        body.change(vec![" ".repeat(depth) + &seen], 8);
    }
    ends
}

/// `return _s.Place(...)`, and whether it reads the payload.
pub fn place(module: &mut Module<'_>, id: ReducerId, reaction: &Reaction) -> (String, bool) {
    let body = Body::new(module, id);
    let group = reaction.group_by.iter().map(|part| expression::code(body.module, "", part)).collect();
    let mut arguments = vec![Code::tuple(group)];
    if let Some(last) = &reaction.goes_last {
        let last = simplified(last);
        let is_never = matches!(last.kind, ExprKind::Bool(false));
        let last = expression::code(body.module, "goes_last=", last);
        arguments.extend((!is_never).then_some(last));
    }
    if !reaction.then_by.is_empty() {
        let parts = reaction.then_by.iter().map(|part| order_key(body.module, part)).collect();
        arguments.push(Code::tuple(parts).after("then_by="));
    }
    let code = Code::call("return _s.Place", arguments).lines(8, "");
    body.finish();
    let reads_payload = names(&code.replace('\n', " "), "p");
    (code, reads_payload)
}

/// The method that places an event in its group.
pub fn place_method(
    module: &mut Module<'_>,
    id: ReducerId,
    reaction: Option<&Reaction>,
    name: &str,
    code: &str,
) -> Statement {
    let workspace = module.workspace;
    let envelope = module.record(workspace.profiles[workspace.reducers[id].profile].envelope);
    let payload = match reaction {
        Some(reaction) => module.payload(reaction.event),
        None => module.builtin("object"),
    };
    let parameters = ["self".to_owned(), format!("e: {envelope}"), format!("p: {payload}")];
    method(name, &parameters, "_s.Place", &[code.to_owned()])
}

/// A choice of constants and one condition, as it comes of a list of events and conditions.
fn simplified(condition: &Expr) -> &Expr {
    let ExprKind::Or(left, right) = &condition.kind else { return condition };
    let (left, right) = (simplified(left), simplified(right));
    match (&left.kind, &right.kind) {
        (ExprKind::Bool(true), _) | (_, ExprKind::Bool(false)) => left,
        (ExprKind::Bool(false), _) | (_, ExprKind::Bool(true)) => right,
        _ => condition,
    }
}

fn order_key(module: &mut Module<'_>, part: &Expr) -> Code {
    let text = expression::flat(module, part);
    match &part.ty {
        ExprType::Of(ty) if matches!(expr::kind(module.workspace, ty), Kind::Instant) => {
            Code::text(format!("_s.instant({text})"))
        }
        _ => Code::text(text),
    }
}

/// A method that gives what is recorded of an event.
pub fn reporting(
    module: &mut Module<'_>,
    id: ReducerId,
    name: &str,
    more: &[&str],
    when: Option<String>,
    report: &Report,
) -> Statement {
    let workspace = module.workspace;
    let envelope = module.record(workspace.profiles[workspace.reducers[id].profile].envelope);
    let mut parameters = vec!["self".to_owned(), format!("e: {envelope}")];
    parameters.extend(more.iter().map(|parameter| (*parameter).to_owned()));
    let mut body = Body::new(module, id);
    let depth = if when.is_some() { 12 } else { 8 };
    let is_conditional = when.is_some();
    if let Some(when) = when {
        body.push(format!("        if {when}:"));
    }
    let found = recorded(body.module, id, "return self.found", report).lines(depth, "");
    body.push(found);
    if is_conditional {
        body.push("        return None".to_owned());
    }
    let lines = body.finish();
    method(name, &parameters, "_s.Found | None", &lines)
}
