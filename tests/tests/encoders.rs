//! Does every encoder give one token of its sink, which reads back equal, whatever the text?

use codegen::emit::encode::{html, json, markdown, mermaid, python, rust, toml, typescript, yaml};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tests::hostile;

#[test]
fn every_hostile_text_survives_every_encoder() {
    for text in hostile::texts() {
        check(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_text_survives_every_encoder(text in text()) {
        check(&text);
    }
}

/// Texts made of the marks that matter, and of anything.
fn text() -> impl Strategy<Value = String> {
    let marks = "[-\"'`\\\\*/@#<>&:;{}\\[\\]()|~_=+.!?$% \t\r\n\u{b}\u{85}\u{2028}\u{202e}\u{0}xX1é]{0,24}";
    prop_oneof![marks, ".{0,24}"]
}

fn check(text: &str) {
    literals_read_back(text);
    rust_docs_are_docs(text);
    for encoded in [json::string(text), yaml::string(text), toml::string(text), rust::string(text)] {
        nothing_is_hidden(&encoded);
    }
    for encoded in [python::string(text), typescript::string(text), html::attribute(text), mermaid::label(text)] {
        nothing_is_hidden(&encoded);
    }
    for line in [rust::comment(text), python::comment(text), typescript::comment(text), markdown::inline(text)] {
        nothing_is_hidden(&line);
    }
    let attribute = html::attribute(text);
    assert!(!attribute[1..attribute.len() - 1].contains(['"', '\'', '<', '>', '`', '\n']), "{attribute}");
    assert!(!html::text(text).contains(['<', '>']));
    assert!(mermaid::label(text).chars().all(|c| !c.is_ascii_punctuation() || "_.,#;".contains(c)));
    let block = typescript::doc_block(text, &[("deprecated", text)], 2);
    assert_eq!(block.find("*/"), Some(block.len() - 3), "{block}");
}

fn literals_read_back(text: &str) {
    let literal: syn::LitStr = syn::parse_str(&rust::string(text)).unwrap();
    assert_eq!(literal.value(), text);
    let bytes: syn::LitByteStr = syn::parse_str(&rust::byte_string(text.as_bytes())).unwrap();
    assert_eq!(bytes.value(), text.as_bytes());
    assert_eq!(serde_json::from_str::<String>(&json::string(text)).unwrap(), text);
    assert_eq!(yaml_serde::from_str::<String>(&yaml::string(text)).unwrap(), text);
    let table: ::toml::Table = format!("v = {}", toml::string(text)).parse().unwrap();
    assert_eq!(table["v"].as_str(), Some(text));
}

/// Docs and comments leave nothing but the item they stand on.
fn rust_docs_are_docs(text: &str) {
    let source =
        format!("{}{}\n{}pub struct Thing;\n", rust::inner_doc(text, 0), rust::comment(text), rust::outer_doc(text, 0));
    let mut file = syn::parse_file(&source).unwrap();
    assert!(file.attrs.drain(..).all(|attribute| attribute.path().is_ident("doc")), "{source}");
    let [syn::Item::Struct(thing)] = &mut file.items[..] else { panic!("{source}") };
    assert!(thing.attrs.drain(..).all(|attribute| attribute.path().is_ident("doc")), "{source}");
    assert!(source.lines().all(|line| line.trim_end() == line), "{source}");
    for line in source.lines().filter_map(|line| line.strip_prefix("///")) {
        assert!(!line.starts_with("  ") && !line.starts_with('\t'), "{line} would be code");
    }
}

fn nothing_is_hidden(encoded: &str) {
    let hidden =
        |c: char| c.is_control() || matches!(u32::from(c), 0x200b..=0x200f | 0x2028..=0x202e | 0x2066..=0x2069);
    assert!(!encoded.contains(hidden), "{encoded:?}");
}
