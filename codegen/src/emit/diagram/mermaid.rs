//! A machine enters; a Mermaid state diagram leaves.

use std::fmt::Write;

use super::graph::{Arrow, Graph};
use crate::emit::encode::mermaid::label;
use crate::model::{Machine, Workspace};

/// The text of a `stateDiagram-v2`. Ids are numbers, so that no state can be read as a keyword; labels are the states.
pub fn mermaid(workspace: &Workspace, machine: &Machine) -> String {
    let graph = Graph::new(workspace, machine);
    let mut out = String::from("stateDiagram-v2\n");
    for (at, state) in graph.states.iter().enumerate().skip(1) {
        line(&mut out, &format!("state \"{}\" as s{at}", label(state.label)));
    }
    for arrow in &graph.arrows {
        line(&mut out, &drawn(arrow));
    }
    for (at, _) in graph.states.iter().enumerate().filter(|(_, state)| state.is_terminal) {
        line(&mut out, &format!("s{at} --> [*]"));
    }
    if let Some(bypass) = &graph.bypass {
        line(&mut out, "note left of s1");
        line(&mut out, &format!("    any move where {}", label(bypass)));
        line(&mut out, "end note");
    }
    out
}

fn drawn(arrow: &Arrow) -> String {
    let from = if arrow.from == 0 { "[*]".to_owned() } else { format!("s{}", arrow.from) };
    let inputs: Vec<String> = arrow.inputs.iter().map(|input| label(input)).collect();
    let inputs = if inputs.is_empty() { String::new() } else { format!(": {}", inputs.join(", ")) };
    format!("{from} --> s{}{inputs}", arrow.to)
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "    {text}").expect("a string takes any text");
}
