//! The tree of a file enters; its comments leave, with their places, in order.

use super::yaml::{Node, NodeKind};
use crate::source::{SourceMap, Span};

/// A comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment {
    /// From its `#` to the end of the line, without spaces at the end.
    pub span: Span,
    /// Whether nothing else stands on its line.
    pub is_alone: bool,
}

/// Every comment of the file that `root` was read from.
pub fn comments(sources: &SourceMap, root: &Node) -> Vec<Comment> {
    let text = sources.text(root.span.file);
    let mut scalars = Vec::new();
    collect(root, &mut scalars);
    scalars.push(Span::new(root.span.file, text.len(), text.len()));
    let (mut found, mut behind) = (Vec::new(), 0);
    for scalar in scalars {
        // Between two scalars are marks, spaces and comments only.
        while let Some(at) = text[behind..(scalar.start as usize).max(behind)].find('#') {
            let start = behind + at;
            let line = &text[start..];
            let line = &line[..line.find(['\r', '\n']).unwrap_or(line.len())];
            let before = &text[..start];
            let before = &before[before.rfind(['\r', '\n']).map_or(0, |end| end + 1)..];
            let span = Span::new(root.span.file, start, start + line.trim_end().len());
            found.push(Comment { span, is_alone: before.trim().is_empty() });
            behind = start + line.len();
        }
        behind = behind.max(scalar.end as usize);
    }
    found
}

/// The places of all keys and scalars that have a text, in order.
fn collect(node: &Node, places: &mut Vec<Span>) {
    match &node.kind {
        NodeKind::Scalar(..) if node.span.start < node.span.end => places.push(node.span),
        NodeKind::Scalar(..) => {}
        NodeKind::Sequence(items) => items.iter().for_each(|item| collect(item, places)),
        NodeKind::Mapping(members) => members.iter().for_each(|(key, value)| {
            places.push(key.span);
            collect(value, places);
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::yaml::parse;
    use super::*;
    use crate::diagnostic::Diagnostics;

    #[test]
    fn comments_are_told_from_what_looks_like_them() {
        let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
        let text = "# a \r\nk: v#v  # b\nq: \"# q\" # c\nl: | # d\n  # l\n   # l\n\n  # l\n # e\nf: [x, # f\n  y#y]\n#g\ne: # h";
        let file = sources.add("x.yaml", text);
        let root = parse(&sources, file, &mut out).unwrap();
        let found = comments(&sources, &root);
        let shown: Vec<_> = found.iter().map(|one| (sources.snippet(one.span), one.is_alone)).collect();
        let expected = [
            ("# a", true),
            ("# b", false),
            ("# c", false),
            ("# d", false),
            ("# e", true),
            ("# f", false),
            ("#g", true),
        ];
        assert_eq!(shown, [&expected[..], &[("# h", false)]].concat());
    }
}
