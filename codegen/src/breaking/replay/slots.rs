//! The state and the anomalies of a reducer in both versions enter; what is printed otherwise leaves.

use std::collections::BTreeSet;

use super::super::meaning::meaning;
use super::super::pair::{Pair, Place};
use super::super::{rules, written};
use super::suspect::{Shows, Suspect};
use crate::diagnostic::Rule;
use crate::json::Value;
use crate::model::{Anomaly, AnomalyField, Reducer, ReducerSlot, SlotKind, SlotOutput, Workspace};

pub(super) fn suspects(pair: &Pair<'_>, whole: &Place, old: &Reducer, new: &Reducer, found: &mut Vec<Suspect>) {
    for slot in old.slots.iter().filter(|slot| slot.output != SlotOutput::Hidden) {
        let shows = Shows::Slot(slot.name.clone());
        let Some(other) = new.slots.iter().find(|other| other.name == slot.name) else {
            let place = whole.gone(&slot.name, slot.span);
            let message = format!("`{}` is no part of the state any more", place.name);
            let help = "keep the slot until no reader of the state asks for it";
            found.push(Suspect::new(&rules::REPLAY_SLOT_KEPT, place, message, help, shows));
            continue;
        };
        let place = whole.member(&slot.name, slot.span, other.span);
        let kinds = (kind(pair.old, old, slot), kind(pair.new, new, other));
        let told = |rule, message, help| Suspect::new(rule, place.clone(), message, help, shows.clone());
        found.extend(both(&place.name, (slot, other), kinds).map(|(rule, message, help)| told(rule, message, help)));
    }
    anomalies(pair, whole, old, new, found);
}

/// How two versions of a slot differ: the rule, what happened and the way out.
fn both(
    name: &str,
    (old, new): (&ReducerSlot, &ReducerSlot),
    (was, is): (String, String),
) -> impl Iterator<Item = (&'static Rule, String, String)> {
    let holds = (was != is).then(|| {
        let help = format!("keep `{was}`, and add a slot for `{is}`");
        (&rules::REPLAY_SLOT_SAME_TYPE, format!("`{name}` holds `{is}` now, and held `{was}`"), help)
    });
    let starts = match (&old.kind, &new.kind) {
        (SlotKind::Value(then), SlotKind::Value(now)) if then != now && was == is => {
            let text =
                |value: &Value| if *value == Value::Null { "none".to_owned() } else { written::value_text(value) };
            let message = format!("`{name}` starts as {} now, and started as {}", text(now), text(then));
            Some((&rules::REPLAY_SLOT_SAME_START, message, "keep `init`: every log begins with it".to_owned()))
        }
        _ => None,
    };
    let word = |output| match output {
        SlotOutput::Plain => "as it is",
        SlotOutput::ValuesByKey => "as its values, sorted by key",
        SlotOutput::Values => "as its values in the order of their keys",
        SlotOutput::Hidden => "not at all",
    };
    let printed = (old.output != new.output).then(|| {
        let message = format!("`{name}` is printed {} now, and was printed {}", word(new.output), word(old.output));
        let help = "keep `output`, and add a slot that is printed otherwise".to_owned();
        (&rules::REPLAY_SLOT_SAME_OUTPUT, message, help)
    });
    [holds, starts, printed].into_iter().flatten()
}

/// What a slot holds, in words that both versions share.
pub(super) fn kind(workspace: &Workspace, reducer: &Reducer, slot: &ReducerSlot) -> String {
    let of = |deduped: bool| if deduped { "deduped" } else { "consumed" };
    match &slot.kind {
        SlotKind::Value(_) => written::ty(workspace, &slot.ty),
        SlotKind::Machine(id) => format!("{{machine: {}}}", workspace.machines[*id].meta.name),
        SlotKind::Count { deduped } => format!("{{count: {}}}", of(*deduped)),
        SlotKind::Last { deduped } => format!("{{last: {}}}", of(*deduped)),
        SlotKind::From { delegate, slot } => {
            let delegate = &reducer.delegates[*delegate];
            format!("{{from: {}.{}}}", delegate.name, workspace.reducers[delegate.reducer].slots[*slot].name)
        }
    }
}

fn anomalies(pair: &Pair<'_>, whole: &Place, old: &Reducer, new: &Reducer, found: &mut Vec<Suspect>) {
    let is_new = |other: &&Anomaly| old.anomalies.iter().all(|it| it.kind != other.kind);
    for anomaly in &old.anomalies {
        let shows = Shows::Anomaly(anomaly.kind.clone());
        match new.anomalies.iter().find(|other| other.kind == anomaly.kind) {
            None => {
                let alike = new.anomalies.iter().filter(is_new).find(|other| other.params == anomaly.params);
                let became = alike.map_or_else(String::new, |other| format!("; `{}` may be its new name", other.kind));
                let place = whole.gone(&anomaly.kind, anomaly.span);
                let message =
                    format!("the anomaly `{}` is gone{became}: its kind is a part of its identity", place.name);
                let help = format!("keep the kind `{}`; its text may change freely", anomaly.kind);
                found.push(Suspect::new(&rules::REPLAY_ANOMALY_SAME, place, message, help, shows));
            }
            Some(other) => {
                let names = |anomaly: &Anomaly| anomaly.params.iter().cloned().collect::<BTreeSet<_>>();
                if names(anomaly) != names(other) {
                    let place = whole.member(&anomaly.kind, anomaly.span, other.span);
                    let message = format!("the anomaly `{}` has other parameters", place.name);
                    let help = "keep the holes of its text: they are a part of its identity";
                    found.push(Suspect::new(&rules::REPLAY_ANOMALY_SAME, place, message, help, shows));
                }
            }
        }
    }
    if fields(pair.old, old) != fields(pair.new, new) {
        let message = format!("the anomalies of `{}` carry other fields", whole.name);
        let help = "keep `anomaly_fields`: they are a part of the identity of every anomaly";
        found.push(Suspect::new(&rules::REPLAY_ANOMALY_SAME, whole.clone(), message, help, Shows::Any));
    }
}

/// What every anomaly carries, in words that both versions share.
fn fields(workspace: &Workspace, reducer: &Reducer) -> BTreeSet<String> {
    let field = |(name, field): &(String, AnomalyField)| match field {
        AnomalyField::Text { path, default } => format!("{name}: {path:?} {default:?}"),
        AnomalyField::Enum { id, path } => format!("{name}: {path:?} {}", workspace.enums[*id].meta.name),
        AnomalyField::Expression(expr) => format!("{name}: {}", meaning(workspace, &[], expr)),
    };
    reducer.anomaly_fields.iter().map(field).collect()
}
