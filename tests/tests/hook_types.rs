//! Hooks that return what they are given, one for each type, enter: do the packages and the reference agree about every
//! operation on their answers?

use std::fmt::Write;
use std::process::Command;

use serde_json::{Value, json};
use tests::corpus::replay;
use tests::implementation::{Implementation, Language};
use tests::{project, python, tree};

const DECLARATIONS: &str = r"
language: 1
contract: echoes
version: 1.0.0
scalars:
  Id:     {base: string, min_length: 1}
  Moment: {base: string, format: date-time}
  Grams:  {base: int, min: 0}
enums:
  Light: [green, red]
  Lane:
    values: [planned, moving, done]
    sets:   {open: [planned, moving]}
    maps:   {light: {to: Light, green: [planned, moving], red: [done]}}
  Form: [round, square]
types:
  Names: {type: list<Id>, max_items: 9}
records:
  Round:  {fields: {label: Id, radius: int}}
  Square: {fields: {label: Id, side: int, note: opt<string>}}
  Bag:    {fields: {name: Id, weight: Grams, lane: opt<Lane>, tags: {type: list<string>, default: []}}}
  Envelope: {fields: {id: Id, event_type: string, clock: int, payload: {type: object, default: {}}}}
profiles:
  log: {envelope: Envelope, order_by: [e.clock, e.id], dedup_by: e.id}
unions:
  Shape: {tag: form, tag_type: Form, variants: {round: Round, square: Square}}
  Actor: {untagged: [Light, Id]}
  Mixed: {untagged: [int, Id]}
";

/// A name, its type, what that is in Rust, Python and TypeScript, a value, and conditions.
type Echo = (&'static str, &'static str, [&'static str; 3], &'static str, &'static [&'static str]);

/// In the conditions `E` is the answer of the hook and `F` the field that it was given.
const TYPES: &[Echo] = &[
    ("int", "int", ["support::Int", "int", "number"], "7", &["E + 1 == F + 1", "E <= F", "E in [1, F]"]),
    ("grams", "Grams", ["Grams", "Grams", "Grams"], "12", &["E == F", "E > 3"]),
    ("int64", "int64", ["i64", "int", "bigint"], "\"-9\"", &["E == F", "E <= F"]),
    ("uint64", "uint64", ["u64", "int", "bigint"], "\"18446744073709551615\"", &["E == F", "E >= F"]),
    ("float", "float", ["support::Number", "float", "number"], "0.5", &["E <= F", "E > 0.25"]),
    ("bool", "bool", ["bool", "bool", "boolean"], "true", &["E", "E == F", "!(E && !F)"]),
    (
        "text",
        "string",
        ["Box<str>", "str", "string"],
        "\"aé\"",
        &["E == F", "E < 'b'", "E.startsWith('a')", "size(E) == 2", "!blank(E)", "E in [F]"],
    ),
    ("id", "Id", ["Id", "Id", "Id"], "\"a\"", &["E == F", "E in p.f_names", "E in p.f_scores && p.f_scores[E] > 0"]),
    ("moment", "Moment", ["Moment", "Moment", "Moment"], "\"2026-01-01T00:00:00+01:00\"", &["E == F", "E >= F"]),
    (
        "lane",
        "Lane",
        ["Lane", "Lane", "Lane"],
        "\"moving\"",
        &["E == F", "E == Lane.moving", "E in Lane.open", "Lane.light[E] == Light.green"],
    ),
    ("open", "Lane.open", ["Lane", "Lane", "Lane"], "\"planned\"", &["E == F", "E != Lane.moving"]),
    (
        "maybe",
        "opt<string>",
        ["Option<Box<str>>", "str | None", "string | null"],
        "null",
        &["E == F", "E == null || size(E) > 0", "blank(E)"],
    ),
    (
        "surely",
        "opt<int>",
        ["Option<support::Int>", "int | None", "number | null"],
        "3",
        &["E == F", "E != null && E < 4"],
    ),
    (
        "names",
        "Names",
        ["Names", "Names", "Names"],
        "[\"a\", \"b\"]",
        &["size(E) == 2", "'a' in E", "E.exists(i, i == 'b')", "E.all(i, i in F)"],
    ),
    (
        "set",
        "set<string>",
        ["support::Set<Box<str>>", "tuple[str, ...]", "readonly string[]"],
        "[\"a\", \"b\"]",
        &["size(E) == 2", "'a' in E"],
    ),
    (
        "scores",
        "map<string int>",
        ["std::collections::BTreeMap<Box<str>, support::Int>", "Mapping[str, int]", "MapOf<string, number>"],
        "{\"a\": 1}",
        &["'a' in E && E['a'] == 1", "size(E) == 1"],
    ),
    (
        "bag",
        "Bag",
        ["Bag", "Bag", "Bag"],
        "{\"lane\": \"done\", \"name\": \"a\", \"tags\": [\"x\"], \"weight\": 3}",
        &[
            "E.weight > F.weight - 1",
            "E.lane == Lane.done",
            "(p.f_bool ? E.name : F.name) == 'a'",
            "E.tags.exists(t, t == 'x')",
            "size((p.f_bool ? F : E).tags) == 1",
        ],
    ),
    (
        "shape",
        "Shape",
        ["Shape", "Shape", "Shape"],
        "{\"form\": \"square\", \"label\": \"l\", \"note\": \"n\", \"side\": 2}",
        &["E.form == Form.square", "E.label == 'l'", "E.form != Form.square || E.side == 2"],
    ),
    (
        "actor",
        "Actor",
        ["Actor", "Actor", "Actor"],
        "\"green\"",
        &["E == F", "E == 'green'", "size(E) == 5", "!(E in p.f_scores)"],
    ),
    ("mixed", "Mixed", ["Mixed", "Mixed", "Mixed"], "7", &["echo_mixed_again(E) == echo_mixed_again(F)"]),
    (
        "pair",
        "tuple<int Id>",
        ["(support::Int, Id)", "tuple[int, Id]", "readonly [number, Id]"],
        "[1, \"a\"]",
        &["echo_pair_again(E) == echo_pair_again(F)"],
    ),
    (
        "bags",
        "list<Bag>",
        ["Vec<Bag>", "tuple[Bag, ...]", "readonly Bag[]"],
        "[{\"name\": \"b\", \"tags\": [], \"weight\": 0}]",
        &["E.exists(b, b.lane == null && echo_id(b.name) == 'b')", "F.all(b, echo_bag(b).weight == 0)"],
    ),
];

/// Hooks that take what no other operation takes, and tell its size or kind.
const MORE: &[(&str, &str, [&str; 3], &str, &str)] = &[
    ("mixed_again", "Mixed", ["Mixed", "Mixed", "Mixed"], "7", "1"),
    (
        "pair_again",
        "tuple<int Id>",
        ["(support::Int, Id)", "tuple[int, Id]", "readonly [number, Id]"],
        "[1, \"a\"]",
        "1",
    ),
    ("json", "json", ["support::Json", "Json", "Json"], "{\"k\": [null]}", "1"),
    ("object", "object", ["support::Object", "JsonObject", "JsonObject"], "{\"k\": [null]}", "1"),
];

/// What the sources in Rust, Python and TypeScript begin with.
const HEADS: [&str; 3] = [
    "use crate::echoes::*;\nuse crate::support;\n",
    "from collections.abc import Mapping\n\n\
     from ..echoes import Actor, Bag, Grams, Id, Lane, Mixed, Moment, Names, Shape\n\
     from ..support import Json, JsonObject\n",
    "import type { Actor, Bag, Grams, Id, Lane, Mixed, Moment, Names, Shape } from \"../echoes.js\";\n\
     import type { Json, JsonObject, MapOf } from \"../support/index.js\";\n",
];

/// The sources in Rust, Python and TypeScript.
fn sources() -> [String; 3] {
    let [mut rust, mut python, mut typescript] = HEADS.map(str::to_owned);
    for (name, _, [r, p, t], ..) in TYPES {
        writeln!(rust, "pub fn echo_{name}(value: {r}) -> {r} {{ value }}").unwrap();
        write!(python, "\n\ndef echo_{name}(value: {p}) -> {p}:\n    return value\n").unwrap();
        writeln!(typescript, "export const {} = (value: {t}): {t} => value;", function(name)).unwrap();
    }
    for (name, _, [r, p, t], ..) in MORE {
        writeln!(rust, "pub fn echo_{name}(_value: {r}) -> support::Int {{ support::Int::new(1).unwrap() }}").unwrap();
        write!(python, "\n\ndef echo_{name}(value: {p}) -> int:\n    return 1\n").unwrap();
        writeln!(typescript, "export const {} = (_value: {t}): number => 1;", function(name)).unwrap();
    }
    [rust, python, typescript]
}

fn function(name: &str) -> String {
    let words = name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]);
    format!("echo{}", words.collect::<String>())
}

/// The contract: a field and a hook for each type, and a rule for each condition.
fn contract() -> String {
    let mut text = DECLARATIONS.to_owned();
    text.push_str("hooks:\n");
    let echoes = TYPES.iter().map(|(name, ty, ..)| (*name, *ty, *ty));
    for (name, takes, returns) in echoes.chain(MORE.iter().map(|(name, ty, ..)| (*name, *ty, "int"))) {
        writeln!(
            text,
            "  echo_{name}: {{kind: derive, args: {{value: {}}}, returns: {}, vectors: hooks/{name}.json, \
             implementations: {{rust: hooks/echoes.rs, python: hooks/echoes.py, typescript: hooks/echoes.ts}}}}",
            json!(takes),
            json!(returns)
        )
        .unwrap();
    }
    text.push_str("events:\n  Echoed:\n    fields:\n");
    for (name, ty) in TYPES.iter().map(|(name, ty, ..)| (name, ty)).chain(MORE.iter().map(|(name, ty, ..)| (name, ty)))
    {
        writeln!(text, "      f_{name}: {ty}").unwrap();
    }
    text.push_str("    rules:\n");
    for (name, _, _, _, conditions) in TYPES {
        for (at, condition) in conditions.iter().enumerate() {
            let check = asked(condition, name, &format!("p.f_{name}"));
            writeln!(text, "      - {{code: {name}_{at}, check: {}}}", json!(check)).unwrap();
        }
    }
    for name in ["json", "object"] {
        writeln!(text, "      - {{code: {name}_0, check: echo_{name}(p.f_{name}) == 1}}").unwrap();
    }
    text.push_str("      - {code: json_1, check: echo_json(p.f_object) == 1}\n");
    text + &reducer()
}

/// A condition about what the hook makes of a value, and that value as it was given.
fn asked(condition: &str, name: &str, of: &str) -> String {
    let asked = condition.replace('F', "\0").replace('E', &format!("echo_{name}({of})"));
    asked.replace("\0orm", "Form").replace('\0', of)
}

/// A reducer that keeps every answer, and notes which conditions hold: about the payload, and about what it kept before.
fn reducer() -> String {
    let mut text =
        "reducers:\n  echoes:\n    profile: log\n    consumes: [Echoed]\n    malformed: ignore\n    slots:\n      \
                    held: list<string>\n      count: int\n"
            .to_owned();
    for (name, ty, ..) in TYPES {
        let kept = if ty.starts_with("opt<") { (*ty).to_owned() } else { format!("opt<{ty}>") };
        writeln!(text, "      k_{name}: {}", json!(kept)).unwrap();
    }
    text.push_str("    handle:\n      Echoed:\n");
    for (name, _, _, _, conditions) in TYPES {
        for (at, condition) in conditions.iter().enumerate() {
            let (given, kept) =
                (asked(condition, name, &format!("p.f_{name}")), asked(condition, name, &format!("s.k_{name}")));
            let is_kept = format!("s.k_{name} != null && ({kept})");
            for (kind, when) in [("given", given), ("kept", is_kept)] {
                let noted = json!(format!("'{kind} {name} {at}'"));
                writeln!(text, "        - {{when: {}, append: {{held: {noted}}}}}", json!(when)).unwrap();
            }
        }
    }
    for (name, ..) in TYPES {
        writeln!(text, "        - set: {{k_{name}: echo_{name}(p.f_{name})}}").unwrap();
    }
    text.push_str("        - set: {count: echo_json(p.f_json) + echo_pair_again(p.f_pair)}\n");
    text
}

#[test]
fn every_type_goes_into_a_hook_and_comes_out_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let [rust, python_source, typescript] = sources();
    let mut files = vec![
        ("contracts/echoes.yaml".to_owned(), contract()),
        ("contracts/hooks/echoes.rs".to_owned(), rust),
        ("contracts/hooks/echoes.py".to_owned(), python_source),
        ("contracts/hooks/echoes.ts".to_owned(), typescript),
    ];
    let echoes = TYPES.iter().map(|(name, _, _, value, _)| (*name, *value, *value));
    let more = MORE.iter().map(|(name, _, _, value, returns)| (*name, *value, *returns));
    let mut payload = serde_json::Map::new();
    for (name, value, returns) in echoes.chain(more) {
        let value: Value = serde_json::from_str(value).unwrap();
        let mut vectors = vec![format!("{{\"args\": [{value}], \"returns\": {returns}}}")];
        // What the conditions on lists of bags ask besides.
        vectors.extend((name == "id").then(|| "{\"args\": [\"b\"], \"returns\": \"b\"}".to_owned()));
        let bare = "{\"name\": \"b\", \"tags\": [], \"weight\": 0}";
        vectors.extend((name == "bag").then(|| format!("{{\"args\": [{bare}], \"returns\": {bare}}}")));
        files.push((format!("contracts/hooks/{name}.json"), format!("[{}]", vectors.join(",\n"))));
        payload.insert(format!("f_{name}"), value);
    }
    let borrowed: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    tree::write(folder.path(), &borrowed);
    project::generate(folder.path());

    let payload = Value::Object(payload);
    let line = |payload: &Value| json!({"id": 1, "event_type": "Echoed", "payload": payload});
    let lines = format!("{}\n{}\n", line(&payload), line(&json!([])));
    let workspace = project::workspace(folder.path());
    let mut expected = Vec::new();
    codegen::interpret::validate_lines(&workspace, lines.as_bytes(), &mut expected).unwrap();
    let expected = String::from_utf8(expected).unwrap();
    assert!(expected.starts_with("{\"errors\":[],"), "{expected}");
    let event = |n: u32| json!({"id": format!("e{n}"), "event_type": "Echoed", "clock": n, "payload": payload});
    let reducer = workspace.reducers.iter().next().unwrap();
    let log = replay(&workspace, reducer, "two events".into(), false, &[1, 2].map(|n| event(n).to_string()));
    let answer: Value = serde_json::from_str(&log.answer).unwrap();
    // Each condition of both events, and of what the first one left; what is none is not asked again.
    let count = |is_asked: fn(&Echo) -> bool| {
        TYPES.iter().filter(|ty| is_asked(ty)).map(|(.., conditions)| conditions.len()).sum::<usize>()
    };
    let held = answer["state"]["held"].as_array().unwrap();
    assert_eq!(held.len(), 2 * count(|_| true) + count(|(_, _, _, value, _)| *value != "null"), "{held:?}");
    for language in [Language::Rust, Language::Python, Language::TypeScript] {
        let package = Implementation::with_programs(language, folder.path(), &["replays"]);
        assert_eq!(package.answers(lines.as_bytes()), expected.lines().collect::<Vec<_>>(), "{language:?}");
        assert_eq!(package.replays(format!("{}\n", log.line).as_bytes()), [log.answer.as_str()], "{language:?}");
    }
    let mut mypy = Command::new(python());
    mypy.args(["-m", "mypy", "--strict", "--no-incremental", "--cache-dir", "/dev/null", "."]);
    let told = mypy.current_dir(folder.path().join("generated/python")).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stdout));
}
