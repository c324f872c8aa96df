//! A machine enters; an SVG leaves that needs nothing else: no network, no script, light and dark by itself.

use std::fmt::Write;

use super::geometry::{Curve, Place, Point, between, loop_at, neighbours, ring};
use super::graph::{Arrow, Graph, State};
use crate::emit::encode::html;
use crate::model::{Machine, Workspace};

/// Width of a letter in the font of the labels, a little more than it takes.
const LETTER: f64 = 8.6;

/// Half the height of a box.
const HALF_HEIGHT: f64 = 17.0;

/// Radius of the point that stands for "nothing recorded yet".
const START: f64 = 9.0;

const STYLE: &str = "\
.machine{color:#1f2328;--paper:#fff;--line:#59636e;--end:#0969da;font:14px ui-monospace,SFMono-Regular,Menlo,monospace}\
@media(prefers-color-scheme:dark){.machine{color:#e6edf3;--paper:#0d1117;--line:#9198a1;--end:#4493f8}}\
.machine path{fill:none;stroke:var(--line);stroke-width:1.4}\
.machine .head{fill:var(--line);stroke:none}\
.machine rect{fill:var(--paper);stroke:currentColor;stroke-width:1.4}\
.machine .end{stroke:var(--end);stroke-width:2.6}\
.machine circle{fill:currentColor}\
.machine text{fill:currentColor;text-anchor:middle;dominant-baseline:central}\
.machine .input{font-size:11px;paint-order:stroke;stroke:var(--paper);stroke-width:4px}";

/// The drawing of a machine: states on a ring, the point is "nothing recorded yet", a thick border is an end.
pub fn svg(workspace: &Workspace, machine: &Machine) -> String {
    let graph = Graph::new(workspace, machine);
    let halves: Vec<Point> = graph.states.iter().enumerate().map(|(at, state)| half(at, state)).collect();
    let (places, center) = ring(&halves);
    // What several drawings in one page call their parts must differ.
    let head = format!("{}-head", machine.meta.name);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"machine\" role=\"img\" viewBox=\"0 0 {} {}\" width=\"{}\" height=\"{}\">\n",
        number(2.0 * center.x),
        number(2.0 * center.y),
        number(2.0 * center.x),
        number(2.0 * center.y),
    );
    line(&mut out, &format!("<title>{}</title>", html::text(graph.name)));
    line(&mut out, &format!("<desc>{}</desc>", html::text(&described(&graph))));
    line(&mut out, &format!("<style>{STYLE}</style>"));
    line(
        &mut out,
        &format!(
            "<marker id={} viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">\
             <path class=\"head\" d=\"M0 0 8 4 0 8z\"/></marker>",
            html::attribute(&head)
        ),
    );
    let curves: Vec<Curve> = graph.arrows.iter().map(|arrow| curve(arrow, &places, center)).collect();
    for curve in &curves {
        line(&mut out, &drawn(curve, &head));
    }
    for (at, (state, place)) in graph.states.iter().zip(&places).enumerate() {
        line(&mut out, &shown(at, state, place));
    }
    for (arrow, curve) in graph.arrows.iter().zip(&curves).filter(|(arrow, _)| !arrow.inputs.is_empty()) {
        let at = curve.at(0.5);
        let inputs = html::text(&arrow.inputs.join(", "));
        line(&mut out, &format!("<text class=\"input\" x=\"{}\" y=\"{}\">{inputs}</text>", number(at.x), number(at.y)));
    }
    if let Some(bypass) = &graph.bypass {
        let (x, y) = (number(center.x), number(2.0 * center.y - 14.0));
        line(
            &mut out,
            &format!("<text class=\"input\" x=\"{x}\" y=\"{y}\">any move where {}</text>", html::text(bypass)),
        );
    }
    out.push_str("</svg>\n");
    out
}

/// The drawing in words, for those who cannot see it.
fn described(graph: &Graph) -> String {
    let arrows = graph.arrows.iter().map(|arrow| {
        let (from, to) = (graph.states[arrow.from].label, graph.states[arrow.to].label);
        let inputs = if arrow.inputs.is_empty() { String::new() } else { format!(" on {}", arrow.inputs.join(", ")) };
        format!("{from} to {to}{inputs}")
    });
    let moves = arrows.collect::<Vec<_>>().join("; ");
    graph.doc.map_or_else(|| format!("Moves: {moves}."), |doc| format!("{doc} Moves: {moves}."))
}

fn half(at: usize, state: &State) -> Point {
    if at == 0 {
        return Point { x: START, y: START };
    }
    let letters = f64::from(u32::try_from(state.label.chars().count()).expect("a label has few letters"));
    Point { x: (letters * LETTER / 2.0 + 12.0).ceil(), y: HALF_HEIGHT }
}

fn curve(arrow: &Arrow, places: &[Place], center: Point) -> Curve {
    if arrow.from == arrow.to {
        loop_at(&places[arrow.to], center)
    } else {
        let are_neighbours = neighbours(arrow.from, arrow.to, places.len());
        between(&places[arrow.from], &places[arrow.to], are_neighbours, center)
    }
}

fn drawn(curve: &Curve, head: &str) -> String {
    let [a, b, c] =
        [curve.start, curve.control, curve.end].map(|point| format!("{} {}", number(point.x), number(point.y)));
    format!("<path d=\"M{a}Q{b} {c}\" marker-end={}/>", html::attribute(&format!("url(#{head})")))
}

fn shown(at: usize, state: &State, place: &Place) -> String {
    let (x, y) = (number(place.middle.x), number(place.middle.y));
    if at == 0 {
        return format!(
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{START}\"><title>{}</title></circle>",
            html::text(state.label)
        );
    }
    let (left, top) = (number(place.middle.x - place.half.x), number(place.middle.y - place.half.y));
    let (width, height) = (number(2.0 * place.half.x), number(2.0 * place.half.y));
    let end = if state.is_terminal { " class=\"end\"" } else { "" };
    format!(
        "<rect{end} x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/><text x=\"{x}\" y=\"{y}\">{}</text>",
        html::text(state.label)
    )
}

/// To a tenth, which no eye tells apart.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "  {text}").expect("a string takes any text");
}
