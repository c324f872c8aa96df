//! A reducer in both versions enters; the shortest logs that fold differently leave.
//!
//! The states of each version are searched breadth first ([`explore`]), and the other version is folded along. Where the two
//! part, the log that led there is kept and not followed further: what comes behind it shows nothing new.

use super::super::pair::Pair;
use super::super::report::Evidence;
use super::differ::{Difference, Divergence};
use super::orders;
use super::shadow::Shadow;
use super::spoken::neighbours;
use super::suspect::Shows;
use crate::analyze::search::{Budget, explore};
use crate::interpret::Fold;
use crate::model::{Reducer, Workspace};

/// What a search found.
#[derive(Debug)]
pub(super) struct Divergences {
    /// Shortest logs first.
    pub found: Vec<Divergence>,
    /// How many logs were folded by both versions.
    pub tried: usize,
    /// Whether all events were tried in all states, and none was left out.
    pub is_complete: bool,
}

impl Default for Divergences {
    fn default() -> Self {
        Self { found: Vec::new(), tried: 0, is_complete: true }
    }
}

impl Divergences {
    pub fn first(&self) -> Option<&Divergence> {
        self.found.first()
    }

    /// The shortest log that shows this.
    pub fn shows(&self, what: &Shows) -> Option<&Divergence> {
        self.found.iter().find(|it| match what {
            Shows::Any | Shows::Order => true,
            Shows::Nothing => false,
            Shows::Events(types) => types.contains(&it.event_type),
            Shows::Machine(name) => it.asked.iter().any(|(machine, ..)| machine == name),
            Shows::Edge(machine, from, to) => {
                it.asked.iter().any(|(other, left, entered)| other == machine && left == from && entered == to)
            }
            Shows::Slot(name) => it.difference.slots.contains(name),
            Shows::Anomaly(kind) => it.difference.anomalies.contains(kind),
        })
    }

    /// The shortest log that shows this, else any that folds differently, else how far the search went.
    pub fn evidence(&self, what: &Shows) -> Evidence {
        let any = || self.found.iter().find(|it| !it.log.is_empty()).or(self.first());
        match (what, self.shows(what).or_else(any)) {
            (Shows::Nothing, _) => Evidence::NotAsked,
            (_, Some(divergence)) => Evidence::Log(divergence.clone()),
            (_, None) => Evidence::None { tried: self.tried, is_complete: self.is_complete },
        }
    }
}

/// Searches from both sides: what decides in one version need not decide in the other.
pub(super) fn divergences(pair: &Pair<'_>, old: &Reducer, new: &Reducer, asks_order: bool) -> Divergences {
    let mut all = Divergences::default();
    let profiles = (&pair.old.profiles[old.profile], &pair.new.profiles[new.profile]);
    let key = |workspace: &Workspace, record, fields: &[usize]| -> Vec<String> {
        fields.iter().map(|&at| workspace.records[record].fields[at].meta.name.clone()).collect()
    };
    let is_same_order = key(pair.old, profiles.0.envelope, &profiles.0.order_by)
        == key(pair.new, profiles.1.envelope, &profiles.1.order_by);
    all.found.extend(empty(pair, old, new));
    if is_same_order {
        let at_start = all.first().map(|it| it.difference.slots.clone()).unwrap_or_default();
        for old_leads in [true, false] {
            let (leader, led) = if old_leads { (old, new) } else { (new, old) };
            let workspace = |is_old: bool| if is_old { pair.old } else { pair.new };
            if let Some(found) = explore(workspace(old_leads), leader, Budget::default()) {
                let shadow = Shadow::new(&found, (workspace(!old_leads), led), (pair.old, old), at_start.clone());
                let neighbours = neighbours(pair, old, new, &found);
                shadow.follow_all(neighbours, &mut all);
            }
        }
    }
    if asks_order && all.found.iter().all(|it| it.log.is_empty()) {
        all.found.extend(orders::divergence(pair, old, new, &mut all.tried));
        all.is_complete = false;
    }
    // Stable: of logs of one length, those that the old version leads to stand first.
    all.found.sort_by_key(|divergence| divergence.log.len());
    all
}

/// What differs before anything happened.
fn empty(pair: &Pair<'_>, old: &Reducer, new: &Reducer) -> Option<Divergence> {
    let (before, after) = (Fold::new(pair.old, old).finish(), Fold::new(pair.new, new).finish());
    let difference = Difference::between(old, &before, &after);
    let (log, event_type, asked) = (Vec::new(), String::new(), Vec::new());
    (!difference.is_empty()).then_some(Divergence { log, event_type, asked, old: before, new: after, difference })
}
