//! Profiles and reducers as written enter; folds of which every step is typed for its event leave.

mod anomalies;
mod context;
mod effects;
mod order;
mod profiles;
mod reactions;
pub mod rules;
mod slots;
mod steps;
mod targets;

use std::collections::BTreeMap;

use super::Resolver;
use super::symbols::Declared;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::expr::{self, Ast};
use crate::load::raw::{RawReducer, RawText};
use crate::model::{
    Anomaly, AnomalyField, Claim, ClaimForm, Delegate, EventId, FamilyId, Idempotent, PartitionKey, ProfileId, Reducer,
    ReducerId, ReducerSlot, Report, Type, UnknownEvents,
};
use context::Context;
pub(super) use context::{Names, Scope};
pub(super) use effects::Place;

impl<'a> Resolver<'a> {
    pub(super) fn resolve_reducers(&mut self) {
        let raw: Vec<(FamilyId, &'a RawReducer)> = self
            .families()
            .into_iter()
            .flat_map(|(family, contract)| contract.reducers.iter().map(move |reducer| (family, reducer)))
            .collect();
        let mut first: BTreeMap<&str, &RawText> = BTreeMap::new();
        for (_, reducer) in &raw {
            let name = &reducer.meta.name;
            if let Some(before) = first.insert(&name.value, name) {
                let message = format!("the reducer `{}` is declared twice", name.value);
                self.out.push(
                    Diagnostic::new(&super::rules::NAME_COLLISION, name.span, message)
                        .related(before.span, "also declared here"),
                );
            }
        }
        for id in self.delegation_order(&raw) {
            let (family, reducer) = raw[id];
            let resolved = self.reducer(family, reducer);
            self.resolved_reducers.insert(reducer.meta.name.value.clone(), resolved);
        }
        // Handed out in the order of declarations, whatever the order in which they were understood.
        let mut resolved = std::mem::take(&mut self.resolved_reducers);
        for (_, reducer) in &raw {
            if let Some(Some(reducer)) = resolved.remove(&reducer.meta.name.value) {
                self.workspace.reducers.push(reducer);
            }
        }
    }

    /// Each reducer behind those it delegates to.
    fn delegation_order(&mut self, raw: &[(FamilyId, &'a RawReducer)]) -> Vec<usize> {
        let position = |name: &str| raw.iter().position(|(_, reducer)| reducer.meta.name.value == name);
        let mut order: Vec<usize> = Vec::new();
        while order.len() < raw.len() {
            let ready = (0..raw.len()).filter(|at| !order.contains(at)).find(|&at| {
                let delegates = raw[at].1.delegates.iter();
                delegates.filter_map(|delegate| position(&delegate.reducer.value)).all(|other| order.contains(&other))
            });
            let Some(ready) = ready else {
                let stuck = (0..raw.len()).find(|at| !order.contains(at)).expect("one is left");
                let name = &raw[stuck].1.meta.name;
                let message = format!("the reducer `{}` delegates to itself", name.value);
                self.out.push(
                    Diagnostic::new(&rules::DELEGATE, name.span, message)
                        .help("leave one of the delegates out: a log is handed on, never back"),
                );
                break;
            };
            order.push(ready);
        }
        order
    }

    fn reducer(&mut self, family: FamilyId, raw: &'a RawReducer) -> Option<Reducer> {
        let before = self.out.count_without(super::STANDING);
        let meta = self.meta(&raw.meta);
        let profile = self.profile_of(family, &raw.profile)?;
        let consumed = self.consumed_events(family, &raw.consumes);
        let delegates = self.delegates(family, raw, profile, &consumed);
        let anomalies = self.anomalies(raw);
        let slots = self.slots(family, raw, profile, &delegates);
        let fields = self.anomaly_fields(family, raw, profile);
        let lets = self.lets(raw);
        let mut context = Context { family, raw, profile, slots, anomalies, fields, lets, delegates, used: Vec::new() };
        let unknown = self.unknown(&mut context);
        // What is delegated belongs to the same entities.
        let all: Vec<EventId> = consumed.iter().copied().chain(self.delegated_events(raw)).collect();
        let partition_by = raw.partition_by.as_ref().and_then(|key| self.partition_key(&context, key, &all));
        let malformed = self.malformed(&mut context);
        let idempotent = raw.idempotent.as_ref().and_then(|raw| self.idempotent(&context, raw));
        let concurrent = raw.concurrent.as_ref().map(|raw| self.concurrent(&context, raw, &consumed));
        let reactions = self.reactions(&mut context, &consumed);
        self.resolve_holes(&mut context);
        let claims = self.claims(&context, &consumed);
        let Context { slots, anomalies, fields, delegates, .. } = context;
        let reducer = Reducer {
            meta,
            family,
            profile,
            consumes: consumed,
            unknown,
            partition_by,
            slots,
            anomalies: anomalies.into_iter().map(|anomaly| anomaly.finished).collect::<Vec<Anomaly>>(),
            anomaly_fields: fields,
            parses_eagerly: raw.parse_eagerly,
            malformed,
            idempotent,
            concurrent,
            delegates,
            reactions,
            claims,
        };
        (self.out.count_without(super::STANDING) == before).then_some(reducer)
    }

    /// Events that a list of events and groups means, in the order of declarations, each once.
    fn consumed_events(&mut self, family: FamilyId, names: &[RawText]) -> Vec<EventId> {
        let mut events: Vec<EventId> = Vec::new();
        for name in names {
            match self.symbols.lookup(family, name, self.out) {
                Some(Declared::Event(id)) => events.push(id),
                Some(Declared::Group(id)) => events.extend(&self.workspace.groups[id].events),
                Some(other) => self.wrong_declaration(name, "an event or a group", other),
                None => {}
            }
        }
        events.sort_unstable();
        events.dedup();
        events
    }

    fn delegates(
        &mut self,
        family: FamilyId,
        raw: &RawReducer,
        profile: ProfileId,
        consumed: &[EventId],
    ) -> Vec<Delegate> {
        let mut found: Vec<Delegate> = Vec::new();
        for delegate in &raw.delegates {
            let anomaly = raw.anomalies.iter().position(|(kind, _)| kind.value == delegate.anomalies_as.value);
            let Some(Some(inner)) = self.resolved_reducers.get(&delegate.reducer.value) else {
                if !self.resolved_reducers.contains_key(&delegate.reducer.value) {
                    let message = format!("there is no reducer `{}`", delegate.reducer.value);
                    let known = self.resolved_reducers.keys().map(String::as_str);
                    let near =
                        did_you_mean(&delegate.reducer.value, known).map(|near| format!("did you mean `{near}`?"));
                    let finding = Diagnostic::new(&super::rules::UNKNOWN_NAME, delegate.reducer.span, message);
                    self.out.push(match near {
                        Some(near) => finding.help(near),
                        None => finding,
                    });
                }
                continue;
            };
            self.symbols.use_import(family, inner.family);
            if inner.profile != profile {
                let message = format!("`{}` reads its log by another profile", delegate.reducer.value);
                self.out.push(Diagnostic::new(&rules::DELEGATE, delegate.reducer.span, message));
            }
            if let Some(both) = inner.reactions.iter().find(|reaction| consumed.contains(&reaction.event)) {
                let name = &self.workspace.events[both.event].meta.name;
                let message = format!("`{name}` is consumed here and by `{}` too", delegate.reducer.value);
                self.out.push(Diagnostic::new(&rules::DELEGATE, delegate.reducer.span, message));
            }
            let Some(anomaly) = anomaly else {
                self.unknown_anomaly(&delegate.anomalies_as, raw);
                continue;
            };
            // Reducers are numbered as they are declared, by family; the id is fixed before all are resolved.
            let reducer = self.reducer_id(&delegate.reducer.value);
            found.push(Delegate { name: delegate.name.value.clone(), reducer, anomaly });
        }
        found
    }

    fn reducer_id(&self, name: &str) -> ReducerId {
        let reducers = self.families().into_iter().flat_map(|(_, contract)| &contract.reducers);
        let at = reducers.into_iter().position(|reducer| reducer.meta.name.value == name);
        ReducerId::from(at.expect("a reducer that was resolved is declared"))
    }

    fn lets(&mut self, raw: &RawReducer) -> Vec<(String, Ast)> {
        let mut lets = Vec::new();
        for (name, text) in &raw.lets {
            if let Some(ast) = self.parsed(text) {
                lets.push((name.value.clone(), ast));
            }
        }
        lets
    }

    /// The tree of an expression, or a finding.
    fn parsed(&mut self, text: &RawText) -> Option<Ast> {
        match expr::parse(&text.value, &|start, end| self.inside(text, start, end)) {
            Ok(ast) => Some(ast),
            Err(finding) => {
                self.out.push(*finding);
                None
            }
        }
    }

    fn unknown(&mut self, context: &mut Context<'a>) -> Option<UnknownEvents> {
        let raw = context.raw.unknown.as_ref()?;
        let scope = context.envelope_scope(&self.workspace);
        let report = self.recorded(context, &raw.anomaly, &scope, &[])?;
        Some(UnknownEvents { prefixes: raw.prefixes.iter().map(|prefix| prefix.value.clone()).collect(), report })
    }

    fn malformed(&mut self, context: &mut Context<'a>) -> Option<Report> {
        const KIND: &str = "malformed_payload";
        if context.raw.ignore_malformed {
            return None;
        }
        let scope = context.envelope_scope(&self.workspace).with_error();
        let name = RawText::new(KIND.to_owned(), context.raw.meta.name.span);
        if context.anomalies.iter().all(|anomaly| anomaly.finished.kind != KIND) {
            let message = format!("the reducer `{}` does not declare `{KIND}`", context.raw.meta.name.value);
            self.out.push(
                Diagnostic::new(&rules::ANOMALY_UNDECLARED, name.span, message)
                    .help("add it under `anomalies`, or say `malformed: ignore`"),
            );
            return None;
        }
        self.recorded(context, &name, &scope, &[])
    }

    fn idempotent(&mut self, context: &Context<'a>, raw: &crate::load::raw::RawIdempotent) -> Option<Idempotent> {
        let seen = self.slot_named(context, &raw.seen)?;
        if !matches!(&context.slots[seen].ty, Type::Set(of, _) if matches!(**of, Type::Tuple(_))) {
            let message = format!("`{}` is no set of tuples", raw.seen.value);
            self.out.push(
                Diagnostic::new(&rules::STEP_TARGET, raw.seen.span, message)
                    .help("declare it as `set<tuple<..>>`, one type for each part of the key"),
            );
            return None;
        }
        Some(Idempotent { seen })
    }

    fn partition_key(&mut self, context: &Context<'a>, key: &RawText, consumed: &[EventId]) -> Option<PartitionKey> {
        if let Some(name) = key.value.strip_prefix("e.") {
            let envelope = &self.workspace.records[self.workspace.profiles[context.profile].envelope];
            if let Some(at) = envelope.field(name) {
                return Some(PartitionKey::Envelope(at));
            }
        } else if let Some(name) = key.value.strip_prefix("p.") {
            let mut types = consumed.iter().map(|&event| self.payload_field(event, name));
            if let Some(Some(first)) = types.next()
                && types.all(|ty| ty.as_ref() == Some(&first))
                && self.is_textual(&first)
            {
                return Some(PartitionKey::Payload(name.to_owned(), first));
            }
        }
        let message = format!("`{}` is no field that every consumed event has with one type of text", key.value);
        self.out.push(
            Diagnostic::new(&rules::PARTITION_KEY, key.span, message)
                .help("name a field of the envelope (`e.correlation_id`), or a payload field of all consumed events"),
        );
        None
    }

    /// Events that the delegates of a reducer take.
    fn delegated_events(&self, raw: &RawReducer) -> Vec<EventId> {
        let inner = raw.delegates.iter().filter_map(|delegate| self.resolved_reducers.get(&delegate.reducer.value));
        inner.flatten().flat_map(|inner| inner.consumes.iter().copied()).collect()
    }

    fn payload_field(&self, event: EventId, name: &str) -> Option<Type> {
        match self.workspace.events[event].payload {
            crate::model::Payload::Record(id) => {
                let record = &self.workspace.records[id];
                record.field(name).map(|at| record.fields[at].ty.clone())
            }
            crate::model::Payload::Union(_) => None,
        }
    }

    fn slot_named(&mut self, context: &Context<'a>, name: &RawText) -> Option<usize> {
        let found = context.slots.iter().position(|slot| slot.name == name.value);
        if found.is_none() {
            self.report_unknown_slot(&context.slots, name);
        }
        found
    }

    fn report_unknown_slot(&mut self, slots: &[ReducerSlot], name: &RawText) {
        let message = format!("there is no slot `{}`", name.value);
        let mut finding = Diagnostic::new(&super::rules::UNKNOWN_NAME, name.span, message);
        if let Some(near) = did_you_mean(&name.value, slots.iter().map(|slot| slot.name.as_str())) {
            finding = finding.help(format!("did you mean `{near}`?"));
        }
        self.out.push(finding);
    }

    fn anomaly_fields(
        &mut self,
        family: FamilyId,
        raw: &RawReducer,
        profile: ProfileId,
    ) -> Vec<(String, AnomalyField)> {
        let mut fields = Vec::new();
        for (name, text) in &raw.anomaly_fields {
            if let Some(field) = self.anomaly_field(family, profile, text) {
                fields.push((name.value.clone(), field));
            }
        }
        fields
    }

    fn claims(&mut self, context: &Context<'a>, consumed: &[EventId]) -> Vec<Claim> {
        let mut claims = Vec::new();
        for raw in &context.raw.claims {
            let scope = context.state_scope(&self.workspace);
            let given = match &raw.given {
                Some(given) => match self.guard_in(context, given, &scope, &[]) {
                    Some(given) => Some(given),
                    None => continue,
                },
                None => None,
            };
            let Some(then) = self.guard_in(context, &raw.then, &scope, &[]) else { continue };
            let names = match &raw.form {
                crate::load::raw::RawClaimForm::After(names) | crate::load::raw::RawClaimForm::Together(names) => names,
            };
            let events = self.claimed_events(context, names, consumed);
            let form = match &raw.form {
                crate::load::raw::RawClaimForm::After(_) => ClaimForm::After(events),
                crate::load::raw::RawClaimForm::Together(_) => ClaimForm::Together(events),
            };
            claims.push(Claim { name: raw.name.value.clone(), span: raw.name.span, given, form, then });
        }
        claims
    }

    /// Events of a claim, in the order given.
    fn claimed_events(&mut self, context: &Context<'a>, names: &[RawText], consumed: &[EventId]) -> Vec<EventId> {
        let mut events = Vec::new();
        for name in names {
            for event in self.consumed_events(context.family, std::slice::from_ref(name)) {
                if consumed.contains(&event) {
                    events.push(event);
                } else {
                    self.not_consumed(name, context);
                }
            }
        }
        events
    }

    fn not_consumed(&mut self, name: &RawText, context: &Context<'a>) {
        let message = format!("`{}` is not consumed by `{}`", name.value, context.raw.meta.name.value);
        self.out.push(Diagnostic::new(&rules::HANDLER, name.span, message));
    }
}
