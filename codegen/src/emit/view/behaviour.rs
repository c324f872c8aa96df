//! Machines, profiles and reducers enter; their descriptions leave. What reducers do with each event is not described:
//! the packages carry that out.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::declarations::{About, about, value};
use super::records::events;
use super::types::{self, Type};
use super::{Ref, reference};
use crate::expr;
use crate::model::{self, Cell, MachineForm, MachineRule, PartitionKey, SlotKind, SlotOutput, TemplatePart, Workspace};

/// A transition table. The state before anything was recorded is null.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Machine<'w> {
    #[serde(flatten)]
    about: About<'w>,
    /// The enum of its states.
    states: Ref<'w>,
    /// The states that may follow null, then each state in order; null where the machine is a table over inputs.
    edges: Option<Vec<Edges<'w>>>,
    /// Reasons to refuse a move, in order.
    rules: Vec<Rule<'w>>,
    /// Where it holds, a move needs no edge.
    bypass: Option<String>,
    /// States that may be entered from a terminal one.
    reopen_to: Vec<&'w str>,
    /// The enum of inputs, where it is a table over inputs.
    inputs: Option<Ref<'w>>,
    /// What each input does in null, then in each state in order; null where the machine is made of edges.
    table: Option<Vec<Row<'w>>>,
}

/// The states that may follow one.
#[derive(Debug, Serialize, JsonSchema)]
struct Edges<'w> {
    from: Option<&'w str>,
    to: Vec<&'w str>,
}

/// A reason to refuse a move.
#[derive(Debug, Serialize, JsonSchema)]
struct Rule<'w> {
    /// What is reported.
    code: &'w str,
    /// Refused where it holds; null where it asks whether there is an edge.
    when: Option<String>,
}

/// What inputs do in a state.
#[derive(Debug, Serialize, JsonSchema)]
struct Row<'w> {
    from: Option<&'w str>,
    /// One an input, in order.
    cells: Vec<Move<'w>>,
}

/// What an input does.
#[derive(Debug, Serialize, JsonSchema)]
struct Move<'w> {
    input: &'w str,
    outcome: Outcome,
    /// The state that it goes to.
    to: Option<&'w str>,
}

/// What an input does.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// Goes to another state.
    To,
    /// Changes nothing and is no fault.
    Stay,
    /// Is refused.
    Refuse,
}

/// How the events of a log are read and ordered.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Profile<'w> {
    #[serde(flatten)]
    about: About<'w>,
    envelope: Ref<'w>,
    /// Fields of the envelope, most significant first.
    order_by: Vec<&'w str>,
    /// The field of the envelope that identifies an event.
    dedup_by: &'w str,
}

/// A fold of a set of events into one state.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reducer<'w> {
    #[serde(flatten)]
    about: About<'w>,
    profile: Ref<'w>,
    /// Events that it takes.
    consumes: Vec<Ref<'w>>,
    /// What tells the entities of a log apart.
    partition_by: Option<Partition<'w>>,
    /// The parts of the state.
    slots: Vec<Slot<'w>>,
    anomalies: Vec<Anomaly<'w>>,
}

/// What tells entities apart: a field of the envelope, or of every payload.
#[derive(Debug, Serialize, JsonSchema)]
struct Partition<'w> {
    /// Whether the field is one of the envelope.
    envelope: bool,
    field: &'w str,
}

/// A part of the state.
#[derive(Debug, Serialize, JsonSchema)]
struct Slot<'w> {
    name: &'w str,
    r#type: Type<'w>,
    /// Whether it may be none.
    optional: bool,
    /// The machine whose state it holds.
    machine: Option<Ref<'w>>,
    /// What it starts as; null for none.
    start: Value,
    /// Whether it is printed.
    printed: bool,
}

/// Something that a reducer reports.
#[derive(Debug, Serialize, JsonSchema)]
struct Anomaly<'w> {
    kind: &'w str,
    /// The text for people, with `{name}` where a parameter stands.
    message: String,
    params: Vec<&'w str>,
}

pub(super) fn machine<'w>(workspace: &'w Workspace, machine: &'w model::Machine) -> Machine<'w> {
    let states = &workspace.enums[machine.states];
    let text = |at: &usize| states.values[*at].text.as_str();
    let from = |row: usize| row.checked_sub(1).map(|at| text(&at));
    let mut view = Machine {
        about: about(&machine.meta),
        states: reference(workspace, states.family, &states.meta),
        edges: None,
        rules: Vec::new(),
        bypass: None,
        reopen_to: Vec::new(),
        inputs: None,
        table: None,
    };
    match &machine.form {
        MachineForm::Edges(edges) => {
            let row = |(at, to): (usize, &'w Vec<usize>)| Edges { from: from(at), to: to.iter().map(text).collect() };
            view.edges = Some(edges.allowed.iter().enumerate().map(row).collect());
            view.rules = edges.rules.iter().map(|it| rule(workspace, it)).collect();
            view.bypass = edges.bypass.as_ref().map(|bypass| expr::text(bypass, workspace));
            view.reopen_to = edges.reopen_to.iter().map(text).collect();
        }
        MachineForm::Table(table) => {
            let inputs = &workspace.enums[table.inputs];
            let cell = |(input, cell): (&'w model::EnumValue, &Cell)| {
                let (outcome, to) = match cell {
                    Cell::To(state) => (Outcome::To, Some(text(state))),
                    Cell::Stay => (Outcome::Stay, None),
                    Cell::Refuse => (Outcome::Refuse, None),
                };
                Move { input: &input.text, outcome, to }
            };
            let row = |(at, row): (usize, &Vec<Cell>)| Row {
                from: from(at),
                cells: inputs.values.iter().zip(row).map(cell).collect(),
            };
            view.inputs = Some(reference(workspace, inputs.family, &inputs.meta));
            view.table = Some(table.rows.iter().enumerate().map(row).collect());
        }
    }
    view
}

fn rule<'w>(workspace: &Workspace, rule: &'w MachineRule) -> Rule<'w> {
    match rule {
        MachineRule::Edge => Rule { code: "EDGE", when: None },
        MachineRule::Deny { code, when } => Rule { code, when: Some(expr::text(when, workspace)) },
    }
}

pub(super) fn profile<'w>(workspace: &'w Workspace, profile: &'w model::Profile) -> Profile<'w> {
    let envelope = &workspace.records[profile.envelope];
    let name = |at: &usize| envelope.fields[*at].meta.name.as_str();
    Profile {
        about: about(&profile.meta),
        envelope: reference(workspace, envelope.family, &envelope.meta),
        order_by: profile.order_by.iter().map(name).collect(),
        dedup_by: name(&profile.dedup_by),
    }
}

pub(super) fn reducer<'w>(workspace: &'w Workspace, reducer: &'w model::Reducer) -> Reducer<'w> {
    let profile = &workspace.profiles[reducer.profile];
    let envelope = &workspace.records[profile.envelope];
    let partition_by = reducer.partition_by.as_ref().map(|key| match key {
        PartitionKey::Envelope(at) => Partition { envelope: true, field: &envelope.fields[*at].meta.name },
        PartitionKey::Payload(field, _) => Partition { envelope: false, field },
    });
    Reducer {
        about: about(&reducer.meta),
        profile: reference(workspace, profile.family, &profile.meta),
        consumes: events(workspace, &reducer.consumes),
        partition_by,
        slots: reducer.slots.iter().map(|it| slot(workspace, it)).collect(),
        anomalies: reducer.anomalies.iter().map(|it| anomaly(reducer, it)).collect(),
    }
}

fn slot<'w>(workspace: &'w Workspace, slot: &'w model::ReducerSlot) -> Slot<'w> {
    let machine = match slot.kind {
        SlotKind::Machine(id) => Some(&workspace.machines[id]),
        _ => None,
    };
    Slot {
        name: &slot.name,
        r#type: types::bare(workspace, &slot.ty),
        optional: workspace.is_optional(&slot.ty),
        machine: machine.map(|machine| reference(workspace, machine.family, &machine.meta)),
        start: match &slot.kind {
            SlotKind::Value(start) => value(start),
            SlotKind::Count { .. } => Value::from(0),
            SlotKind::Machine(_) | SlotKind::Last { .. } | SlotKind::From { .. } => Value::Null,
        },
        printed: slot.output != SlotOutput::Hidden,
    }
}

fn anomaly<'w>(reducer: &'w model::Reducer, anomaly: &'w model::Anomaly) -> Anomaly<'w> {
    let part = |part: &TemplatePart| match part {
        TemplatePart::Text(text) => text.clone(),
        TemplatePart::Param(at) => format!("{{{}}}", anomaly.params[*at]),
        TemplatePart::Field(at) => format!("{{{}}}", reducer.anomaly_fields[*at].0),
        TemplatePart::Inner(name) => format!("{{{name}}}"),
    };
    let own = anomaly.params.iter().map(String::as_str);
    let is_delegated = |delegate: &model::Delegate| reducer.anomalies[delegate.anomaly].kind == anomaly.kind;
    let shared = if reducer.delegates.iter().any(is_delegated) { &[][..] } else { &reducer.anomaly_fields };
    let shared = shared.iter().map(|(name, _)| name.as_str());
    Anomaly {
        kind: &anomaly.kind,
        message: anomaly.template.iter().map(part).collect(),
        params: own.chain(shared).collect(),
    }
}
