//! Is every text that no output can hold refused, by the right id and at a place?

use std::fs;
use std::path::Path;

use codegen::config::{self, Config};
use codegen::diagnostic::Diagnostics;
use codegen::emit::encode::toml;
use codegen::source::SourceMap;
use tests::hostile::{Case, Slots, cases, contract, filled};

#[test]
fn every_refused_text_meets_its_diagnostic_in_every_slot() {
    let folder = tempfile::tempdir().unwrap();
    for case in cases() {
        let Some(code) = &case.code else { continue };
        // No file of a folder has a name with a slash in it.
        let slots = case.slots.iter().filter(|&slot| slot != "contract_file_name" || !case.payload.contains('/'));
        for slot in slots {
            let (sources, findings) = findings(folder.path(), &case, slot);
            let found = findings.sorted(&sources);
            let placed = found.iter().any(|finding| finding.rule.id == code && finding.primary.is_some());
            let ids: Vec<_> = found.iter().map(|finding| finding.rule.id).collect();
            assert!(placed, "{} as {slot} meets {ids:?}, not {code}", case.id);
        }
    }
}

#[test]
fn every_accepted_text_is_accepted_in_every_slot() {
    let folder = tempfile::tempdir().unwrap();
    for case in cases().iter().filter(|case| case.code.is_none()) {
        for slot in &case.slots {
            let (sources, findings) = findings(folder.path(), case, slot);
            let text = codegen::diagnostic::render_text(&findings.sorted(&sources), &sources, false);
            assert!(!findings.has_errors(), "{} as {slot}: {text}", case.id);
        }
    }
}

fn findings(folder: &Path, case: &Case, slot: &str) -> (SourceMap, Diagnostics) {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    if slot == "output_path" {
        let text = format!("[rust]\nout = {}\n", toml::string(&case.payload));
        let file = sources.add("codegen.toml", text);
        config::read(&sources, file, &mut out);
        return (sources, out);
    }
    let contracts = folder.join("contracts");
    let _ = fs::remove_dir_all(&contracts);
    fs::create_dir(&contracts).unwrap();
    let named = slot == "contract_file_name";
    let file = if named { case.payload.as_str() } else { "x.yaml" };
    let slots = if named { Slots::new() } else { Slots::from([filled(slot, &case.payload)]) };
    fs::write(contracts.join(file), contract("x", "X", &slots)).unwrap();
    codegen::workspace(folder, &Config::default(), &mut sources, &mut out).unwrap();
    (sources, out)
}
