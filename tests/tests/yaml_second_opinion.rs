//! Does a second YAML parser read the same tree in whatever ours accepts?

use std::fs;
use std::path::Path;

use codegen::diagnostic::Diagnostics;
use codegen::load::yaml::{Node, NodeKind, Style, parse};
use codegen::load::{admit, ambiguous};
use codegen::source::SourceMap;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tests::case::input;
use yaml_serde::Value;

/// The tree of a text, if it is accepted.
fn ours(text: &[u8]) -> Option<Node> {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let file = admit(&mut sources, "contracts/x.yaml", text, &mut out)?;
    parse(&sources, file, &mut out).filter(|_| out.is_empty())
}

/// The first place at which the two trees differ.
fn difference(node: &Node, value: &Value, path: &str) -> Option<String> {
    let same = match (&node.kind, value) {
        (NodeKind::Scalar(text, Style::Quoted | Style::Block), value) => value.as_str() == Some(text),
        // What the two versions of YAML take for different things is refused where it matters.
        (NodeKind::Scalar(text, Style::Plain), value) => value.as_str() == Some(text) || ambiguous(text),
        (NodeKind::Sequence(items), Value::Sequence(values)) if items.len() == values.len() => {
            let mut pairs = items.iter().zip(values).enumerate();
            return pairs.find_map(|(at, (item, value))| difference(item, value, &format!("{path}/{at}")));
        }
        (NodeKind::Mapping(members), Value::Mapping(values)) if members.len() == values.len() => {
            return members.iter().zip(values).find_map(|((key, item), (name, value))| {
                let path = format!("{path}/{}", key.value);
                if name.as_str() == Some(&key.value) { difference(item, value, &path) } else { Some(path) }
            });
        }
        _ => false,
    };
    (!same).then(|| format!("{path}: {:?}, but {value:?}", node.kind))
}

/// Asserts that both parsers read the same tree, where both accept the text; whether they do. The second one is of
/// YAML 1.1 and refuses a little more, such as `{a: b:c}` and a byte order mark.
fn agree(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let (Some(node), Ok(value)) = (ours(text.as_bytes()), yaml_serde::from_str::<Value>(&text)) else { return false };
    assert_eq!(difference(&node, &value, ""), None, "in:\n{text}");
    true
}

fn contracts() -> Vec<String> {
    let folders = ["contracts", "tests/domains/order/contracts"].map(|folder| tests::root().join(folder));
    let read = |folder: &Path| -> Vec<String> {
        let files = fs::read_dir(folder).expect("a folder of contracts");
        files.map(|file| fs::read_to_string(file.expect("a file").path()).expect("a contract")).collect()
    };
    let mut all: Vec<_> = folders.iter().flat_map(|folder| read(folder)).collect();
    all.sort();
    all
}

#[test]
fn on_contracts_and_vectors() {
    // The second parser takes a minute for a long comment.
    let small = |case: &Vec<u8>| case.len() < 10_000;
    let accepted =
        tests::vectors("yaml_attacks.json").iter().map(input).filter(small).filter(|case| agree(case)).count();
    assert!(accepted >= 8, "only {accepted} vectors are accepted");
    for contract in contracts() {
        assert!(agree(contract.as_bytes()), "refused:\n{contract}");
    }
}

/// Trees of texts, as JSON has them.
fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        "[ -~]{0,12}".prop_map(Value::from),
        "(a|b|: |#| |-|\n|\"|'|é|\\\\){0,8}".prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Sequence),
            proptest::collection::btree_map("[a-z][a-z :#'-]{0,6}", inner, 0..6)
                .prop_map(|map| Value::Mapping(map.into_iter().map(|(key, value)| (key.into(), value)).collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(2), ..ProptestConfig::with_cases(400) })]

    #[test]
    fn on_what_the_second_parser_writes(tree in tree()) {
        let root = Value::Mapping([("root".into(), tree)].into_iter().collect());
        let block = yaml_serde::to_string(&root).expect("a tree is written");
        let flow = serde_json::to_string_pretty(&root).expect("a tree is written");
        for text in [block, flow] {
            if let Some(node) = ours(text.as_bytes()) {
                prop_assert_eq!(difference(&node, &root, ""), None, "in:\n{}", text);
            }
            agree(text.as_bytes());
        }
    }

    #[test]
    fn on_contracts_with_one_slip(at in any::<prop::sample::Index>(), file in any::<prop::sample::Index>(),
        slip in "[-:#,\"'\\[\\]{}|>&*!?% \n\ta1]{0,3}", cut in 0_usize..4) {
        let contracts = contracts();
        let mut text = file.get(&contracts).clone();
        let at = text.floor_char_boundary(at.index(text.len()));
        let end = text.ceil_char_boundary((at + cut).min(text.len()));
        text.replace_range(at..end, &slip);
        agree(text.as_bytes());
    }
}
