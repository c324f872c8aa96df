//! Does the YAML reader keep every place, and report every problem of a file in one run?

use codegen::diagnostic::Diagnostics;
use codegen::load::admit;
use codegen::load::yaml::{Node, NodeKind, parse};
use codegen::source::{SourceMap, Span};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// What one file gives: the sources, its tree, and the ids of the findings.
struct Read {
    sources: SourceMap,
    root: Option<Node>,
    found: Vec<&'static str>,
}

fn read(bytes: &[u8]) -> Read {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let root =
        admit(&mut sources, "contracts/x.yaml", bytes, &mut out).and_then(|file| parse(&sources, file, &mut out));
    let found = out.sorted(&sources).iter().map(|finding| finding.rule.id).collect();
    Read { sources, root, found }
}

fn leaves(node: &Node, visit: &mut impl FnMut(&str, Span)) {
    match &node.kind {
        NodeKind::Scalar(text, _) => visit(text, node.span),
        NodeKind::Sequence(items) => items.iter().for_each(|item| leaves(item, visit)),
        NodeKind::Mapping(members) => members.iter().for_each(|(_, value)| leaves(value, visit)),
    }
}

#[test]
fn places_are_exact() {
    let text = "a: {é: \"x\\ty\", 'k': v}\r\nlist:\r\n  -  one\r\n  - 'it''s'\r\nempty:\r\nblock: |\r\n  two\r\n  lines\r\n\r\nlast: z";
    for (mark, text) in [("", text.to_owned()), ("\u{feff}", text.to_owned()), ("", text.replace("\r\n", "\r"))] {
        let read = read(format!("{mark}{text}").as_bytes());
        let root = read.root.expect("the text is accepted");
        let mut seen = Vec::new();
        leaves(&root, &mut |_, span| seen.push(read.sources.snippet(span).replace(['\r', '\n'], "/")));
        let block = if text.contains('\n') { "two//  lines" } else { "two/  lines" };
        assert_eq!(seen, ["\"x\\ty\"", "v", "one", "'it''s'", "", block, "z"]);
        let NodeKind::Mapping(members) = &root.kind else { panic!("the root is a mapping") };
        let keys: Vec<_> = members.iter().map(|(key, _)| read.sources.snippet(key.span)).collect();
        assert_eq!(keys, ["a", "list", "empty", "block", "last"]);
        let flow = read.sources.snippet(members[0].1.span);
        assert_eq!(flow, "{é: \"x\\ty\", 'k': v}");
        let last = read.sources.position(members[4].0.span.file, members[4].0.span.start);
        assert_eq!((last.line, last.column), (10, 1));
        let after = read.sources.position(members[0].1.span.file, members[0].1.span.end);
        assert_eq!((after.line, after.column), (1, 23));
    }
}

#[test]
fn one_run_reports_every_problem() {
    let read = read(b"a: &x 1\nb: !t 2\na: 3\non: 4\n1: 5\nc: {<<: {d: 1}, e: \"\\0\"}\nf: *x\n");
    let expected = [
        "yaml-anchor",
        "yaml-tag",
        "yaml-duplicate-key",
        "yaml-ambiguous",
        "yaml-key-not-string",
        "yaml-merge",
        "text-control",
        "yaml-anchor",
    ];
    assert_eq!(read.found, expected);
    assert_eq!(read.root, None, "an alias, a tag or a merge leaves no tree");
}

#[test]
fn what_is_given_twice_leaves_a_tree_with_the_first() {
    let read = read(b"a: 1\na: 2\nb: 3\n");
    let mut seen = Vec::new();
    leaves(&read.root.expect("the tree is there"), &mut |text, _| seen.push(text.to_owned()));
    assert_eq!(seen, ["1", "3"]);
}

/// Asserts that a node lies in its text, its parts in it and one behind the other.
fn assert_places(node: &Node, text: &str) {
    let (start, end) = (node.span.start as usize, node.span.end as usize);
    assert!(text.get(start..end).is_some(), "{start}..{end} is no part of {text:?}");
    let parts: Vec<Span> = match &node.kind {
        NodeKind::Scalar(..) => Vec::new(),
        NodeKind::Sequence(items) => items.iter().map(|item| item.span).collect(),
        NodeKind::Mapping(members) => members.iter().flat_map(|(key, value)| [key.span, value.span]).collect(),
    };
    let mut at = start;
    for part in parts {
        assert!(at <= part.start as usize && part.end as usize <= end, "{part:?} in {start}..{end} of {text:?}");
        at = part.end as usize;
    }
    match &node.kind {
        NodeKind::Scalar(..) => {}
        NodeKind::Sequence(items) => items.iter().for_each(|item| assert_places(item, text)),
        NodeKind::Mapping(members) => members.iter().for_each(|(_, value)| assert_places(value, text)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(3), ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn any_text_is_read_or_refused_at_places_inside_it(
        text in "(a|é|b: |- |\\? |: |\n|\n  |\n    |\r\n|\r|\t|\\[|\\]|\\{|\\}|, |\"|'|#|\\||>|&x |\\*x|!t |%|---\n|\\\\|@|~|1|x: y\n){0,24}"
    ) {
        let read = read(text.as_bytes());
        if let Some(root) = &read.root {
            assert_places(root, &text);
        }
        prop_assert!(read.root.is_some() || !read.found.is_empty(), "refused without a word");
    }
}
