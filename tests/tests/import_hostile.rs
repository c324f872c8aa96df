//! Schemas that nobody would write for good enter: does every one become a contract, or a finding, before long?

use std::fmt::Write;

use codegen::diagnostic::Diagnostics;
use codegen::import::{Wanted, import};
use codegen::source::SourceMap;

/// The contract, where there is one, and the ids and messages of what is told.
fn imported(text: &str) -> (Option<String>, Vec<&'static str>, String) {
    let files = [("hostile.json".to_owned(), text.as_bytes().to_vec())];
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let imported = import(&files, &Wanted::default(), &mut sources, &mut out);
    let told = out.sorted(&sources);
    let ids = told.iter().map(|finding| finding.rule.id).collect();
    let messages: Vec<&str> = told.iter().map(|finding| finding.message.as_str()).collect();
    (imported.map(|imported| imported.text), ids, messages.join("\n"))
}

/// A schema of many definitions.
fn definitions(count: usize, one: impl Fn(usize) -> String) -> String {
    let mut text = String::from("{\"$defs\": {\"a\": true");
    for at in 0..count {
        write!(text, ", {}", one(at)).unwrap();
    }
    text + "}}"
}

#[test]
fn a_chain_of_references_ends_before_the_stack_does() {
    let text = definitions(5_000, |at| {
        let next = at + 1;
        format!(
            "\"d{at}\": {{\"properties\": {{\"x\": {{\"items\": {{\"$ref\": \"#/$defs/d{next}\"}}, \"type\": \"array\"}}}}}}"
        )
    });
    let (contract, ids, told) = imported(&text);
    assert!(ids.contains(&"import-loses") && told.contains("schemas deep"), "{told}");
    assert!(contract.is_some(), "{told}");
}

#[test]
fn loops_of_every_length_end() {
    for length in [1, 2, 3, 50] {
        let text = definitions(length, |at| format!("\"d{at}\": {{\"$ref\": \"#/$defs/d{}\"}}", (at + 1) % length));
        assert!(imported(&text).0.is_some());
        let text = definitions(length, |at| {
            format!(
                "\"d{at}\": {{\"allOf\": [{{\"$ref\": \"#/$defs/d{}\"}}, {{\"type\": \"object\"}}]}}",
                (at + 1) % length
            )
        });
        assert!(imported(&text).0.is_some());
        let text = definitions(length, |at| {
            let kind = |kind: &str| {
                format!(
                    "{{\"properties\": {{\"k\": {{\"const\": \"{kind}\"}}, \"x\": {{\"$ref\": \"#/$defs/d{}\"}}}}, \"required\": [\"k\"]}}",
                    (at + 1) % length
                )
            };
            format!("\"d{at}\": {{\"oneOf\": [{}, {}]}}", kind("a"), kind("b"))
        });
        assert!(imported(&text).0.is_some());
        let text = definitions(length, |at| {
            format!(
                "\"d{at}\": {{\"oneOf\": [{{\"$ref\": \"#/$defs/d{}\"}}, {{\"type\": \"null\"}}]}}",
                (at + 1) % length
            )
        });
        assert!(imported(&text).0.is_some());
    }
}

#[test]
fn many_of_one_thing_take_no_longer_than_many_of_others() {
    // Names that become one, references to anchors, defaults that are refused, members that are lost.
    let text = definitions(4_000, |at| {
        format!("\"{}x\": {{\"type\": \"string\"}}", "-".repeat(at % 60) + &"_".repeat(at / 60))
    });
    assert!(imported(&text).0.is_some());
    let text = definitions(4_000, |at| format!("\"d{at}\": {{\"$anchor\": \"n{at}\", \"$ref\": \"#n{}\"}}", at / 2));
    assert!(imported(&text).0.is_some());
    let mut members = String::from("{\"type\": \"object\", \"properties\": {\"a\": true");
    for at in 0..4_000 {
        write!(members, ", \"m{at}\": {{\"type\": \"integer\", \"default\": \"x\"}}, \"m-{at}\": true").unwrap();
    }
    let (contract, ids, _) = imported(&(members + "}}"));
    assert!(contract.is_some());
    assert_eq!(ids.iter().filter(|id| **id == "import-loses").count(), 8_000);
}

#[test]
fn what_would_be_no_contract_is_told() {
    // More keys and values than a contract may have.
    let text = definitions(9_000, |at| {
        format!(
            "\"d{at}\": {{\"type\": \"object\", \"properties\": {{\"x\": {{\"type\": \"string\", \"maxLength\": 5}}}}}}"
        )
    });
    let (contract, ids, told) = imported(&text);
    assert!(contract.is_none() && ids.contains(&"import-schema"), "{told}");
    assert!(told.contains("the contract would not be one: more than 50000 keys and values in one file"), "{told}");
}

#[test]
fn every_value_in_every_place_is_a_finding_at_worst() {
    let values = ["null", "true", "-1", "1e300", "\"x\"", "[]", "[1, \"a\"]", "{\"a\": 1}", "[{}]"];
    let keywords = [
        "$ref",
        "$id",
        "id",
        "$schema",
        "$defs",
        "definitions",
        "$anchor",
        "$comment",
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
        "type",
        "enum",
        "const",
        "anyOf",
        "oneOf",
        "allOf",
        "not",
        "if",
        "then",
        "properties",
        "required",
        "additionalProperties",
        "unevaluatedProperties",
        "propertyNames",
        "patternProperties",
        "dependentRequired",
        "dependencies",
        "minProperties",
        "items",
        "prefixItems",
        "additionalItems",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "x-rules",
        "x-enum",
        "x-tag",
        "x-record",
        "x-values",
        "x-sets",
        "x-maps",
        "x-rank",
        "x-aliases",
        "x-format",
        "x-minimum",
        "x-since",
        "x-deprecated",
        "x-event-type",
        "x-payload",
    ];
    let heads = ["", "\"$id\": \"urn:contract:x:1.0.0:Y\", \"$comment\": \"codegen\", \"x-event-type\": \"Y\", "];
    let kinds = ["\"object\"", "\"integer\"", "[\"string\", \"array\"]"];
    for (head, kind) in heads.iter().flat_map(|head| kinds.iter().map(move |kind| (head, kind))) {
        for keyword in keywords.iter().filter(|keyword| !head.contains(**keyword) && **keyword != "type") {
            for value in values {
                let inner = format!("{{\"type\": {kind}, \"{keyword}\": {value}}}");
                let text = format!(
                    "{{{head}\"type\": \"object\", \"properties\": {{\"a\": {inner}, \"b\": {{\"enum\": [\"a\", \"b\"], \"{keyword}\": {value}}}}}, \"{keyword}\": {value}}}"
                );
                if keyword != &"properties" {
                    imported(&text);
                }
                imported(&inner);
            }
        }
    }
}
