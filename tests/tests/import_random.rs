//! Does a contract accept all that the schema accepts that it was imported from, and, where nothing is told to be lost,
//! no more?

use std::collections::BTreeSet;

use codegen::config::Config;
use codegen::diagnostic::{Diagnostics, Severity, render_text};
use codegen::emit::fixtures;
use codegen::import::{Wanted, import};
use codegen::source::SourceMap;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};
use tests::tree;

fn schema() -> impl Strategy<Value = Value> {
    let number = prop_oneof![Just(json!(0)), Just(json!(-1.5)), Just(json!(3)), Just(json!(7)), Just(json!(1e300))];
    let bounds = ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"];
    let leaf = prop_oneof![
        (prop::sample::select(vec!["integer", "number"]), prop::sample::select(bounds.to_vec()), number)
            .prop_map(|(kind, key, bound)| json!({"type": kind, key: bound})),
        (0..4_u32, 0..6_u32).prop_map(|(least, most)| json!({"type": "string", "minLength": least, "maxLength": most})),
        prop::sample::select(vec!["^[a-z]{2}$", "^(a|b)+$", "x", "^(?=a)$", "^a|b$", "^a\\$", "^[|\\]]$"])
            .prop_map(|pattern| json!({"type": "string", "pattern": pattern})),
        prop::sample::select(vec!["date-time", "uuid", "email"])
            .prop_map(|format| json!({"type": "string", "format": format})),
        Just(json!({"$ref": "#/$defs/Shared"})),
        Just(json!({"$ref": "#"})),
        Just(json!({"type": "integer", "multipleOf": 2})),
        Just(json!({"const": "one"})),
        Just(json!({"enum": ["a", "A", "", "-"]})),
        Just(json!({"enum": [1, 2, 3]})),
        Just(json!({"enum": [1, "x", null]})),
        Just(json!({"type": ["string", "boolean", "null"]})),
        Just(json!({"type": "boolean", "default": true})),
        Just(json!({"type": "string", "default": 5})),
        Just(json!(true)),
        Just(json!(false)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let names = prop::sample::select(vec!["a", "b", "a_b", "aB", "then", "1", "", "type"]);
        prop_oneof![
            (names.clone(), names.clone(), inner.clone(), inner.clone(), prop::bool::ANY).prop_map(|(one, two, a, b, open)| {
                json!({"type": "object", "properties": {one: a, two: b}, "required": [two], "additionalProperties": open})
            }),
            (names.clone(), inner.clone()).prop_map(|(name, part)| {
                json!({"allOf": [{"$ref": "#/$defs/Base"}, {"type": "object", "properties": {name: part}}]})
            }),
            (inner.clone(), 0..3_u32).prop_map(|(part, least)| {
                json!({"type": "object", "additionalProperties": part, "minProperties": least})
            }),
            (inner.clone(), prop::bool::ANY)
                .prop_map(|(part, unique)| json!({"type": "array", "items": part, "minItems": 1, "uniqueItems": unique})),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| json!({"prefixItems": [a, b], "type": "array", "items": false, "minItems": 2})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|parts| json!({"anyOf": parts})),
            inner.clone().prop_map(|part| json!({"type": "object", "properties": {"a": part, "b": {"type": "string"}}, "dependentRequired": {"a": ["b"]}})),
            (conditions(), inner.clone(), prop::bool::ANY).prop_map(|(conditions, part, is_required)| json!({
                "type": "object",
                "properties": {"k": {"enum": ["a", "b", "-"]}, "n": {"type": "integer"}, "f": {"type": "boolean"}, "x": part, "y": {"type": "string"}},
                "required": if is_required { json!(["k"]) } else { json!([]) },
                "allOf": conditions,
            })),
            (names, inner).prop_map(|(name, part)| json!({"oneOf": [
                {"type": "object", "properties": {"kind": {"const": "a"}, name: part}, "required": ["kind"]},
                {"type": "object", "properties": {"kind": {"const": "b"}}, "required": ["kind"]},
            ]})),
        ]
    })
}

/// Conditions over the members `k`, `n`, `f`, `x` and `y` of an object.
fn conditions() -> impl Strategy<Value = Vec<Value>> {
    let tests = vec![
        json!({"properties": {"k": {"const": "a"}}}),
        json!({"properties": {"k": {"const": "-"}}, "required": ["k"]}),
        json!({"properties": {"k": {"enum": ["a", "b"]}, "f": {"const": true}}, "required": ["f"]}),
        json!({"properties": {"n": {"const": 3}}, "required": ["n", "y"]}),
        json!({"required": ["x"]}),
        json!({"properties": {"n": {"minimum": 3}}}),
    ];
    let demands = vec![
        json!({"required": ["y"]}),
        json!({"required": ["x", "k"]}),
        json!({"not": {"required": ["y"]}}),
        json!({"properties": {"x": false}}),
        json!({"properties": {"y": {"minLength": 1}}}),
    ];
    let (one, other) = (prop::sample::select(demands.clone()), prop::sample::select(demands));
    let condition =
        (prop::sample::select(tests), one, other, prop::bool::ANY).prop_map(|(test, one, other, has_else)| {
            if has_else { json!({"if": test, "then": one, "else": other}) } else { json!({"if": test, "then": one}) }
        });
    prop::collection::vec(condition, 1..3)
}

/// A schema of a payload with this member, and definitions to refer to.
fn payload(member: &Value, is_required: bool) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Payload",
        "type": "object",
        "properties": {"member": member},
        "required": if is_required { json!(["member"]) } else { json!([]) },
        "$defs": {
            "Base": {"type": "object", "properties": {"base": {"type": "string", "minLength": 1}}, "required": ["base"]},
            "Shared": {"type": "array", "items": {"$ref": "#/$defs/Base"}, "maxItems": 2},
        },
    })
}

/// The contract, and the ids of all that is told about it.
fn imported(schema: &Value) -> (String, BTreeSet<&'static str>) {
    let files = [("random.json".to_owned(), schema.to_string().into_bytes())];
    let events = ["PayloadSeen".to_owned()];
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let wanted = Wanted { family: None, events: &events };
    let imported = import(&files, &wanted, &mut sources, &mut out);
    let told = out.sorted(&sources);
    let imported = imported.unwrap_or_else(|| panic!("{schema}\n{}", render_text(&told, &sources, false)));
    (imported.text, told.iter().map(|finding| finding.rule.id).collect())
}

/// Whether a value holds null, or an integer beyond those of the language.
fn is_beyond(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Number(number) => number.as_f64().is_some_and(|number| number.abs() > 9_007_199_254_740_991.0),
        Value::Array(items) => items.iter().any(is_beyond),
        Value::Object(members) => members.values().any(is_beyond),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(11), ..ProptestConfig::with_cases(300) })]

    #[test]
    fn a_contract_accepts_what_its_schema_accepts(member in schema(), is_required in prop::bool::ANY) {
        let schema = payload(&member, is_required);
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let (contract, told) = imported(&schema);
        let folder = tempfile::tempdir().unwrap();
        tree::write(folder.path(), &[("codegen.toml", ""), ("contracts/random.yaml", &contract)]);
        let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
        let Some(workspace) = codegen::workspace(folder.path(), &Config::default(), &mut sources, &mut out).unwrap() else {
            // A schema that no value satisfies makes a contract that says so.
            let told = out.sorted(&sources);
            let errors: Vec<_> = told.iter().filter(|one| one.severity == Severity::Error).map(|one| one.rule.id).collect();
            prop_assert!(errors.iter().all(|id| *id == "record-unsatisfiable"), "{:?}\n{}", errors, contract);
            return Ok(());
        };
        let files = fixtures::emit(&workspace, &Config::default());
        let cases = String::from_utf8(files.get("generated/random/payload_seen.jsonl").unwrap().to_vec()).unwrap();
        for line in cases.lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let (is_valid, payload) = (case["valid"] == true, &case["payload"]);
            let schema_accepts = validator.is_valid(payload);
            // Where a member may be absent it may be null; formats and integers are narrower than those of the standard.
            let codes = case["errors"].to_string();
            let is_format = codes.contains("\"format\"") || codes.contains("union_none") && contract.contains("format:");
            let is_apart = is_beyond(payload) || is_format;
            prop_assert!(is_valid || !schema_accepts || is_apart, "refused: {}\n{}\n{}", line, schema, contract);
            let is_lossless = !told.contains("import-loses");
            prop_assert!(schema_accepts || !is_valid || !is_lossless || is_apart, "accepted: {}\n{}\n{}", line, schema, contract);
        }
    }
}
