//! Does the reference interpreter move machines as the contracts say?

use codegen::interpret::{Unanswered, is_allowed, next, violations};
use codegen::json::read;
use codegen::model::{Cell, EnumId, Machine, MachineForm, Workspace};
use tests::{project, root};

fn shop() -> Workspace {
    project::workspace(&root().join("tests/domains/order"))
}

fn machine<'a>(workspace: &'a Workspace, name: &str) -> &'a Machine {
    workspace.machines.iter().find(|machine| machine.meta.name == name).unwrap()
}

fn state(workspace: &Workspace, id: EnumId, name: &str) -> Option<usize> {
    (name != "none").then(|| workspace.enums[id].index_of(name).unwrap())
}

/// What refuses an order to go from one state to another, with the given members in the payload.
fn refusals(from: &str, to: &str, payload: &str) -> Vec<String> {
    let workspace = shop();
    let machine = machine(&workspace, "order_flow");
    let MachineForm::Edges(edges) = &machine.form else { panic!("a machine of edges") };
    let payload = read(payload.as_bytes()).unwrap();
    let states = [from, to].map(|name| state(&workspace, machine.states, name));
    let found =
        violations(&workspace, machine, edges, states[0], states[1].unwrap(), Some(&payload), &Unanswered::default());
    found.into_iter().map(str::to_owned).collect()
}

#[test]
fn every_broken_rule_is_told_in_declared_order_with_the_edge_test_among_them() {
    let plain = r#"{"force":false,"reason":"because"}"#;
    assert!(refusals("none", "draft", plain).is_empty());
    assert!(refusals("shipped", "canceled", plain).is_empty());
    assert_eq!(refusals("none", "paid", plain), ["EDGE"]);
    assert_eq!(refusals("paid", "draft", plain), ["no_way_back", "EDGE"]);
    assert_eq!(refusals("delivered", "canceled", r#"{"force":false}"#), ["EDGE", "cancel_with_reason"]);
    assert_eq!(refusals("paid", "canceled", r#"{"force":false,"reason":" \t"}"#), ["cancel_with_reason"]);
    assert_eq!(refusals("paid", "draft", r#"{"force":true}"#), ["no_way_back"], "a bypass stands for the edge alone");
}

#[test]
fn a_table_says_what_each_input_does_and_has_the_edges_that_inputs_lead_along() {
    let workspace = shop();
    let machine = machine(&workspace, "parcel");
    let MachineForm::Table(table) = &machine.form else { panic!("a machine of inputs") };
    let at = |name: &str| state(&workspace, machine.states, name);
    let input = |name: &str| workspace.enums[table.inputs].index_of(name).unwrap();
    assert_eq!(next(table, None, input("pickup")), Cell::To(at("announced").unwrap()));
    assert_eq!(next(table, None, input("door")), Cell::Refuse);
    assert_eq!(next(table, at("delivered"), input("door")), Cell::Stay);
    assert!(is_allowed(machine, at("failed"), at("announced").unwrap()));
    assert!(!is_allowed(machine, None, at("delivered").unwrap()));
    assert!(!is_allowed(machine, at("delivered"), at("delivered").unwrap()), "to stay is no move");
}
