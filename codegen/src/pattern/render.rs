//! The tree of a pattern enters; the one body leaves that every dialect reads alike.

use super::node::Node;

pub(super) fn body(node: &Node) -> String {
    let mut out = String::new();
    render(node, &mut out);
    out
}

fn render(node: &Node, out: &mut String) {
    match node {
        Node::Class(class) => class.render(out),
        Node::Sequence(items) => items.iter().for_each(|item| render(item, out)),
        Node::Choice(branches) => {
            for (at, branch) in branches.iter().enumerate() {
                out.push_str(if at == 0 { "(?:" } else { "|" });
                render(branch, out);
            }
            out.push(')');
        }
        Node::Repeat(inner, min, max) => {
            if let Node::Class(_) | Node::Choice(_) = **inner {
                render(inner, out);
            } else {
                out.push_str("(?:");
                render(inner, out);
                out.push(')');
            }
            out.push_str(&quantifier(*min, *max));
        }
    }
}

fn quantifier(min: u32, max: Option<u32>) -> String {
    match (min, max) {
        (0, Some(1)) => "?".to_owned(),
        (0, None) => "*".to_owned(),
        (1, None) => "+".to_owned(),
        (min, None) => format!("{{{min},}}"),
        (min, Some(max)) if min == max => format!("{{{min}}}"),
        (min, Some(max)) => format!("{{{min},{max}}}"),
    }
}
