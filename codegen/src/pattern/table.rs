//! The positions of a pattern enter; the smallest table that decides the same texts, one code point a step, leaves.

use std::collections::BTreeMap;

use super::automaton::Automaton;
use super::class::Class;

/// A deterministic automaton over code points. It starts in state 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The symbol of each ASCII character.
    pub ascii: [u8; 128],
    /// The symbol of U+2028 and U+2029.
    pub separators: u8,
    /// The symbol of every other code point.
    pub others: u8,
    /// For each state the state behind each symbol; none refuses.
    pub next: Vec<Vec<Option<u16>>>,
    /// For each state whether a text may end there.
    pub accepting: Vec<bool>,
}

/// Determinises and minimises; none where more than `limit` states would be needed on the way.
pub(super) fn build(automaton: &Automaton, limit: usize) -> Option<Table> {
    let (symbols, samples) = alphabet(&automaton.classes);
    let mut sets = vec![vec![0]];
    let mut numbers = BTreeMap::from([(vec![0], 0)]);
    let mut next: Vec<Vec<Option<usize>>> = Vec::new();
    while next.len() < sets.len() {
        let mut row = Vec::with_capacity(samples.len());
        for &sample in &samples {
            let target = automaton.step(&sets[next.len()], |class| class.contains(sample));
            row.push((!target.is_empty()).then(|| {
                *numbers.entry(target).or_insert_with_key(|set| {
                    sets.push(set.clone());
                    sets.len() - 1
                })
            }));
        }
        next.push(row);
        if sets.len() > limit {
            return None;
        }
    }
    let accepting: Vec<bool> = sets.iter().map(|set| set.iter().any(|&state| automaton.accepting[state])).collect();
    let blocks = equivalent_states(&next, &accepting);
    Some(numbered(&symbols, &next, &accepting, &blocks))
}

struct Symbols {
    ascii: [u8; 128],
    separators: u8,
    others: u8,
}

/// Code points that no class tells apart share a symbol; with one sample of each.
fn alphabet(classes: &[Class]) -> (Symbols, Vec<char>) {
    let mut distinct: Vec<Class> = Vec::new();
    for class in classes {
        if !distinct.contains(class) {
            distinct.push(*class);
        }
    }
    let mut samples = Vec::new();
    let mut numbers: BTreeMap<Vec<bool>, u8> = BTreeMap::new();
    let mut symbol_of = |sample: char| {
        let signature = distinct.iter().map(|class| class.contains(sample)).collect();
        *numbers.entry(signature).or_insert_with(|| {
            samples.push(sample);
            u8::try_from(samples.len() - 1).expect("at most 130 symbols")
        })
    };
    let mut ascii = [0; 128];
    for (character, symbol) in ('\0'..='\x7f').zip(&mut ascii) {
        *symbol = symbol_of(character);
    }
    let symbols = Symbols { ascii, separators: symbol_of('\u{2028}'), others: symbol_of('\u{e000}') };
    (symbols, samples)
}

/// Hopcroft's refinement: for each state the block of states that decide every rest of a text alike. Refusal is a
/// state of its own, the last.
fn equivalent_states(next: &[Vec<Option<usize>>], accepting: &[bool]) -> Vec<usize> {
    let (refusal, symbols) = (next.len(), next[0].len());
    let mut before = vec![vec![Vec::new(); refusal + 1]; symbols];
    for state in 0..=refusal {
        for (symbol, sources) in before.iter_mut().enumerate() {
            let target = next.get(state).and_then(|row| row[symbol]).unwrap_or(refusal);
            sources[target].push(state);
        }
    }
    let is_accepting = |state: &usize| accepting.get(*state) == Some(&true);
    let (yes, no): (Vec<usize>, Vec<usize>) = (0..=refusal).partition(is_accepting);
    let mut block_of: Vec<usize> = (0..=refusal).map(|state| usize::from(!is_accepting(&state))).collect();
    let mut blocks = vec![yes, no];
    let mut waiting = vec![true, true];
    let mut work = vec![0, 1];
    while let Some(splitter) = work.pop() {
        waiting[splitter] = false;
        let members = blocks[splitter].clone();
        for sources in &before {
            let mut touched: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
            for &source in members.iter().flat_map(|&state| &sources[state]) {
                touched.entry(block_of[source]).or_default().push(source);
            }
            for (block, inside) in touched {
                if inside.len() == blocks[block].len() {
                    continue;
                }
                let fresh = blocks.len();
                for &state in &inside {
                    block_of[state] = fresh;
                }
                blocks[block].retain(|&state| block_of[state] == block);
                let smaller = if inside.len() <= blocks[block].len() { fresh } else { block };
                blocks.push(inside);
                waiting.push(false);
                let add = if waiting[block] { fresh } else { smaller };
                waiting[add] = true;
                work.push(add);
            }
        }
    }
    block_of
}

/// The table over blocks, numbered in the order in which they are met from the start.
fn numbered(symbols: &Symbols, next: &[Vec<Option<usize>>], accepting: &[bool], blocks: &[usize]) -> Table {
    let refusal = blocks[next.len()];
    let mut met = vec![0];
    let mut number_of = BTreeMap::from([(blocks[0], 0)]);
    let mut rows = Vec::new();
    while rows.len() < met.len() {
        let row = next[met[rows.len()]].iter().map(|target| {
            let target = target.filter(|&state| blocks[state] != refusal)?;
            let number = *number_of.entry(blocks[target]).or_insert_with(|| {
                met.push(target);
                met.len() - 1
            });
            Some(u16::try_from(number).expect("at most 4,001 states"))
        });
        rows.push(row.collect());
    }
    let accepting = met.iter().map(|&state| accepting[state]).collect();
    Table { ascii: symbols.ascii, separators: symbols.separators, others: symbols.others, next: rows, accepting }
}
