//! The step lists of a reducer enter; one reaction for each consumed event leaves.

use super::super::Resolver;
use super::context::{Context, Scope, Wanted};
use super::order::{check_effects, check_moves};
use super::rules;
use super::steps::{Phase, Walk};
use crate::diagnostic::Diagnostic;
use crate::expr;
use crate::load::raw::{RawConcurrent, RawText};
use crate::model::{
    Concurrent, EventId, Expr, ExprKind, ExprType, Last, Override, Primitive, Reaction, Report, Step, Type, any_of,
};

impl<'a> Resolver<'a> {
    pub(super) fn reactions(&mut self, context: &mut Context<'a>, consumed: &[EventId]) -> Vec<Reaction> {
        for (name, _) in &context.raw.handle {
            let events = self.consumed_events(context.family, std::slice::from_ref(name));
            if !events.is_empty() && !events.iter().all(|event| consumed.contains(event)) {
                self.not_consumed(name, context);
            }
        }
        consumed.iter().filter_map(|&event| self.reaction(context, event)).collect()
    }

    fn reaction(&mut self, context: &mut Context<'a>, event: EventId) -> Option<Reaction> {
        let raw = context.raw;
        let name = self.workspace.events[event].meta.name.clone();
        let Some((_, steps)) = raw.handle.iter().find(|(handled, _)| handled.value == name) else {
            let message = format!("`{}` does not say what `{name}` does", raw.meta.name.value);
            self.out.push(
                Diagnostic::new(&rules::HANDLER, raw.meta.name.span, message)
                    .help(format!("add `{name}: [..]` under `handle`; `[]` says that it has no effect")),
            );
            return None;
        };
        let payload = self.payload(event);
        let walk = |phase| Walk { event, payload, phase, given: Vec::new(), open: Vec::new() };
        let before_parse = self.steps(context, &raw.before_parse, &mut walk(Phase::BeforeParse));
        let idempotent = self.idempotent_key(context, &walk(Phase::Parsed));
        let mut parsed = walk(Phase::Parsed);
        let before = self.steps(context, &raw.before, &mut parsed);
        let handle = self.steps(context, steps, &mut parsed);
        let after = self.steps(context, &raw.after, &mut parsed);
        let path: Vec<&Step> = before.iter().chain(&handle).chain(&after).collect();
        check_effects(&path, self.out);
        check_moves(&path, self.out);
        let mut reaction = Reaction {
            event,
            before_parse,
            idempotent,
            before,
            handle,
            after,
            group_by: Vec::new(),
            goes_last: None,
            last_by: Vec::new(),
            then_by: Vec::new(),
            overridden: None,
        };
        if let Some(concurrent) = &raw.concurrent {
            self.concurrent_keys(context, concurrent, &mut reaction, &walk(Phase::Parsed));
        }
        Some(reaction)
    }

    fn idempotent_key(&mut self, context: &mut Context<'a>, walk: &Walk<'_>) -> Option<(Vec<Expr>, Report)> {
        let raw = context.raw.idempotent.as_ref()?;
        let scope = self.scope_of(context, walk, true);
        let seen = context.slots.iter().find(|slot| slot.name == raw.seen.value)?;
        let Type::Set(of, _) = seen.ty.clone() else { return None };
        let Type::Tuple(types) = *of else { return None };
        if types.len() != raw.key.len() {
            let message =
                format!("the key has {} parts, and `{}` holds {}", raw.key.len(), raw.seen.value, types.len());
            self.out.push(Diagnostic::new(&rules::STEP_VALUE, raw.seen.span, message));
            return None;
        }
        let mut key = Vec::new();
        for (text, ty) in raw.key.iter().zip(&types) {
            let ast = self.parsed(text)?;
            let part = self.typed(context, &ast, &scope, &[], Wanted::Value)?;
            if !self.key_fits(&part, ty) {
                let message = format!("`{}` does not fit its part of the key", text.value);
                self.out.push(Diagnostic::new(&rules::STEP_VALUE, text.span, message));
            }
            key.push(part);
        }
        let report = self.recorded(context, &raw.otherwise, &scope, &[])?;
        Some((key, report))
    }

    pub(super) fn concurrent(
        &mut self,
        context: &Context<'a>,
        raw: &RawConcurrent,
        consumed: &[EventId],
    ) -> Concurrent {
        self.check_group_closes(context, raw);
        let override_rule = match &raw.override_rule {
            None => None,
            Some(written) => {
                let by = self.claimed_events(context, &written.by, consumed);
                let over = self.claimed_events(context, &written.over, consumed);
                let goes_last =
                    |event: &EventId| raw.last.iter().any(|name| name.value == self.workspace.events[*event].meta.name);
                if let Some(first) = by.iter().find(|event| !goes_last(event)) {
                    let message =
                        format!("`{}` overrides others and has to go last", self.workspace.events[*first].meta.name);
                    self.out.push(
                        Diagnostic::new(&rules::CONCURRENT, written.span, message)
                            .help("name it in `last`: what it leaves out has to be known before"),
                    );
                }
                if by.iter().any(|event| over.contains(event)) {
                    let message = "an event cannot override itself";
                    self.out.push(Diagnostic::new(&rules::CONCURRENT, written.span, message));
                }
                Some(Override { span: written.span, by, over })
            }
        };
        let last = raw.last.iter().map(|entry| Last { name: entry.value.clone(), span: entry.span }).collect();
        Concurrent { reads_group_start: raw.reads_group_start, last, override_rule }
    }

    /// A group ends when the first key of the order changes, so that key has to be part of it.
    fn check_group_closes(&mut self, context: &Context<'a>, raw: &RawConcurrent) {
        let profile = &self.workspace.profiles[context.profile];
        let envelope = &self.workspace.records[profile.envelope];
        let first = profile.order_by.first().map(|&at| format!("e.{}", envelope.fields[at].meta.name));
        if let Some(first) = first
            && raw.group_by.iter().all(|key| key.value != first)
        {
            self.out.push(
                Diagnostic::new(&rules::CONCURRENT, raw.span, "nothing says when a group is complete")
                    .help(format!("add `{first}`, the first key of the order, to `group_by`")),
            );
        }
        let reads_payload = |key: &RawText| key.value.starts_with("p.");
        let keys = raw.group_by.iter().chain(&raw.then_by);
        if let Some(key) = keys.into_iter().find(|key| reads_payload(key)).filter(|_| !context.raw.parse_eagerly) {
            let message = format!("`{}` is read before the payload is parsed", key.value);
            self.out.push(Diagnostic::new(&rules::CONCURRENT, key.span, message).help("add `parse: eager`"));
        }
    }

    fn concurrent_keys(
        &mut self,
        context: &mut Context<'a>,
        raw: &RawConcurrent,
        reaction: &mut Reaction,
        walk: &Walk<'_>,
    ) {
        let mut scope = context.envelope_scope(&self.workspace);
        if context.raw.parse_eagerly {
            scope = scope.with_payload(walk.payload);
        }
        for key in &raw.group_by {
            reaction.group_by.extend(self.sort_key(context, key, &scope));
        }
        for key in &raw.then_by {
            reaction.then_by.extend(self.sort_key(context, key, &scope));
        }
        reaction.last_by = self.last_by(context, raw, reaction.event, &scope);
        reaction.goes_last = any_of(reaction.last_by.iter().map(|(_, condition)| condition));
        if let Some(written) = &raw.override_rule {
            let over = self.consumed_events(context.family, &written.over);
            if over.contains(&reaction.event) {
                // What was left out was not parsed.
                let scope = context.value_scope(&self.workspace);
                reaction.overridden = self.recorded(context, &written.anomaly, &scope, &[]);
            }
        }
    }

    fn sort_key(&mut self, context: &Context<'a>, key: &RawText, scope: &Scope) -> Option<Expr> {
        let ast = self.parsed(key)?;
        let typed = self.typed(context, &ast, scope, &[], Wanted::Value)?;
        let ordered = match &typed.ty {
            ExprType::Of(ty) if !self.workspace.is_optional(ty) => matches!(
                expr::kind(&self.workspace, ty),
                expr::Kind::Int
                    | expr::Kind::Int64
                    | expr::Kind::Uint64
                    | expr::Kind::Text
                    | expr::Kind::Instant
                    | expr::Kind::Enum(_)
            ),
            _ => false,
        };
        if !ordered {
            let message =
                format!("`{}` cannot order events: it is no int, text or date-time that is always there", key.value);
            self.out.push(Diagnostic::new(&rules::CONCURRENT, key.span, message));
            return None;
        }
        Some(typed)
    }

    /// Entries of `last` that an event may go last by: it is named, or a let says so.
    fn last_by(
        &mut self,
        context: &Context<'a>,
        raw: &RawConcurrent,
        event: EventId,
        scope: &Scope,
    ) -> Vec<(usize, Expr)> {
        let mut found = Vec::new();
        for (entry, name) in raw.last.iter().enumerate() {
            if context.lets.iter().any(|(known, _)| *known == name.value) {
                found.extend(self.guard_in(context, name, scope, &[]).map(|condition| (entry, condition)));
            } else if self.consumed_events(context.family, std::slice::from_ref(name)).contains(&event) {
                let ty = ExprType::Of(Type::Primitive(Primitive::Bool));
                found.push((entry, Expr { kind: ExprKind::Bool(true), ty, span: name.span }));
            }
        }
        found
    }
}
