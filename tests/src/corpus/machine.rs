//! A workspace enters; questions about all its machines leave, with what the reference interpreter says to each.

use codegen::emit::casing::{camel, pascal};
use codegen::interpret::{Unanswered, check_payload, is_allowed, is_terminal, next, successors, violations};
use codegen::json::{Value, canonical};
use codegen::model::{Cell, EnumDef, EventId, Machine, MachineForm, Workspace};

use super::{Instances, Random};
use crate::implementation::Language;

/// How many payloads each move is tried with, where a machine has an event.
const PAYLOADS: usize = 12;

/// A move from one state to another, by an input or with a payload.
#[derive(Debug)]
pub struct Question {
    family: String,
    machine: String,
    /// What the machine is asked, but for its name.
    members: Vec<(&'static str, Value)>,
    /// What it has to say.
    pub answer: String,
}

impl Question {
    /// The question as a line that names the machine as the package of the language does.
    pub fn line(&self, language: Language) -> String {
        let machine = match language {
            Language::Rust => self.machine.clone(),
            Language::Python => pascal(&self.machine),
            Language::TypeScript => camel(&self.machine) + "Machine",
        };
        let names = [("family", self.family.as_str().into()), ("machine", machine.into())];
        canonical(&Value::object(names.into_iter().chain(self.members.iter().cloned())))
    }
}

/// Every move of every machine.
pub fn questions(workspace: &Workspace) -> Vec<Question> {
    workspace.machines.iter().flat_map(|machine| of_machine(workspace, machine)).collect()
}

fn of_machine(workspace: &Workspace, machine: &Machine) -> Vec<Question> {
    let states = &workspace.enums[machine.states];
    let payloads = match &machine.form {
        MachineForm::Edges(edges) => edges.with.map(|event| valid_payloads(workspace, event)).unwrap_or_default(),
        MachineForm::Table(_) => Vec::new(),
    };
    let mut questions = Vec::new();
    for from in [None].into_iter().chain((0..states.values.len()).map(Some)) {
        for to in 0..states.values.len() {
            let mut ask = |more: Vec<(&'static str, Value)>, (name, said): (&'static str, Value)| {
                let followers = successors(machine, from).into_iter().map(|state| text(states, state));
                let answer = Value::object([
                    ("allowed", is_allowed(machine, from, to).into()),
                    ("successors", Value::Array(followers.collect())),
                    ("terminal", is_terminal(workspace, machine, to).into()),
                    (name, said),
                ]);
                let from = from.map_or(Value::Null, |state| text(states, state));
                questions.push(Question {
                    family: workspace.families[machine.family].meta.name.clone(),
                    machine: machine.meta.name.clone(),
                    members: [vec![("from", from), ("to", text(states, to))], more].concat(),
                    answer: canonical(&answer),
                });
            };
            match &machine.form {
                MachineForm::Table(table) => {
                    let inputs = &workspace.enums[table.inputs];
                    for input in 0..inputs.values.len() {
                        let said = match next(table, from, input) {
                            Cell::To(state) => vec!["to".into(), text(states, state)],
                            Cell::Stay => vec!["stay".into()],
                            Cell::Refuse => vec!["refuse".into()],
                        };
                        ask(vec![("input", text(inputs, input))], ("next", Value::Array(said)));
                    }
                }
                MachineForm::Edges(edges) => {
                    let broken = |payload: Option<&Value>| {
                        let codes = violations(workspace, machine, edges, from, to, payload, &Unanswered::default());
                        ("violations", Value::Array(codes.into_iter().map(Value::from).collect()))
                    };
                    if edges.with.is_none() {
                        ask(Vec::new(), broken(None));
                    }
                    for (event_type, payload) in &payloads {
                        let text = canonical(payload).into();
                        ask(vec![("event_type", event_type.clone()), ("payload_text", text)], broken(Some(payload)));
                    }
                }
            }
        }
    }
    questions
}

/// The wire name of an event with valid payloads of it, in canonical form.
fn valid_payloads(workspace: &Workspace, id: EventId) -> Vec<(Value, Value)> {
    let event = &workspace.events[id];
    let made = (0..).filter_map(|seed| {
        let mut instances = Instances { workspace, random: Random::new(seed) };
        let payload = check_payload(workspace, id, &instances.value(&event.payload.ty(), 0)).ok()?;
        Some((event.wire.as_str().into(), payload))
    });
    made.take(PAYLOADS).collect()
}

fn text(of: &EnumDef, index: usize) -> Value {
    of.values[index].text.as_str().into()
}
