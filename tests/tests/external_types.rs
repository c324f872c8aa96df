//! Is a foreign JSON Schema taken for what it says, and is what is not taken told at its place?

use std::fs;

use codegen::config::Config;
use codegen::diagnostic::Diagnostics;
use codegen::emit::fixtures;
use codegen::source::SourceMap;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};
use tests::project::workspace;
use tests::root;

#[test]
fn every_generated_case_is_judged_as_the_foreign_schema_judges_it() {
    let folder = root().join("tests/domains/foreign");
    let text = fs::read_to_string(folder.join("contracts/schemas/party.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let whole = json!({
        "$defs": schema["$defs"],
        "type": "object",
        "required": ["buyer", "balance", "method"],
        "properties": {
            "buyer": {"$ref": "#/$defs/Party"},
            "seller": {"anyOf": [{"$ref": "#/$defs/Party"}, {"type": "null"}]},
            "balance": {"$ref": "#/$defs/Balance"},
            "method": {"$ref": "#/$defs/method"},
            "history": {"type": "array", "items": {"$ref": "#/$defs/Balance"}},
        },
    });
    let validator = jsonschema::draft202012::new(&whole).unwrap();
    let files = fixtures::emit(&workspace(&folder), &Config::default());
    let cases = String::from_utf8(files.get("generated/billing/bill_sent.jsonl").unwrap().to_vec()).unwrap();
    let mut judged = 0;
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        // Where a key may be absent, null means the same to us; JSON Schema has no such rule.
        let is_null = case["id"].as_str().unwrap().ends_with(":null");
        if case["valid"] == true && is_null {
            continue;
        }
        judged += 1;
        assert_eq!(validator.is_valid(&case["payload"]), case["valid"] == true, "{line}");
    }
    assert!(judged > 100, "{judged} cases");
}

#[test]
fn what_is_not_checked_is_listed_at_the_place_that_names_the_schema() {
    let (ids, shown) = findings(&json!({"$defs": {"T": {
        "type": "object",
        "properties": {
            "even": {"type": "integer", "multipleOf": 2},
            "a-b": {"type": "string"},
            "tree": {"$ref": "#/$defs/T"},
            "either": {"oneOf": [{"type": "string"}, {"type": "string", "minLength": 3}]},
            "mail": {"type": "string", "format": "email"},
            "odd": {"type": "string", "pattern": "a|b"},
            "all": {"allOf": [{"type": "string"}, {"minLength": 2}]},
        },
    }}}));
    assert_eq!(ids, ["external-weaker"]);
    for lost in [
        "`multipleOf` at `#/$defs/T/properties/even`",
        "the member `a-b` at `#/$defs/T`",
        "a type that holds itself at",
        "`anyOf` or `oneOf` at `#/$defs/T/properties/either`",
        "the format `email` at",
        "`pattern` at `#/$defs/T/properties/odd`",
        "`allOf` at `#/$defs/T/properties/all`",
        "contracts/x.yaml:5:",
    ] {
        assert!(shown.contains(lost), "no {lost} in {shown}");
    }
}

#[test]
fn what_the_rust_type_does_not_keep_is_told() {
    let (ids, shown) =
        findings(&json!({"$defs": {"T": {"type": "array", "maxItems": 3, "items": {"type": "number", "minimum": 1}}}}));
    assert_eq!(ids, ["external-loses"]);
    assert!(shown.contains("the Rust type of `T` does not keep bounds of numbers, counts of items"), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(4), ..ProptestConfig::with_cases(400) })]

    /// Whatever the schema says, there are types, which `typify` can make too, or an error with a place.
    #[test]
    fn no_schema_is_too_much(schema in schema()) {
        let (ids, shown) = findings(&json!({"$defs": {"T": schema}}));
        // What contradicts or repeats itself in the schema does so here.
        let told = |id: &str| id.starts_with("external-") || ["unsatisfiable", "union-overlap"].contains(&id);
        prop_assert!(ids.iter().all(|id| told(id)), "{}", shown);
    }
}

fn schema() -> impl Strategy<Value = Value> {
    let number = prop_oneof![Just(json!(0)), Just(json!(-1.5)), Just(json!(3)), Just(json!(1e300)), Just(json!("x"))];
    let bounds =
        (prop::sample::select(vec!["minimum", "exclusiveMinimum", "minLength", "maxItems", "multipleOf"]), number);
    let kinds = ["string", "integer", "number", "boolean", "array", "object", "null", "other"];
    let kind = prop_oneof![
        prop::sample::select(kinds.to_vec()).prop_map(|kind| json!(kind)),
        prop::sample::subsequence(kinds.to_vec(), 0..3).prop_map(|kinds| json!(kinds)),
    ];
    let leaf = prop_oneof![
        (kind, bounds).prop_map(|(kind, (key, bound))| json!({"type": kind, key: bound})),
        Just(json!({"$ref": "#/$defs/T"})),
        Just(json!({"$ref": "https://example.org"})),
        Just(json!({"const": "one"})),
        Just(json!({"enum": ["a", "A", "", 1, null]})),
        Just(json!(false)),
        Just(json!(7)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let names = prop::sample::select(vec!["a", "b", "a_b", "aB", "then", "1", "", "\u{202e}", "type"]);
        prop_oneof![
            (names.clone(), inner.clone(), prop::bool::ANY).prop_map(|(name, part, closed)| {
                json!({"type": "object", "properties": {name: part}, "required": [name], "additionalProperties": !closed})
            }),
            inner.clone().prop_map(|part| json!({"type": "object", "additionalProperties": part})),
            inner.clone().prop_map(|part| json!({"type": "array", "items": part, "minItems": 1})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"prefixItems": [a, b], "type": "array", "items": false, "minItems": 2})),
            prop::collection::vec(inner.clone(), 0..3).prop_map(|parts| json!({"oneOf": parts})),
            (names, inner).prop_map(|(name, part)| json!({"anyOf": [
                {"properties": {"kind": {"const": "a"}, name: part}, "required": ["kind"]},
                {"properties": {"kind": {"const": "b"}}, "required": ["kind"]},
            ]})),
        ]
    })
}

/// The ids of what is said of a contract with one field of the type `T`, and all of it as text.
fn findings(schema: &Value) -> (Vec<&'static str>, String) {
    let folder = tempfile::tempdir().unwrap();
    let contracts = folder.path().join("contracts");
    fs::create_dir(&contracts).unwrap();
    fs::write(contracts.join("t.json"), schema.to_string()).unwrap();
    let contract = "language: 1\ncontract: x\nversion: 1.0.0\nevents:\n  Seen: {fields: {t: {external: {schema: t.json, type: T}}}}\n";
    fs::write(contracts.join("x.yaml"), contract).unwrap();
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let mut config = Config::default();
    config.python.enabled = false;
    config.typescript.enabled = false;
    let files = codegen::files(folder.path(), &config, &mut sources, &mut out).unwrap();
    if let Some(foreign) = files.as_ref().and_then(|files| files.get("generated/rust/src/foreign.rs")) {
        syn::parse_file(std::str::from_utf8(foreign).unwrap()).unwrap();
    }
    let found = out.sorted(&sources);
    let shown = codegen::diagnostic::render_text(&found, &sources, false);
    (found.iter().map(|finding| finding.rule.id).collect(), shown)
}
