//! Does `diagram` draw every state and every move of a machine, whatever the states are called?

use std::path::Path;
use std::process::Output;

use tests::script::{run, script};
use tests::{python, root, tree};

fn diagram(project: &Path, arguments: &[&str]) -> Output {
    let mut command = assert_cmd::cargo::cargo_bin_cmd!("codegen-under-test");
    command.arg("diagram").args(arguments).arg("-C").arg(project).output().expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("output is UTF-8")
}

/// The elements of an SVG, as an XML parser reads them.
fn elements(svg: &[u8]) -> Vec<serde_json::Value> {
    let told = run(&mut script(python(), "xml_words.py"), &text(svg));
    told.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn named<'e>(elements: &'e [serde_json::Value], name: &str) -> Vec<&'e serde_json::Value> {
    elements.iter().filter(|element| element["name"] == name).collect()
}

/// A machine over inputs whose states and inputs try the syntax of what they are drawn in.
const HOSTILE: &str = r#"
language: 1
contract: hostile
version: 1.0.0
enums:
  State:
    values: [end, {value: "a --> b", name: arrow}, {value: "\"<script>&amp;", name: script}, "state x"]
    sets: {terminal: ["state x"]}
  Input: [{value: "x: y", name: colon}, "note"]
machines:
  hostile:
    states: State
    inputs: Input
    table:
      none:              {"x: y": end, note: refuse}
      end:               {"x: y": "a --> b", note: "a --> b"}
      "a --> b":         {"x: y": stay, note: "\"<script>&amp;"}
      "\"<script>&amp;": {"x: y": "state x", note: refuse}
      "state x":         {"x: y": refuse, note: refuse}
"#;

#[test]
fn mermaid_has_a_line_for_every_state_and_move() {
    let drawn = diagram(&root(), &["connector_lifecycle"]);
    let expected = "\
stateDiagram-v2
    state \"provisioned\" as s1
    state \"healthy\" as s2
    state \"degraded\" as s3
    state \"revoked\" as s4
    state \"reconnected\" as s5
    [*] --> s1
    s1 --> s2
    s1 --> s3
    s1 --> s4
    s2 --> s3
    s2 --> s4
    s3 --> s2
    s3 --> s4
    s3 --> s5
    s4 --> s5
    s5 --> s2
    s5 --> s3
    s5 --> s4
";
    assert_eq!(text(&drawn.stdout), expected);
}

#[test]
fn an_svg_shows_every_state_and_an_arrow_for_every_move() {
    let drawn = diagram(&root(), &["connector_lifecycle", "--as", "svg"]);
    let elements = elements(&drawn.stdout);
    let labels: Vec<_> = named(&elements, "text").iter().map(|label| label["text"].as_str().unwrap()).collect();
    assert_eq!(labels, ["provisioned", "healthy", "degraded", "revoked", "reconnected"]);
    let arrows = named(&elements, "path").iter().filter(|path| path["attributes"].get("marker-end").is_some()).count();
    assert_eq!(arrows, 13);
    assert_eq!(named(&elements, "title")[0]["text"], "connector_lifecycle");
    let description = named(&elements, "desc")[0]["text"].as_str().unwrap();
    assert!(description.contains("degraded to reconnected"), "{description}");
}

#[test]
fn names_of_states_and_inputs_stay_names() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), &[("contracts/hostile.yaml", HOSTILE), ("codegen.toml", "")]);
    let drawn = diagram(folder.path(), &["hostile"]);
    let expected = "\
stateDiagram-v2
    state \"#101;nd\" as s1
    state \"a #45;#45;#62; b\" as s2
    state \"#34;#60;script#62;#38;amp#59;\" as s3
    state \"state x\" as s4
    [*] --> s1: x#58; y
    s1 --> s2: x#58; y, note
    s2 --> s3: note
    s3 --> s4: x#58; y
    s4 --> [*]
";
    assert_eq!(text(&drawn.stdout), expected, "{}", text(&drawn.stderr));
    let elements = elements(&diagram(folder.path(), &["hostile", "--as", "svg"]).stdout);
    let labels: Vec<_> = named(&elements, "text").iter().map(|label| label["text"].as_str().unwrap()).collect();
    let states = ["end", "a --> b", "\"<script>&amp;", "state x"];
    assert_eq!(labels[..4], states);
    assert_eq!(labels[4..], ["x: y", "x: y, note", "note", "x: y"]);
    assert!(named(&elements, "script").is_empty());
}

#[test]
fn an_unknown_machine_is_told_with_a_near_one() {
    let output = diagram(&root(), &["connector_lifecicle"]);
    let told = "error: there is no machine `connector_lifecicle`; did you mean `connector_lifecycle`?\n";
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(2), told));
}
