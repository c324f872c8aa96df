//! Does `codegen.toml` say exactly what it means, and is every slip in it told with its place?

use codegen::config::{
    CloudEvents, Config, Custom, Ignore, Level, OptionValue, Placed, PythonBase, Setting, path, read,
};
use codegen::diagnostic::Diagnostics;
use codegen::source::{SourceMap, Span};
use tests::case::text;
use tests::vectors;

fn read_text(toml: &str) -> (Config, Vec<String>) {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let file = sources.add("codegen.toml", toml);
    let config = read(&sources, file, &mut out);
    let told = |d: &&codegen::diagnostic::Diagnostic| {
        let place = d.primary.as_ref().expect("a finding in codegen.toml has a place").span;
        let at = sources.position(file, place.start);
        let help = d.help.as_deref().unwrap_or_default();
        format!("{}:{} {} `{}` {help}", at.line, at.column, d.rule.id, sources.snippet(place))
    };
    (config, out.sorted(&sources).iter().map(told).collect())
}

/// A value at a place that no comparison looks at.
fn placed<T>(value: T) -> Placed<T> {
    Placed { value, place: nowhere() }
}

/// A place that no comparison looks at.
fn nowhere() -> Span {
    Span::new(SourceMap::default().add("", ""), 0, 0)
}

#[test]
fn an_empty_file_means_the_defaults() {
    assert_eq!(read_text(""), (Config::default(), vec![]));
}

#[test]
fn what_is_printed_reads_back_equal() {
    let mut config = Config { contracts: "a/b".into(), ..Config::default() };
    config.python.base = PythonBase::Plain;
    config.rust.enabled = false;
    let setting = |level, reason: Option<&str>| Setting { level, reason: reason.map(str::to_owned), place: nowhere() };
    config.lint.levels.insert("missing-doc".into(), setting(Level::Off, None));
    config.lint.levels.insert("unbounded".into(), setting(Level::Warning, Some("Logs \"grow\".")));
    let ignore = Ignore { rule: "a".into(), path: "contracts/b.yaml".into(), reason: "c".into(), place: nowhere() };
    config.lint.ignore = vec![ignore.clone(), ignore];
    config.cloudevents =
        CloudEvents { enabled: true, source: Some(placed("shop".to_owned())), ..CloudEvents::default() };
    // Where it is switched on is remembered, and where something stands makes no difference.
    config.cloudevents.place = Some(placed(()));
    let options =
        [("a", OptionValue::Flag(true)), ("b-c", OptionValue::Integer(-7)), ("d", OptionValue::Text("\"".into()))];
    let custom = |out: &str, enabled| Custom {
        enabled,
        templates: placed("pages".into()),
        out: placed(out.into()),
        options: options.iter().map(|(name, value)| ((*name).to_owned(), placed(value.clone()))).collect(),
    };
    config.custom = vec![custom("wiki", true), custom("book", false)];
    assert_eq!(read_text(&config.to_toml()), (config, vec![]));
}

#[test]
fn every_slip_is_told_at_its_place_in_one_run() {
    let (config, told) = read_text(
        "contract = \"x\"\nschemas = \"/tmp\"\n[rust]\nenabled = \"no\"\ncrate = 'Event Contracts'\n[python]\nbase = \"attrs\"\n[rush]\n",
    );
    assert_eq!(config, Config::default());
    let expected = [
        "1:1 config-unknown-key `contract` did you mean `contracts`?",
        "2:11 path-absolute `\"/tmp\"` write it relative to the folder of `codegen.toml`",
        "4:11 config-type `\"no\"` `codegen config --show` prints every setting with its value",
        "5:9 config-value `'Event Contracts'` use lower-case letters and digits, such as `event-contracts`",
        "7:8 config-value `\"attrs\"` use `pydantic` or `plain`",
        "8:2 config-unknown-key `rush` did you mean `rust`?",
    ];
    assert_eq!(told, expected);
}

#[test]
fn broken_toml_is_told_and_nothing_is_read() {
    let (config, told) = read_text("schemas = \n[rust]\nout = \"r\"\nx =\n");
    assert_eq!(config, Config::default());
    let places: Vec<_> = told.iter().map(|told| &told[..told.find(" `").expect("a snippet follows")]).collect();
    assert_eq!(places, ["1:11 config-syntax", "4:4 config-syntax"]);
}

#[test]
fn folders_that_are_not_apart_are_refused() {
    for toml in [
        "schemas = \"generated\"",
        "schemas = \"generated/rust/schemas\"",
        "[rust]\nout = \"Contracts\"",
        "[python]\nout = \"x\"\n[typescript]\nout = \"x\"",
    ] {
        assert!(read_text(toml).1.iter().all(|told| told.contains("config-overlap")), "{toml}");
        assert!(!read_text(toml).1.is_empty(), "{toml}");
    }
    assert_eq!(read_text("[rust]\nout = \"generated/rust-2\"").1, Vec::<String>::new());
}

#[test]
fn hostile_paths_are_refused() {
    let mut sources = SourceMap::default();
    let place = Span::new(sources.add("codegen.toml", ""), 0, 0);
    let fault = |name: &str| path::fault(name, place).map(|finding| finding.rule.id);
    let mut seen = 0;
    for case in vectors("hostile_text.json") {
        let slots = case["slots"].as_array().expect("a case has slots");
        if slots.iter().any(|slot| slot == "output_path") {
            seen += 1;
            assert_eq!(fault(text(&case, "payload")), Some(text(&case, "code")), "{}", text(&case, "id"));
        }
    }
    assert!(seen > 10);
    for name in ["a", "a/b-c_d.e", "generated/rust", "console", "com10", "käse"] {
        assert_eq!(fault(name), None, "{name}");
    }
}
