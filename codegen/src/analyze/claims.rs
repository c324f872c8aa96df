//! The claims of a reducer enter; those that do not hold leave with the shortest log against them, and those that could
//! not be decided.

use super::groups::orders;
use super::rules;
use super::search::{Exploration, Log, Node};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::fault::Fault;
use crate::interpret::{Fold, Stopped};
use crate::json::canonical;
use crate::model::{Claim, ClaimForm, EventId, Expr, Reducer, Variable, Workspace};

/// How many logs are tried for a claim.
const LOGS: usize = 4_000;

pub(crate) fn check(_: &Workspace, reducer: &Reducer, found: Option<&Exploration<'_>>, out: &mut Diagnostics) {
    for claim in &reducer.claims {
        let doubt = match found.map(|found| (found, attempt(found, claim))) {
            None => "no log of its profile can be made".to_owned(),
            Some((found, Attempt::Against { log, state })) => {
                out.push(
                    Diagnostic::new(&rules::CLAIM_FAILED, claim.span, format!("`{}` does not hold", claim.name))
                        .label(format!("after {}: {state}", found.describe(&log)))
                        .help("change the steps until it holds, or claim less"),
                );
                continue;
            }
            Some((_, Attempt::Undecided(doubt))) => doubt,
            Some((_, Attempt::Holds)) => continue,
        };
        let message = format!("whether `{}` holds is not decided: {doubt}", claim.name);
        out.push(
            Diagnostic::new(&rules::CLAIM_UNDECIDED, claim.span, message)
                .help("narrow it by `given`, or say it in a test of `codegen replay`"),
        );
    }
}

enum Attempt {
    Holds,
    Against { log: Log, state: String },
    Undecided(String),
}

fn attempt(found: &Exploration<'_>, claim: &Claim) -> Attempt {
    let (ClaimForm::After(events) | ClaimForm::Together(events)) = &claim.form;
    let are_together = matches!(claim.form, ClaimForm::Together(_));
    if are_together && !found.has_groups() {
        return Attempt::Undecided("no two events of its profile happen together".into());
    }
    // The first call that no vector answers, met in the search or here.
    let mut unanswered = found.unanswered.clone();
    let mut holds = |fold: &Fold<'_>, condition: &Expr| match fold.holds(condition) {
        Ok(holds) => Some(holds),
        Err(call) => {
            unanswered.get_or_insert(call);
            None
        }
    };
    let mut is_given =
        |node: &Node<'_>| claim.given.as_ref().is_none_or(|given| holds(&node.fold, given) == Some(true));
    let nodes: Vec<usize> = (0..found.nodes.len()).filter(|&node| is_given(&found.nodes[node])).collect();
    if nodes.is_empty() {
        let doubt = format!("none of the {} states that were reached is given", found.nodes.len());
        return Attempt::Undecided(unanswered.map_or(doubt, asked_in_vain));
    }
    let choices: Vec<Vec<usize>> = events.iter().map(|event| letters_of(found, *event)).collect();
    if choices.iter().any(Vec::is_empty) {
        return Attempt::Undecided("no payload of one of its events can be made".into());
    }
    let mut tried = 0;
    for node in nodes {
        for letters in Odometer::new(&choices) {
            let groups: Vec<Vec<Vec<usize>>> = if are_together {
                orders(&letters).into_iter().map(|order| vec![order]).collect()
            } else {
                vec![letters.iter().map(|letter| vec![*letter]).collect()]
            };
            for log in groups {
                tried += 1;
                if tried > LOGS {
                    return Attempt::Undecided(format!("it holds in {LOGS} logs, and there are more"));
                }
                let Some(followed) = found.follow(node, &log) else { continue };
                if holds(&followed.fold, &claim.then) == Some(false) {
                    let log = [found.log_to(node), log].concat();
                    return Attempt::Against { log, state: described(found, &followed.fold, &claim.then) };
                }
            }
        }
    }
    if let Some(call) = unanswered {
        return Attempt::Undecided(asked_in_vain(call));
    }
    if found.is_complete {
        return Attempt::Holds;
    }
    Attempt::Undecided(format!("it holds in the {} states that were reached, and there are more", found.nodes.len()))
}

fn asked_in_vain(call: Fault) -> String {
    Stopped::Unanswered(call).to_string()
}

fn letters_of(found: &Exploration<'_>, event: EventId) -> Vec<usize> {
    let letters = found.letters.iter().enumerate();
    letters.filter(|(_, letter)| letter.is_valid && letter.event == Some(event)).map(|(at, _)| at).collect()
}

/// The slots that a condition reads.
fn described(found: &Exploration<'_>, fold: &Fold<'_>, condition: &Expr) -> String {
    let slots = found.reducer.slots.iter().enumerate().filter(|(at, _)| condition.reads(&Variable::Slot(*at)));
    let shown: Vec<String> =
        slots.map(|(at, slot)| format!("`s.{}` is {}", slot.name, canonical(&fold.slot_value(at)))).collect();
    shown.join(", ")
}

/// Every choice of one letter each, the plainest first.
struct Odometer<'c> {
    choices: &'c [Vec<usize>],
    next: Option<Vec<usize>>,
}

impl<'c> Odometer<'c> {
    fn new(choices: &'c [Vec<usize>]) -> Self {
        Self { choices, next: Some(vec![0; choices.len()]) }
    }
}

impl Iterator for Odometer<'_> {
    type Item = Vec<usize>;

    fn next(&mut self) -> Option<Vec<usize>> {
        let at = self.next.take()?;
        let letters = at.iter().zip(self.choices).map(|(&at, choices)| choices[at]).collect();
        let turns = (0..at.len()).find(|&place| at[place] + 1 < self.choices[place].len());
        self.next = turns.map(|place| {
            let mut next = at;
            next[..place].fill(0);
            next[place] += 1;
            next
        });
        Some(letters)
    }
}
