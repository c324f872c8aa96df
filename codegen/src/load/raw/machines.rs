//! An entry of `machines` enters; it leaves as written.

use super::super::yaml::Node;
use super::contract::read_meta;
use super::enums::read_members;
use super::read::{self, Object};
use super::{RawEdges, RawMachine, RawMachineForm, RawMembers, RawText, rules};
use crate::diagnostic::{Diagnostic, Diagnostics};

const STATES: &str = "a list of states";

pub fn read_machine(name: &RawText, node: &Node, out: &mut Diagnostics) -> Option<RawMachine> {
    let mut object = Object::new(node, "a machine", out)?;
    let meta = read_meta(&mut object, name.clone(), out);
    let states = object.need("states", out).and_then(|node| read::text(node, out));
    let reopen_to = object.take("reopen_to").map(|node| read::texts(node, STATES, out)).unwrap_or_default();
    let inputs = object.read("inputs", out, read::text);
    let table = object.take("table");
    let form = match (inputs, table) {
        (Some(inputs), Some(table)) => Some(RawMachineForm::Table { inputs, rows: read_rows(table, out) }),
        (None, None) => Some(RawMachineForm::Edges(read_edges(&mut object, out))),
        _ => {
            out.push(Diagnostic::new(&rules::MISSING_KEY, node.span, "`inputs` and `table` belong together"));
            None
        }
    };
    object.finish(out);
    Some(RawMachine { meta, states: states?, reopen_to, form: form? })
}

fn read_rows(node: &Node, out: &mut Diagnostics) -> Vec<(RawText, Vec<(RawText, RawText)>)> {
    let rows = read::members(node, "a mapping of states", out).unwrap_or_default();
    rows.iter()
        .map(|(state, node)| {
            let cells = read::members(node, "a mapping of inputs to states", out).unwrap_or_default();
            let cells = cells.iter().filter_map(|(input, node)| Some((input.clone(), read::text(node, out)?)));
            (state.clone(), cells.collect())
        })
        .collect()
}

fn read_edges(object: &mut Object<'_>, out: &mut Diagnostics) -> RawEdges {
    let edges = object.need("edges", out).and_then(|node| read::members(node, "a mapping of states", out));
    let edges =
        edges.unwrap_or_default().iter().map(|(from, to)| (from.clone(), read::texts(to, STATES, out))).collect();
    let any_edges = object.take("any_edges").and_then(|node| read::items(node, "a list of edges", out));
    let any_edges = any_edges.unwrap_or_default().iter().filter_map(|node| read_any_edge(node, out)).collect();
    let with = object.read("with", out, read::text);
    let bypass = object.read("bypass_edges_when", out, read::expression);
    let rules = object.take("rules").and_then(|node| read::items(node, "a list of rules", out)).unwrap_or_default();
    let rules = rules.iter().filter_map(|node| read_rule(node, out)).collect();
    RawEdges { edges, any_edges, with, bypass, rules }
}

fn read_any_edge(node: &Node, out: &mut Diagnostics) -> Option<(RawMembers, Vec<RawText>)> {
    let mut object = Object::new(node, "an entry of `any_edges`", out)?;
    let from = object.need("from", out).and_then(|node| read_members(node, out));
    let to = object.need("to", out).map(|node| read::one_or_more(node, STATES, out));
    object.finish(out);
    Some((from?, to?))
}

fn read_rule(node: &Node, out: &mut Diagnostics) -> Option<(RawText, Option<RawText>)> {
    let mut object = Object::new(node, "a rule of a machine", out)?;
    let code = object.need("code", out).and_then(|node| read::text(node, out));
    let is_edge = code.as_ref().is_some_and(|code| code.value == "EDGE");
    let deny = if is_edge { object.take("deny_when") } else { object.need("deny_when", out) };
    let deny = deny.and_then(|node| read::expression(node, out));
    object.finish(out);
    if let (true, Some(deny)) = (is_edge, &deny) {
        out.push(
            Diagnostic::new(
                &rules::CONFLICTING_KEYS,
                deny.span,
                "`EDGE` stands for the edge test and has no condition",
            )
            .help("give the rule another code, or remove `deny_when`"),
        );
        return None;
    }
    let code = code?;
    (is_edge || deny.is_some()).then_some((code, deny))
}
