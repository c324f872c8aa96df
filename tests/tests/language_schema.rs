//! Does the JSON Schema of contract files accept and refuse what the reader does, key by key?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use codegen::diagnostic::Diagnostics;
use codegen::load::raw::read_contract;
use codegen::load::shape::{Draft, language_schema};
use codegen::load::{admit, yaml};
use codegen::source::SourceMap;
use serde_json::{Value, json};

const DRAFTS: [Draft; 2] = [Draft::Latest, Draft::Seven];

fn schema(draft: Draft) -> Value {
    serde_json::from_str(&language_schema(draft, "a test")).expect("a schema is JSON")
}

/// What the schema has against a contract.
fn against(schema: &Value, contract: &str) -> Vec<String> {
    let value: Value = yaml_serde::from_str(contract).expect("a contract is YAML");
    let validator = jsonschema::validator_for(schema).expect("the schema is valid");
    validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Messages and help lines of the reader.
fn told(contract: &str) -> Vec<(String, String)> {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let file = admit(&mut sources, "contracts/x.yaml", contract.as_bytes(), &mut out).expect("a text");
    let root = yaml::parse(&sources, file, &mut out).expect("YAML");
    read_contract(&root, &mut out);
    let told = |d: &&codegen::diagnostic::Diagnostic| (d.message.clone(), d.help.clone().unwrap_or_default());
    out.sorted(&sources).iter().map(told).collect()
}

#[test]
fn contracts_of_this_repository_fit() {
    for folder in ["contracts", "tests/domains/order/contracts", "tests/domains/hooked/contracts"] {
        let entries = fs::read_dir(tests::root().join(folder)).expect("a folder of contracts");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        for path in paths.filter(|path| path.is_file()) {
            let contract = fs::read_to_string(&path).expect("a contract");
            for draft in DRAFTS {
                assert_eq!(against(&schema(draft), &contract), Vec::<String>::new(), "{draft:?} {}", path.display());
            }
        }
    }
}

/// One of each construct, each with a key that does not exist.
const EVERY_CONSTRUCT: &str = "
language: 1
contract: x
version: 1.0.0
qqqqqqqqqq: 1
reserved: {qqqqqqqqqq: 1}
deprecated: {since: 1.0.0, reason: a, qqqqqqqqqq: 1}
scalars: {S: {base: int, qqqqqqqqqq: 1}}
types: {T: {type: int, qqqqqqqqqq: 1}, X: {external: {schema: a, type: b, qqqqqqqqqq: 1}}}
enums: {E: {values: [{value: a, qqqqqqqqqq: 1}], sets: {s: {not: a, qqqqqqqqqq: 1}}, qqqqqqqqqq: 1}}
records: {R: {fields: {f: {type: int, qqqqqqqqqq: 1}}, rules: [{code: a, check: a, qqqqqqqqqq: 1}], qqqqqqqqqq: 1}}
unions: {U: {tag: a, variants: {}, qqqqqqqqqq: 1}}
mixins: {M: {qqqqqqqqqq: 1}}
events: {V: {qqqqqqqqqq: 1}}
groups: {G: {events: [], qqqqqqqqqq: 1}}
machines:
  m: {states: E, edges: {}, any_edges: [{from: a, to: [], qqqqqqqqqq: 1}], rules: [{code: a, deny_when: b, qqqqqqqqqq: 1}], qqqqqqqqqq: 1}
tables: {t: {key: E, columns: {}, rows: {}, qqqqqqqqqq: 1}}
hooks: {h: {kind: derive, args: {a: int}, returns: int, vectors: v, implementations: {qqqqqqqqqq: 1}, qqqqqqqqqq: 1}}
";

/// Constructs as the reader calls them, and their definitions in the schema.
const DEFINITIONS: &[(&str, &[&str])] = &[
    ("a contract", &[]),
    ("`reserved`", &["Reserved"]),
    ("a deprecation", &["Deprecated"]),
    ("a scalar", &["Scalar"]),
    ("a type", &["FullType"]),
    ("an external type", &["External"]),
    ("an enum", &["FullEnum"]),
    ("a value", &["FullValue"]),
    ("a record", &["Record"]),
    ("a field", &["FullField"]),
    ("a rule", &["Rule"]),
    ("a union", &["TaggedUnion", "UntaggedUnion"]),
    ("a mixin", &["Mixin"]),
    ("an event", &["Event"]),
    ("a group", &["FullGroup"]),
    ("a machine", &["EdgeMachine", "InputMachine"]),
    ("an entry of `any_edges`", &["AnyEdge"]),
    ("a rule of a machine", &["MachineRule"]),
    ("a table", &["Table"]),
    ("a hook", &["Hook"]),
    ("`implementations`", &["Implementations"]),
];

#[test]
fn reader_and_schema_know_the_same_keys() {
    let mut known = BTreeMap::new();
    for (message, help) in told(EVERY_CONSTRUCT) {
        let construct = message.split(" has no key").next().expect("a message begins with the construct").to_owned();
        let keys = help.strip_prefix("known keys: ").unwrap_or_else(|| panic!("{message}: {help}"));
        known.insert(construct, keys.split(", ").map(str::to_owned).collect::<BTreeSet<_>>());
    }
    known.remove("a set");
    for draft in DRAFTS {
        let schema = schema(draft);
        let definitions = schema.get("$defs").or_else(|| schema.get("definitions")).expect("there are definitions");
        let keys = |of: &Value| -> BTreeSet<String> {
            of["properties"].as_object().expect("a mapping has properties").keys().cloned().collect()
        };
        let mut shapes = BTreeMap::new();
        for (construct, names) in DEFINITIONS {
            let mut all: BTreeSet<_> = names.iter().flat_map(|name| keys(&definitions[name])).collect();
            if names.is_empty() {
                all = keys(&schema);
            }
            shapes.insert((*construct).to_owned(), all);
        }
        assert_eq!(shapes, known, "{draft:?}");
    }
}

#[test]
fn what_an_editor_can_see_is_refused() {
    for (part, slip) in [
        ("no version", "language: 1\ncontract: x\n"),
        ("an unknown section", "language: 1\ncontract: x\nversion: 1.0.0\nrecord: {}\n"),
        ("another language", "language: 2\ncontract: x\nversion: 1.0.0\n"),
        ("a name in another case", "language: 1\ncontract: X\nversion: 1.0.0\n"),
        ("null", "language: 1\ncontract: x\nversion: 1.0.0\nscalars:\n"),
        ("an unknown format", "language: 1\ncontract: x\nversion: 1.0.0\nscalars: {S: {base: string, format: url}}\n"),
        (
            "a comma in a type",
            "language: 1\ncontract: x\nversion: 1.0.0\nrecords: {R: {fields: {f: 'map<string, int>'}}}\n",
        ),
    ] {
        for draft in DRAFTS {
            assert!(!against(&schema(draft), slip).is_empty(), "{draft:?}: {part}");
        }
    }
    for draft in DRAFTS {
        let free = "language: 1\ncontract: x\nversion: 1.0.0\nx-notes: [1]\n";
        assert_eq!(against(&schema(draft), free), Vec::<String>::new(), "{draft:?}");
    }
}

/// A contract in which every construct stands once, in its long form.
const LONG: &str = r#"
language: 1
contract: x
version: 1.0.0
reserved: {events: [Gone]}
scalars: {Id: {base: string}}
types: {Ids: {type: list<Id>}, Foreign: {external: {schema: a.json, type: A}}}
enums:
  Lane: {values: [{value: a}, b], sets: {open: {not: [b]}}, maps: {back: {to: Lane, a: b, b: [a]}}}
records: {Part: {fields: {id: {type: Id, deprecated: {since: 1.0.0, reason: old}}}}}
unions: {Any: {tag: kind, tag_type: Lane, variants: {a: Part, b: Part}}}
mixins: {Base: {fields: {at: Id}}}
events: {Done: {fields: {id: Id}, rules: [{code: always, check: "true"}]}}
groups: {All: {events: [Done]}}
machines: {flow: {states: Lane, edges: {none: [a]}, any_edges: [{from: Lane.open, to: [b]}], rules: [{code: EDGE}]}}
tables: {names: {key: Lane, columns: {text: Id}, rows: {a: {text: x}, b: {text: y}}}}
"#;

#[test]
fn typical_mistakes_are_refused() {
    let mistakes = [
        ("/language", json!(2)),
        ("/language", json!("1")),
        ("/contract", json!("My Contract")),
        ("/version", json!("1.0")),
        ("/imports", json!("base")),
        ("/closed", json!("yes")),
        ("/doc", json!(null)),
        ("/scalars/id", json!({"base": "string"})),
        ("/scalars/Id/base", json!("strin")),
        ("/scalars/Id/format", json!("uri")),
        ("/scalars/Id/min_length", json!(-1)),
        ("/scalars/Id/non_blank", json!(1)),
        ("/types/Ids/type", json!("lists<Id>")),
        ("/types/Ids/type", json!("list<Id")),
        ("/types/Ids/type", json!(["Id"])),
        ("/types/Ids/external", json!({"schema": "a.json", "type": "A"})),
        ("/types/Foreign/external", json!({"schema": "a.json"})),
        ("/enums/Lane", json!({"a": 1})),
        ("/enums/Lane/values", json!([])),
        ("/enums/Lane/values/0", json!({"text": "a"})),
        ("/enums/Lane/sets/open", json!(1)),
        ("/records/Part/fields/id", json!("strin")),
        ("/records/Part/fields/id/required", json!("true")),
        ("/records/Part/fields/id/deprecated", json!({"since": "1.0.0"})),
        ("/records/Part/fields/my field", json!("Id")),
        ("/unions/Any/untagged", json!(["Id"])),
        ("/unions/Any", json!({"tag": "kind"})),
        ("/events/Done/payload", json!("Part")),
        ("/events/Done/reduce", json!("never")),
        ("/events/Done/rules/0", json!({"code": "a"})),
        ("/events/Done/rules/0", json!({"code": "a", "when": "true"})),
        ("/events/Done/rules/0/require", json!("id")),
        ("/events/Done/rules/0/when", json!("true")),
        ("/groups/All", json!("Done")),
        ("/machines/flow/table", json!({"none": 1})),
        ("/machines/flow/inputs", json!(["a"])),
        ("/machines/flow", json!({"states": "Lane"})),
        ("/machines/flow/rules/0", json!({"code": "late"})),
        ("/machines/flow/rules/0/deny_when", json!("true")),
        ("/tables/names", json!({"key": "Lane", "columns": {}})),
    ];
    for draft in DRAFTS {
        let schema = schema(draft);
        assert_eq!(against(&schema, LONG), Vec::<String>::new(), "{draft:?}");
        for (place, value) in &mistakes {
            let mut contract: Value = yaml_serde::from_str(LONG).expect("a contract is YAML");
            let (parent, key) = place.rsplit_once('/').expect("a place in the contract");
            match contract.pointer_mut(parent).expect("a construct") {
                Value::Array(items) => items[key.parse::<usize>().expect("a place in a list")] = value.clone(),
                object => object[key] = value.clone(),
            }
            assert!(!against(&schema, &contract.to_string()).is_empty(), "{draft:?} {place}: {value}");
        }
    }
}
