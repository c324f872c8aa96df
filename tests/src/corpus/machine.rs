//! A workspace enters; questions about all its machines leave, with what the reference interpreter says to each.

use std::collections::BTreeSet;

use codegen::emit::casing::{camel, pascal};
use codegen::interpret::{Unanswered, check_payload, is_allowed, is_terminal, next, successors, violations};
use codegen::json::{Value, canonical};
use codegen::model::{Cell, Edges, EnumDef, EventId, FamilyId, Machine, MachineForm, Workspace};

use super::{Instances, Random};
use crate::implementation::Language;

/// How many payloads each move is tried with, where a machine has an event.
const PAYLOADS: usize = 12;

/// How many are made to choose from.
const SEEDS: u64 = 600;

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

/// What stands between the question and the answer in `tests/scripts/machines.rs`: Rust has no machines by name, so that
/// each needs an arm.
pub fn rust_arms(workspace: &Workspace) -> String {
    let module = |family: FamilyId| format!("event_contracts::{}", workspace.families[family].meta.name);
    let mut arms = vec!["match (question.text(\"family\"), question.text(\"machine\")) {\n".to_owned()];
    for machine in &workspace.machines {
        let (family, name) = (&workspace.families[machine.family].meta.name, &machine.meta.name);
        let states = &workspace.enums[machine.states];
        let mut uses = vec![
            (module(machine.family), name.clone(), "machine"),
            (module(states.family), states.meta.name.clone(), "State"),
        ];
        let ask = match &machine.form {
            MachineForm::Table(table) => {
                let inputs = &workspace.enums[table.inputs];
                uses.push((module(inputs.family), inputs.meta.name.clone(), "Input"));
                "inputs!(question)"
            }
            MachineForm::Edges(Edges { with: Some(event), .. }) => {
                let event = &workspace.events[*event];
                uses.push((module(event.family), format!("{}Payload", event.meta.name), "Payload"));
                "edges!(question, payload)"
            }
            MachineForm::Edges(_) => "edges!(question)",
        };
        let uses: Vec<String> =
            uses.iter().map(|(of, name, called)| format!("use {of}::{name} as {called};")).collect();
        arms.push(format!("    ({family:?}, {name:?}) => {{ {} {ask} }}\n", uses.join(" ")));
    }
    arms.push("    other => panic!(\"{other:?} is no machine\"),\n}\n".to_owned());
    arms.concat()
}

fn of_machine(workspace: &Workspace, machine: &Machine) -> Vec<Question> {
    let states = &workspace.enums[machine.states];
    let payloads = match &machine.form {
        MachineForm::Edges(edges) => {
            edges.with.map(|event| valid_payloads(workspace, machine, edges, event)).unwrap_or_default()
        }
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

/// The wire name of an event with valid payloads of it, in canonical form: some, and each that some move is judged by
/// as it was by none before.
fn valid_payloads(workspace: &Workspace, machine: &Machine, edges: &Edges, id: EventId) -> Vec<(Value, Value)> {
    let event = &workspace.events[id];
    let made = (0..SEEDS).filter_map(|seed| {
        let mut instances = Instances { workspace, random: Random::new(seed) };
        check_payload(workspace, id, &instances.value(&event.payload.ty(), 0)).ok()
    });
    let states = workspace.enums[machine.states].values.len();
    let (mut shown, mut kept) = (BTreeSet::new(), Vec::new());
    for payload in made {
        let before = shown.len();
        for from in [None].into_iter().chain((0..states).map(Some)) {
            let told = Unanswered::default();
            let broken = |to| violations(workspace, machine, edges, from, to, Some(&payload), &told);
            shown.extend((0..states).map(|to| (from, to, broken(to))));
        }
        if kept.len() < PAYLOADS || shown.len() > before {
            kept.push((event.wire.as_str().into(), payload));
        }
    }
    kept
}

fn text(of: &EnumDef, index: usize) -> Value {
    of.values[index].text.as_str().into()
}
