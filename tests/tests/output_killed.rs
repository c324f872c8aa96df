//! A run that ends at any step enters: does the next run get to the tree that it plans, whatever it plans?

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

use codegen::emit::FileSet;
use codegen::output::{MANIFEST, Plan, State, plan, recover};
use tests::tree;

const OUTPUTS: &[&str] = &["out"];

/// What three states of the contracts generate: every pair has a changed, an added and a removed file.
const GENERATED: [&[(&str, &str)]; 3] = [
    &[("out/a", "a1"), ("out/b/b", "b1"), ("out/c/c/c", "c1"), ("out/same", "same")],
    &[("out/a", "a2"), ("out/b/new", "n2"), ("out/d/d/d", "d2"), ("out/same", "same")],
    &[("out/a", "a3"), ("out/b/b", "b3"), ("out/d/d/d", "d3"), ("out/e", "e3"), ("out/same", "same")],
];

fn planned(root: &Path, generated: usize) -> Plan {
    let mut set = FileSet::default();
    for (path, text) in GENERATED[generated] {
        set.add(*path, *text);
    }
    plan(root, OUTPUTS, set).expect("the disk can be read")
}

/// Generates; where `steps` is given the run ends, without a word, before that step. Whether it came to its end.
fn run(root: &Path, generated: usize, steps: Option<usize>) -> bool {
    let mut left = steps;
    let killed = catch_unwind(AssertUnwindSafe(|| {
        recover(root).expect("a killed run leaves nothing in the way");
        let plan = planned(root, generated);
        assert!(plan.refused(false).is_empty(), "our own files are known after a killed run: {:?}", plan.differences());
        let mut observe = |_: codegen::output::Step| match &mut left {
            Some(0) => resume_unwind(Box::new(Killed)),
            Some(left) => *left -= 1,
            None => {}
        };
        plan.write(false, &mut observe).expect("the disk can be written");
    }));
    match killed {
        Ok(()) => true,
        Err(cause) if cause.is::<Killed>() => false,
        Err(failed) => resume_unwind(failed),
    }
}

struct Killed;

/// The state that a test begins in: contracts `0` generated.
fn begun() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    codegen::output::exclusively(folder.path(), || {}, || run(folder.path(), 0, None)).expect("the lock can be taken");
    folder
}

fn assert_holds(root: &Path, generated: usize, story: &str) {
    let mut found = tree::contents(root);
    found.remove(MANIFEST).expect("there is a manifest");
    let wanted: BTreeMap<String, Vec<u8>> =
        GENERATED[generated].iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    assert_eq!(found, wanted, "{story}");
    assert!(planned(root, generated).is_current(), "{story}");
    let needed = |path: &String| path.starts_with(".codegen") || wanted.keys().any(|file| file.starts_with(path));
    let left: Vec<String> = tree::times(root).into_keys().filter(|path| path != MANIFEST && !needed(path)).collect();
    assert_eq!(left, [""; 0], "{story}");
    assert!(!root.join(".codegen/journal.json").exists(), "{story}");
}

#[test]
fn the_run_after_a_killed_one_gets_there_even_where_the_contracts_changed_again() {
    let mut step = 0;
    loop {
        let mut ended = true;
        for after in 0..GENERATED.len() {
            let folder = begun();
            ended = run(folder.path(), 1, Some(step));
            let seen = planned(folder.path(), after);
            let strange = seen.differences().iter().find(|one| matches!(one.state, State::HandEdited | State::Foreign));
            assert_eq!(strange, None, "check after a kill at step {step}");
            assert!(run(folder.path(), after, None));
            assert_holds(folder.path(), after, &format!("killed at step {step}, then contracts {after}"));
        }
        if ended {
            break;
        }
        step += 1;
    }
    assert!(step > 8, "the run had steps to be killed at");
}

#[test]
fn two_killed_runs_in_a_row_are_no_worse_than_one() {
    for first in (1..15).step_by(3) {
        for second in (1..15).step_by(2) {
            let folder = begun();
            run(folder.path(), 1, Some(first));
            run(folder.path(), 2, Some(second));
            assert!(run(folder.path(), 0, None));
            assert_holds(folder.path(), 0, &format!("killed at step {first}, then at step {second}"));
        }
    }
}

#[test]
fn a_file_edited_after_the_kill_is_still_known_as_edited() {
    let folder = begun();
    let root = folder.path();
    assert!(!run(root, 1, Some(7)), "the run was killed");
    tree::write(root, &[("out/a", "mine")]);
    recover(root).expect("a killed run leaves nothing in the way");
    let refused: Vec<String> = planned(root, 1).refused(false).iter().map(|one| one.path.clone()).collect();
    assert_eq!(refused, ["out/a"]);
}
