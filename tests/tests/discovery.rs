//! Which files of a folder are contracts, and what is said about those that cannot be?

use std::fs;
use std::path::Path;

use codegen::config::Config;
use codegen::diagnostic::Diagnostics;
use codegen::load::{Error, discover};
use codegen::source::SourceMap;
use tests::case::text;
use tests::{tree, vectors};

/// The names of the contracts below a root, and `id path` of each finding.
fn found(root: &Path) -> Result<(Vec<String>, Vec<String>), Error> {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let documents = discover(root, &Config::default().contracts, &mut sources, &mut out, |_, _| Some(()))?;
    let path = |finding: &codegen::diagnostic::Diagnostic| {
        let place = finding.primary.as_ref().expect("a finding about a file has a place");
        sources.path(place.span.file).to_owned()
    };
    let told = out.sorted(&sources).iter().map(|finding| format!("{} {}", finding.rule.id, path(finding))).collect();
    Ok((documents.into_iter().map(|document| document.name).collect(), told))
}

fn contract(name: &str) -> String {
    format!("language: 1\ncontract: {name}\nversion: 1.0.0\n")
}

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), files);
    folder
}

#[test]
fn contracts_are_read_in_the_order_of_their_names_and_nothing_else_is() {
    let (a, b) = (contract("a"), contract("b_2"));
    let folder = project(&[
        ("contracts/b_2.yaml", &b),
        ("contracts/a.yaml", &a),
        ("contracts/README.md", "no contract"),
        ("contracts/a.yaml~", "a backup"),
        ("contracts/.#a.yaml", "a lock of an editor"),
        ("contracts/more/c.yaml", "not looked at"),
    ]);
    assert_eq!(found(folder.path()).unwrap(), (vec!["a".to_owned(), "b_2".to_owned()], vec![]));
}

#[test]
fn a_folder_without_contracts_is_an_error_with_its_path() {
    let folder = project(&[("contracts/README.md", "")]);
    let error = found(folder.path()).unwrap_err().to_string();
    assert!(error.starts_with("no contract") && error.contains("contracts"), "{error}");
    let error = found(project(&[]).path()).unwrap_err().to_string();
    assert!(error.starts_with("there is no folder") && error.contains("contracts"), "{error}");
}

#[test]
fn a_file_whose_name_no_contract_can_have_is_refused_and_not_read() {
    let seen = vectors("hostile_text.json");
    let has_slot = |case: &&serde_json::Value| case["slots"].as_array().unwrap().contains(&"contract_file_name".into());
    let cases: Vec<_> = seen.iter().filter(has_slot).collect();
    assert!(cases.len() > 3);
    for case in cases {
        let folder = project(&[("contracts/a.yaml", &contract("a"))]);
        let name = text(case, "payload");
        let place = folder.path().join("contracts").join(name);
        // A name with a slash is a folder here, and what lies in it is not looked at.
        let written = fs::write(place, contract("x"));
        let (names, told) = found(folder.path()).unwrap();
        assert_eq!(names, ["a"], "{name:?}");
        let refused = told.len() == 1 && told[0].starts_with(text(case, "code"));
        assert!(refused || written.is_err() && name.contains('/'), "{name:?}: {told:?}");
        assert!(!told.concat().contains(['\n', '\u{202e}']), "{told:?} shows a name as it is");
    }
}

#[test]
fn a_refused_contract_keeps_its_name_for_those_that_import_it() {
    let folder = project(&[("contracts/a.yaml", "- no contract\n"), ("contracts/b.yaml", &contract("b"))]);
    let (names, told) = found(folder.path()).unwrap();
    assert_eq!((names, told), (vec!["a".to_owned(), "b".to_owned()], vec!["yaml-root contracts/a.yaml".to_owned()]));
}

#[test]
fn too_many_contracts_end_with_one_finding() {
    let folder = project(&[]);
    for at in 0..258 {
        tree::write(folder.path(), &[(&format!("contracts/c{at:03}.yaml"), &contract(&format!("c{at:03}")))]);
    }
    let (names, told) = found(folder.path()).unwrap();
    assert_eq!((names.len(), told), (256, vec!["contracts-limit contracts/c256.yaml".to_owned()]));
}

#[test]
fn too_many_bytes_end_with_one_finding() {
    let folder = project(&[]);
    for at in 0..18 {
        let text = contract(&format!("c{at:02}")) + "#" + &"x".repeat((1 << 20) - 100) + "\n";
        tree::write(folder.path(), &[(&format!("contracts/c{at:02}.yaml"), &text)]);
    }
    let (names, told) = found(folder.path()).unwrap();
    assert_eq!((names.len(), told), (17, vec!["contracts-limit contracts/c17.yaml".to_owned()]));
}

#[test]
fn too_many_values_end_with_one_finding() {
    let folder = project(&[]);
    for at in 0..9 {
        let name = format!("c{at}");
        let text = format!("{}x-notes: [{}a]\n", contract(&name), "a,".repeat(40_000));
        tree::write(folder.path(), &[(&format!("contracts/{name}.yaml"), &text)]);
    }
    let (names, told) = found(folder.path()).unwrap();
    assert_eq!((names.len(), told), (7, vec!["contracts-limit contracts/c7.yaml".to_owned()]));
}

#[cfg(unix)]
#[test]
fn links_out_of_the_project_folders_and_loops_are_refused() {
    use std::os::unix::fs::symlink;
    let outside = project(&[("secret.yaml", "password: hunter2\n")]);
    let folder = project(&[("contracts/a.yaml", &contract("a")), ("shared/b.yaml", &contract("b"))]);
    let contracts = folder.path().join("contracts");
    symlink(outside.path().join("secret.yaml"), contracts.join("secret.yaml")).unwrap();
    symlink("../shared/b.yaml", contracts.join("b.yaml")).unwrap();
    symlink("loop.yaml", contracts.join("loop.yaml")).unwrap();
    symlink("nowhere", contracts.join("nowhere.yaml")).unwrap();
    fs::create_dir(contracts.join("folder.yaml")).unwrap();
    let (names, told) = found(folder.path()).unwrap();
    assert_eq!(names, ["a", "b"]);
    let refused = ["folder", "loop", "nowhere", "secret"].map(|name| format!("contract-file contracts/{name}.yaml"));
    assert_eq!(told, refused);
}
