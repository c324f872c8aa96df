//! Is every value that one version takes and the other refuses announced by a finding about JSON, in its direction?
//!
//! Every contract below `tests/breaking` is compared with every other one: most of them declare events of the same names,
//! so that each pair is a change that nobody thought of.

use std::collections::BTreeSet;
use std::fs;

use codegen::breaking::{Side, compare};
use codegen::config::Config;
use codegen::diagnostic::Diagnostics;
use codegen::interpret::check_payload;
use codegen::model::Workspace;
use codegen::source::SourceMap;
use tests::corpus::{Instances, Random};
use tests::project::without_sources;
use tests::root;

/// Values of each event that are tried for each pair.
const VALUES: u64 = 25;

/// A contract, and the folder that it stands in.
struct Version {
    name: String,
    workspace: Workspace,
}

fn versions(sources: &mut SourceMap) -> Vec<Version> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut rules: Vec<_> = fs::read_dir(root().join("tests/breaking")).expect("the folder is there").collect();
    rules.sort_by_key(|rule| rule.as_ref().expect("an entry").file_name());
    for rule in rules {
        let rule = rule.expect("an entry");
        for version in ["previous", "current", "twin"] {
            let folder = rule.path().join(version);
            let mut out = Diagnostics::default();
            let workspace = codegen::resolved(&folder, &without_sources(Config::default()), sources, &mut out);
            let workspace = workspace.expect("it can be read").expect("it has no errors");
            let text = fs::read(folder.join("contracts/example.yaml")).unwrap_or_default();
            if rule.file_name().to_string_lossy().starts_with("wire-") && seen.insert(text) {
                let name = format!("{}/{version}", rule.file_name().to_string_lossy());
                found.push(Version { name, workspace });
            }
        }
    }
    found
}

/// The directions of what is found.
fn told(old: &Workspace, new: &Workspace, sources: &SourceMap) -> BTreeSet<&'static str> {
    let mut out = Diagnostics::default();
    let side = |workspace| Side { workspace, packages: Vec::new() };
    compare(&side(old), &side(new), &Config::default().breaking, sources, &mut out);
    // That another event is gone explains nothing about the events that both versions have.
    let found = out.sorted(sources).into_iter().filter(|finding| finding.rule.id != "wire-event-kept");
    let messages: Vec<&str> = found.map(|finding| finding.message.as_str()).collect();
    let says =
        |direction: &str| messages.iter().any(|it| it.ends_with(&format!("({direction})")) || it.ends_with("(FULL)"));
    ["BACKWARD", "FORWARD"].into_iter().filter(|direction| says(direction)).collect()
}

/// The directions in which a value shows that one version refuses what the other takes.
fn shown(old: &Workspace, new: &Workspace) -> Vec<(&'static str, String)> {
    let mut shown = Vec::new();
    for (from, to, direction) in [(old, new, "BACKWARD"), (new, old, "FORWARD")] {
        for (id, event) in from.events.entries() {
            let Some(other) = to.event_named(&event.wire) else { continue };
            for seed in 0..VALUES {
                let mut instances = Instances { workspace: from, random: Random::new(seed) };
                let value = instances.value(&event.payload.ty(), 0);
                let Ok(canonical) = check_payload(from, id, &value) else { continue };
                // Logs keep what was received; writers write what is canonical.
                let read = if direction == "BACKWARD" { value } else { canonical };
                if check_payload(to, other, &read).is_err() {
                    shown.push((direction, format!("{} {}", event.wire, codegen::json::canonical(&read))));
                    break;
                }
            }
        }
    }
    shown
}

#[test]
fn no_value_is_refused_without_a_finding_in_its_direction() {
    let mut sources = SourceMap::default();
    let versions = versions(&mut sources);
    assert!(versions.len() > 60, "{} versions", versions.len());
    let mut refused = 0;
    for old in &versions {
        for new in &versions {
            let told = told(&old.workspace, &new.workspace, &sources);
            for (direction, value) in shown(&old.workspace, &new.workspace) {
                refused += 1;
                assert!(told.contains(direction), "{} -> {}: no {direction} finding for {value}", old.name, new.name);
            }
        }
    }
    assert!(refused > 1_000, "only {refused} values were refused: the test asks too little");
}
