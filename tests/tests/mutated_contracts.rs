//! Contracts of this repository, changed at random places, enter; whatever they have become, findings or a workspace
//! leave, never a panic.

use std::path::Path;

use codegen::diagnostic::{Diagnostics, render_text};
use codegen::load::raw::{HookFiles, read_contract};
use codegen::load::{admit, yaml};
use codegen::source::SourceMap;
use tests::random::Random;

fn seeds() -> Vec<Vec<(String, String)>> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    ["contracts", "tests/domains/order/contracts"]
        .iter()
        .map(|folder| {
            let files = std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
            let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|e| e == "yaml")).collect();
            files.sort();
            let named = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
            files.iter().map(|path| (named(path), std::fs::read_to_string(path).unwrap())).collect()
        })
        .collect()
}

/// Words of all contracts: what a mutation puts in place of another word.
fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect()
}

fn mutate(text: &str, words: &[&str], random: &mut Random) -> String {
    let mut text = text.to_owned();
    for _ in 0..=random.below(3) {
        let at =
            (0..=random.below(text.len().max(1)).min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap();
        match random.below(6) {
            0 => {
                let end = text[at..].find(['\n', ',', '}', ']']).map_or(text.len(), |n| at + n);
                text.replace_range(at..end, "");
            }
            1 => text.insert_str(at, words[random.below(words.len())]),
            2 => text.insert(
                at,
                [':', ',', '[', ']', '{', '}', '<', '>', '"', '\n', ' ', '-', '.', '(', '!', '1'][random.below(16)],
            ),
            3 => {
                let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
                let end = text[at..].find('\n').map_or(text.len(), |n| at + n + 1);
                let line = text[start..end].to_owned();
                text.insert_str(start, &line);
            }
            4 => {
                let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
                let end = text[at..].find('\n').map_or(text.len(), |n| at + n + 1);
                text.replace_range(start..end, "");
            }
            _ => {
                // One word for another, so that most mutants still parse.
                let start = text[..at].rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |n| n + 1);
                let end =
                    text[at..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(text.len(), |n| at + n);
                if text.is_char_boundary(start) && start <= end {
                    text.replace_range(start..end, words[random.below(words.len())]);
                }
            }
        }
    }
    text
}

fn judge(contracts: &[(String, String)]) -> bool {
    let (mut sources, mut out) = (SourceMap::default(), Diagnostics::default());
    let mut read = Vec::new();
    for (path, text) in contracts {
        let file = admit(&mut sources, path, text.as_bytes(), &mut out);
        let root = file.and_then(|file| yaml::parse(&sources, file, &mut out));
        read.extend(root.and_then(|root| read_contract(&root, &mut out)));
    }
    let workspace = codegen::resolve::resolve(
        &sources,
        &read,
        &[],
        &codegen::resolve::Schemas::new(),
        &HookFiles::default(),
        &mut out,
    );
    let shown = render_text(&out.sorted(&sources), &sources, false);
    assert!(workspace.is_some() || !shown.is_empty(), "refused without a word");
    workspace.is_some()
}

#[test]
fn no_change_to_a_contract_makes_the_resolver_panic() {
    let seeds = seeds();
    let all: String = seeds.iter().flatten().map(|(_, text)| text.as_str()).collect();
    let words = words(&all);
    let (mut accepted, mut refused) = (0, 0);
    for seed in 1..=1200_u64 {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut contracts = seeds[random.below(seeds.len())].clone();
        let at = random.below(contracts.len());
        contracts[at].1 = mutate(&contracts[at].1, &words, &mut random);
        let verdict = std::panic::catch_unwind(|| judge(&contracts));
        assert!(verdict.is_ok(), "seed {seed} panics on:\n{}", contracts[at].1);
        if verdict.is_ok_and(|is_accepted| is_accepted) {
            accepted += 1;
        } else {
            refused += 1;
        }
    }
    assert!(accepted > 50 && refused > 400, "mutants are too tame or too wild: {accepted} accepted, {refused} refused");
}
