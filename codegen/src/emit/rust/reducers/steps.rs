//! Steps enter, typed for one event; the statements that take them leave, in the order of the contract.

use std::collections::BTreeSet;

use super::super::names;
use super::super::text::put;
use super::cells::Cell;
use super::expression::{Compiler, conjuncts, reads_known, tested};
use super::places::{Operand, receiver};
use super::values::expressions;
use crate::emit::encode::rust;
use crate::json::{Value, canonical};
use crate::model::{
    Access, Action, Assignment, AssignmentKind, EnumType, Expr, ExprKind, MachineForm, MachineId, MachineRule, Report,
    SlotKind, Step, Target, Type, Variable,
};

/// Statements, and whether what stands behind them is never reached.
pub(super) type Statements = (String, bool);

impl Compiler<'_, '_> {
    /// A list of steps.
    pub(super) fn steps(&mut self, steps: &[Step]) -> Statements {
        let mut out = String::new();
        for step in steps {
            let (text, ends) = self.step(step);
            out.push_str(&text);
            if ends {
                return (out, true);
            }
        }
        (out, false)
    }

    fn step(&mut self, step: &Step) -> Statements {
        let Some(when) = &step.when else { return self.actions(&step.actions) };
        let known = self.known.len();
        let condition = self.guard(when, step);
        let (body, _) = self.actions(&step.actions);
        self.known.truncate(known);
        (format!("if {condition} {{ {body} }}\n"), false)
    }

    /// The condition of a step. A tested value of the event that the step goes on with is bound there.
    fn guard(&mut self, when: &Expr, step: &Step) -> String {
        let conditions = conjuncts(when);
        let mut parts = Vec::new();
        let mut at = 0;
        while at < conditions.len() {
            let condition = conditions[at];
            if let Some(bound) = self.binding(condition, step) {
                parts.push(bound);
            } else {
                let rest: Vec<&Expr> = conditions[at..].to_vec();
                let is_last_binding = !conditions[at + 1..].iter().any(|it| self.can_bind(it, step));
                if is_last_binding {
                    let rest = if parts.is_empty() { self.all(&rest) } else { self.rest(&rest) };
                    parts.push(rest);
                    break;
                }
                let text = self.rest(&[condition]);
                parts.push(text);
            }
            at += 1;
        }
        parts.join(" && ")
    }

    fn can_bind(&self, condition: &Expr, step: &Step) -> bool {
        tested(condition).is_some_and(|tested| is_of_event(tested) && uses_known(&step.actions, tested))
    }

    fn binding(&mut self, condition: &Expr, step: &Step) -> Option<String> {
        if !self.can_bind(condition, step) {
            return None;
        }
        let tested = tested(condition)?;
        let ExprKind::Field(_, field) = &tested.kind else { return None };
        let name = names::apart(names::value(field), &["e", "event", "p", "from", "to", "broken", "input", "key"]);
        let (_, place) = self.maybe(tested, &name)?;
        let Operand::Place(whole) = self.operand(tested) else { return None };
        let pattern = match place.form {
            super::places::Form::Place | super::places::Form::Made => format!("let Some({name}) = {}", whole.copied()),
            super::places::Form::Reference => format!("let Some({name}) = {}", whole.reference()),
        };
        let known = Expr { kind: ExprKind::Known(Box::new(tested.clone())), ..tested.clone() };
        self.known.push((known, place));
        Some(pattern)
    }

    fn actions(&mut self, actions: &[Action]) -> Statements {
        let mut out = String::new();
        let mut entered = Vec::new();
        let mut effects = Vec::new();
        let mut nested = Vec::new();
        for action in actions {
            match action {
                Action::Reject(report) => {
                    let anomaly = self.anomaly(report);
                    put!(out, "return self.reject({anomaly});\n");
                    return (out, true);
                }
                Action::Warn(report) => {
                    let anomaly = self.anomaly(report);
                    put!(out, "self.warn({anomaly});\n");
                }
                Action::Skip => {
                    out.push_str("return fold::Flow::Ended;\n");
                    return (out, true);
                }
                Action::Move { slot, machine, to, otherwise } => {
                    let from = self.machine_state(*slot);
                    let to = self.state(to, *machine);
                    let is_last = actions.iter().filter(|it| matches!(it, Action::Move { .. })).count() == 1;
                    self.ask(&mut out, *machine, &from, &to, otherwise);
                    let mut entered_state = "to".to_owned();
                    if !is_last {
                        entered_state = format!("entered_{}", entered.len());
                        put!(out, "let {entered_state} = to;\n");
                    }
                    entered.push((*slot, entered_state));
                }
                Action::Check { machine, from, to, otherwise } => {
                    let states = self.workspace().machines[*machine].states;
                    let state = Type::Enum(EnumType { id: states, only: None });
                    let from = self.value(from, &Type::Opt(Box::new(state)));
                    let to = self.state(to, *machine);
                    self.ask(&mut out, *machine, &from, &to, otherwise);
                }
                Action::Effect(kind, target, value) => effects.push((*kind, target, value.as_ref())),
                Action::Steps(steps) => nested.push(steps),
            }
        }
        self.effects(&mut out, &entered, &effects);
        for steps in nested {
            let (text, ends) = self.steps(steps);
            out.push_str(&text);
            if ends {
                return (out, true);
            }
        }
        (out, false)
    }

    /// The state a move starts from: that of the group's start where guards read it.
    fn machine_state(&self, slot: usize) -> String {
        let is_at_start = self.reducer.concurrent.as_ref().is_some_and(|it| it.reads_group_start);
        format!("*self.{}.{}", if is_at_start { "start" } else { "slots" }, self.slot_name(slot))
    }

    fn state(&mut self, expr: &Expr, machine: MachineId) -> String {
        let states = self.workspace().machines[machine].states;
        self.value(expr, &Type::Enum(EnumType { id: states, only: None }))
    }

    /// Asks a machine about a move, and refuses the event where it says no.
    fn ask(&mut self, out: &mut String, id: MachineId, from: &str, to: &str, otherwise: &Report) {
        let workspace = self.workspace();
        let machine = &workspace.machines[id];
        let path = {
            let name = names::value(&machine.meta.name);
            let home = names::module(&workspace.families[machine.family].meta.name);
            if machine.family == self.reducer.family {
                format!("super::{name}")
            } else {
                names::in_crate(&format!("{home}::{name}"))
            }
        };
        put!(out, "let (from, to) = ({from}, {to});\n");
        let shows_codes = otherwise.params.iter().any(|param| param.reads(&Variable::Violations));
        let edge_alone = match &machine.form {
            MachineForm::Table(_) => true,
            MachineForm::Edges(edges) => edges.bypass.is_none() && matches!(edges.rules[..], [MachineRule::Edge]),
        };
        if edge_alone {
            put!(out, "if !{path}::is_allowed(from, to) {{\n");
            if shows_codes {
                out.push_str("let broken = [\"EDGE\"];\n");
            }
        } else {
            let payload = match &machine.form {
                MachineForm::Edges(edges) if edges.with.is_some() => {
                    self.reads_payload = true;
                    ", p"
                }
                _ => "",
            };
            put!(out, "let broken = {path}::violations(from, to{payload});\nif !broken.is_empty() {{\n");
        }
        let anomaly = self.anomaly(otherwise);
        put!(out, "return self.reject({anomaly});\n}}\n");
    }

    /// The call that makes an anomaly.
    pub(super) fn anomaly(&mut self, report: &Report) -> String {
        let name = super::anomalies::function(&self.reducer.anomalies[report.anomaly].kind);
        let params: Vec<String> = report.params.iter().map(|param| self.json(param)).collect();
        let arguments: Vec<String> = std::iter::once("event".to_owned()).chain(params).collect();
        format!("Self::{name}({})", arguments.join(", "))
    }

    /// Moves, then effects. All of them see the state before: what reads a slot that changes before is read first.
    fn effects(
        &mut self,
        out: &mut String,
        entered: &[(usize, String)],
        effects: &[(AssignmentKind, &Target, Option<&Assignment>)],
    ) {
        let mut changed: BTreeSet<usize> = entered.iter().map(|(slot, _)| *slot).collect();
        let mut texts = Vec::new();
        for (at, (kind, target, value)) in effects.iter().enumerate() {
            let mut read = BTreeSet::new();
            for access in &target.path {
                if let Access::Key { key, .. } = access {
                    slots_of(key, &mut read);
                }
            }
            value.iter().for_each(|value| expressions(value, &mut |expr| slots_of(expr, &mut read)));
            let is_early = !read.is_disjoint(&changed) || !target.path.is_empty() && !read.is_empty();
            let name = is_early.then(|| format!("value_{at}"));
            let text = self.effect(out, *kind, target, *value, name);
            texts.push(text);
            changed.insert(target.slot);
        }
        for (slot, state) in entered {
            put!(out, "self.slots.{}.set(Some({state}));\n", self.slot_name(*slot));
        }
        texts.iter().for_each(|text| out.push_str(text));
    }

    fn effect(
        &mut self,
        before: &mut String,
        kind: AssignmentKind,
        target: &Target,
        value: Option<&Assignment>,
        early: Option<String>,
    ) -> String {
        let (part, cell) = self.target(target, before, early.is_some());
        let mut value_of = |compiler: &mut Self, ty: &Type| {
            let value = value.expect("an effect with a value has one");
            let text = compiler.assigned(value, ty);
            match &early {
                Some(name) => {
                    put!(before, "let {name} = {text};\n");
                    name.clone()
                }
                None => text,
            }
        };
        let ty = target.ty.clone();
        let call = match (kind, &cell) {
            (AssignmentKind::Set, Cell::Plain(_)) => format!("set({})", value_of(self, &ty)),
            (AssignmentKind::Set, Cell::Record(_)) => {
                let value = value_of(self, &ty);
                return format!("fold::Cell::replace(&mut {part}, support::Value::to_slot(&{value}));\n");
            }
            (AssignmentKind::Set, _) => format!("set(&{})", value_of(self, &ty)),
            (AssignmentKind::Init, _) => format!("init({})", value_of(self, &ty)),
            (AssignmentKind::Increment, _) => "increase()".into(),
            (AssignmentKind::Append, Cell::List(of, _)) => format!("push({})", value_of(self, of)),
            (AssignmentKind::AppendUnique, Cell::List(of, _)) => format!("push_unique({})", value_of(self, of)),
            (AssignmentKind::Add, Cell::Members(of)) => format!("add({})", value_of(self, of)),
            (AssignmentKind::Drop, Cell::List(of, _) | Cell::Members(of)) => {
                format!("drop({})", self.dropped(value, of, &early, before))
            }
            (AssignmentKind::Drop, Cell::Map(..)) => {
                let key = self.key_of(value.expect("what is dropped is named"), &early, before);
                format!("drop({key})")
            }
            (AssignmentKind::Put, Cell::Map(key, _)) => {
                let Type::Map(_, of, _) = self.workspace().plain(&ty).clone() else {
                    unreachable!("a map was checked")
                };
                return self.put(&part, value, &(key.clone(), *of), early, before);
            }
            (AssignmentKind::Clear, Cell::List(..) | Cell::Members(_) | Cell::Map(..)) if starts_empty(target) => {
                "clear()".into()
            }
            (AssignmentKind::Clear, _) => return self.cleared(&part, &cell, target),
            (kind, cell) => unreachable!("{kind:?} was checked against {cell:?}"),
        };
        format!("{part}.{call};\n")
    }

    fn put(
        &mut self,
        part: &str,
        value: Option<&Assignment>,
        (key_ty, value_ty): &(Type, Type),
        early: Option<String>,
        before: &mut String,
    ) -> String {
        match value {
            Some(Assignment::List(pair, _)) if pair.len() == 2 => {
                let key = self.key_of(&pair[0], &early, before);
                let mut value = self.lent_assignment(&pair[1], value_ty);
                if let Some(name) = early {
                    put!(before, "let {name} = {};\n", self.assigned(&pair[1], value_ty));
                    value = format!("&{name}");
                }
                format!("{part}.put({key}, {value});\n")
            }
            Some(value) => {
                let pair = Type::Tuple(vec![key_ty.clone(), value_ty.clone()]);
                let pair = self.assigned(value, &pair);
                let name = early.unwrap_or_else(|| "pair".into());
                put!(before, "let {name} = {pair};\n");
                format!("{part}.put(&fold::spelled(&{name}.0), &{name}.1);\n")
            }
            None => unreachable!("`put` has a value"),
        }
    }

    fn lent_assignment(&mut self, value: &Assignment, ty: &Type) -> String {
        let workspace = self.workspace();
        if let Assignment::Value(expr) = value
            && let Operand::Place(place) = self.operand(expr)
            && workspace.is_optional(&place.ty) == workspace.is_optional(ty)
        {
            return place.reference();
        }
        match self.assigned(value, ty) {
            none if none == "None" => {
                let spelled = super::super::types::spell(self.module, ty, "").ty;
                format!("&(None as {spelled})")
            }
            text => format!("&{text}"),
        }
    }

    fn key_of(&mut self, value: &Assignment, early: &Option<String>, before: &mut String) -> String {
        let Assignment::Value(expr) = value else { unreachable!("a key is an expression") };
        let key = self.key(expr);
        match early {
            Some(name) => {
                put!(before, "let {name}_key = {}.to_string();\n", receiver(&key));
                format!("&{name}_key")
            }
            None => key,
        }
    }

    fn dropped(
        &mut self,
        value: Option<&Assignment>,
        of: &Type,
        early: &Option<String>,
        before: &mut String,
    ) -> String {
        let value = value.expect("what is dropped is named");
        match early {
            Some(name) => {
                put!(before, "let {name} = {};\n", self.assigned(value, of));
                format!("&{name}")
            }
            None => match value {
                Assignment::Value(expr) => self.lent(expr, of),
                other => format!("&{}", self.assigned(other, of)),
            },
        }
    }

    fn cleared(&mut self, part: &str, cell: &Cell, target: &Target) -> String {
        let start = target.start.as_ref().expect("`clear` was checked to have a start");
        let ty = target.ty.clone();
        match cell {
            Cell::Plain(of) => format!("{part}.set({});\n", self.constant(start, of)),
            _ => {
                let spelled =
                    super::super::types::spell(self.module, &super::cells::loose(self.workspace(), &ty), "").ty;
                let json = rust::string(&canonical(start));
                format!(
                    "fold::Cell::replace(&mut {part}, support::Value::to_slot(&support::constant::<{spelled}>({json})));\n"
                )
            }
        }
    }

    /// The part of the state that an effect changes. Missing values of maps on the way are made.
    fn target(&mut self, target: &Target, before: &mut String, early: bool) -> (String, Cell) {
        let workspace = self.workspace();
        let slot = &self.reducer.slots[target.slot];
        let mut text = format!("self.slots.{}", self.slot_name(target.slot));
        let mut cell = self.cells.slot(target.slot, slot);
        let mut ty = slot.ty.clone();
        for (at, access) in target.path.iter().enumerate() {
            match (access, cell) {
                (Access::Field(name), Cell::Record(id)) => {
                    put!(text, ".{}", names::value(name));
                    cell = self.cells.field(id, name);
                    let declared = &workspace.records[id];
                    ty = declared.fields[declared.field(name).expect("a field that was checked")].ty.clone();
                }
                (Access::Key { key, start }, Cell::Map(_, value)) => {
                    let mut key = self.key(key);
                    if early {
                        let name = format!("key_{}_{at}", target.slot);
                        put!(before, "let {name} = {}.to_string();\n", receiver(&key));
                        key = format!("&{name}");
                    }
                    let Type::Map(_, of, _) = workspace.plain(&ty).clone() else { unreachable!("a map was checked") };
                    ty = *of;
                    match start {
                        Some(start) => {
                            let of = super::cells::loose(workspace, &ty);
                            let spelled = super::super::types::spell(self.module, &of, "").ty;
                            let json = rust::string(&canonical(start));
                            put!(text, ".entry({key}, || support::constant::<{spelled}>({json}))");
                        }
                        None => put!(text, ".part({key})"),
                    }
                    cell = *value;
                }
                (access, cell) => unreachable!("{access:?} was checked to lead into {cell:?}"),
            }
        }
        (text, cell)
    }
}

/// Whether it starts without an item.
fn starts_empty(target: &Target) -> bool {
    match &target.start {
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(members)) => members.is_empty(),
        _ => false,
    }
}

/// Slots that an expression reads.
fn slots_of(expr: &Expr, found: &mut BTreeSet<usize>) {
    if let ExprKind::Variable(Variable::Slot(slot)) = &expr.kind {
        found.insert(*slot);
    }
    expr.parts().into_iter().for_each(|part| slots_of(part, found));
}

/// Whether an expression is a field of the payload or the envelope.
fn is_of_event(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Field(owner, _) => {
            matches!(&owner.kind, ExprKind::Variable(Variable::Payload | Variable::Envelope))
                && !matches!(&owner.ty, crate::model::ExprType::Of(Type::Union(_)))
        }
        _ => false,
    }
}

/// Whether actions take the value of an `opt` that was tested before them.
fn uses_known(actions: &[Action], tested: &Expr) -> bool {
    let reads = |expr: &Expr| reads_known(expr, tested);
    actions.iter().any(|action| match action {
        Action::Reject(report) | Action::Warn(report) => report.params.iter().any(reads),
        Action::Skip => false,
        Action::Move { to, otherwise, .. } => reads(to) || otherwise.params.iter().any(reads),
        Action::Check { from, to, otherwise, .. } => reads(from) || reads(to) || otherwise.params.iter().any(reads),
        Action::Effect(_, target, value) => {
            let mut found = target.path.iter().any(|access| match access {
                Access::Key { key, .. } => reads(key),
                Access::Field(_) => false,
            });
            value.iter().for_each(|value| expressions(value, &mut |expr| found |= reads(expr)));
            found
        }
        Action::Steps(steps) => {
            steps.iter().any(|step| step.when.as_ref().is_some_and(reads) || uses_known(&step.actions, tested))
        }
    })
}

/// A slot that steps change, as it is named in Rust.
pub(super) fn is_kept(kind: &SlotKind) -> bool {
    matches!(kind, SlotKind::Value(_) | SlotKind::Machine(_))
}
