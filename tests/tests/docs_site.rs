//! Does the reference load in a browser, find what is searched, show its drawings, and fit a phone, without a network?

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use tests::script::{run, script};
use tests::{chromium, project, tree};

/// What a browser of this width and scheme sees on each page; behind `?` what is searched there.
fn seen(site: &Path, width: u32, scheme: &str, pages: &[&str]) -> Vec<Value> {
    let profile = tempfile::tempdir().expect("a temporary folder");
    let mut command = script("node", "browser.mjs");
    command.arg(chromium()).arg(profile.path()).arg(site).args([&width.to_string(), scheme]).args(pages);
    run(&mut command, "").lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// A project of the shop, the missions and visits with hooks, with its reference.
fn site(folder: &Path) -> std::path::PathBuf {
    for domain in ["tests/domains/order", "", "tests/domains/hooked"] {
        tree::copy(&tests::root().join(domain).join("contracts"), &folder.join("contracts"));
    }
    project::generate(folder);
    folder.join("docs/reference")
}

fn files(site: &Path) -> BTreeSet<String> {
    tree::contents(site).into_keys().collect()
}

#[test]
fn every_page_loads_alone_and_its_links_lead_somewhere() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let site = site(folder.path());
    let files = files(&site);
    let pages: Vec<String> =
        files.iter().filter_map(|file| file.strip_suffix(".html")).map(|page| format!("{page}.html?x")).collect();
    assert!(pages.len() > 5, "{files:?}");
    for (width, scheme) in [(1200, "light"), (400, "dark")] {
        for page in seen(&site, width, scheme, &pages.iter().map(String::as_str).collect::<Vec<_>>()) {
            let name = &page["page"];
            assert_eq!(page["complaints"], serde_json::json!([]), "{name}");
            assert_eq!(page["broken"], serde_json::json!([]), "{name}");
            assert_eq!(page["tooWide"], 0, "{name} at {width} pixels is read without moving it sideways");
            let others = page["requested"].as_array().unwrap().iter().map(|url| url.as_str().unwrap());
            let others: Vec<&str> = others.filter(|url| !url.starts_with("file://")).collect();
            assert!(others.is_empty(), "{name} asks the network: {others:?}");
            for link in page["links"].as_array().unwrap() {
                let path = link.as_str().unwrap().rsplit('/').next().unwrap().split('#').next().unwrap();
                assert!(files.contains(path), "{name}: {link}");
            }
            let paper = page["paper"].as_str().unwrap();
            assert_eq!(paper == "rgb(255, 255, 255)", scheme == "light", "{name}: {paper}");
        }
    }
}

#[test]
fn search_finds_an_event_a_field_and_a_value_by_keyboard() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let site = site(folder.path());
    let pages = [
        "index.html?missionstarted",
        "order.html?orderplaced lane",
        "lifecycle.html?initial phase",
        "status.html?in_review",
        "labels.html?has_check",
    ];
    let seen = seen(&site, 1200, "light", &pages);
    for page in &seen {
        assert_eq!(page["isFocused"], true, "`/` leads to the search: {page}");
        assert_eq!(page["nothing"], serde_json::json!([]));
    }
    assert_eq!(
        seen[0]["found"][0],
        serde_json::json!(["MissionStarted event of lifecycle", "lifecycle.html#event-missionstarted"])
    );
    assert_eq!(seen[0]["chosen"], "lifecycle.html#event-missionstarted");
    assert_eq!(seen[1]["found"], serde_json::json!([]), "no name has both words");
    assert_eq!(seen[2]["found"][0][0], "initial_phase field of MissionStarted");
    assert_eq!(seen[3]["found"][0], serde_json::json!(["in_review value of Lane", "status.html#enum-lane"]));
    assert_eq!(
        seen[4]["found"][0],
        serde_json::json!(["has_check_digit hook of labels", "labels.html#hook-has_check_digit"])
    );
    assert!(seen[2]["diagrams"] == 1 && seen[3]["diagrams"] == 1, "each family has one machine, drawn in its page");
}
