//! A reducer in both versions enters; what it takes, orders, groups and hands on otherwise leaves.

use std::collections::{BTreeMap, BTreeSet};

use super::super::pair::{Pair, Place};
use super::super::{rules, written};
use super::slots;
use super::steps::{self, Version};
use super::suspect::{Shows, Suspect};
use crate::diagnostic::Rule;
use crate::model::{EventId, Field, PartitionKey, Payload, Presence, Reducer, Workspace};

/// Every change of the reducer itself.
pub(super) fn suspects(pair: &Pair<'_>, old: &Reducer, new: &Reducer) -> Vec<Suspect> {
    let whole = Place::of(new.meta.name.clone(), &old.meta, &new.meta);
    let mut found = Vec::new();
    consumed(pair, &whole, old, new, &mut found);
    defaults(pair, old, new, &mut found);
    let (before, after) = (Version::new(pair.old, old, new), Version::new(pair.new, new, old));
    for change in settings(&before, &after) {
        let Setting { rule, what, was, is, shows, help } = change;
        if was != is {
            let message = match was.len() + is.len() {
                0..120 => format!("{what} of `{}` is {} now, and was {}", whole.name, shown(&is), shown(&was)),
                _ => format!("{what} of `{}` is another now", whole.name),
            };
            found.push(Suspect::new(rule, whole.clone(), message, help, shows));
        }
    }
    slots::suspects(pair, &whole, old, new, &mut found);
    steps::suspects(pair, &whole, &before, &after, &mut found);
    found
}

fn shown(text: &str) -> String {
    if text.is_empty() { "none".to_owned() } else { format!("`{text}`") }
}

fn consumed(pair: &Pair<'_>, whole: &Place, old: &Reducer, new: &Reducer, found: &mut Vec<Suspect>) {
    let takes = |workspace: &Workspace, reducer: &Reducer| takes(workspace, reducer);
    let after = takes(pair.new, new);
    for (name, event) in takes(pair.old, old) {
        if after.contains_key(&name) {
            continue;
        }
        let event = &pair.old.events[event];
        let place =
            Place { name: format!("{}.{}", whole.name, event.meta.name), old: Some(event.meta.span), new: whole.new };
        let message = format!("`{}` does not consume `{}` any more, which old logs hold", whole.name, event.meta.name);
        let help = "keep consuming it, if with fewer steps: `[]` counts it and does nothing else";
        found.push(Suspect::new(&rules::REPLAY_EVENT_CONSUMED, place, message, help, Shows::Events(vec![name])));
    }
}

/// Everything that a reducer or its delegates take, by type as written.
fn takes(workspace: &Workspace, reducer: &Reducer) -> BTreeMap<String, EventId> {
    let wire = |event: EventId| (workspace.events[event].wire.clone(), event);
    let mut all: BTreeMap<String, EventId> = reducer.reactions.iter().map(|reaction| wire(reaction.event)).collect();
    for delegate in &reducer.delegates {
        all.extend(takes(workspace, &workspace.reducers[delegate.reducer]));
    }
    all
}

/// An absent field of an old event is read as another value.
fn defaults(pair: &Pair<'_>, old: &Reducer, new: &Reducer, found: &mut Vec<Suspect>) {
    for reaction in &old.reactions {
        let Some(event) = pair.new_event(reaction.event).filter(|event| new.reaction(*event).is_some()) else {
            continue;
        };
        let (before, after) = (&pair.old.events[reaction.event], &pair.new.events[event]);
        let (Payload::Record(a), Payload::Record(b)) = (before.payload, after.payload) else { continue };
        for field in &pair.old.records[a].fields {
            let record = &pair.new.records[b];
            let Some(other) = record.field(&field.meta.name).map(|at| &record.fields[at]) else { continue };
            let may_be_absent = |field: &Field| matches!(field.presence, Presence::Optional | Presence::Default(_));
            if field.presence == other.presence || !may_be_absent(field) || !may_be_absent(other) {
                continue;
            }
            let name = format!("{}.{}.{}", new.meta.name, after.meta.name, field.meta.name);
            let place = Place::of(name, &field.meta, &other.meta);
            let (was, is) = (written::absence(&field.presence), written::absence(&other.presence));
            let message = format!(
                "`{}` reads {is} where `{}` lacks `{}`, and read {was}",
                new.meta.name, after.meta.name, field.meta.name
            );
            let help = "keep the default; write the new value into new events";
            let shows = Shows::Events(vec![before.wire.clone()]);
            found.push(Suspect::new(&rules::REPLAY_DEFAULT_SAME, place, message, help, shows));
        }
    }
}

/// A part of a reducer that is one text in both versions.
struct Setting {
    rule: &'static Rule,
    what: &'static str,
    was: String,
    is: String,
    shows: Shows,
    help: &'static str,
}

fn settings(old: &Version<'_>, new: &Version<'_>) -> Vec<Setting> {
    let setting = |rule, what, of: &dyn Fn(&Version<'_>) -> String, shows, help| {
        let (was, is) = (of(old), of(new));
        Setting { rule, what, was, is, shows, help }
    };
    let unheard = "keep the prefixes: an event that nobody declared then is in old logs as well";
    let groups = "keep `concurrent`: old events that happened together were judged so";
    vec![
        setting(
            &rules::REPLAY_ORDER_SAME,
            "the order",
            &order,
            Shows::Order,
            "keep `order_by`; another order needs another reducer",
        ),
        setting(
            &rules::REPLAY_DEDUP_SAME,
            "the id",
            &dedup,
            Shows::Order,
            "keep `dedup_by`: copies in old logs are told by it",
        ),
        setting(
            &rules::REPLAY_PARTITION_SAME,
            "the key",
            &partition,
            Shows::Nothing,
            "keep `partition_by`: states are kept by that key",
        ),
        setting(&rules::REPLAY_UNKNOWN_SAME, "what is recorded as unknown", &unknown, Shows::Any, unheard),
        setting(
            &rules::REPLAY_IDEMPOTENT_SAME,
            "the idempotency key",
            &idempotent,
            Shows::Any,
            "keep `idempotent`: what counted once counts once again",
        ),
        setting(&rules::REPLAY_CONCURRENT_SAME, "the grouping", &concurrent, Shows::Order, groups),
        setting(
            &rules::REPLAY_PARSE_SAME,
            "the parsing",
            &parse,
            Shows::Any,
            "keep `parse` and `malformed`: old logs hold malformed payloads too",
        ),
        setting(&rules::REPLAY_DELEGATE_SAME, "the delegation", &delegates, Shows::Any, "keep `delegate`"),
    ]
}

fn order(of: &Version<'_>) -> String {
    let profile = &of.workspace.profiles[of.reducer.profile];
    let fields = &of.workspace.records[profile.envelope].fields;
    profile.order_by.iter().map(|&at| format!("e.{}", fields[at].meta.name)).collect::<Vec<_>>().join(", ")
}

fn dedup(of: &Version<'_>) -> String {
    let profile = &of.workspace.profiles[of.reducer.profile];
    format!("e.{}", of.workspace.records[profile.envelope].fields[profile.dedup_by].meta.name)
}

fn partition(of: &Version<'_>) -> String {
    let profile = &of.workspace.profiles[of.reducer.profile];
    match &of.reducer.partition_by {
        None => String::new(),
        Some(PartitionKey::Envelope(at)) => {
            format!("e.{}", of.workspace.records[profile.envelope].fields[*at].meta.name)
        }
        Some(PartitionKey::Payload(name, _)) => format!("p.{name}"),
    }
}

fn unknown(of: &Version<'_>) -> String {
    let Some(unknown) = &of.reducer.unknown else { return String::new() };
    let prefixes: BTreeSet<&str> = unknown.prefixes.iter().map(String::as_str).collect();
    let prefixes: Vec<&str> = prefixes.into_iter().collect();
    format!("[{}] as {}", prefixes.join(", "), of.reducer.anomalies[unknown.report.anomaly].kind)
}

fn idempotent(of: &Version<'_>) -> String {
    let Some(idempotent) = &of.reducer.idempotent else { return String::new() };
    let seen = &of.reducer.slots[idempotent.seen].name;
    let key = |reaction: &crate::model::Reaction| {
        let (key, report) = reaction.idempotent.as_ref()?;
        let key: Vec<String> = key.iter().map(|part| of.meaning(part)).collect();
        Some(format!("[{}] in {seen} else {}", key.join(", "), of.report(report)))
    };
    let keys: BTreeSet<String> = of.reducer.reactions.iter().filter_map(key).collect();
    keys.into_iter().collect::<Vec<_>>().join("; ")
}

fn concurrent(of: &Version<'_>) -> String {
    let Some(concurrent) = &of.reducer.concurrent else { return String::new() };
    let name = |event: &EventId| of.workspace.events[*event].wire.clone();
    let names = |events: &[EventId]| events.iter().map(name).collect::<BTreeSet<_>>();
    let sides = concurrent.override_rule.as_ref().map(|rule| (names(&rule.by), names(&rule.over)));
    let part = |reaction: &crate::model::Reaction| {
        let texts = |all: &[crate::model::Expr]| all.iter().map(|expr| of.meaning(expr)).collect::<Vec<_>>().join(", ");
        let last = reaction.goes_last.as_ref().map_or_else(String::new, |last| format!(" last {}", of.meaning(last)));
        format!("{}{last} {}", texts(&reaction.group_by), texts(&reaction.then_by))
    };
    let parts: BTreeSet<String> = of.reducer.reactions.iter().map(part).map(|part| part.trim().to_owned()).collect();
    let read = if concurrent.reads_group_start { "group_start" } else { "live" };
    let sides = sides.map_or_else(String::new, |(by, over)| format!(" {by:?} over {over:?}"));
    format!("by {}; read {read}{sides}", parts.into_iter().collect::<Vec<_>>().join("; "))
}

fn parse(of: &Version<'_>) -> String {
    let when = if of.reducer.parses_eagerly { "eager" } else { "lazy" };
    let malformed = of.reducer.malformed.as_ref().map_or("ignored".to_owned(), |report| of.report(report));
    format!("{when}, malformed {malformed}")
}

fn delegates(of: &Version<'_>) -> String {
    let delegate = |it: &crate::model::Delegate| {
        let anomaly = &of.reducer.anomalies[it.anomaly].kind;
        format!("{} to {} as {anomaly}", it.name, of.workspace.reducers[it.reducer].meta.name)
    };
    let all: BTreeSet<String> = of.reducer.delegates.iter().map(delegate).collect();
    all.into_iter().collect::<Vec<_>>().join("; ")
}
