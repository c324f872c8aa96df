//! How a reducer groups events enters; the function leaves that says where an event stands in its group.

use super::super::layout::{Doc, array, assigned_member, member, object, row, text};
use super::super::module::Module;
use super::super::names;
use super::code::Code;
use super::events::tests_of;
use super::values::{NoneAs, Steps};
use super::{Names, Scope, key_part};
use crate::expr::kind;
use crate::model::{ExprKind, ExprType, Reaction, Reducer};

impl<'a> Module<'a> {
    /// A case for each event, or one answer where all stand alike.
    pub(super) fn turn_function(&mut self, reducer: &'a Reducer, made: &Names) {
        if reducer.concurrent.is_none() {
            return;
        }
        let envelope = self.envelope_type(reducer);
        let whole = Scope::new(reducer);
        // Events that stand alike share a case.
        let mut cases: Vec<(Vec<String>, String)> = Vec::new();
        for reaction in &reducer.reactions {
            let event = self.event_constant(&self.workspace.events[reaction.event]);
            let scope = Scope::new(reducer);
            let body = self.turn(reducer, reaction, &scope, 6);
            for variable in ["e", "p"] {
                if scope.has_read(variable) {
                    whole.note(variable);
                }
            }
            match cases.iter_mut().find(|(_, other)| *other == body) {
                Some((events, _)) => events.push(event),
                None => cases.push((vec![event], body)),
            }
        }
        let mut code = Code::new(2);
        let (last, others) = cases.split_last().expect("a reducer consumes an event");
        if others.is_empty() {
            let only = self.turn(reducer, &reducer.reactions[0], &Scope::new(reducer), 2);
            code.verbatim(&only);
        } else {
            whole.note("e");
            code.line("switch (e.event_type) {");
            code.indented(|code| {
                for (events, body) in others {
                    let labels = events.iter().enumerate();
                    for (at, event) in labels {
                        let open = if at + 1 == events.len() { " {" } else { "" };
                        code.line(&format!("case {event}:{open}"));
                    }
                    code.verbatim(body);
                    code.line("}");
                }
                code.line("default: {");
                code.verbatim(&last.1);
                code.line("}");
            });
            code.line("}");
        }
        self.begin_noted("Where an event stands among those that happened with it.");
        let fold = if whole.has_read("p") { "f" } else { "_f" };
        let event = whole.parameter("e");
        self.line(&format!("function {}({fold}: {}, {event}: {envelope}): $.Turn {{", turn_name(reducer), made.fold));
        self.body.push_str(&code.finish());
        self.line("}");
    }

    fn turn(&mut self, reducer: &'a Reducer, reaction: &'a Reaction, scope: &Scope<'a>, indent: usize) -> String {
        let workspace = self.workspace;
        let event = &workspace.events[reaction.event];
        let payload = self.value_name(event.family, &names::payload(event));
        let mut steps = Steps::new(self, scope, tests_of(reducer, reaction));
        let group = reaction.group_by.iter().map(|part| steps.value(part, NoneAs::Null)).collect();
        let mut members = vec![member("group", array(group))];
        match &reaction.goes_last {
            None => {}
            Some(last) if last.kind == ExprKind::Bool(false) => {}
            Some(last) => members.push(assigned_member("isLast", steps.expression(last))),
        }
        let order: Vec<Doc> = reaction
            .then_by
            .iter()
            .map(|part| {
                let ExprType::Of(ty) = &part.ty else { unreachable!("keys of an order were checked to be values") };
                let value = steps.expression(part);
                key_part(kind(workspace, ty), value)
            })
            .collect();
        if !order.is_empty() {
            members.push(member("order", array(order)));
        }
        let mut code = Code::new(indent);
        if scope.has_read("p") {
            code.line(&format!("const p = f.parse({payload})!;"));
        }
        code.statement(row(vec![text("return "), object(members)]));
        code.finish()
    }
}

pub(super) fn turn_name(reducer: &Reducer) -> String {
    format!("$turnOf{}", crate::emit::casing::pascal(&reducer.meta.name))
}
