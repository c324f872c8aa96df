//! The tree and text of a contract file enter; the same contract in the canonical layout leaves.
//!
//! Whether a collection stands in brackets or as a block is its author's choice, but for sections, which are blocks,
//! and for what does not fit into a line. Everything else has one form: indents, spaces, columns, quotes, empty lines.

mod align;
mod block;
mod declaration;
mod insert;
mod lines;
mod names;
pub mod rules;
mod scalar;

pub use declaration::{Declaration, head};
pub use insert::insert;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::load::ambiguous;
use crate::load::comments;
use crate::load::yaml::{Node, NodeKind, Style, parse};
use crate::source::{SourceMap, Span, Spanned};

/// The widest line, where a collection can be broken instead.
const WIDTH: usize = 120;

/// The canonical layout of the file that `root` was read from.
///
/// What was laid out is read again: a file whose layout would mean something else, or lack a comment, is refused.
pub fn format(sources: &SourceMap, root: &Node, out: &mut Diagnostics) -> Option<String> {
    let remarks = comments(sources, root);
    let text = sources.text(root.span.file);
    let formatted = lines::joined(&block::lines(text, &remarks, root));
    let (mut again, mut wrong) = (SourceMap::default(), Diagnostics::default());
    let file = again.add(sources.path(root.span.file), formatted.as_str());
    let read = parse(&again, file, &mut wrong);
    let is_same = wrong.is_empty()
        && read.is_some_and(|read| {
            let kept = comments(&again, &read);
            let texts = kept.iter().map(|comment| again.snippet(comment.span));
            means_same(root, &read) && texts.eq(remarks.iter().map(|comment| sources.snippet(comment.span)))
        });
    if is_same {
        return Some(formatted);
    }
    let message = "the canonical layout would not mean the same";
    let finding = Diagnostic::new(&rules::LAYOUT_REFUSED, Span::new(root.span.file, 0, 0), message);
    out.push(finding.help("write keys on one line, and comments above or behind what they are about"));
    None
}

type Member = (Spanned<String>, Node);

/// Whether two trees say the same to every reader.
fn means_same(one: &Node, other: &Node) -> bool {
    match (&one.kind, &other.kind) {
        (NodeKind::Scalar(text, style), NodeKind::Scalar(other, other_style)) => {
            let is_text = |style: Style| style != Style::Plain || !ambiguous(text);
            text == other && is_text(*style) == is_text(*other_style)
        }
        (NodeKind::Sequence(items), NodeKind::Sequence(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(one, other)| means_same(one, other))
        }
        (NodeKind::Mapping(members), NodeKind::Mapping(others)) => {
            let same = |(one, other): (&Member, &Member)| one.0.value == other.0.value && means_same(&one.1, &other.1);
            members.len() == others.len() && members.iter().zip(others).all(same)
        }
        _ => false,
    }
}
