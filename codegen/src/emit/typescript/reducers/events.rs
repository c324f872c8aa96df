//! The reactions of a reducer enter; the function leaves that folds one event, a case for each in the contract's order.

use super::super::expressions::Tests;
use super::super::layout::{Doc, array, assigned, generic, row, text};
use super::super::module::Module;
use super::super::names;
use super::code::Code;
use super::public::facts;
use super::values::{NoneAs, Steps};
use super::{Names, Scope};
use crate::emit::encode::typescript::string;
use crate::model::{
    Access, Action, AnomalyField, Expr, ExprKind, ExprType, Reaction, Reducer, ReducerSlot, Report, SlotKind,
    SlotOutput, Step, Type,
};

impl<'a> Module<'a> {
    /// `type $ConnectorFold = ...` and the function that folds one event.
    pub(super) fn fold_function(&mut self, reducer: &'a Reducer, made: &Names) {
        let envelope = self.envelope_type(reducer);
        self.body.push('\n');
        let arguments = [&envelope, &made.slots, &made.kind, &made.state];
        let fold = generic("$.Fold", arguments.map(|name| text(name.as_str())).to_vec());
        self.statement(row(vec![text(format!("type {} = ", made.fold)), fold]));
        let mut code = Code::new(2);
        let (mut reads_live, mut reads_start) = (false, false);
        code.line("switch (e.event_type) {");
        code.indented(|code| {
            for reaction in &reducer.reactions {
                let event = self.event_constant(&self.workspace.events[reaction.event]);
                let scope = Scope::new(reducer);
                let body = self.reaction(reducer, reaction, &scope);
                reads_live |= scope.has_read("s");
                reads_start |= scope.has_read("snap");
                code.block(&format!("case {event}: "), |code| code.append(&body));
            }
            code.line("default:");
            code.indented(|code| code.line("return false;"));
        });
        code.line("}");
        self.begin_noted("Folds one event; whether it was applied.");
        self.line(&format!("function {}(f: {}, e: {envelope}): boolean {{", fold_name(reducer), made.fold));
        if reads_live {
            self.line("  const s = f.slots;");
        }
        if reads_start {
            self.line("  const snap = f.snapshot;");
        }
        self.body.push_str(&code.finish());
        self.line("}");
    }

    fn reaction(&mut self, reducer: &'a Reducer, reaction: &'a Reaction, scope: &Scope<'a>) -> Code {
        let workspace = self.workspace;
        let event = &workspace.events[reaction.event];
        let payload = self.value_name(event.family, &names::payload(event));
        let mut steps = Steps::new(self, scope, tests_of(reducer, reaction));
        let mut code = Code::new(6);
        steps.steps(&reaction.before_parse, &mut code);
        let mut rest = Code::new(6);
        steps.repeated(reaction, &mut rest);
        let key = reaction.idempotent.as_ref().map(|(key, report)| steps.idempotent(reducer, key, report, &mut rest));
        for list in [&reaction.before, &reaction.handle, &reaction.after] {
            steps.steps(list, &mut rest);
        }
        if let Some(seen) = key {
            steps.change(&mut rest, |_, code| code.line(&format!("s.{seen}.add(key);")));
        }
        if rest.is_empty() {
            code.line(&format!("return f.parse({payload}) !== undefined;"));
            return code;
        }
        if scope.has_read("p") {
            code.line(&format!("const p = f.parse({payload});"));
            code.guard(text("p === undefined"), text("return false"));
        } else {
            code.guard(text(format!("f.parse({payload}) === undefined")), text("return false"));
        }
        code.append(&rest);
        code.line("return true;");
        code
    }

    /// The state as it is printed.
    pub(super) fn state_function(&mut self, reducer: &'a Reducer, made: &Names) {
        let mut members: Vec<Doc> = Vec::new();
        let mut reads_live = false;
        for slot in super::public::printed_slots(reducer) {
            reads_live |= matches!(slot.kind, SlotKind::Value(_) | SlotKind::Machine(_));
            members.push(super::entry(&slot.name, self.printed_value(reducer, slot)));
        }
        members.push(text("anomalies: f.anomalies()"));
        self.begin_noted("The state as it is printed.");
        self.line(&format!("function {}(f: {}): {} {{", state_name(reducer), made.fold, made.state));
        if reads_live {
            self.line("  const s = f.slots;");
        }
        let mut code = Code::new(2);
        code.line(&format!("return $.present<{}>({{", made.state));
        code.indented(|code| members.into_iter().for_each(|member| code.doc(&row(vec![member, text(",")]))));
        code.line("});");
        self.body.push_str(&code.finish());
        self.line("}");
    }

    fn printed_value(&mut self, reducer: &Reducer, slot_of: &ReducerSlot) -> Doc {
        let slot = slot_of;
        let workspace = self.workspace;
        let which = |deduped: &bool| if *deduped { "deduped" } else { "consumed" };
        match &slot.kind {
            SlotKind::Count { deduped } => text(format!("f.{}.count", which(deduped))),
            SlotKind::Last { deduped } => text(format!("f.{}.last", which(deduped))),
            SlotKind::From { delegate, slot } => {
                let inner = &workspace.reducers[reducer.delegates[*delegate].reducer].slots[*slot];
                let form = match inner.output {
                    SlotOutput::Values => "values",
                    SlotOutput::ValuesByKey => "valuesByKey",
                    SlotOutput::Plain | SlotOutput::Hidden => "value",
                };
                let name = string(&inner.name);
                let ty = self.printed_type(reducer, slot_of).1;
                row(vec![text(format!("f.delegated({delegate}, {name}, \"{form}\") as ")), ty])
            }
            SlotKind::Value(_) | SlotKind::Machine(_) => {
                let place = format!("s.{}", slot.name);
                match (slot.output, workspace.plain(&slot.ty)) {
                    (SlotOutput::Values, _) => text(place + ".values"),
                    (SlotOutput::ValuesByKey, _) => text(place + ".valuesByKey"),
                    (_, Type::Record(id)) => text(format!("{}().freeze({place})", self.record_shape_name(*id))),
                    (_, ty) if super::cells::is_cell(workspace, ty) => text(place + ".value"),
                    _ => text(place),
                }
            }
        }
    }
}

impl Steps<'_, '_> {
    /// Choices that several steps make alike are made once, as a `let` of the contract was.
    fn repeated(&mut self, reaction: &Reaction, code: &mut Code) {
        let mut choices: Vec<(&Expr, usize)> = Vec::new();
        for list in [&reaction.before, &reaction.handle, &reaction.after] {
            for expr in expressions(list) {
                count_choices(expr, &mut choices);
            }
        }
        let repeated = choices.into_iter().filter(|(_, count)| *count > 1);
        for (at, (choice, _)) in repeated.enumerate() {
            let ExprType::Of(ty) = &choice.ty else { continue };
            let name = if at == 0 { "choice".to_owned() } else { format!("choice{}", at + 1) };
            let head = row(vec![text(format!("const {name}: ")), self.module.nullable(ty), text(" =")]);
            let value = self.value(choice, NoneAs::Null);
            code.statement(row(vec![head, assigned(value)]));
            self.scope.name(choice, &name);
        }
    }

    /// The key of an event that counts once, and the end of one that came before; the slot that keeps the keys.
    fn idempotent(&mut self, reducer: &Reducer, key: &[Expr], report: &Report, code: &mut Code) -> String {
        let seen = reducer.idempotent.as_ref().expect("a reaction with a key has a slot of keys").seen;
        let slot = &reducer.slots[seen];
        let Type::Set(of, _) = self.module.workspace.plain(&slot.ty) else { unreachable!("keys are kept in a set") };
        let ty = self.module.ty(of);
        let parts = key.iter().map(|part| self.value(part, NoneAs::Null)).collect();
        code.statement(row(vec![text("const key: "), ty, text(" = "), array(parts)]));
        self.scope.note("s");
        let reject = self.recorded("return f.reject", report);
        code.guard(text(format!("s.{}.has(key)", slot.name)), reject);
        slot.name.clone()
    }

    /// `f.reject("kind", { .. })` and the like.
    pub(super) fn recorded(&mut self, callee: &str, report: &Report) -> Doc {
        let anomaly = &self.scope.reducer.anomalies[report.anomaly];
        let params = anomaly.params.iter().zip(&report.params);
        let params = params.map(|(name, param)| (name.clone(), self.expression(param))).collect();
        super::super::layout::call(callee, vec![text(string(&anomaly.kind)), facts(params)])
    }
}

/// What the compiler can narrow by in the steps of one event.
pub(super) fn tests_of(reducer: &Reducer, reaction: &Reaction) -> Tests {
    let mut tests = Tests::default();
    for part in reaction.idempotent.iter().flat_map(|(key, report)| key.iter().chain(&report.params)) {
        tests.collect(part);
    }
    for list in [&reaction.before_parse, &reaction.before, &reaction.handle, &reaction.after] {
        collect_steps(list, &mut tests);
    }
    for (_, field) in &reducer.anomaly_fields {
        if let AnomalyField::Expression(expr) = field {
            tests.collect(expr);
        }
    }
    tests
}

/// Choices between values that read neither the state nor what was tested before.
fn count_choices<'e>(expr: &'e Expr, found: &mut Vec<(&'e Expr, usize)>) {
    if matches!(expr.kind, ExprKind::Conditional(..)) && !super::effects::depends_on_place(expr) {
        match found.iter_mut().find(|(known, _)| known.says_as(expr)) {
            Some((_, count)) => *count += 1,
            None => found.push((expr, 1)),
        }
        return;
    }
    expr.parts().into_iter().for_each(|part| count_choices(part, found));
}

fn collect_steps(steps: &[Step], tests: &mut Tests) {
    for expr in expressions(steps) {
        tests.collect(expr);
    }
    for step in steps {
        for action in &step.actions {
            match action {
                Action::Move { slot, .. } => _ = tests.written.insert(*slot),
                Action::Effect(_, target, _) => _ = tests.written.insert(target.slot),
                Action::Steps(steps) => collect_steps(steps, tests),
                _ => {}
            }
        }
    }
}

/// All expressions of steps, those of named lists included.
fn expressions(steps: &[Step]) -> Vec<&Expr> {
    let mut found = Vec::new();
    for step in steps {
        found.extend(&step.when);
        for action in &step.actions {
            match action {
                Action::Reject(report) | Action::Warn(report) => found.extend(&report.params),
                Action::Skip => {}
                Action::Move { to, otherwise, .. } => found.extend(std::iter::once(to).chain(&otherwise.params)),
                Action::Check { from, to, otherwise, .. } => {
                    found.extend([from, to].into_iter().chain(&otherwise.params));
                }
                Action::Effect(_, target, value) => {
                    found.extend(target.path.iter().filter_map(|access| match access {
                        Access::Key { key, .. } => Some(key),
                        Access::Field(_) => None,
                    }));
                    if let Some(value) = value {
                        super::effects::in_assignment(value, &mut found);
                    }
                }
                Action::Steps(steps) => found.extend(expressions(steps)),
            }
        }
    }
    found
}

pub(super) fn fold_name(reducer: &Reducer) -> String {
    format!("$fold{}", crate::emit::casing::pascal(&reducer.meta.name))
}

pub(super) fn state_name(reducer: &Reducer) -> String {
    format!("$stateOf{}", crate::emit::casing::pascal(&reducer.meta.name))
}
