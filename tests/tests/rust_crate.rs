//! Does the crate of any contract compile without a warning, and do its types hold only what the contract accepts?

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};
use tests::names_contract::{accepted, names};
use tests::{project, root, tree, vectors};

#[test]
fn crates_of_odd_names_compile_and_crates_of_all_constructs_keep_their_word() {
    let folder = tempfile::tempdir().unwrap();
    for domain in ["tests/domains/order/contracts", "tests/domains/corners/contracts"] {
        tree::copy(&root().join(domain), &folder.path().join("contracts"));
    }
    tree::write(
        folder.path(),
        &[
            ("contracts/names.yaml", &names().to_string()),
            ("contracts/plain.yaml", &plain().to_string()),
            ("contracts/support.yaml", &overlapping("support", "First")),
            ("contracts/event.yaml", &overlapping("event", "Second")),
            ("contracts/match.yaml", &overlapping("match", "Third")),
            ("contracts/lib.yaml", &overlapping("lib", "Fourth")),
            ("contracts/main.yaml", &overlapping("main", "Fifth")),
        ],
    );
    project::generate(folder.path());
    let package = folder.path().join("generated/rust");
    let asked = [
        ("tests/names.rs", named_in_rust()),
        ("tests/values.rs", include_str!("../rust/values.rs").to_owned()),
        ("tests/overlap.rs", include_str!("../rust/overlap.rs").to_owned()),
    ];
    for (path, text) in &asked {
        fs::write(package.join(path), text).unwrap();
    }
    cargo(&package, &["test", "--quiet", "--offline"]);
    cargo(&package, &["check", "--quiet", "--offline", "--no-default-features", "--lib"]);
}

#[test]
fn the_families_of_this_repository_are_as_their_contracts_say() {
    let folder = tempfile::tempdir().unwrap();
    tree::copy(&root().join("generated/rust"), folder.path());
    fs::write(folder.path().join("tests/families.rs"), include_str!("../rust/families.rs")).unwrap();
    cargo(folder.path(), &["test", "--quiet", "--offline", "--test", "families"]);
}

/// Runs cargo in a crate, every warning an error.
fn cargo(package: &Path, arguments: &[&str]) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments).current_dir(package).env("RUSTFLAGS", "-D warnings");
    let output = command.env("CARGO_TARGET_DIR", root().join("target/agreement")).output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "cargo {arguments:?}\n{}", String::from_utf8_lossy(&told));
}

/// Records without rules have open fields: here are all names that fields may have.
fn plain() -> Value {
    let fields: Map<String, Value> = accepted("field").into_iter().map(|name| (name, "opt<string>".into())).collect();
    json!({"language": 1, "contract": "plain", "version": "1.0.0", "events": {"Plain": {"fields": fields}}})
}

/// A family whose types are called as those of others, and as the crate's own modules.
fn overlapping(name: &str, event: &str) -> String {
    format!(
        "language: 1\ncontract: {name}\nversion: 1.0.0\n\
         scalars: {{Schema: {{base: string, min_length: 1}}, {event}Schema: {{base: string, max_length: 3}}}}\n\
         enums: {{Status: {{values: [a, b], sets: {{some: [a]}}}}}}\n\
         mixins: {{Shared{event}: {{fields: {{support: {event}Schema, status{event}: string}}}}}}\n\
         records:\n\
         \x20 Item{event}: {{fields: {{schema: opt<Schema>, state: opt<tuple<Status int>>}}}}\n\
         \x20 Marks: {{fields: {{marks: list<int>}}, rules: [{{code: any_mark, check: 'p.marks.exists(m, true)'}}]}}\n\
         events: {{{event}: {{mixins: [Shared{event}], fields: {{item_{lower}: opt<Item{event}>}}}}}}\n",
        lower = event.to_lowercase()
    )
}

/// A test that every name of the vectors is in the crate as the vectors say.
fn named_in_rust() -> String {
    let mut code = String::from("use event_contracts::{names, plain::PlainPayload};\n\n#[test]\nfn names() {\n");
    for case in vectors("names.json").iter().filter(|case| case["expect"] == "emit") {
        let name = case["emitted"]["rust"].as_str().unwrap();
        let line = match case["kind"].as_str().unwrap() {
            "field" if accepted("field").iter().any(|field| *field == case["name"]) => {
                format!("_ = |it: &PlainPayload| it.{name}.clone();")
            }
            "enum_value" => format!("assert_eq!(names::Values::{name}.as_str(), {});", case["wire"]),
            "type" => format!("_ = |it: names::{name}| it.to_json();"),
            _ => continue,
        };
        writeln!(code, "    {line}").unwrap();
    }
    code + "}\n"
}
