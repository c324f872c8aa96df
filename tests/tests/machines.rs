//! Does the reference interpreter move machines as the contracts say?

use std::collections::BTreeSet;

use codegen::interpret::{Unanswered, is_allowed, next, violations};
use codegen::json::read;
use codegen::model::{Cell, EnumId, Machine, MachineForm, MachineRule, Workspace};
use serde_json::Value;
use tests::corpus::questions;
use tests::implementation::Language;
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

/// What refuses a work package to go from one lane to another, read from the definition of the lanes.
fn lane_violations(
    from: &str,
    to: &str,
    force: bool,
    reason: Option<&str>,
    review_ref: Option<&str>,
) -> Vec<&'static str> {
    let is_blank = |text: Option<&str>| text.is_none_or(|text| text.trim_ascii().is_empty());
    let is_terminal = ["done", "canceled"].contains(&from);
    let follows: &[&str] = match from {
        "none" | "genesis" => &["planned"],
        "planned" => &["claimed"],
        "claimed" | "blocked" => &["in_progress"],
        "in_progress" => &["for_review", "approved", "planned"],
        "for_review" => &["in_review", "approved", "done", "in_progress", "planned"],
        "in_review" => &["approved", "done", "in_progress", "for_review", "planned"],
        "approved" => &["done", "in_progress", "planned"],
        _ => &[],
    };
    let leaves_any = from != "none" && !is_terminal && ["blocked", "canceled"].contains(&to);
    let is_rewind = to == "planned" && ["in_progress", "for_review", "in_review", "approved"].contains(&from);
    let is_sent_back =
        ["for_review", "in_review", "approved"].contains(&from) && ["in_progress", "planned"].contains(&to);
    let rules = [
        ("terminal_exit", is_terminal && !force),
        ("rewind_must_be_forced", is_rewind && !force),
        ("EDGE", !follows.contains(&to) && !leaves_any && !force),
        ("review_ref_missing", is_sent_back && !(force && to == "planned") && is_blank(review_ref)),
        ("reason_missing", from == "in_progress" && to == "planned" && is_blank(reason)),
    ];
    rules.into_iter().filter(|(_, is_broken)| *is_broken).map(|(code, _)| code).collect()
}

#[test]
fn every_move_between_lanes_is_judged_by_the_five_rules_in_their_order() {
    let workspace = project::workspace(&root());
    let machine = machine(&workspace, "wp_lane");
    let MachineForm::Edges(edges) = &machine.form else { panic!("a machine of edges") };
    let lanes: Vec<&str> = workspace.enums[machine.states].values.iter().map(|lane| &*lane.text).collect();
    assert_eq!(lanes.len(), 10);
    let texts = [None, Some(" \t"), Some("r")];
    for from in ["none"].iter().chain(&lanes) {
        for to in &lanes {
            for (force, reason, review_ref) in [false, true]
                .into_iter()
                .flat_map(|force| texts.into_iter().flat_map(move |reason| texts.map(|review| (force, reason, review))))
            {
                let payload = serde_json::json!({"force": force, "reason": reason, "review_ref": review_ref});
                let payload = read(payload.to_string().as_bytes()).unwrap();
                let states = [*from, *to].map(|name| state(&workspace, machine.states, name));
                let found = violations(
                    &workspace,
                    machine,
                    edges,
                    states[0],
                    states[1].unwrap(),
                    Some(&payload),
                    &Unanswered::default(),
                );
                let expected = lane_violations(from, to, force, reason, review_ref);
                assert_eq!(found, expected, "{from} -> {to} {force} {reason:?} {review_ref:?}");
            }
        }
    }
}

/// A state, and those that may follow it.
type Row = (&'static str, &'static [&'static str]);

#[test]
fn a_connector_and_a_mission_go_along_their_edges_and_no_others() {
    let workspace = project::workspace(&root());
    let tables: [(&str, &[Row]); 2] = [
        (
            "connector_lifecycle",
            &[
                ("none", &["provisioned"]),
                ("provisioned", &["healthy", "degraded", "revoked"]),
                ("healthy", &["degraded", "revoked"]),
                ("degraded", &["healthy", "revoked", "reconnected"]),
                ("revoked", &["reconnected"]),
                ("reconnected", &["healthy", "degraded", "revoked"]),
            ],
        ),
        (
            "mission",
            &[("none", &["active"]), ("active", &["completed", "cancelled"]), ("completed", &[]), ("cancelled", &[])],
        ),
    ];
    for (name, table) in tables {
        let machine = machine(&workspace, name);
        let states: Vec<&str> = workspace.enums[machine.states].values.iter().map(|state| &*state.text).collect();
        assert_eq!(states.len() + 1, table.len(), "{name}");
        for (from, follows) in table {
            for (at, to) in states.iter().enumerate() {
                let is_edge = is_allowed(machine, state(&workspace, machine.states, from), at);
                assert_eq!(is_edge, follows.contains(to), "{name}: {from} -> {to}");
            }
        }
    }
}

/// What all languages are asked in `agreement.rs`.
#[test]
fn languages_are_asked_about_every_cell_of_every_machine_and_each_rule_is_broken_and_kept() {
    for folder in ["", "tests/domains/order", "tests/domains/corners", "tests/domains/expressions"] {
        let workspace = project::workspace(&root().join(folder));
        let asked = questions(&workspace);
        for machine in &workspace.machines {
            let lines = asked.iter().map(|question| (question.line(Language::Rust), &question.answer));
            let ours: Vec<(Value, Value)> = lines
                .map(|(line, answer)| (serde_json::from_str(&line).unwrap(), serde_json::from_str(answer).unwrap()))
                .filter(|(line, _): &(Value, Value)| line["machine"] == *machine.meta.name)
                .collect();
            let states = workspace.enums[machine.states].values.len();
            let inputs = match &machine.form {
                MachineForm::Table(table) => workspace.enums[table.inputs].values.len(),
                MachineForm::Edges(_) => 1,
            };
            let cell = |line: &Value| format!("{} {} {}", line["from"], line["to"], line["input"]);
            let cells: BTreeSet<String> = ours.iter().map(|(line, _)| cell(line)).collect();
            assert_eq!(cells.len(), (states + 1) * states * inputs, "{}", machine.meta.name);
            let MachineForm::Edges(edges) = &machine.form else { continue };
            for rule in &edges.rules {
                let code = if let MachineRule::Deny { code, .. } = rule { code } else { "EDGE" };
                let is_broken = |answer: &Value| answer["violations"].as_array().unwrap().iter().any(|it| it == code);
                let count = ours.iter().filter(|(_, answer)| is_broken(answer)).count();
                assert!(0 < count && count < ours.len(), "{}: {code} is broken {count} times", machine.meta.name);
            }
            let is_bypassed =
                ours.iter().any(|(_, it)| it["allowed"] == false && it["violations"] == serde_json::json!([]));
            assert_eq!(is_bypassed, edges.bypass.is_some(), "{}", machine.meta.name);
        }
    }
}
