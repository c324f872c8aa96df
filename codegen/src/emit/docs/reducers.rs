//! A family enters; what its page says about reducers leaves: order, state, what each event does, anomalies, claims.

use super::events::about;
use super::page::{Inline, Page, code, codes, joined, text};
use super::steps::Words;
use super::types;
use crate::expr;
use crate::model::{
    ClaimForm, EventId, Expr, ExprKind, FamilyId, PartitionKey, Reaction, Reducer, SlotKind, SlotOutput, TemplatePart,
    Workspace,
};

pub(super) fn write(workspace: &Workspace, family: FamilyId, page: &mut Page) {
    let reducers: Vec<_> = workspace.reducers.iter().filter(|reducer| reducer.family == family).collect();
    if reducers.is_empty() {
        return;
    }
    page.heading(2, "", "Reducers");
    for reducer in reducers {
        page.heading(3, "reducer", &reducer.meta.name);
        about(&reducer.meta, page);
        page.list(pipeline(workspace, reducer));
        state(workspace, reducer, page);
        let words = Words { workspace, reducer };
        for reaction in &reducer.reactions {
            let event = &workspace.events[reaction.event];
            page.words(vec![types::link(workspace, event.family, "event", &event.meta)]);
            let mut points = way(workspace, words, reaction);
            if points.is_empty() {
                points.push(vec![text("No effect.")]);
            }
            page.list(points);
        }
        anomalies(reducer, page);
        claims(workspace, reducer, page);
    }
}

/// How the events of a log come to the steps.
fn pipeline(workspace: &Workspace, reducer: &Reducer) -> Vec<Vec<Inline>> {
    let profile = &workspace.profiles[reducer.profile];
    let envelope = &workspace.records[profile.envelope];
    let name = |at: usize| envelope.fields[at].meta.name.as_str();
    let mut points = Vec::new();
    let mut order = vec![text("Events are ordered by ")];
    order.extend(codes(profile.order_by.iter().map(|&at| name(at))));
    order.extend([text(", then by content; of one "), code(name(profile.dedup_by)), text(" the first counts.")]);
    points.push(order);
    if let Some(unknown) = &reducer.unknown {
        let mut words = vec![text("A type that nobody declares and that begins with ")];
        words.extend(codes(unknown.prefixes.iter().map(String::as_str)));
        words.extend([text(" is recorded as "), code(&*reducer.anomalies[unknown.report.anomaly].kind)]);
        points.push(words);
    }
    let field = match &reducer.partition_by {
        Some(PartitionKey::Envelope(at)) => Some(name(*at)),
        Some(PartitionKey::Payload(name, _)) => Some(name.as_str()),
        None => None,
    };
    points.extend(field.map(|field| vec![text("A log of many entities is told apart by "), code(field)]));
    if reducer.parses_eagerly {
        points.push(vec![text("All payloads are parsed first.")]);
    }
    for delegate in &reducer.delegates {
        let other = &workspace.reducers[delegate.reducer];
        let link = types::link(workspace, other.family, "reducer", &other.meta);
        let kind = code(&*reducer.anomalies[delegate.anomaly].kind);
        points.push(vec![link, text(" reduces its events; its anomalies are recorded as "), kind]);
    }
    points.extend(concurrency(workspace, reducer));
    points
}

fn concurrency(workspace: &Workspace, reducer: &Reducer) -> Vec<Vec<Inline>> {
    let Some(concurrent) = &reducer.concurrent else { return Vec::new() };
    let mut points = Vec::new();
    let expressions =
        |of: &[Expr]| joined(of.iter().map(|part| vec![code(expr::text_of_fold(part, workspace, reducer))]), ", ");
    if let Some(reaction) = reducer.reactions.first() {
        let mut words = vec![text("Events happened together where they agree on ")];
        words.extend(expressions(&reaction.group_by));
        if !reaction.then_by.is_empty() {
            words.push(text("; in such a group they are ordered by "));
            words.extend(expressions(&reaction.then_by));
        }
        points.push(words);
    }
    if concurrent.reads_group_start {
        points.push(vec![text("All of a group are judged by the state at its start.")]);
    }
    if let Some(rule) = &concurrent.override_rule {
        let names = |events: &[EventId]| {
            joined(
                events.iter().map(|&event| {
                    let event = &workspace.events[event];
                    vec![types::link(workspace, event.family, "event", &event.meta)]
                }),
                ", ",
            )
        };
        let mut words = names(&rule.by);
        words.push(text(" wins over "));
        words.extend(names(&rule.over));
        words.push(text(" of its group, unless it is itself refused."));
        points.push(words);
    }
    points
}

fn state(workspace: &Workspace, reducer: &Reducer, page: &mut Page) {
    let rows = reducer.slots.iter().map(|slot| {
        let what = match &slot.kind {
            SlotKind::Value(start) => vec![text("starts as "), types::value_of(start)],
            SlotKind::Machine(machine) => {
                let machine = &workspace.machines[*machine];
                vec![text("state of "), types::link(workspace, machine.family, "machine", &machine.meta)]
            }
            SlotKind::Count { deduped: true } => vec![text("how many events there were, each id once")],
            SlotKind::Count { deduped: false } => vec![text("how many events were taken")],
            SlotKind::Last { deduped: true } => vec![text("id of the last event")],
            SlotKind::Last { deduped: false } => vec![text("id of the last event that was taken")],
            SlotKind::From { delegate, slot } => {
                let delegate = &reducer.delegates[*delegate];
                let slot = &workspace.reducers[delegate.reducer].slots[*slot].name;
                vec![code(format!("{}.{slot}", delegate.name))]
            }
        };
        let shown = match slot.output {
            SlotOutput::Plain => "",
            SlotOutput::ValuesByKey => "its values, sorted by key",
            SlotOutput::Values => "its values, in the order in which their keys came",
            SlotOutput::Hidden => "not printed",
        };
        vec![vec![code(&*slot.name)], types::of(workspace, &slot.ty), what, vec![text(shown)]]
    });
    page.table(&["state", "type", "", "printed as"], rows.collect());
}

/// What happens to an event, step by step.
fn way(workspace: &Workspace, words: Words, reaction: &Reaction) -> Vec<Vec<Inline>> {
    let reducer = words.reducer;
    let mut points = Vec::new();
    match reaction.goes_last.as_ref().map(|last| (last, &last.kind)) {
        None | Some((_, ExprKind::Bool(false))) => {}
        Some((_, ExprKind::Bool(true))) => points.push(vec![text("Goes last in its group.")]),
        Some((last, _)) => {
            points
                .push(vec![text("Goes last in its group where "), code(expr::text_of_fold(last, workspace, reducer))]);
        }
    }
    points.extend(words.steps(&reaction.before_parse));
    if let Some((key, report)) = &reaction.idempotent {
        let mut once = vec![text("Counts once for each ")];
        once.extend(joined(key.iter().map(|part| vec![code(expr::text_of_fold(part, workspace, reducer))]), ", "));
        once.extend([text(", else it is refused as "), code(&*reducer.anomalies[report.anomaly].kind)]);
        points.push(once);
    }
    for steps in [&reaction.before, &reaction.handle, &reaction.after] {
        points.extend(words.steps(steps));
    }
    points
}

fn anomalies(reducer: &Reducer, page: &mut Page) {
    let rows = reducer.anomalies.iter().map(|anomaly| {
        let parts = anomaly.template.iter().map(|part| match part {
            TemplatePart::Text(words) => text(&**words),
            TemplatePart::Param(at) => code(&*anomaly.params[*at]),
            TemplatePart::Field(at) => code(&*reducer.anomaly_fields[*at].0),
            TemplatePart::Inner(name) => code(format!("a.{name}")),
        });
        vec![vec![code(&*anomaly.kind)], parts.collect()]
    });
    page.table(&["anomaly", "message"], rows.collect());
}

fn claims(workspace: &Workspace, reducer: &Reducer, page: &mut Page) {
    let points = reducer.claims.iter().map(|claim| {
        let (events, how) = match &claim.form {
            ClaimForm::After(events) => (events, " one after the other"),
            ClaimForm::Together(events) => (events, " together, in every order"),
        };
        let mut words = vec![text(format!("Claim: {}. ", claim.name))];
        if let Some(given) = &claim.given {
            words.extend([text("Where "), code(expr::text_of_fold(given, workspace, reducer)), text(", after ")]);
        } else {
            words.push(text("After "));
        }
        words.extend(codes(events.iter().map(|&event| workspace.events[event].meta.name.as_str())));
        words.extend([text(how), text(": "), code(expr::text_of_fold(&claim.then, workspace, reducer))]);
        words
    });
    page.list(points.collect());
}
